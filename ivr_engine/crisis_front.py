"""This file decides how a crisis is asked about and ordered, whatever the wire. It does not know which wires there are.

Who may what is judged in the core. Here is what a wire must not do to it: too many signals, and an audit that is
filled by somebody who sends garbage.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import closing
from zoneinfo import ZoneInfo

import msgspec

from ivr_engine.core import Switchboard
from ivr_engine.core.crisis.dry_run import Now, dry_run
from ivr_engine.crisis_desk import CrisisDesk
from ivr_engine.errors import RefusedError
from ivr_engine.figures import begin_of
from ivr_engine.model.crises import ActiveCrisis, DryRun, Level, Scope, Switch, TriggerMemory
from ivr_engine.model.crisis_orders import ClockDone, CrisisNow, CrisisOrder, Deed, ProposalAnswer, Signal, Wire
from ivr_engine.model.events import AnyEvent, ClockAnswered, CrisisOrdered, ProposalAnswered, SignalSeen
from ivr_engine.model.notices import AnyNotice, CrisisAnswered, TurnedAway
from ivr_engine.store.reader import StoreReader

MOST_SIGNALS_A_MINUTE = 600  # a monitor tells of a thing once, not at every look
TOLD_EVERY_SECONDS = 60.0  # of one who is turned away again and again
MOST_STRANGERS = 100  # are told apart


class CrisisFront:
    """What people and systems ask and order of the crises of one hotline."""

    def __init__(  # noqa: PLR0913 - where all of them meet
        self,
        board: Switchboard,
        desk: CrisisDesk,
        now: Callable[[], float],
        *,
        tell: Callable[[AnyEvent], None],
        publish: Callable[[AnyNotice], None],
        store: str,
    ) -> None:
        self._board = board
        self._desk = desk
        self._now = now
        self._tell = tell
        self._publish = publish
        self._store = store
        self._signals: deque[float] = deque(maxlen=MOST_SIGNALS_A_MINUTE)
        self._told: dict[tuple[Wire, str, str], tuple[float, int]] = {}  # when last, and how often since

    def now(self) -> CrisisNow:
        """The crises as they are now."""
        state = self._desk.state
        hotline = self._board.hotline
        triggers = {name: state.triggers.get(name, TriggerMemory()) for name in hotline.triggers}
        known = {**msgspec.structs.asdict(state), "triggers": triggers}
        return CrisisNow(tuple(sorted(hotline.crises)), self._now(), hotline.timezone, **known)

    def foresee(self, order: CrisisOrder) -> DryRun:
        """What an order would change. Raises RefusedError where it would be refused."""
        board = self._board
        now = Now(board.versions, board.crisis.active, board.calls.values(), self._now())
        return dry_run(now, self._switch(order), order.by)

    async def order(self, order: CrisisOrder) -> CrisisNow:
        """Switch, and answer how everything stands then. Raises RefusedError with cause and remedy."""
        to = self._switch(order)
        return self._after(
            await self._desk.order(
                lambda ask: CrisisOrdered(to.profile, order.by, order.reason, to.on, to.level, to.scope, to.until, ask)
            )
        )

    async def answer(self, proposal: str, answer: ProposalAnswer) -> CrisisNow:
        """Say yes or no to a proposal. Raises RefusedError with cause and remedy."""
        yes = answer.answer == "yes"
        return self._after(
            await self._desk.order(lambda ask: ProposalAnswered(proposal, yes, answer.by, answer.reason, ask))
        )

    async def done(self, clock: ClockDone) -> CrisisNow:
        """Say that what a clock is for has been done. Raises RefusedError with cause and remedy."""
        return self._after(
            await self._desk.order(
                lambda ask: ClockAnswered(clock.profile, clock.clock, clock.by, clock.note, ask),
            )
        )

    def signal(self, signal: Signal) -> None:
        """Let triggers know of something. Raises RefusedError where too many are told of."""
        now = self._now()
        if len(self._signals) == MOST_SIGNALS_A_MINUTE and self._signals[0] > now - 60:
            raise RefusedError(f"more than {MOST_SIGNALS_A_MINUTE} signals in a minute: tell of each thing once")
        self._signals.append(now)
        self._tell(SignalSeen(signal.signal, signal.id, signal.source, signal.count, signal.text))

    async def deeds(self, since: str) -> Sequence[Deed]:
        """The audit since a time such as `24h`. Raises RefusedError for what is no time."""
        begin = begin_of(since, self._now(), ZoneInfo(self._board.hotline.timezone))
        return await asyncio.to_thread(deeds_since, self._store, begin)

    def turned_away(self, wire: Wire, who: str, what: str, why: str) -> None:
        """Note an order nobody could read, or that came from a stranger; of many from one, how many they were."""
        now, key = self._now(), (wire, who, what)
        at, times = self._told.get(key, (-TOLD_EVERY_SECONDS, 0))
        if now - at < TOLD_EVERY_SECONDS:
            self._told[key] = at, times + 1
            return
        self._told.pop(key, None)
        while len(self._told) >= MOST_STRANGERS:
            del self._told[next(iter(self._told))]
        self._told[key] = now, 0
        self._publish(TurnedAway(now, wire, who, what, why, times + 1))

    def _after(self, answered: CrisisAnswered) -> CrisisNow:
        return msgspec.structs.replace(self.now(), proposal=answered.proposal)

    def _switch(self, order: CrisisOrder) -> Switch:
        until = order.until if order.lasts is None else self._now() + order.lasts
        scope = Scope(order.numbers, order.regions, order.drill)
        if order.keep:
            before = self._active(order.profile or "")
            scope, until = before.scope, until or before.until
        on = order.on and order.profile is not None
        return Switch(order.profile, on, order.level or self._level_of(order), scope, until)

    def _level_of(self, order: CrisisOrder) -> Level:
        key = (order.profile, order.drill)
        return next((one.level for one in self._desk.state.active if one.key == key), "general")

    def _active(self, profile: str) -> ActiveCrisis:
        for one in self._desk.state.active:
            if one.profile == profile:
                return one
        on = ", ".join(one.profile for one in self._desk.state.active) or "none"
        raise RefusedError(f"crisis profile {profile!r} is not on (on: {on}): switch it on with that level")


def deeds_since(store: str, begin: float) -> Sequence[Deed]:
    """The audit from a moment on. Blocks; raises StartError if the database cannot be read."""
    with closing(StoreReader(store)) as reader:
        return reader.deeds(begin)
