"""This file decides when files have come to rest after a change. It does not read them, nor know what they are for."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import structlog
from watchfiles import awatch

QUIET_SECONDS = 2.0  # without any change: an editor that writes a file in pieces is done by then
LOOK_EVERY_SECONDS = 30.0  # in any case: some file systems tell nobody of their changes

log = structlog.get_logger()


async def changes(*folders: Path) -> AsyncIterator[None]:
    """One item each time files below `folders` have changed and come to rest, or nothing was heard for long."""
    while True:
        try:
            async for _ in awatch(
                *folders,
                watch_filter=None,
                step=int(QUIET_SECONDS * 1000),
                debounce=int(LOOK_EVERY_SECONDS * 1000),
                rust_timeout=int(LOOK_EVERY_SECONDS * 1000),
                yield_on_timeout=True,
            ):
                yield
        except (OSError, RuntimeError) as error:  # no such folder for a moment, or no watch left on this machine
            log.warning("the dialplan's files cannot be watched", folders=[*map(str, folders)], error=str(error))
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            yield


def fingerprint(*folders: Path) -> frozenset[tuple[str, int, int]]:
    """Names, sizes and times of all files below `folders`: another one means that something was written."""
    found = set()
    for path in (path for folder in folders for path in folder.rglob("*")):
        try:
            at = path.stat()
        except OSError:
            continue  # gone meanwhile
        found.add((str(path), at.st_size, at.st_mtime_ns))
    return frozenset(found)
