from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ivr_engine.errors import RecordingError
from ivr_engine.recording.backlog import Backlog
from ivr_engine.recording.export import export
from ivr_engine.recording.seal import Sealed, seal
from ivr_engine.recording.sealer import Sealer
from ivr_engine.recording.watch import RecordingWatch
from ivr_engine.recording.work import SealingWork

if TYPE_CHECKING:
    from tests.unit.recording.conftest import Place


async def until(fact: Callable[[], object], within: float = 20.0) -> None:
    async with asyncio.timeout(within):
        while not fact():
            await asyncio.sleep(0.01)


class Bench:
    """A watch whose sealing and Asterisk are scripted."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.live: set[str] | None = set()
        self.now = 1_790_000_000.0
        self.refuse = ""
        self.sealed: list[Sealed] = []
        self.failed: list[str] = []
        self.work = SealingWork(self._seal, self.sealed.append, self.failed.append, lambda: self.now)
        self.watch = RecordingWatch(place.spool, self.work, self._live_calls, lambda: self.now)

    async def _live_calls(self) -> set[str] | None:
        return self.live

    async def _seal(self, raw: Path) -> Sealed:
        if self.refuse:
            raise RecordingError(self.refuse)
        return seal(raw, self.place.vault, self.place.recipients, self.now)

    def raw_of_age(self, call: str, seconds: float) -> Path:
        raw = self.place.raw(call)
        os.utime(raw, (self.now - seconds, self.now - seconds))
        return raw

    def calls(self) -> list[str]:
        return [sealed.call for sealed in self.sealed]

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.watch.run())
        try:
            await asyncio.sleep(0)
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            assert len(asyncio.all_tasks()) == 1


@pytest.fixture
def bench(place: Place) -> Bench:
    return Bench(place)


async def test_a_closed_file_is_sealed_at_once(bench: Bench) -> None:
    async with bench.running():
        with (bench.place.spool / "call-1.raw").open("wb") as asterisk:
            asterisk.write(bench.place.SECOND)
            asterisk.flush()
            await asyncio.sleep(0.05)
            assert bench.work.unsealed() == 0  # the call goes on
        await until(lambda: bench.sealed)
    assert bench.calls() == ["call-1"]
    assert bench.sealed[0].seconds == 1
    assert bench.work.unsealed() == 0


async def test_at_the_start_only_the_dead_are_sealed(bench: Bench) -> None:
    bench.raw_of_age("dead", 6)
    talking = bench.raw_of_age("talking", 60)
    fresh = bench.raw_of_age("fresh", 4)
    message = bench.raw_of_age("h-1.1.message-general-3", 60)  # its caller is still here: perhaps he still speaks
    bench.live = {"talking", "h-1.1"}
    async with bench.running():
        await until(lambda: bench.sealed)
    assert bench.calls() == ["dead"]
    assert talking.exists()
    assert message.exists()
    assert fresh.exists()


async def test_without_word_from_asterisk_nothing_is_touched(bench: Bench) -> None:
    raw = bench.raw_of_age("perhaps-alive", 600)
    bench.live = None
    await bench.watch.scan()
    assert bench.work.unsealed() == 0
    assert raw.exists()


async def test_an_orphan_counts_as_waiting_since_its_last_write(bench: Bench) -> None:
    bench.raw_of_age("dead", 90)
    await bench.watch.scan()
    await bench.watch.scan()
    assert bench.work.unsealed() == 1
    assert bench.work.oldest_unsealed_seconds(bench.now) == 90
    assert bench.work.oldest_unsealed_seconds(bench.now + 5) == 95


async def test_a_failure_is_counted_and_tried_again_until_it_succeeds(bench: Bench) -> None:
    bench.refuse = "disk full"
    raw = bench.raw_of_age("call-1", 10)
    async with bench.running():
        await until(lambda: bench.failed)
        assert raw.exists()
        assert bench.work.unsealed() == 1
        bench.refuse = ""
        bench.now += 5
        bench.place.raw("call-2")  # wakes the sealing
        await until(lambda: len(bench.sealed) == 2)
    assert bench.failed == ["call-1"]
    assert sorted(bench.calls()) == ["call-1", "call-2"]
    assert not raw.exists()


async def test_a_file_another_engine_sealed_is_not_a_failure(bench: Bench) -> None:
    bench.raw_of_age("call-1", 10)
    await bench.watch.scan()
    bench.place.seal("call-1")
    bench.refuse = "gone"
    task = asyncio.create_task(bench.work.run())
    await until(lambda: bench.work.unsealed() == 0)
    task.cancel()
    assert bench.failed == []


async def test_strangers_in_the_spool_are_left_alone(bench: Bench) -> None:
    stranger = bench.place.spool / "notes.txt"
    stranger.write_text("hello")
    os.utime(stranger, (0, 0))
    await bench.watch.scan()
    assert bench.work.unsealed() == 0
    assert stranger.exists()


def test_the_pauses_between_tries_grow_and_end_at_a_minute() -> None:
    backlog = Backlog()
    backlog.add("a", Path("a.raw"), since=0, now=0)
    pauses = []
    for _ in range(9):
        backlog.failed("a", now=100)
        pauses.append(backlog.pause(100))
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert backlog.next_due(159) is None
    assert backlog.next_due(160) is not None
    backlog.done("a")
    assert backlog.pause(200) is None


# --- the sealing process ------------------------------------------------------------------------------------


async def test_the_loop_goes_on_while_a_long_call_is_sealed(place: Place, tmp_path: Path) -> None:
    sealer = Sealer(place.vault, place.recipients)
    ticks = 0
    try:
        place.raw("warm-up", b"")
        await sealer.seal(place.spool / "warm-up.raw")
        place.raw("long", place.SECOND * 3000)
        sealing = asyncio.create_task(sealer.seal(place.spool / "long.raw"))
        while not sealing.done():
            await asyncio.sleep(0.001)
            ticks += 1
        assert (await sealing).seconds == 3000
    finally:
        await sealer.close()
    assert ticks > 1
    export(place.vault, "warm-up", place.identity, tmp_path / "x.wav")


async def test_a_dying_sealer_loses_nothing_and_is_replaced(place: Place) -> None:
    sealer = Sealer(place.vault, place.recipients)
    try:
        place.raw("one")
        await sealer.seal(place.spool / "one.raw")
        assert sealer._pool is not None
        (worker,) = sealer._pool._processes
        os.kill(worker, signal.SIGKILL)
        raw = place.raw("two")
        with pytest.raises(RecordingError, match="died"):
            await sealer.seal(raw)
        assert raw.exists()
        assert (await sealer.seal(raw)).call == "two"
    finally:
        await sealer.close()


async def test_a_refusal_crosses_the_process_border_with_its_words(place: Place) -> None:
    sealer = Sealer(place.vault, place.recipients)
    try:
        with pytest.raises(RecordingError, match=r"gone|cannot be sealed"):
            await sealer.seal(place.spool / "nobody.raw")
    finally:
        await sealer.close()
