"""This file decides the order in which plaintext becomes a sealed recording. It does not know when to do so.

The order is what keeps a recording through any crash: sealed whole, made durable, given its name, and only then is
the plaintext removed. In between, both exist; never neither.
"""

import errno
import fcntl
import hashlib
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

from ivr_engine.errors import RecordingError
from ivr_engine.recording import age, wav
from ivr_engine.recording.spool import call_of_raw, channels_of
from ivr_engine.recording.vault import Entry, Vault
from ivr_engine.recording.voice import Voice


class Sealed(msgspec.Struct, frozen=True):
    """A recording in the vault. `bytes` and `sha256` are those of the sealed file, so anyone can check it.

    `ended_at` is when its last sound was written; `spoken` the seconds somebody speaks in a message.
    """

    call: str  # or the message
    path: Path
    bytes: int
    seconds: float
    sha256: str
    sealed_at: float
    ended_at: float
    spoken: float | None = None


def seal(raw: Path, folder: Path, recipients: Sequence[str], now: float) -> Sealed:
    """Seal one complete raw file into the vault `folder` and remove it. Blocks; also takes an empty file."""
    call = call_of_raw(raw)
    if call is None:
        raise RecordingError(f"{raw.name!r} is not named like a recording of ours: look who put it in the spool")
    try:
        with open(raw, "rb", opener=_open_plain) as sound:  # Path.open takes no opener
            _claim(call, sound)
            sealed = _write(call, sound, Vault(folder), recipients, now)
            raw.unlink()
    except (OSError, EOFError, age.AgeError) as error:
        raise RecordingError(
            f"call {call} cannot be sealed ({error}): free space and check rights in {folder}; its plaintext stays"
        ) from error
    return sealed


def _open_plain(path: str, flags: int) -> int:
    """Follow no link, and do not wait for the other end of a pipe."""
    found = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(found).st_mode):
        os.close(found)
        raise OSError(errno.EINVAL, "it is not a plain file")
    return found


def sealed_of(entry: Entry) -> Sealed:
    """What `seal` said of a recording in the vault, worked out again: a killed engine may not have noted it."""
    with entry.path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        sealed_at = os.fstat(file.fileno()).st_mtime
    # What is sealed cannot be heard here any more.
    return Sealed(entry.call, entry.path, entry.bytes, entry.seconds or 0.0, digest, sealed_at, sealed_at)


def _claim(call: str, sound: BinaryIO) -> None:
    """Two engines may watch one spool; the lock ends with the file or the process."""
    try:
        fcntl.flock(sound, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise RecordingError(f"call {call} is being sealed by another process: nothing to do") from error
    if os.fstat(sound.fileno()).st_nlink == 0:
        raise RecordingError(f"call {call} was just sealed by another process: nothing to do")


def _write(call: str, sound: BinaryIO, vault: Vault, recipients: Sequence[str], now: float) -> Sealed:
    found = os.fstat(sound.fileno())
    size, channels, voice = found.st_size, channels_of(call), Voice()
    plain = wav.HEADER_BYTES + wav.padded(size, channels)
    final = vault.place(call, plain, now)
    with vault.writing(final) as file:
        hashing = _Hashing(file)
        hear = voice.hear if channels == wav.MONO else None
        age.encrypt(wav.WavStream(sound, size, channels, hear), hashing, recipients)
        if os.fstat(sound.fileno()).st_size != size:
            raise OSError("it is still being written")
    length, spoken = wav.seconds(size, channels), voice.seconds if hear else None
    return Sealed(call, final, hashing.bytes, length, hashing.digest.hexdigest(), now, found.st_mtime, spoken)


class _Hashing:
    """Counts and hashes what passes through to the file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.bytes = 0
        self.digest = hashlib.sha256()

    def write(self, piece: bytes) -> int:
        self._file.write(piece)
        self.digest.update(piece)
        self.bytes += len(piece)
        return len(piece)

    def flush(self) -> None:
        self._file.flush()
