"""Order within a key, freedom between keys, and nothing left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from typing import Any

import pytest

from ivr_engine.ari import Lanes

PATIENCE = 10.0


class Faults(list[tuple[Hashable, BaseException]]):
    def __call__(self, key: Hashable, error: BaseException) -> None:
        self.append((key, error))


def other_tasks() -> set[asyncio.Task[Any]]:
    return asyncio.all_tasks() - {asyncio.current_task()}


async def settle() -> None:
    """Let everything that can run without an outside event run."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_jobs_of_one_key_keep_their_order_though_they_take_unequal_time() -> None:
    done: list[int] = []

    async def job(number: int) -> None:
        await asyncio.sleep(0.01 if number % 2 else 0)
        done.append(number)

    async with Lanes(on_error=Faults()) as lanes:
        for number in range(10):
            lanes.submit("call", lambda number=number: job(number))  # type: ignore[misc]
        assert lanes.waiting == 10
    assert done == list(range(10))
    assert len(lanes) == 0
    assert not other_tasks()


async def test_a_stuck_key_does_not_hold_up_another() -> None:
    release = asyncio.Event()
    async with Lanes(on_error=Faults()) as lanes:
        lanes.submit("stuck", release.wait)
        assert await asyncio.wait_for(lanes.run("free", lambda: asyncio.sleep(0, "ran")), PATIENCE) == "ran"
        assert len(lanes) == 1
        assert lanes.busy == {"stuck"}
        release.set()


async def test_no_more_than_the_width_run_at_once() -> None:
    running, most = 0, 0

    async def job() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    async with Lanes(on_error=Faults(), width=3) as lanes:
        for key in range(20):
            lanes.submit(key, job)
    assert most == 3


async def test_a_failed_job_is_reported_and_its_lane_goes_on() -> None:
    faults = Faults()
    done: list[str] = []

    async def fail() -> None:
        raise ZeroDivisionError

    async def succeed() -> None:
        done.append("done")

    async with Lanes(on_error=faults) as lanes:
        lanes.submit("call", fail)
        lanes.submit("call", succeed)
    assert done == ["done"]
    [(key, error)] = faults
    assert key == "call"
    assert isinstance(error, ZeroDivisionError)


async def test_a_job_cancelled_by_what_it_waits_for_does_not_take_its_lane_along() -> None:
    faults = Faults()
    gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    gone.cancel()

    async def wait() -> None:
        await gone

    async with Lanes(on_error=faults) as lanes:
        lanes.submit("call", wait)
        assert await lanes.run("call", lambda: asyncio.sleep(0, 1)) == 1
    [(_, error)] = faults
    assert isinstance(error, asyncio.CancelledError)


async def test_a_faulty_listener_does_not_take_the_lane_along() -> None:
    contexts: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: contexts.append(context))

    def fault(key: Hashable, error: BaseException) -> None:
        raise RuntimeError(key) from error

    async def fail() -> None:
        raise ZeroDivisionError

    async with Lanes(on_error=fault) as lanes:
        lanes.submit("call", fail)
        assert await lanes.run("call", lambda: asyncio.sleep(0, 1)) == 1
    assert isinstance(contexts[0]["exception"], RuntimeError)


async def test_run_gives_the_result_or_the_exception_to_its_caller_alone() -> None:
    faults = Faults()

    async def fail() -> None:
        raise ZeroDivisionError

    async with Lanes(on_error=faults) as lanes:
        assert await lanes.run("call", lambda: asyncio.sleep(0, "x")) == "x"
        with pytest.raises(ZeroDivisionError):
            await lanes.run("call", fail)
    assert faults == []


async def test_a_caller_that_gives_up_takes_a_waiting_job_along_but_not_a_running_one() -> None:
    release = asyncio.Event()
    done: list[str] = []

    async def first() -> None:
        await release.wait()
        done.append("first")

    async def second() -> None:
        done.append("second")

    async with Lanes(on_error=Faults()) as lanes:
        callers = [asyncio.create_task(lanes.run("call", job)) for job in (first, second)]
        await settle()
        for caller in callers:
            caller.cancel()
        await asyncio.gather(*callers, return_exceptions=True)
        release.set()
    assert done == ["first"]


async def test_closing_cancels_what_runs_drops_what_waits_and_leaves_no_task() -> None:
    lanes = Lanes(on_error=Faults())
    never = asyncio.Event()
    begun: list[str] = []

    async def stuck(name: str) -> None:
        begun.append(name)
        await never.wait()

    caller = asyncio.create_task(lanes.run("a", lambda: stuck("1")))
    await settle()
    lanes.submit("a", lambda: stuck("2"))
    waiting = asyncio.create_task(lanes.run("a", lambda: stuck("3")))
    await settle()
    await lanes.aclose()
    for task in (caller, waiting):
        with pytest.raises(asyncio.CancelledError):
            await task
    assert begun == ["1"]
    assert (len(lanes), lanes.waiting) == (0, 0)
    assert not other_tasks()
    await lanes.aclose()
    with pytest.raises(RuntimeError, match="closed"):
        lanes.submit("a", never.wait)


async def test_draining_lets_what_can_finish_finish() -> None:
    lanes = Lanes(on_error=Faults())
    done: list[int] = []

    async def job(number: int) -> None:
        await asyncio.sleep(0)
        done.append(number)

    for number in range(5):
        lanes.submit("call", lambda number=number: job(number))  # type: ignore[misc]
    await lanes.aclose(drain=PATIENCE)
    assert done == [0, 1, 2, 3, 4]


async def test_draining_ends_in_cancelling() -> None:
    lanes = Lanes(on_error=Faults())
    lanes.submit("call", asyncio.Event().wait)
    await lanes.aclose(drain=0.01)
    assert not other_tasks()


async def test_a_job_may_put_more_into_its_own_lane() -> None:
    done: list[str] = []
    lanes = Lanes(on_error=Faults())

    async def second() -> None:
        done.append("second")

    async def first() -> None:
        lanes.submit("call", second)
        done.append("first")

    lanes.submit("call", first)
    await settle()
    assert done == ["first", "second"]
    assert len(lanes) == 0
    await lanes.aclose()


def test_a_width_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="width"):
        Lanes(on_error=Faults(), width=0)
