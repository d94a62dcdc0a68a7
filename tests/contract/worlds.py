"""The two worlds the contract is tried in: a simulated exchange, and a real Asterisk with real SIP phones."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from ivr_engine.asterisk import AsteriskTelephony, Connection
from ivr_engine.model import commands as c
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.events import AnyEvent, CallArrived, CallerLeft, LinesSeen, PhonesSeen
from ivr_engine.model.ids import CallId, IdMint, LegId, MessageId, PoolName, SeatId
from ivr_engine.model.prompt import Prompt
from ivr_engine.prompts import PromptBook
from ivr_engine.provision import Agent, HotlineSite, Trunk, hash_password
from ivr_engine.runtime.ports import Telephony
from ivr_engine.simulator.exchange import Exchange
from ivr_engine.simulator.telephony import SimulatedTelephony
from ivr_engine.stand.hotline import PATIENT_CLAIM_MS
from ivr_engine.stand.media import MediaScript
from ivr_engine.stand.phones import AgentPhone, CallerPhone, CallPlan, Line, SeatPlan
from ivr_engine.stand.ports import Ports
from ivr_engine.stand.site import AsteriskSite, find_asterisk, find_installation

NUMBER = "4000000400"
ANSWERS, RINGS, REJECTS, ABSENT = SeatId("1001"), SeatId("1002"), SeatId("1003"), SeatId("1004")
PRESSES = SeatId("1005")  # answers, presses these keys, and hangs up
KEYS = ((0.6, "1"), (1.3, "#"))
CARRIER = PoolName("carrier")  # over which everybody outside answers
FactT = TypeVar("FactT")
SHORT = Prompt("zh-CN", "短")
LONG = Prompt("zh-CN", "长")


class World(ABC):
    telephony: Telephony

    def __init__(self) -> None:
        self.facts: list[AnyEvent] = []
        self.looks: list[LinesSeen] = []  # at lines and bridges
        self.trunks: frozenset[PoolName] = frozenset()  # that were seen last
        self._mints: dict[CallId, IdMint] = {}

    def tell(self, fact: AnyEvent) -> None:
        if isinstance(fact, PhonesSeen):  # told every other second, whatever happens
            self.trunks = fact.trunks
        elif isinstance(fact, LinesSeen):
            self.looks.append(fact)
        else:
            self.facts.append(fact)

    async def wait(
        self, kind: type[FactT], where: Callable[[FactT], bool] = lambda _: True, within: float = 30
    ) -> FactT:
        for _ in range(int(within / 0.01)):
            for fact in self.facts:
                if isinstance(fact, kind) and where(fact):
                    return fact
            await asyncio.sleep(0.01)
        raise AssertionError(f"no {kind.__name__} came; there were {self.facts}")

    def all(self, kind: type[FactT]) -> list[FactT]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    async def quiet(self) -> None:
        """Long enough for a second completion to show itself."""
        await asyncio.sleep(0.4)

    def do(self, *orders: c.AnyCommand) -> None:
        for order in orders:
            self.telephony.execute(order)

    def mint(self, call: CallId) -> IdMint:
        return self._mints.setdefault(call, IdMint(call))

    async def dial(self, presses: tuple[tuple[float, str], ...] = (), hang_up_after: float | None = None) -> CallId:
        """A caller dials and, once answered, presses keys and perhaps hangs up."""
        before = {fact.call for fact in self.all(CallArrived)}
        await self._dial(presses, hang_up_after)
        arrived = await self.wait(CallArrived, lambda fact: fact.call not in before)
        return arrived.call

    async def end(self, call: CallId) -> None:
        self.do(c.HangUpCall(call))
        await self.wait(CallerLeft, lambda fact: fact.call == call)

    @abstractmethod
    async def start(self) -> None: ...

    @abstractmethod
    async def stop(self) -> None: ...

    @abstractmethod
    async def look(self) -> LinesSeen:
        """What there is now."""

    @abstractmethod
    async def _dial(self, presses: tuple[tuple[float, str], ...], hang_up_after: float | None) -> None: ...

    @abstractmethod
    def resync(self) -> None: ...

    @abstractmethod
    async def bridges(self) -> dict[str, set[str]]:
        """Who is truly in which bridge."""

    async def until_in(self, bridge: str, *members: str) -> None:
        """Wait until these, and nobody else, are in a bridge; without members: until it is not there."""
        for _ in range(800):
            if (await self.bridges()).get(bridge, set()) == set(members):
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"not {members} in {bridge}: {await self.bridges()}")


class SimulatedWorld(World):
    """People act as in the real world, only sooner."""

    PACE = 0.05
    LONGEST_MESSAGE = 1.0

    async def start(self) -> None:
        self.exchange = Exchange()
        self.exchange.agents |= {ANSWERS, RINGS, REJECTS, PRESSES}
        self.exchange.trunks.add(CARRIER)
        self._telephony = SimulatedTelephony(self.exchange)
        self.telephony = self._telephony
        await self.telephony.start(self.tell)
        self._messages: dict[MessageId, float] = {}
        self._tasks = [asyncio.create_task(self._people())]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.telephony.stop()

    def resync(self) -> None:
        self._telephony.resync()

    async def look(self) -> LinesSeen:
        self.exchange.look_at_lines()
        self._telephony.pump()
        return self.looks[-1]

    async def bridges(self) -> dict[str, set[str]]:
        return {str(bridge): set(members) for bridge, members in self.exchange.bridges.items()}

    async def _dial(self, presses: tuple[tuple[float, str], ...], hang_up_after: float | None) -> None:
        call = self.exchange.dial(NUMBER)
        self._telephony.pump()
        self._tasks.append(asyncio.create_task(self._caller(call, presses, hang_up_after)))

    async def _caller(self, call: CallId, presses: tuple[tuple[float, str], ...], hang_up_after: float | None) -> None:
        while call in self.exchange.callers and not self.exchange.callers[call].answered:
            await asyncio.sleep(0.01)
        for _, digit in presses:
            await asyncio.sleep(self.PACE)
            self.exchange.press(call, digit)
            self._telephony.pump()
        if hang_up_after is not None:
            await asyncio.sleep(self.PACE)
            self.exchange.hang_up_caller(call)
            self._telephony.pump()

    def _has_waited(self, message: MessageId) -> bool:
        now = asyncio.get_running_loop().time()
        return now - self._messages.setdefault(message, now) > self.LONGEST_MESSAGE

    async def _people(self) -> None:
        """Prompts come to their end, phones ring and are answered."""
        while True:
            await asyncio.sleep(self.PACE)
            for caller in list(self.exchange.callers.values()):
                if caller.plays:
                    await asyncio.sleep(self.PACE)
                    self.exchange.end_play(caller.call)
                if caller.message and self._has_waited(caller.message):
                    self.exchange.end_message(caller.call, 2.0)
            for seat in list(self.exchange.seats.values()):
                agent = seat.to.agent if isinstance(seat.to, c.AgentPhone) else None
                if not seat.ringing:
                    self.exchange.ring(seat.leg)
                elif agent == ANSWERS or isinstance(seat.to, c.TrunkLine):
                    self.exchange.pick_up(seat.leg)
                    self._listen(seat.leg)
                elif agent == REJECTS:
                    self.exchange.end_leg(seat.leg, LegEnd.BUSY)
                elif agent == PRESSES and not seat.answered:
                    self.exchange.pick_up(seat.leg)
                    self._tasks.append(asyncio.create_task(self._press(seat.leg)))
            self._telephony.pump()

    def _listen(self, leg: LegId) -> None:
        """What is said to a seat comes to its end, a moment after it began."""
        line = self.exchange.seats[leg]
        if line.plays and LONG not in next(iter(line.plays.values())):
            self.exchange.at_seats.end(leg)

    async def _press(self, leg: LegId) -> None:
        for _, digit in KEYS:
            await asyncio.sleep(2 * self.PACE)
            self.exchange.at_seats.press(leg, digit)
            self._telephony.pump()
        await asyncio.sleep(2 * self.PACE)
        self.exchange.end_leg(leg, LegEnd.HUNG_UP)
        self._telephony.pump()


class RealWorld(World):
    """One Asterisk with the hotline's own configuration, SIPp callers and agents, and no switchboard."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    async def start(self) -> None:
        self._ports = Ports.reserve()
        carrier_port = self._ports.one()
        program = find_asterisk()
        names = (ANSWERS, RINGS, REJECTS, ABSENT, PRESSES)
        spool = self.folder / "spool"
        spool.mkdir()
        site = HotlineSite(
            name="hotline",
            directory=self.folder / "site",
            installation=find_installation(program),
            sip_port=self._ports.one(),
            http_port=self._ports.one(),
            rtp_ports=self._ports.several(40),
            ari_user="ivr",
            ari_password_hash=hash_password("secret"),
            recording_dir=spool,
            numbers=(NUMBER,),
            trunks=(Trunk(CARRIER, "127.0.0.1", carrier_port, watch=False),),
            agents=tuple(Agent(name, f"pw{name}") for name in names),
            fallback_agents=(ANSWERS,),
            claim_ms=PATIENT_CLAIM_MS,
        )
        self.site = AsteriskSite(site, program)
        self.sip_port = site.sip_port
        await self.site.start()
        voice = MediaScript(700, 60.0)
        plans = [
            SeatPlan(ANSWERS, voice, f"pw{ANSWERS}", ring_s=0.3),
            SeatPlan(RINGS, voice, f"pw{RINGS}", answers=False),
            SeatPlan(REJECTS, voice, f"pw{REJECTS}", rejects=486),
            SeatPlan(PRESSES, MediaScript(700, 60.0, KEYS), f"pw{PRESSES}", ring_s=0.3, talk_s=2.5),
        ]
        outside = AgentPhone(
            replace(self._line("outside"), sip_port=carrier_port), SeatPlan("outside", voice, ring_s=0.3)
        )
        self._agents = [outside, *(AgentPhone(self._line(plan.user), plan) for plan in plans)]
        await asyncio.gather(*(agent.start() for agent in self._agents))
        self._callers: list[CallerPhone] = []
        self._real = AsteriskTelephony(
            Connection(
                url=f"http://127.0.0.1:{site.http_port}/ari",
                user="ivr",
                password="secret",
                app="hotline.contract",
                sound_of=PromptBook(self.folder / "prompts").path,
                agents=frozenset(names),
                trunks=frozenset({CARRIER}),
                look_every=0.3,
            )
        )
        self.telephony = self._real
        await self.telephony.start(self.tell)

    async def stop(self) -> None:
        await asyncio.gather(*(caller.stop() for caller in self._callers))
        await asyncio.gather(*(agent.stop(unregister=False) for agent in self._agents))
        await self.telephony.stop()
        await self.site.stop()
        self._ports.release()

    def resync(self) -> None:
        self._real.resync()

    async def look(self) -> LinesSeen:
        known = len(self.looks)
        while len(self.looks) < known + 2:  # the first may have begun before
            await asyncio.sleep(0.05)
        return self.looks[-1]

    async def bridges(self) -> dict[str, set[str]]:
        return {bridge.id: set(bridge.channels) for bridge in await self._real.ari.bridges.list()}

    async def _dial(self, presses: tuple[tuple[float, str], ...], hang_up_after: float | None) -> None:
        plan = CallPlan(NUMBER, f"1380000{len(self._callers):04}", MediaScript(500, 20.0, presses), hang_up_after)
        caller = CallerPhone(self._line(f"caller{len(self._callers)}"), plan)
        self._callers.append(caller)
        await caller.start()

    def _line(self, name: str) -> Line:
        ports = self._ports.several(6)
        return Line(self.folder / f"phone-{name}", ports.start, ports.start + 2, self.sip_port)
