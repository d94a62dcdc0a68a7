"""This file decides whether a folder may take plaintext sound. It does not know what is done with it there."""

import os
import re
import stat
from pathlib import Path

from ivr_engine.errors import RecordingError, StartError
from ivr_engine.model.ids import queue_of
from ivr_engine.recording import wav

RAW = ".raw"
_SAFE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}")  # no leading dot: neither hidden nor `..`
_IN_MEMORY = frozenset({"tmpfs", "ramfs"})


def safe_call(call: str) -> str:
    """The call id itself, when it may be part of a file name."""
    if not _SAFE.fullmatch(call):
        raise RecordingError(
            f"call id {call!r} cannot be a file name: only letters, digits, dot, dash and underscore are taken;"
            " look who wrote it"
        )
    return call


def call_of_raw(path: Path) -> str | None:
    """The call, or the message, that a raw file is named after; None when the name is not one we write."""
    if path.suffix != RAW or not _SAFE.fullmatch(path.stem):
        return None
    return path.stem


def channels_of(name: str) -> int:
    """How many channels the recording of that name has: a call's two, or the one of a message."""
    return wav.MONO if queue_of(name) else wav.STEREO


def is_plain_file(path: Path) -> bool:
    """Whether there is a file of its own: no link that leads elsewhere, no pipe that never ends, no folder."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


NEARLY_FULL = 0.1  # free share; the alert uses the same


def lacking(spool: Path) -> set[str]:
    """What is missing without stopping calls: room, if there is little."""
    return {f"the recording spool {spool} is nearly full"} if free_share(spool) < NEARLY_FULL else set()


def free_share(spool: Path) -> float:
    """How much of the spool's memory is free, from 0 to 1; 0 when that cannot be told. Full, Asterisk loses sound."""
    try:
        space = os.statvfs(spool)
    except OSError:
        return 0.0
    return space.f_bavail / space.f_blocks if space.f_blocks else 0.0


def check_spool(spool: Path, *, mounts: Path = Path("/proc/mounts")) -> None:
    """Refuse to start when the spool cannot be used, or would leave plaintext on a disk."""
    mounted = mounts.read_text("utf-8", "surrogateescape")
    if not spool.exists() and filesystem_of(spool.parent.resolve(), mounted) in _IN_MEMORY and spool.parent.is_dir():
        spool.mkdir(mode=0o700)  # memory forgets its folders when the machine restarts
    if not spool.is_dir():
        raise StartError(f"the recording spool {spool} is not there: create it on a tmpfs, e.g. under /dev/shm")
    if not os.access(spool, os.R_OK | os.W_OK | os.X_OK):
        raise StartError(f"the recording spool {spool} cannot be read and written: give this user the folder")
    kind = filesystem_of(spool.resolve(), mounted)
    if kind not in _IN_MEMORY:
        raise StartError(
            f"the recording spool {spool} lies on {kind}, and plaintext sound may only be in memory: put it on a"
            " tmpfs, e.g. under /dev/shm"
        )


def filesystem_of(path: Path, mounts: str) -> str:
    """The kind of filesystem that `path` lies on, by the deepest (and of equals the last) mount above it."""
    kind, depth = "unknown", -1
    for line in mounts.splitlines():
        _, mounted, mounted_kind, *_ = line.split(" ")
        place = Path(mounted.replace("\\040", " "))
        if path.is_relative_to(place) and len(place.parts) >= depth:
            kind, depth = mounted_kind, len(place.parts)
    return kind
