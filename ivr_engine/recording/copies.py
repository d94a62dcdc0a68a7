"""This file decides which sealed recordings are kept a second time, and when one is. It does not know why a call is.

A call that is to be kept twice is marked on disk as soon as that is known, long before it ends; the mark goes when its
copies are there and nothing more can come of it. So an engine that is killed at any moment owes no copy. Who cannot
know whether a call is meant copies it: of a call whose end nobody heard, nobody knows.
"""

import asyncio
import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path

import structlog

from ivr_engine.errors import RecordingError
from ivr_engine.model.ids import call_of
from ivr_engine.recording.seal import Sealed
from ivr_engine.recording.spool import safe_call
from ivr_engine.recording.vault import SEALED, Vault
from ivr_engine.recording.work import wait

RETRY_SECONDS = 30.0
DOUBT_SECONDS = 60.0  # so long after the sealing it may still be told how the call ended
KEPT_SECONDS = 2 * 86400.0  # a mark; then nothing more can come of its call
_PIECE = 1 << 20

log = structlog.get_logger()


class Copies:
    """Copies what is to be kept twice. `told` hears of each try whether it went well."""

    def __init__(
        self,
        vault: Path,
        extra: Path,
        marks: Path,
        told: Callable[[bool], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._vault, self._extra, self._marks = vault, extra, marks
        self._told = told
        self._clock = clock
        self._wanted: dict[str, float] = {}  # since when
        self._plain: dict[str, float] = {}  # of which one copy is enough, and since when that is known
        self._sealed: dict[Path, float] = {}  # until when there is doubt, or when it is tried again
        self._failed: set[Path] = set()
        self._more = asyncio.Event()

    def want(self, call: str) -> None:
        """This call is to be kept twice. Told twice changes nothing; a mark that cannot be written is logged."""
        if call in self._wanted:
            return
        self._wanted[call] = self._clock()
        self._more.set()
        try:
            self._marks.mkdir(parents=True, exist_ok=True, mode=0o700)
            (self._marks / safe_call(call)).touch(mode=0o600)
        except (OSError, RecordingError) as error:
            log.error("recording_copy_not_marked", call=call, why=str(error), remedy=f"look at {self._marks}")
            self._told(False)

    def ended(self, call: str) -> None:
        """This call is over, and all is known of it."""
        if call not in self._wanted:
            self._plain[call] = self._clock()
        self._more.set()

    def sealed(self, sealed: Sealed) -> None:
        """A recording lies in the vault."""
        self._sealed[sealed.path] = sealed.sealed_at + DOUBT_SECONDS
        self._more.set()

    def owed(self) -> int:
        """How many recordings are to be copied, or may be, and are not yet."""
        return sum(call_of(path.name.removesuffix(SEALED)) not in self._plain for path in self._sealed)

    async def run(self) -> None:
        """Copy until cancelled; first what an engine before us owed."""
        await asyncio.to_thread(self._recall)
        while True:
            self._more.clear()
            for path, due in list(self._sealed.items()):
                await self._judge(path, is_due=due <= self._clock())
            self._forget()
            await wait(self._more, RETRY_SECONDS if self._sealed else None)

    def _recall(self) -> None:
        marked = {path.name: path.stat().st_mtime for path in self._marks.glob("*")} if self._marks.is_dir() else {}
        self._wanted = marked | self._wanted
        for path in self._vault.glob(f"[0-9]*/[0-9]*/[0-9]*/[!.]*{SEALED}") if marked else ():
            if _call_in(path) in marked:
                self._sealed.setdefault(path, 0.0)

    async def _judge(self, path: Path, *, is_due: bool) -> None:
        call = _call_in(path)
        if call in self._plain:
            del self._sealed[path]
        elif is_due or (call in self._wanted and path not in self._failed):
            await self._try(path)

    async def _try(self, path: Path) -> None:
        try:
            await asyncio.to_thread(copy, path, self._vault, self._extra)
        except RecordingError as error:
            self._sealed[path] = self._clock() + RETRY_SECONDS
            self._failed.add(path)
            self._told(False)
            log.error("recording_not_copied", file=path.name, why=str(error))
        else:
            del self._sealed[path]
            self._failed.discard(path)
            self._told(True)
            log.info("recording_copied", file=path.name)

    def _forget(self) -> None:
        """What is long over: the mark, and what is known of calls."""
        owed, old = {_call_in(path) for path in self._sealed}, self._clock() - KEPT_SECONDS
        for known in (self._wanted, self._plain):
            for call in [call for call, since in known.items() if since < old and call not in owed]:
                del known[call]
                (self._marks / call).unlink(missing_ok=True)


def copy(sealed: Path, vault: Path, extra: Path) -> None:
    """Copy a sealed recording to the same place of a second vault. Raises RecordingError unless both are the same.

    What is not in the vault any more, as its time was over, is not missed.
    """
    final = extra / sealed.relative_to(vault)
    if not sealed.exists():
        return
    try:
        digest = _digest(sealed)
        if final.is_file() and _digest(final) == digest:
            return
        with Vault(extra).writing(final) as file, sealed.open("rb") as source:
            while piece := source.read(_PIECE):
                file.write(piece)
        if _digest(final) != digest:
            final.unlink()
            raise RecordingError(f"what was written to {extra} is not what was read: look at that disk")
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        raise RecordingError(
            f"{sealed.name} cannot be copied to {extra} ({why}): free space and check rights"
        ) from error


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _call_in(path: Path) -> str:
    """The call a recording is of; `<call>~2` is its second one."""
    return call_of(path.name.removesuffix(SEALED).partition("~")[0])
