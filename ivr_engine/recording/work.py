"""This file decides what becomes of each ended call's raw file: sealed, or tried again, never forgotten.

It does not know how a file is found complete, nor what sealing does.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import structlog

from ivr_engine.errors import RecordingError
from ivr_engine.recording.backlog import Backlog, Waiting
from ivr_engine.recording.seal import Sealed

log = structlog.get_logger()


class SealingWork:
    """Seals one file after the other. `on_sealed` gets the result, `on_failed` the call of each failed try."""

    def __init__(
        self,
        seal: Callable[[Path], Awaitable[Sealed]],
        on_sealed: Callable[[Sealed], None],
        on_failed: Callable[[str], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._seal = seal
        self._on_sealed = on_sealed
        self._on_failed = on_failed
        self._clock = clock
        self._backlog = Backlog()
        self._more_to_do = asyncio.Event()
        self._nothing_to_do = asyncio.Event()
        self._nothing_to_do.set()

    def __contains__(self, call: str) -> bool:
        return call in self._backlog

    def ended(self, call: str, raw: Path, since: float) -> None:
        """This call's raw file is complete since then. Told twice changes nothing."""
        self._backlog.add(call, raw, since, self._clock())
        self._nothing_to_do.clear()
        self._more_to_do.set()

    def unsealed(self) -> int:
        """How many ended calls are not sealed yet."""
        return len(self._backlog)

    def oldest_unsealed_seconds(self, now: float) -> float:
        """How long the oldest of them has been waiting; 0 when there is none."""
        return self._backlog.oldest_seconds(now)

    async def finish(self, within: float) -> None:
        """Wait, at most `within` seconds, until no ended call is left unsealed."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._nothing_to_do.wait()

    async def run(self) -> None:
        """Seal until cancelled."""
        while True:
            self._more_to_do.clear()
            while (item := self._backlog.next_due(self._clock())) is not None:
                await self._try(*item)
            if not len(self._backlog):
                self._nothing_to_do.set()
            await wait(self._more_to_do, self._backlog.pause(self._clock()))

    async def _try(self, call: str, waiting: Waiting) -> None:
        try:
            sealed = await self._seal(waiting.raw)
        except RecordingError as error:
            if not waiting.raw.exists():  # another engine was faster
                self._backlog.done(call)
                return
            failures = self._backlog.failed(call, self._clock())
            self._on_failed(call)
            log.error("recording_not_sealed", call=call, failures=failures, why=str(error))
        else:
            self._backlog.done(call)
            self._on_sealed(sealed)
            log.info("recording_sealed", call=call, seconds=round(sealed.seconds, 1), bytes=sealed.bytes)


async def wait(event: asyncio.Event, seconds: float | None) -> None:
    """Until the event is set, or the seconds are over (None: never)."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
