"""This file decides when we can see and steer Asterisk, and when we are blind. It does not know what for."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

import msgspec
import structlog

from ivr_engine.ari import AriClient, AriError, EventStream, Lanes, Loss, OddFrame, Unauthorized, models
from ivr_engine.asterisk import names
from ivr_engine.asterisk.facts import WANTED, CountCall, Facts, count_none, with_earlier
from ivr_engine.asterisk.looking import Looker
from ivr_engine.asterisk.orders import Orders, SoundOf
from ivr_engine.asterisk.outstanding import Outstanding
from ivr_engine.asterisk.snapshot import codes_left, see_phones, take_snapshot
from ivr_engine.errors import StartError
from ivr_engine.model.commands import CallCommand, HangUpLeg, RingSeat, SpeakToSeat, StopPlay
from ivr_engine.model.events import LinkLost, PhonesSeen, Resynced
from ivr_engine.model.ids import CallId, LegId, PoolName, SeatId
from ivr_engine.runtime.ports import PhoneCommand, Tell
from ivr_engine.runtime.watched import OnEnded, watched

log = structlog.get_logger()

OLDEST_ASTERISK = (22, 10, 1)  # StasisBroadcast works from here, and its lock inversions are mended
LOOK_AT_PHONES_SECONDS = 2.0
FIRST_CONTACT_SECONDS = 10.0

TakeCode = Callable[[SeatId, str], Awaitable[bool]]  # an agent has dialled this; whether it was done. Never raises


@dataclass(frozen=True, slots=True)
class Connection:
    """Which Asterisk, as whom, and whose phones to watch there."""

    url: str
    user: str
    password: str
    app: str
    sound_of: SoundOf
    agents: frozenset[SeatId]
    trunks: frozenset[PoolName]
    look_every: float = 5.0  # seconds


class AsteriskTelephony:
    """Orders and facts over ARI: one socket for events, a small pool for requests, a lane for each call and line."""

    def __init__(
        self,
        connection: Connection,
        on_request: Callable[[str, float, int | None], None] | None = None,
        on_replaced: Callable[[], None] | None = None,
    ) -> None:
        self._at = connection
        self._on_request = on_request
        self._on_replaced = on_replaced
        self.on_ended: OnEnded = log.critical
        self.count_call: CountCall = count_none
        self.take_code: TakeCode | None = None  # what agents dial on their own phones
        self._tasks: list[asyncio.Task[object]] = []
        self._seeing = False
        self._held: list[models.AnyMessage] = []  # events that came while the snapshot was being taken
        self._phones: PhonesSeen | None = None  # as last told
        self._first_sight = asyncio.Event()

    async def check(self) -> None:
        """Look whether there is an Asterisk that will do, and leave it alone. Raises StartError with the remedy."""
        at = self._at
        async with AriClient(at.url, at.user, at.password) as ari:
            await self._check_asterisk(ari)

    async def start(self, tell: Tell) -> None:
        """Connect; returns once the first snapshot has been told. Raises StartError with the remedy."""
        at = self._at
        await self.check()
        self._tell = tell
        self.ari = await AriClient(at.url, at.user, at.password, on_request=self._on_request).__aenter__()
        self._lanes = Lanes(on_error=_lane_failed)
        self._outstanding = Outstanding(tell)
        self._orders = Orders(self.ari, at.app, at.sound_of, self._outstanding, tell)
        self._facts = Facts(self._outstanding, tell, self._claim, self._turn_away, self._keep_time)
        self._facts.count_call = self.count_call
        self._facts.on_code = self._on_code
        self._looker = Looker(
            self.ari, at.app, self._outstanding, self._lanes, count=self.count_call, end=self._turn_away
        )
        self._stream = EventStream(
            self.ari,
            at.app,
            allow=WANTED,
            on_event=self._on_event,
            on_connected=self._on_connected,
            on_lost=self._on_lost,
            on_odd=_odd_frame,
        )
        self._tasks = [
            watched(self._stream.run(), "ari-events", self.on_ended),
            watched(self._watch_phones(), "ari-phones", self.on_ended),
            watched(self._watch_lines(), "ari-lines", self.on_ended),
        ]
        try:
            async with asyncio.timeout(FIRST_CONTACT_SECONDS):
                await self._first_sight.wait()
        except TimeoutError:
            await self.stop()
            raise StartError(f"Asterisk at {at.url} answers, but its event socket does not: see its log") from None

    async def stop(self) -> None:
        """Disconnect; lines stay as they are, for the next engine. Twice, or after a vain start, is no mistake."""
        tasks, self._tasks = self._tasks, []
        if not tasks:
            return
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._lanes.aclose(drain=2.0)
        await self.ari.aclose()

    def execute(self, command: PhoneCommand) -> None:
        """Accept an order."""
        self._orders.register(command)
        self._lanes.submit(self._lane(command), partial(self._orders.carry_out, command))

    def _lane(self, command: PhoneCommand) -> str:
        # Lines to seats have lanes of their own, so that a phone rings without waiting for the caller's prompts.
        if isinstance(command, RingSeat | HangUpLeg | SpeakToSeat):
            return command.leg
        assert isinstance(command, CallCommand)
        if isinstance(command, StopPlay):  # what is said to a seat must not be stopped before it has begun
            return self._outstanding.at_seats.get(command.play, command.call)
        return command.call

    @property
    def watched(self) -> tuple[frozenset[SeatId], frozenset[PoolName]]:
        """The phones and trunks that are looked at."""
        return self._at.agents, self._at.trunks

    def watch(self, agents: frozenset[SeatId], trunks: frozenset[PoolName]) -> None:
        """From now on look at these phones and trunks; what is seen of them is told within two seconds."""
        self._at = replace(self._at, agents=agents, trunks=trunks)
        self._phones = None

    async def unknown(self, wanted: Iterable[str]) -> tuple[str, ...]:
        """Those agents and trunks of which Asterisk's configuration has nothing; none while it does not answer."""
        try:
            known = {endpoint.resource for endpoint in await self.ari.endpoints.list()}
        except AriError:
            return ()
        return tuple(name for name in wanted if name not in known)

    def resync(self) -> None:
        """Look at everything anew, as after a lost link: some facts were lost on our side."""
        self._on_lost(None)
        self._on_connected()

    async def live_calls(self) -> set[str] | None:
        """Every channel Asterisk has, ours or not; None while we are blind."""
        if not self._seeing:
            return None
        try:
            return {channel.id for channel in await self.ari.channels.list()}
        except AriError:
            return None

    # --- seeing ---------------------------------------------------------------------------------------------

    def _on_event(self, event: models.AnyMessage) -> None:
        if self._seeing:
            self._facts.take(event)
        else:
            self._held.append(event)

    def _on_connected(self) -> None:
        self._held.clear()
        self._lanes.submit("snapshot", self._look)

    async def _look(self) -> None:
        while not self._seeing:
            try:
                phones = await see_phones(self.ari, self._at.agents, self._at.trunks)
                left = await codes_left(self.ari, self._at.app)
                found = await take_snapshot(self.ari, self._at.app)
            except AriError as error:
                log.warning("asterisk does not say what it has", error=str(error))
                await asyncio.sleep(0.5)
                if not self._stream.connected:
                    return  # the next connection looks again
                continue
            found = self._counted(found)
            for line in left:
                self._turn_away(LegId(line))
            self._outstanding.replace(found)
            self._phones = phones
            self._tell(phones)
            self._tell(found)
            self._seeing = True
            held, self._held = self._held, []
            for event in held:
                self._facts.take(event)
            self._first_sight.set()

    def _counted(self, found: Resynced) -> Resynced:
        """With how often callers have called of whom no engine has seen anything yet."""
        known = self._outstanding.calls
        calls = tuple(
            with_earlier(line, self.count_call) if line.saved is None and line.call not in known else line
            for line in found.calls
        )
        return msgspec.structs.replace(found, calls=calls)

    def _on_lost(self, loss: Loss | None) -> None:
        self._looker.forget()
        if self._seeing:
            self._seeing = False
            self._tell(LinkLost())
        if loss is not None:
            log.warning("asterisk's event socket is lost", how=loss.kind.value, detail=loss.detail)
            if loss.final and self._on_replaced is not None:
                self._on_replaced()

    async def _watch_phones(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AT_PHONES_SECONDS)
            if self._seeing:
                with suppress(AriError):  # the next look is soon; a lost link is told by the event socket
                    self._tell_phones(await see_phones(self.ari, self._at.agents, self._at.trunks))

    async def _watch_lines(self) -> None:
        while True:
            await asyncio.sleep(self._at.look_every)
            if self._seeing:
                with suppress(AriError):
                    seen = await self._looker.look()
                    if seen is not None:
                        self._tell(seen)

    def _tell_phones(self, phones: PhonesSeen) -> None:
        if phones != self._phones:
            self._phones = phones
            self._tell(phones)

    # --- lines that need an answer at once ------------------------------------------------------------------

    def _claim(self, call: CallId) -> None:
        self._lanes.submit(call, partial(self._orders.claim, call))

    def _turn_away(self, leg: LegId) -> None:
        self._lanes.submit(leg, partial(self._orders.turn_away, leg))

    def _on_code(self, channel: models.Channel) -> None:
        self._lanes.submit(channel.id, partial(self._answer_code, channel))

    async def _answer_code(self, channel: models.Channel) -> None:
        # Whose phone it is says the line itself: nobody can order for another by what he dials or calls himself.
        agent, take = names.agent_of(channel.name), self.take_code
        done = agent is not None and take is not None and await take(agent, channel.dialplan.exten)
        await self._orders.answer_code(channel.id, done=done)

    def _keep_time(self, call: CallId) -> None:
        self._lanes.submit(call, partial(self._orders.keep_time, call))

    # --- the first look -------------------------------------------------------------------------------------

    async def _check_asterisk(self, ari: AriClient) -> None:
        at = self._at
        try:
            info = await ari.asterisk.get_info()
        except Unauthorized:
            raise StartError(
                f"Asterisk at {at.url} refuses user {at.user!r}: its ari.conf and our password file differ;"
                " render the configuration again (ivr provision)"
            ) from None
        except AriError as error:
            raise StartError(
                f"no Asterisk answers at {at.url} ({error.message}): start it, or correct asterisk.url in the settings"
            ) from None
        version = info.system.version if info.system else ""
        if _version(version) < OLDEST_ASTERISK:
            needed = ".".join(map(str, OLDEST_ASTERISK))
            raise StartError(f"Asterisk at {at.url} is {version or 'of unknown version'}: {needed} or newer is needed")


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


def _lane_failed(lane: object, error: BaseException) -> None:
    log.error("an order failed in a way nobody foresaw", lane=str(lane), error=repr(error))


def _odd_frame(frame: OddFrame) -> None:
    log.warning("an event could not be read", kind=frame.kind.value, type=frame.type, detail=frame.detail)
