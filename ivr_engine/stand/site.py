"""This file decides which Asterisk is run for a site and how it is brought up and down.

It knows the asterisk program and its command line; it knows no call and no ARI.
"""

import asyncio
import os
import re
import shutil
from pathlib import Path

from ivr_engine.asterisk.telephony import OLDEST_ASTERISK
from ivr_engine.errors import StartError
from ivr_engine.provision import HotlineSite, Installation, Site, prepare
from ivr_engine.stand.ports import require_free
from ivr_engine.stand.process import Child

_REPOSITORY = Path(__file__).resolve().parents[2]
_REMEDY = "run: make setup (or set IVR_ASTERISK to one that is)"


class AsteriskSite:
    """One real Asterisk with a directory, ports and configuration of its own."""

    def __init__(self, site: Site, program: Path | None = None) -> None:
        self.site = site
        self.program = program or find_asterisk()
        self._conf = site.directory / "etc" / "asterisk.conf"
        self._child: Child | None = None

    async def start(self, *, within: float = 60.0) -> None:
        """Write its files, start it and wait until it has booted. May be called again after `stop` or `kill`."""
        if self.running:
            raise StartError(f"{self.site.name} runs already; stop it first")
        require_free(self.site.bind, self.site.sip_port, f"{self.site.name}'s SIP")
        if isinstance(self.site, HotlineSite):
            require_free(self.site.http_bind, self.site.http_port, f"{self.site.name}'s ARI")
        await require_recent(self.program)
        prepare(self.site)
        # What a killed one left: its socket would be taken for a living one.
        (self.site.directory / "run" / "asterisk.ctl").unlink(missing_ok=True)
        argv: list[str | Path] = [self.program, "-f", "-C", self._conf]
        console = self.site.directory / "log" / "console.log"
        self._child = await Child.start(f"Asterisk {self.site.name}", argv, log=console)
        await self._child.ready(self._is_booted, within=within, log=self.full_log)

    async def stop(self, *, grace: float = 10.0) -> None:
        """Let it hang up what it has and end; insist after `grace` seconds."""
        if self._child:
            await self._child.stop(grace=grace)

    async def kill(self) -> None:
        """End it as a fault would: no goodbye, no files closed."""
        if self._child:
            await self._child.kill()

    async def cli(self, command: str, *, within: float = 30.0) -> str:
        """What its console answers to `command`; StartError when it does not."""
        process = await asyncio.create_subprocess_exec(
            self.program,
            *("-C", self._conf, "-rx", command),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            async with asyncio.timeout(within):
                output, _ = await process.communicate()
        except TimeoutError:
            raise StartError(f"{self.site.name} does not answer {command!r} within {within:g} s") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        text = output.decode(errors="replace")
        if process.returncode != 0:
            raise StartError(f"{self.site.name} does not answer {command!r}: {text.strip()}")
        return text

    @property
    def running(self) -> bool:
        """Whether its process lives."""
        return self._child is not None and self._child.returncode is None

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._child.pid if self._child and self.running else None

    @property
    def full_log(self) -> Path:
        """Notices, warnings and errors of its own."""
        return self.site.directory / "log" / "full.log"

    @property
    def security_log(self) -> Path:
        """Who tried what and was refused."""
        return self.site.directory / "log" / "security.log"

    @property
    def cdr_csv(self) -> Path:
        """Its own record of each call."""
        return self.site.directory / "log" / "cdr-csv" / "Master.csv"

    async def _is_booted(self) -> bool:
        if not (self.site.directory / "run" / "asterisk.ctl").exists():
            return False
        try:
            return "fully booted" in await self.cli("core waitfullybooted")
        except StartError:  # the socket is there a moment before anybody listens on it
            return False


def find_asterisk() -> Path:
    """IVR_ASTERISK, else the private one `make setup` built, else the host's."""
    if named := os.environ.get("IVR_ASTERISK"):
        if not os.access(named, os.X_OK):
            raise StartError(f"IVR_ASTERISK names {named}, which is no program; {_REMEDY}")
        return Path(named)
    private = _REPOSITORY / ".asterisk" / "bin" / "asterisk"
    if private.exists():
        return private
    if host := shutil.which("asterisk", path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
        return Path(host)
    raise StartError(f"there is no Asterisk here; {_REMEDY}")


async def require_recent(program: Path) -> str:
    """The version of `program`; StartError when it is older than what the hotline needs."""
    process = await asyncio.create_subprocess_exec(
        program, "-V", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()
    text = output.decode(errors="replace").strip()
    found = re.search(r"Asterisk (?:certified/)?(\d+)\.(\d+)\.(\d+)", text)
    if not found or tuple(map(int, found.groups())) < OLDEST_ASTERISK:
        wanted = ".".join(map(str, OLDEST_ASTERISK))
        raise StartError(f"{program} says {text!r}, the hotline needs Asterisk {wanted} or later; {_REMEDY}")
    return found[0].removeprefix("Asterisk ")


def find_installation(program: Path) -> Installation:
    """Where `program` keeps its modules and data: below its own root when private, else below the system's."""
    root = program.resolve().parent.parent / "root"
    if not root.is_dir():
        root = Path("/")
    candidates = [*root.glob("usr/lib/*/asterisk/modules"), root / "usr/lib/asterisk/modules"]
    modules = next((path for path in candidates if (path / "chan_pjsip.so").exists()), None)
    data = next(
        (
            path
            for path in (root / "usr/share/asterisk", root / "var/lib/asterisk")
            if (path / "documentation").exists()
        ),
        None,
    )
    if modules is None or data is None:
        raise StartError(f"the modules of {program} are not where Debian puts them (below {root}); {_REMEDY}")
    return Installation(modules_dir=modules, data_dir=data)
