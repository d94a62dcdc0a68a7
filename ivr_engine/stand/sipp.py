"""This file decides how one SIPp process is started and ended. It knows SIPp's switches, and no scenario's meaning."""

import re
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import jinja2

from ivr_engine.errors import StartError
from ivr_engine.stand.media import require_raw_sockets
from ivr_engine.stand.process import Child

# A timeout that serves as a pause, a call that comes to a phone which also registers, and a machine that is busy.
_REMARKS = ("jumping to label", "using the out-of-call scenario", "Overload warning: the minor watchdog timer")
# SIPp puts no new line between its complaints, only a time before each.
_STAMP = re.compile(r"\d{4}-\d\d-\d\d\t\d\d:\d\d:\d\d\.\d+\t\d+\.\d+: ")

_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "scenarios"),
    undefined=jinja2.StrictUndefined,
    autoescape=False,  # noqa: S701  # scenarios of ours, holding SIP in CDATA; nothing a browser will see
)


@dataclass(frozen=True)
class Line:
    """Where a phone is plugged in: its own ports, the server it speaks to, a folder for its files.

    SIPp takes `media_port` and the second above it; keep four ports apart. Who listens, does so on the fourth above.
    """

    folder: Path
    sip_port: int
    media_port: int
    server_port: int
    server: str = "127.0.0.1"
    host: str = "127.0.0.1"

    @property
    def ear_port(self) -> int:
        """Where a caller who listens is sent sound; the next above it is sent reports."""
        return self.media_port + 4


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
        if self.running:
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

    @property
    def running(self) -> bool:
        """Whether its process lives."""
        return self._child is not None and self._child.returncode is None

    async def wait(self) -> int:
        """Wait for its end; answers its exit code."""
        return await self._running().wait()

    def tell(self, call_id: str, order: str, *more: str) -> None:
        """Send one of its calls an order: a SIP request of our own invention that the scenario listens for.

        `more` are headers.

        SIPp's own soft exit is no use: with a number of calls given it never gets as far as aborting them.
        """
        line = self.line
        party = f"<sip:{line.host}:{line.sip_port}>"
        request = (
            f"{order} sip:{line.host}:{line.sip_port} SIP/2.0",
            f"Via: SIP/2.0/UDP {line.host};branch=z9hG4bK-order",
            *(f"From: {party};tag=order", f"To: {party}", f"Call-ID: {call_id}", f"CSeq: 1 {order}"),
            *more,
            *("Content-Length: 0", "", ""),
        )
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto("\r\n".join(request).encode(), (line.host, line.sip_port))

    async def stop(self) -> None:
        """End it. A second time is no mistake."""
        if self._child:
            await self._child.stop(grace=1.0)

    def trouble(self) -> str:
        """What SIPp complained of, without its remarks on what we do on purpose."""
        if not self._errors.exists():
            return ""
        _heading, *told = _STAMP.split(self._errors.read_text(errors="replace"))
        serious = (text for text in told if not any(remark in text for remark in _REMARKS))
        return " | ".join(" ".join(text.split()) for text in serious)[:2000]

    def _running(self) -> Child:
        if self._child is None:
            raise StartError(f"phone {self.name} was not started; call start() first")
        return self._child
