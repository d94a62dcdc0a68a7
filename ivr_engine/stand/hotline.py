"""This file decides what a whole hotline on one machine consists of, and in which order it comes up and goes down.

Its own Asterisk, a second one for the remote pool, a broker and the engine, all on own ports in one folder. It knows
no scenario: `ivr run`, the demo and the tests decide what happens on it.
"""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import aiohttp

from ivr_engine.commission import Plan, agent_secrets, commission, drill_password, phone_passwords, site_of
from ivr_engine.dialplan.hotline import Hotline, PoolPlan
from ivr_engine.dialplan.load import load
from ivr_engine.errors import StartError
from ivr_engine.nodes import NODE_TYPES, Node
from ivr_engine.prompts import PromptBook
from ivr_engine.provision import RemoteSite, Trunk
from ivr_engine.settings import Settings, TrunkSettings, load_settings
from ivr_engine.stand.broker import Broker
from ivr_engine.stand.phones import AgentPhone, CallerPhone, CallPlan, Line, SeatPlan
from ivr_engine.stand.ports import Ports
from ivr_engine.stand.process import Child
from ivr_engine.stand.site import AsteriskSite, find_asterisk, find_installation

REPOSITORY = Path(__file__).resolve().parents[2]
REMOTE_ADDRESS = "127.0.0.2"  # so that the two sites can be told apart by address on one machine
REMOTE_TONE_HZ = 1910
# An engine beside tests and tools on a busy machine is no dead one: its calls shall not go to the fallback.
PATIENT_CLAIM_MS = 3000
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  # tmpfs on purpose: plaintext sound must not touch a disk


