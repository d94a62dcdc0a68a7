"""What is kept twice: which calls, that both are the same, and that nothing is owed after a kill."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ivr_engine.errors import RecordingError
from ivr_engine.recording.copies import DOUBT_SECONDS, KEPT_SECONDS, Copies, copy
from tests.unit.recording.conftest import Place

CALL, OTHER = "hotline-1.1", "hotline-1.2"


class Bench:
    """A vault, a second one, and what keeps them alike."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.extra, self.marks = place.vault.parent / "extra", place.vault.parent / "marks"
        self.now = place.NOW
        self.tries: list[bool] = []
        self.copies = self.begin()

    def begin(self) -> Copies:
        """Another engine."""
        self.copies = Copies(self.place.vault, self.extra, self.marks, self.tries.append, lambda: self.now)
        return self.copies

    def seal(self, call: str) -> Path:
        self.place.raw(call)
        sealed = self.place.seal(call)
        self.copies.sealed(sealed)
        return sealed.path

    @property
    def copied(self) -> list[str]:
        return sorted(path.name.removesuffix(".age") for path in self.extra.rglob("*.age"))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.copies.run())
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def until(self, reached: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not reached():
                self.copies._more.set()  # as if something had happened: time is ours
                await asyncio.sleep(0.01)


@pytest.fixture
def bench(place: Place) -> Bench:
    return Bench(place)


async def test_what_is_wanted_is_copied_whole_and_the_rest_is_not(bench: Bench) -> None:
    bench.copies.want(CALL)
    path, message, other = bench.seal(CALL), bench.seal(f"{CALL}.m-general-1"), bench.seal(OTHER)
    bench.copies.ended(CALL)
    bench.copies.ended(OTHER)
    async with bench.running():
        await bench.until(lambda: not bench.copies._sealed)
    assert bench.copied == [CALL, message.stem]
    twin = bench.extra / path.relative_to(bench.place.vault)
    assert hashlib.sha256(twin.read_bytes()).digest() == hashlib.sha256(path.read_bytes()).digest()
    assert bench.tries == [True, True]
    assert other.exists()


async def test_a_call_whose_end_nobody_heard_is_copied_after_a_while(bench: Bench) -> None:
    bench.seal(CALL)
    async with bench.running():
        await asyncio.sleep(0.05)
        assert bench.copied == [], "it may be told yet how it ended"
        bench.now += DOUBT_SECONDS
        await bench.until(lambda: bench.copied == [CALL])


async def test_an_engine_killed_before_the_copy_leaves_the_mark_and_the_next_one_copies(bench: Bench) -> None:
    bench.copies.want(CALL)
    bench.seal(CALL)
    bench.begin()
    async with bench.running():
        await bench.until(lambda: bench.copied == [CALL])
    bench.begin()
    async with bench.running():
        await bench.until(lambda: not bench.copies._sealed)
    assert bench.copied == [CALL], "and once is enough"


async def test_a_second_vault_that_cannot_be_written_is_told_and_tried_again(bench: Bench) -> None:
    bench.extra.write_text("a file in the way")
    bench.copies.want(CALL)
    bench.seal(CALL)
    async with bench.running():
        await bench.until(lambda: bench.tries == [False])
        assert bench.copies.owed() == 1
        bench.extra.unlink()
        bench.now += DOUBT_SECONDS
        await bench.until(lambda: bench.tries == [False, True])
    assert bench.copied == [CALL]
    assert bench.copies.owed() == 0


async def test_a_mark_goes_when_nothing_more_can_come_of_its_call(bench: Bench) -> None:
    bench.copies.want(CALL)
    assert (bench.marks / CALL).exists()
    bench.now += KEPT_SECONDS + 1
    async with bench.running():
        await bench.until(lambda: not (bench.marks / CALL).exists())


def test_a_copy_that_is_not_the_same_is_none(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    path = bench.seal(CALL)
    digests = iter(["this", "that"])
    monkeypatch.setattr("ivr_engine.recording.copies._digest", lambda _: next(digests))
    with pytest.raises(RecordingError, match="not what was read"):
        copy(path, bench.place.vault, bench.extra)
    assert bench.copied == []


def test_what_is_gone_from_the_vault_is_not_missed(bench: Bench) -> None:
    path = bench.seal(CALL)
    path.unlink()
    copy(path, bench.place.vault, bench.extra)
    assert bench.copied == []


@pytest.mark.parametrize("call", ["../up", "", ".hidden"])
def test_a_mark_stays_in_its_folder(bench: Bench, call: str) -> None:
    bench.copies.want(call)
    assert bench.tries == [False]
    assert not bench.marks.is_dir() or list(bench.marks.iterdir()) == []
