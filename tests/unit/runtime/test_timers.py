"""When a timer fires, and that one which may not fire any more does not."""

import asyncio

from ivr_engine.model.ids import TimerId
from ivr_engine.runtime.clock import SystemClock
from ivr_engine.runtime.timers import Timers

A, B = TimerId("board.0.timer1"), TimerId("board.0.timer2")


async def test_timers_fire_once_in_the_order_they_are_due() -> None:
    fired: asyncio.Queue[TimerId] = asyncio.Queue()
    timers = Timers(fired.put_nowait)
    timers.start(A, 0.02)
    timers.start(B, 0.0)
    assert [await fired.get(), await fired.get()] == [B, A]
    assert fired.empty()
    assert not timers._running


async def test_a_cancelled_timer_does_not_fire_and_one_that_fired_is_nothing_to_cancel() -> None:
    fired: asyncio.Queue[TimerId] = asyncio.Queue()
    timers = Timers(fired.put_nowait)
    timers.start(A, 0.0)
    timers.cancel(A)
    timers.start(B, 0.0)
    assert await fired.get() == B
    timers.cancel(B)
    assert fired.empty()


async def test_none_fires_after_stop() -> None:
    fired: list[TimerId] = []
    timers = Timers(fired.append)
    timers.start(A, 0.0)
    timers.stop()
    await asyncio.sleep(0.01)
    assert not fired


def test_the_clock_never_runs_backwards() -> None:
    clock = SystemClock()
    seen = [clock.now() for _ in range(100)]
    assert seen == sorted(seen)