class HotlineStand:
    """A complete hotline of its own. Use it as an async context manager, or `start` and `stop` it."""

    def __init__(
        self, folder: Path, *, dialplan: Path = REPOSITORY / "dialplans" / "acme", remote_talk_seconds: int = 30
    ) -> None:
        self.folder = folder
        self.dialplan = dialplan
        self.hotline: Hotline[Node] = load(dialplan, NODE_TYPES)
        self._remote_talk = remote_talk_seconds
        self.engine: Child | None = None
        self._phones: list[AgentPhone | CallerPhone] = []

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    # --- up and down ----------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Bring everything up. Raises StartError, and takes down what was up, if a part cannot come up."""
        self._ports = Ports.reserve()
        try:
            self._commission()
            # The remote site first: the hotline asks its trunks at boot whether they live.
            await self.remote.start()
            await asyncio.gather(self.site.start(), self.broker.start())
            await self.start_engine()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Take everything down; recordings are sealed first."""
        await asyncio.gather(*(phone.stop() for phone in self._phones), return_exceptions=True)
        self._phones.clear()
        if hasattr(self, "site"):
            # Asterisk before the engine: calls that still go on end, and the engine seals their recordings.
            await self.site.stop()
            await self.stop_engine()
            await asyncio.gather(self.remote.stop(), self.broker.stop())
            with suppress(OSError):
                self.settings.recording.spool.rmdir()  # what is not sealed stays, and so does its folder
        self._ports.release()

    async def start_engine(self, *, within: float = 60.0) -> None:
        """Start the engine and wait until it can take calls."""
        log = self.folder / "engine.log"
        command = [sys.executable, "-m", "ivr_engine.cli", "serve", "--settings", str(self.settings_path)]
        self.engine = await Child.start("engine", command, log=log)
        await self.engine.ready(self._is_ready, within=within)

    async def stop_engine(self) -> None:
        """Let the engine end in order."""
        if self.engine is not None:
            await self.engine.stop(grace=20.0)

    async def kill_engine(self) -> None:
        """End the engine as a fault would."""
        if self.engine is not None:
            await self.engine.kill()

    def _commission(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        ports, program = self._ports, find_asterisk()
        installation = find_installation(program)
        remote_port, carrier_port = ports.one(), ports.one()
        pool = _remote_pool(self.hotline)
        self.settings_path = commission(
            self.folder,
            Plan(
                dialplan=self.dialplan,
                prompts=REPOSITORY / "prompts",
                spool=Path(tempfile.mkdtemp(prefix="ivr-", dir=_SHARED_MEMORY)),
                sip_port=ports.one(),
                ari_port=ports.one(),
                web_port=ports.one(),
                mqtt_port=ports.one(),
                rtp=ports.several(600),
                trunks={
                    "carrier": TrunkSettings(host="127.0.0.1", port=carrier_port, watch=False),
                    pool.name: TrunkSettings(host=REMOTE_ADDRESS, port=remote_port),
                },
                drills=True,
                people_pins=bool(self.hotline.people),
            ),
        )
        self.settings: Settings = load_settings(self.settings_path)
        PromptBook(self.settings.prompts, self.settings.voices).build(self.hotline)
        facts = replace(site_of(self.settings, self.hotline, installation), claim_ms=PATIENT_CLAIM_MS)
        self.site = AsteriskSite(facts, program)
        remote = RemoteSite(
            name=pool.name,
            directory=self.folder / pool.name,
            installation=installation,
            sip_port=remote_port,
            rtp_ports=ports.several(100),
            numbers=(pool.number,),
            hotline=Trunk("hotline", "127.0.0.1", facts.sip_port),
            remote_seats=pool.capacity,
            tone_hz=REMOTE_TONE_HZ,
            talk_seconds=self._remote_talk,
            bind=REMOTE_ADDRESS,
        )
        self.remote = AsteriskSite(remote, program)
        mqtt = self.settings.mqtt
        assert mqtt is not None
        self.broker = Broker(self.folder / "broker", mqtt.port)

    # --- phones ---------------------------------------------------------------------------------------------

    async def drill(self, plan: CallPlan) -> CallerPhone:
        """The same with the mark of a drill."""
        assert self.settings.site is not None
        assert self.settings.site.drill_calls is not None
        return await self.caller(replace(plan, password=drill_password(self.settings.site.drill_calls.secret)))

    async def caller(self, plan: CallPlan) -> CallerPhone:
        """A caller who begins to dial now."""
        phone = CallerPhone(self.line(f"caller-{plan.caller}", 8 if plan.listens else 6), plan)
        self._phones.append(phone)
        await phone.start()
        return phone

    async def agent(self, plan: SeatPlan) -> AgentPhone:
        """An agent who comes on duty now, with the password the stand made for him."""
        passwords = phone_passwords(self.phones_file, ())
        plan = replace(plan, password=passwords[plan.user])
        phone = AgentPhone(self.line(f"agent-{plan.user}", 8 if plan.listens else 6), plan)
        self._phones.append(phone)
        await phone.start()
        return phone

    async def far_end(self, plan: SeatPlan) -> AgentPhone:
        """Somebody at the carrier's end, who answers whatever number is dialled there."""
        assert self.settings.site is not None
        ports = 8 if plan.listens else 6
        line = replace(self.line(f"far-end-{plan.user}", ports), sip_port=self.settings.site.trunks["carrier"].port)
        phone = AgentPhone(line, plan)
        self._phones.append(phone)
        await phone.start()
        return phone

    async def agents_seen(self, count: int, pool: str = "local", *, within: float = 30.0) -> None:
        """Wait until the engine has `count` ready seats in a pool."""
        deadline = asyncio.get_running_loop().time() + within
        while asyncio.get_running_loop().time() < deadline:
            ready = next(row["ready"] for row in await self.ask("pools") if row["pool"] == pool)
            if ready >= count:
                return
            await asyncio.sleep(0.1)
        raise StartError(f"the engine did not see {count} ready seats in pool {pool!r} within {within:.0f} s")

    def line(self, name: str, count: int = 6) -> Line:
        """Where one more phone is plugged in, with so many ports of its own."""
        ports = self._ports.several(count)
        return Line(self.folder / "phones" / name, ports.start, ports.start + 2, self.sip_port)

    # --- asking ---------------------------------------------------------------------------------------------

    @property
    def sip_port(self) -> int:
        """Where callers and agents reach the hotline."""
        assert self.settings.site is not None
        return self.settings.site.sip.port

    @property
    def web_url(self) -> str:
        """Where the engine's metrics, health and commands are."""
        return f"http://{self.settings.web.host}:{self.settings.web.port}"

    @property
    def phones_file(self) -> Path:
        """The agents' passwords."""
        assert self.settings.site is not None
        return self.settings.site.phones

    @property
    def pins(self) -> dict[str, str]:
        """The PIN of each of the hotline's people."""
        assert self.settings.site is not None
        pins = self.settings.site.people_pins
        return agent_secrets(pins) if pins is not None else {}

    async def ask(self, path: str, order: Mapping[str, object] | None = None) -> Any:
        """What the engine's admin API answers."""
        headers = {"Authorization": f"Bearer {self.settings.web.token}"}
        method = "GET" if order is None else "POST"
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.request(method, f"{self.web_url}/api/{path}", json=order) as response,
        ):
            return await response.json()

    async def crisis(self, profile: str | None) -> None:
        """Switch the crisis as an admin would."""
        await self.ask("crisis", {"profile": profile, "by": "stand", "reason": "a rehearsal"})

    async def figures(self) -> str:
        """The engine's metrics."""
        async with aiohttp.ClientSession() as session, session.get(f"{self.web_url}/metrics") as response:
            return await response.text()

    async def _is_ready(self) -> bool:
        try:
            async with aiohttp.ClientSession() as session, session.get(f"{self.web_url}/readyz") as response:
                return response.status == 200
        except aiohttp.ClientError:
            return False


def remove(folder: Path) -> None:
    """Remove what an earlier stand left in a folder that is ours."""
    if (folder / "ivr.yaml").exists():
        shutil.rmtree(folder)


def _remote_pool(hotline: Hotline[Node]) -> PoolPlan:
    pool = next((pool for pool in hotline.pools.values() if pool.trunk), None)
    if pool is None:
        raise StartError(f"hotline {hotline.name!r} has no pool over a trunk: the stand needs one for its remote site")
    return pool
