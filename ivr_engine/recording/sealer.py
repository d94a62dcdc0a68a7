"""This file decides where sealing runs: in one process of its own. It does not know which file is due.

Encryption holds Python's lock until the file is done, so in our own process a long call would silence the loop.
"""

import asyncio
import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import structlog

from ivr_engine.errors import RecordingError
from ivr_engine.recording.seal import Sealed, seal
from ivr_engine.recording.vault import Vault

log = structlog.get_logger()


LAST_FILE_SECONDS = 5.0


class Sealer:
    """Seals files one after the other in a worker process, and gets a new worker when one dies."""

    def __init__(self, vault: Path, recipients: Sequence[str], clock: Callable[[], float] = time.time) -> None:
        self._vault = vault
        self._recipients = tuple(recipients)
        self._clock = clock
        self._pool: ProcessPoolExecutor | None = None

    async def seal(self, raw: Path) -> Sealed:
        """Seal one complete raw file. RecordingError: try again later, the raw file is still there."""
        loop = asyncio.get_running_loop()
        try:
            pool = self._pool = self._pool or _new_pool(self._vault)
            return await loop.run_in_executor(pool, seal, raw, self._vault, self._recipients, self._clock())
        except (BrokenProcessPool, OSError) as error:
            self._drop_pool()
            log.warning("sealer_died", call=raw.stem, why=str(error))
            raise RecordingError("the sealing process died; a new one takes over at the next try") from error

    async def close(self) -> None:
        """Let the file being sealed be finished, then end the worker. One that hangs is ended; its raw file stays."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        ending = asyncio.create_task(asyncio.to_thread(pool.shutdown, wait=True, cancel_futures=True))
        done, _ = await asyncio.wait({ending}, timeout=LAST_FILE_SECONDS)
        if not done:
            for worker in multiprocessing.active_children():
                worker.kill()
        await ending

    def _drop_pool(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)


def _new_pool(vault: Path) -> ProcessPoolExecutor:
    # spawn: a fork of a process with threads may inherit locks nobody will ever open.
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=_begin_worker, initargs=(vault,))


def _begin_worker(vault: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the engine, which lets us finish
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(OSError):  # an unwritable vault is told by each file it refuses
        Vault(vault).sweep()


def _end_with_parent() -> None:
    """A killed engine must leave no process behind; a half-written file is swept at the next start."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
