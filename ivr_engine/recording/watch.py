"""This file decides when a raw recording is complete. It does not know how one is sealed or stored.

Complete is a file that its writer closed (inotify says so at once), or, for what happened while nobody watched, one
whose call is gone from Asterisk and that has been left alone for some seconds (a scan says so).
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog
from asyncinotify import Inotify, Mask

from ivr_engine.errors import HotlineError
from ivr_engine.model.ids import call_of
from ivr_engine.recording.spool import RAW, call_of_raw, is_plain_file
from ivr_engine.recording.work import SealingWork, wait

SCAN_EVERY = 30.0
LEFT_ALONE = 5.0

log = structlog.get_logger()


class RecordingWatch:
    """Hands every recording over to be sealed once its call has ended.

    `live_calls` answers which calls Asterisk has, or None when nobody knows.
    """

    def __init__(
        self,
        spool: Path,
        work: SealingWork,
        live_calls: Callable[[], Awaitable[set[str] | None]],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._spool = spool
        self._work = work
        self._live_calls = live_calls
        self._clock = clock
        self._strangers: set[str] = set()
        self._scan_wanted = asyncio.Event()

    async def run(self) -> None:
        """Watch until cancelled. A file being sealed at that moment is finished by its own process."""
        with Inotify() as inotify:
            # The watch comes before the first scan, so that nothing slips between the two.
            inotify.add_watch(self._spool, Mask.CLOSE_WRITE | Mask.MOVED_TO | Mask.ONLYDIR)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._listen(inotify), name="recording-listen")
                tasks.create_task(self._scan_again_and_again(), name="recording-scan")
                tasks.create_task(self._work.run(), name="recording-seal")

    async def scan(self) -> bool:
        """Find the recordings of calls that ended unseen. Without word from Asterisk, touch nothing.

        True when one was written too lately to be sure of: look again soon.
        """
        live = await self._live_calls()
        if live is None:
            return False
        too_fresh = False
        now = self._clock()
        for raw in sorted(self._spool.iterdir()):
            call = self._ours(raw)
            if call is None or call_of(call) in live or call in self._work:
                continue
            try:
                written = raw.lstat().st_mtime
            except OSError:
                continue
            if now - written > LEFT_ALONE:
                self._work.ended(call, raw, since=written)
            else:
                too_fresh = True
        return too_fresh

    async def _listen(self, inotify: Inotify) -> None:
        async for event in inotify:
            if Mask.Q_OVERFLOW in event:
                log.warning("recording_events_lost", remedy="none needed: the spool is scanned instead")
                self._scan_wanted.set()
            elif event.name is not None:
                raw = self._spool / event.name
                call = self._ours(raw)
                if call is not None:
                    self._work.ended(call, raw, since=self._clock())

    async def _scan_again_and_again(self) -> None:
        while True:
            self._scan_wanted.clear()
            look_soon = False
            try:
                look_soon = await self.scan()
            except (OSError, HotlineError) as error:
                log.error("recording_scan_failed", why=str(error), remedy=f"look at {self._spool}")
            await wait(self._scan_wanted, LEFT_ALONE if look_soon else SCAN_EVERY)

    def _ours(self, path: Path) -> str | None:
        """The call of a raw file. Anything else in the spool is reported once and left alone."""
        if not os.path.lexists(path):
            return None  # sealed already
        call = call_of_raw(path) if is_plain_file(path) else None
        if call is None and path.name not in self._strangers:
            self._strangers.add(path.name)
            log.warning("not_a_recording", file=path.name, remedy=f"only <call id>{RAW} belongs in {self._spool}")
        return call
