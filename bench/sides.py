"""This file decides which two hotlines are compared: a native dialplan and ours. It does not know what is measured.

Both get the same Asterisk with the same modules, codecs, prompts, music and agents, and record alike into memory.
"""

import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import jinja2

from bench import cpu
from ivr_engine.commission import Plan, commission, phone_passwords, site_of
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.dialplan.load import load
from ivr_engine.errors import StartError
from ivr_engine.nodes import NODE_TYPES, Node
from ivr_engine.nodes.menu import Menu
from ivr_engine.nodes.say import Say
from ivr_engine.prompts import PromptBook
from ivr_engine.provision import HotlineSite
from ivr_engine.settings import TrunkSettings, load_settings
from ivr_engine.stand.hotline import REPOSITORY, HotlineStand
from ivr_engine.stand.ports import Ports, reserved_ports
from ivr_engine.stand.site import AsteriskSite, find_asterisk, find_installation

NATIVE, OURS = "native", "ours"
_HERE = Path(__file__).parent
_PROMPTS = REPOSITORY / "prompts"
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  # where the engine's spool lies too


@dataclass(frozen=True)
class Trial:
    """What both do: a hotline of the engine's, and a folder that says the same in Asterisk's own files."""

    hotline: Path
    native: Path


CALLS = Trial(_HERE / "hotline", _HERE / "native")


@dataclass(frozen=True)
class Side:
    """One of the two while it runs."""

    name: str
    folder: Path
    sip_port: int
    spool: Path
    passwords: Mapping[str, str]
    ports: Ports
    asterisk: AsteriskSite
    stand: HotlineStand | None = field(default=None)  # ours alone

    def cpu(self) -> dict[str, float]:
        """CPU seconds used up to now, by part."""
        assert self.asterisk.pid is not None
        used = {"asterisk": cpu.spent(self.asterisk.pid).own}
        if self.stand is not None:
            assert self.stand.engine is not None
            engine = cpu.spent(self.stand.engine.pid)
            used |= {"engine": engine.own, "sealing": engine.children}
        return used

    async def metrics(self) -> str:
        """What the engine counts; nothing where there is none."""
        return await self.stand.figures() if self.stand is not None else ""


@asynccontextmanager
async def native(folder: Path, trial: Trial = CALLS) -> AsyncIterator[Side]:
    """Asterisk alone."""
    with reserved_ports() as ports:
        spool = Path(tempfile.mkdtemp(prefix="ivr-", dir=_SHARED_MEMORY))
        try:
            facts, hotline = _site(folder, trial.hotline, spool, ports)
            site = AsteriskSite(facts)
            await site.start()
            try:
                await _take_over(site, facts, hotline, trial.native)
                passwords = {agent.name: agent.password for agent in facts.agents}
                yield Side(NATIVE, folder, facts.sip_port, spool, passwords, ports, site)
            finally:
                await site.stop()
        finally:
            shutil.rmtree(spool)


@asynccontextmanager
async def ours(folder: Path, trial: Trial = CALLS) -> AsyncIterator[Side]:
    """The whole stand."""
    with reserved_ports() as ports:
        stand = HotlineStand(folder, dialplan=trial.hotline)
        try:
            async with stand:
                passwords, spool = phone_passwords(stand.phones_file, ()), stand.settings.recording.spool
                yield Side(OURS, folder, stand.sip_port, spool, passwords, ports, stand.site, stand)
        finally:
            if hasattr(stand, "settings"):  # the stand keeps what was not sealed; ours is test sound
                shutil.rmtree(stand.settings.recording.spool, ignore_errors=True)


def sounds() -> tuple[Path, Path]:
    """The greeting and the menu, as Asterisk wants them named."""
    spoken = _sounds(load(CALLS.hotline, NODE_TYPES))
    return spoken["hello"], spoken["menu"]


def _sounds(hotline: Hotline[Node]) -> dict[str, Path]:
    """The sounds of a greeting and a menu, where the hotline has any."""
    book = PromptBook(_PROMPTS)
    book.build(hotline)
    found = {}
    for step in hotline.normal.steps.values():
        if isinstance(step, Say):
            found["hello"] = book.path(step.text.prompts()[0])
        elif isinstance(step, Menu):
            found["menu"] = book.path(step.prompt.prompts()[0])
    return found


def _site(folder: Path, dialplan: Path, spool: Path, ports: Ports) -> tuple[HotlineSite, Hotline[Node]]:
    """The facts of the same site as the stand's, in a folder and on ports of its own."""
    carrier = TrunkSettings(host="127.0.0.1", port=ports.one(), watch=False)
    elsewhere = TrunkSettings(host="127.0.0.2", port=ports.one(), watch=False)
    plan = Plan(
        dialplan=dialplan,
        prompts=_PROMPTS,
        spool=spool,
        sip_port=ports.one(),
        ari_port=ports.one(),
        web_port=ports.one(),
        mqtt_port=None,
        rtp=ports.several(600),
        trunks={"carrier": carrier, "elsewhere": elsewhere},
    )
    hotline = load(dialplan, NODE_TYPES)
    settings = load_settings(commission(folder, plan))
    return site_of(settings, hotline, find_installation(find_asterisk())), hotline


async def _take_over(site: AsteriskSite, facts: HotlineSite, hotline: Hotline[Node], templates_in: Path) -> None:
    """Put the native dialplan and queue in the place of those rendered at the start."""
    values = {
        **_sounds(hotline),
        "numbers": facts.numbers,
        "recording_dir": facts.recording_dir,
        "agents": [agent.name for agent in facts.agents],
    }
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates_in),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        autoescape=False,  # noqa: S701  # conf files, from values that `validate` has seen
    )
    for name in ("extensions.conf", "queues.conf"):
        (facts.directory / "etc" / name).write_text(templates.get_template(f"{name}.j2").render(values), "utf-8")
    await site.cli("dialplan reload")
    await site.cli("queue reload all")
    if "Queue(bench)" not in await site.cli("dialplan show") or "PJSIP/1001" not in await site.cli("queue show bench"):
        raise StartError("the native dialplan did not take the place of the engine's: see its log/full.log")
