"""This file decides where sealed recordings lie and how they get there whole. It does not know what is in them.

`<vault>/<yyyy>/<mm>/<dd>/<call>.age`, by the UTC day of sealing. A file under its final name is always complete.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from ivr_engine.errors import RecordingError
from ivr_engine.recording import wav
from ivr_engine.recording.spool import channels_of, is_plain_file, safe_call

SEALED = ".age"
_PARTIAL = ".partial"
_AGE_CHUNK = 64 * 1024
_AGE_TAG = 16  # behind each chunk
_AGE_NONCE = 16  # in front of the first
_LONGEST_AGE_HEADER = 64 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """One sealed recording. `call` is the call's id, or that of a message.

    `plain` is how many bytes it holds inside; None when the file is damaged.
    """

    call: str
    path: Path
    bytes: int
    plain: int | None

    @property
    def seconds(self) -> float | None:
        """How long it lasts, worked out without any key; None when the file is damaged."""
        return (
            None if self.plain is None else wav.seconds(max(0, self.plain - wav.HEADER_BYTES), channels_of(self.call))
        )


class Vault:
    """The folder of sealed recordings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def entries(self) -> list[Entry]:
        """Every sealed recording, oldest day first."""
        return self.entries_but(frozenset())

    def entries_but(self, known: AbstractSet[str]) -> list[Entry]:
        """Those whose path is not in `known`; the others are not even opened."""
        paths = sorted(self.folder.glob(f"[0-9]*/[0-9]*/[0-9]*/[!.]*{SEALED}"))
        return [self._entry(path) for path in paths if str(path) not in known and is_plain_file(path)]

    def find(self, call: str) -> Entry | None:
        """The recording of that name, whatever day it was sealed. `<call>~2` names a call's second one."""
        base, _, number = call.partition("~")
        safe_call(base)
        if number and not number.isdecimal():
            return None
        found = sorted(self.folder.glob(f"[0-9]*/[0-9]*/[0-9]*/{call}{SEALED}"))
        return self._entry(found[0]) if found else None

    def total_bytes(self) -> int:
        """How much the sealed recordings take."""
        return sum(entry.bytes for entry in self.entries())

    def place(self, call: str, plain: int, now: float) -> Path:
        """Where a recording holding `plain` bytes goes.

        Sealed before, and only its raw file was left behind by a crash: the same place again. Something else
        under the same call id is never overwritten: the new one lies beside it as `<call>~2`.
        """
        day = datetime.fromtimestamp(now, UTC).strftime("%Y/%m/%d")
        name, number = safe_call(call), 1
        while (taken := self.find(name)) is not None:
            if taken.plain == plain:
                return taken.path
            number += 1
            name = f"{call}~{number}"
        return self.folder / day / f"{name}{SEALED}"

    @contextlib.contextmanager
    def writing(self, final: Path) -> Iterator[BinaryIO]:
        """A file that gets its final name when the block ends well, and vanishes when it does not."""
        final.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = final.parent / f".{final.name}.{os.getpid()}{_PARTIAL}"
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)  # tells another engine's sweep that somebody is at it
            with open(descriptor, "wb") as file:  # noqa: PTH123 - opened by descriptor, for its mode
                yield file
                file.flush()
                os.fsync(file.fileno())
            partial.replace(final)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        for folder in (final.parent, *final.parent.parents[:3]):
            _sync_folder(folder)

    def sweep(self) -> int:
        """Remove what a killed sealer left half written; the raw files are still there. Returns how many."""
        left = self.folder.glob(f"[0-9]*/[0-9]*/[0-9]*/.*{_PARTIAL}")
        return sum(_remove_abandoned(path) for path in list(left))

    def check(self) -> None:
        """Raise when nothing can be written here."""
        probe = self.folder / f".probe{_PARTIAL}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            raise RecordingError(
                f"the recording vault {self.folder} cannot be written ({error.strerror}): free space or give this"
                " user the folder"
            ) from error

    def _entry(self, path: Path) -> Entry:
        return Entry(path.name.removesuffix(SEALED), path, path.stat().st_size, plain_bytes(path))


def plain_bytes(path: Path) -> int | None:
    """How many bytes an age file holds inside, worked out without any key; None when it cannot be whole."""
    with path.open("rb") as file:
        head = file.read(_LONGEST_AGE_HEADER)
        size = os.fstat(file.fileno()).st_size
    mac = head.find(b"\n--- ")
    end = head.find(b"\n", mac + 1)
    if mac < 0 or end < 0:
        return None
    payload = size - (end + 1) - _AGE_NONCE
    chunks = -(-payload // (_AGE_CHUNK + _AGE_TAG))
    plain = payload - chunks * _AGE_TAG
    return plain if chunks > 0 and plain >= 0 else None


def _remove_abandoned(partial: Path) -> bool:
    with contextlib.suppress(FileNotFoundError, BlockingIOError), partial.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        partial.unlink()
        return True
    return False


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
