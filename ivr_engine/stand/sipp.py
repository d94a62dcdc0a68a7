"""This file decides how one SIPp process is started and ended. It knows SIPp's switches, and no scenario's meaning."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import jinja2

from ivr_engine.errors import StartError
from ivr_engine.stand.media import require_raw_sockets
from ivr_engine.stand.process import Child

_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "scenarios"),
    undefined=jinja2.StrictUndefined,
    autoescape=False,  # noqa: S701  # scenarios of ours, holding SIP in CDATA; nothing a browser will see
)


@dataclass(frozen=True)
class Line:
    """Where a phone is plugged in: its own ports, the server it speaks to, a folder for its files.

    SIPp takes `media_port` and the second above it; keep four ports apart.
    """

    folder: Path
    sip_port: int
    media_port: int
    server_port: int
    server: str = "127.0.0.1"
    host: str = "127.0.0.1"


class Sipp:
    """One SIPp: its scenario files, its command line, its end."""

    def __init__(self, name: str, line: Line) -> None:
        self.name = name
        self.line = line
        self.log = line.folder / f"{name}.log"
        self._errors = line.folder / f"{name}.errors"
        self._child: Child | None = None

    def scenario(self, template: str, facts: Mapping[str, object]) -> Path:
        """Write the scenario `template` with `facts` filled in, and return where."""
        self.line.folder.mkdir(parents=True, exist_ok=True)
        path = self.line.folder / f"{self.name}.{template}"
        path.write_text(_templates.get_template(template).render(facts))
        return path

    async def start(self, *arguments: str | Path, trace: bool = True) -> None:
        """Start it; `trace` keeps every SIP message, which a load test cannot afford."""
        if self._child and self._child.returncode is None:
            raise StartError(f"phone {self.name} is already running; stop it first")
        require_raw_sockets()
        line = self.line
        self.log.unlink(missing_ok=True)
        self._errors.unlink(missing_ok=True)
        messages = ("-trace_msg", "-message_file", line.folder / f"{self.name}.messages") if trace else ()
        argv = [
            "sipp",
            f"{line.server}:{line.server_port}",
            *("-i", line.host, "-p", str(line.sip_port), "-mi", line.host, "-mp", str(line.media_port)),
            *("-trace_logs", "-log_file", self.log, "-trace_err", "-error_file", self._errors, *messages),
            # SIPp would paint a status screen every second, and listen for orders on every address.
            *("-nostdin", "-f", "3600", "-ci", "127.0.0.1"),
            *arguments,
        ]
        screen = line.folder / f"{self.name}.screen"
        screen.unlink(missing_ok=True)
        self._child = await Child.start(f"phone {self.name}", argv, log=screen, env={"TERM": "xterm"})

    async def ready(self, is_ready: Callable[[], Awaitable[bool]], *, within: float) -> None:
        """Wait until `is_ready` says so; raises StartError with SIPp's own reason."""
        await self._running().ready(is_ready, within=within, log=self._errors)

    async def wait(self) -> int:
        """Wait for its end; answers its exit code."""
        return await self._running().wait()

    async def stop(self) -> None:
        """End it, after letting it send the BYE or CANCEL its calls still owe. A second time is no mistake."""
        if self._child is None:
            return
        for grace in (0.05, 1.0):  # the first signal asks it to finish its calls, the second to abort them
            if self._child.returncode is None:
                with suppress(ProcessLookupError, TimeoutError):
                    os.kill(self._child.pid, signal.SIGUSR1)
                    await asyncio.wait_for(self._child.wait(), grace)
        await self._child.stop(grace=1.0)

    def trouble(self) -> str:
        """What SIPp complained of, without its remarks on the timeouts that serve us as pauses."""
        if not self._errors.exists():
            return ""
        lines = self._errors.read_text(errors="replace").splitlines()
        told = (text.strip() for text in lines if "jumping to label" not in text)
        return " | ".join(text for text in told if text and not text.startswith("The following events"))[:2000]

    def _running(self) -> Child:
        if self._child is None:
            raise StartError(f"phone {self.name} was not started; call start() first")
        return self._child
