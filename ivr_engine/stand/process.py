"""This file decides how a real program beside us is started, watched and ended. It does not know which program.

A child never outlives us: the kernel kills it when its parent dies, even of kill -9. PR_SET_PDEATHSIG does that, set
by setpriv because running Python between fork and exec can deadlock; and because we may die before it is set, a
line of shell then looks whether we are still the parent. It leads a process group of its own, so that a
Ctrl-C meant for us does not reach it before we have ended our calls.
"""

import asyncio
import os
import shutil
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from ivr_engine.errors import StartError

_LOOK_AGAIN = 0.02
_TIED_TO_US = ("setpriv", "--pdeathsig", "KILL", "--", "sh", "-c", '[ "$PPID" = "$0" ] && exec "$@"')


class Child:
    """One program we started. Everything it prints goes to its log file."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, log: Path) -> None:
        self.name = name
        self.log = log
        self._process = process

    @classmethod
    async def start(
        cls,
        name: str,
        argv: Sequence[str | Path],
        *,
        log: Path,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> Self:
        """Start `argv`, with `env` on top of our own environment."""
        if not shutil.which(argv[0]):
            raise StartError(f"{name} cannot be started: there is no program {argv[0]}; run: make setup")
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            try:
                process = await asyncio.create_subprocess_exec(
                    *_TIED_TO_US,
                    str(os.getpid()),
                    *argv,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=out,
                    stderr=asyncio.subprocess.STDOUT,
                    cwd=cwd,
                    env={**os.environ, **env} if env else None,
                    process_group=0,
                )
            except OSError as error:
                raise StartError(f"{name} cannot be started ({error}); run: make setup") from error
        return cls(name, process, log)

    @property
    def pid(self) -> int:
        """Its process id, which is also the id of its process group."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """How it ended; None while it runs, negative for the signal that killed it."""
        return self._process.returncode

    async def ready(self, is_ready: Callable[[], Awaitable[bool]], *, within: float, log: Path | None = None) -> None:
        """Wait until `is_ready` says so. A child that dies or takes too long is stopped and raises StartError.

        `log` is where the program itself writes why it failed, when that is not what it prints.
        """
        try:
            async with asyncio.timeout(within):
                while not await is_ready():
                    self._must_run(log)
                    await asyncio.sleep(_LOOK_AGAIN)
        except TimeoutError:
            await self.stop(grace=1)
            raise StartError(f"{self.name} was not ready within {within:g} s: {self._why(log)}") from None
        except BaseException:  # an interrupt too: nobody else knows of this child yet
            await self.kill()
            raise

    async def wait(self) -> int:
        """Wait for its end; answers how it ended."""
        return await self._process.wait()

    async def stop(self, *, grace: float = 5.0) -> None:
        """Ask it to end, insist after `grace` seconds, and let nothing of its group remain."""
        if self.returncode is None:
            self._signal(signal.SIGTERM)
            with suppress(TimeoutError):
                async with asyncio.timeout(grace):
                    await self._process.wait()
        await self.kill()

    async def kill(self) -> None:
        """End it and its group at once, as a fault would."""
        self._signal(signal.SIGKILL)
        await self._process.wait()

    def last_lines(self, count: int = 5) -> str:
        """The end of what it printed."""
        return _tail(self.log, count)

    def _must_run(self, log: Path | None) -> None:
        if self.returncode is not None:
            raise StartError(f"{self.name} ended at once (code {self.returncode}): {self._why(log)}")

    def _why(self, log: Path | None) -> str:
        own = _tail(log, 3) if log else ""
        return own or self.last_lines(3) or f"it said nothing in {self.log}"

    def _signal(self, what: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, what)


def _tail(path: Path, count: int) -> str:
    if not path.exists():
        return ""
    lines = path.read_text(errors="replace").strip().splitlines()
    return " | ".join(line.strip() for line in lines[-count:])
