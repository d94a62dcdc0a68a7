"""This file decides what of a journal lived through again is kept for a review. It does not know how it is told.

What is kept grows with the calls of the incident, a few words each, and not with the journal: of all other hours
nothing stays.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ivr_engine.model.commands import Play, Publish
from ivr_engine.model.events import PromptFinished
from ivr_engine.model.ids import CallId
from ivr_engine.model.notices import (
    AnyNotice,
    ArmChanged,
    CallBackRequested,
    CallsMissed,
    CanaryChanged,
    ClockChanged,
    CrisisAnswered,
    CrisisChanged,
    CrisisProposed,
    DialplanChanged,
    Disposed,
    Ended,
    LinkChanged,
    OverflowChanged,
    PoolHealthChanged,
    ProposalClosed,
    StatusChanged,
    TriggerChanged,
    Trouble,
    TroubleKind,
)
from ivr_engine.model.orders import SignalSeen
from ivr_engine.review.calls import EndedCall, ended_call
from ivr_engine.review.heard import Heard
from ivr_engine.review.incident import AROUND, Hours, Incident
from ivr_engine.review.seats import Seats, SeatsLost
from ivr_engine.simulator.replay import Begun, Lived

FORGET_EVERY = 600.0  # seconds
_TOLD_OF = (
    ArmChanged,
    CallsMissed,
    CanaryChanged,
    ClockChanged,
    CrisisAnswered,
    CrisisChanged,
    CrisisProposed,
    DialplanChanged,
    LinkChanged,
    OverflowChanged,
    PoolHealthChanged,
    ProposalClosed,
    StatusChanged,
    TriggerChanged,
)


@dataclass(frozen=True, slots=True)
class EngineBegan:
    """An engine began to write at the time of its first fact. `known`: the version it had is still kept."""

    at: float
    dialplan: str
    known: bool


Happening = AnyNotice | SignalSeen | SeatsLost | EngineBegan


@dataclass(frozen=True, slots=True)
class Happened:
    """What a timeline is made of."""

    at: float
    what: Happening


@dataclass(slots=True)
class Gathered:
    """All that is kept. `going_on`: calls that had not ended with the journal; `drills`: ended calls left out."""

    drill: bool = False
    happened: list[Happened] = field(default_factory=list)
    calls: dict[CallId, EndedCall] = field(default_factory=dict)
    seats: Seats = field(default_factory=Seats)
    heard: Heard = field(default_factory=Heard)
    troubles: dict[TroubleKind, int] = field(default_factory=dict)
    others: list[float] = field(default_factory=list)  # when calls came that are left out: drills, or all but them
    asked_back: set[CallId] = field(default_factory=set)
    trials: dict[str, str] = field(default_factory=dict)  # by arm, or version: how it stood last
    first: float | None = None
    last: float = 0.0

    def take(self, one: Lived) -> None:
        """Take in a fact and what came of it."""
        self.first = one.now if self.first is None else self.first
        self.last = max(self.last, one.now)
        if isinstance(one.event, PromptFinished) and one.event.heard:
            self.heard.finished(one.event.call, one.event.play, one.now)
        if isinstance(one.event, SignalSeen):
            self.happened.append(Happened(one.now, one.event))
        told = [order for order in one.orders if isinstance(order, Publish)]
        ours = [order.notice for order in told if order.drill == self.drill]
        self.others += [
            order.notice.record.arrived_at
            for order in told
            if order.drill != self.drill and isinstance(order.notice, Ended)
        ]
        self._of_calls(ours)
        for order in told:
            self._of_all(order.notice, one.now)
        self.heard.hear(ours, [order for order in one.orders if isinstance(order, Play)], one.now)

    def begin_anew(self, began: EngineBegan) -> None:
        """Another engine goes on."""
        self.happened.append(Happened(began.at, began))
        self.heard.begin_anew()
        self.seats.begin_anew()

    def forget(self, before: float) -> None:
        """What was over before is not wanted."""
        self.happened = [one for one in self.happened if one.at >= before]
        self.calls = {name: call for name, call in self.calls.items() if call.past.ended_at >= before}
        self.others = [at for at in self.others if at >= before]
        self.seats.forget(before)
        self.heard.forget(before)
        self.first = max(self.first or before, before)

    def within(self, hours: Hours) -> list[EndedCall]:
        """The calls that came in those hours."""
        return [call for call in self.calls.values() if hours.since <= call.past.arrived_at < hours.until]

    def _of_calls(self, notices: Iterable[AnyNotice]) -> None:
        for notice in notices:
            match notice:
                case Ended(record=record) | Disposed(record=record) if record is not None:
                    asked = record.call in self.asked_back
                    self.asked_back.discard(record.call)
                    before = self.calls.get(record.call)
                    asked = asked or (before is not None and before.asked_back)
                    self.calls[record.call] = ended_call(record, asked_back=asked)
                case CallBackRequested(call=call):
                    self.asked_back.add(call)
                case _:
                    pass

    def _of_all(self, notice: AnyNotice, now: float) -> None:
        lost = self.seats.hear(notice)
        if lost is not None:
            self.happened.append(Happened(now, lost))
        if isinstance(notice, _TOLD_OF) and self._is_news(notice):
            self.happened.append(Happened(now, notice))
        elif isinstance(notice, Trouble):
            self.troubles[notice.kind] = self.troubles.get(notice.kind, 0) + 1

    def _is_news(self, notice: AnyNotice) -> bool:
        """How trials stand is told again and again: only what became of them is a moment."""
        match notice:
            case ArmChanged(split=split, arm=arm, state=state):
                trial, usual = f"{split} {arm}", "on"
            case CanaryChanged(version=version, state=state):
                trial, usual = version, ""
            case _:
                return True
        before, self.trials[trial] = self.trials.get(trial, usual), state
        return before != state


class Gathering:
    """Takes a journal in, and keeps the last incident there was; or what was between two times.

    `since` and `until` are seconds since 1970; with neither, the last incident counts, of `profile` if one is named.
    """

    def __init__(
        self,
        profile: str | None = None,
        since: float | None = None,
        until: float | None = None,
        *,
        drill: bool = False,
    ) -> None:
        self._profile, self._since, self._until, self._drill = profile, since, until, drill
        self._incident = Incident(profile, drill)
        self._gathered = Gathered(drill)
        self._found: tuple[Hours, Gathered] | None = None
        self._forgot = 0.0
        self._begun: Begun | None = None
        self._has_begun = False
        self.missing: dict[str, None] = {}  # versions that are not kept any more

    def take(self, one: Begun | Lived) -> None:
        """Take in what comes next."""
        if isinstance(one, Begun):
            self._begun = one
            return
        if self._is_fixed and self._until is not None and one.now > self._until + AROUND:
            return
        self._next_incident(one.now)
        if self._begun is not None:
            self._begin(self._begun, one.now)
        self._has_begun = True
        self._gathered.take(one)
        for what in (one.event, *(order.notice for order in one.orders if isinstance(order, Publish))):
            self._incident.hear(what, one.now)  # type: ignore[arg-type]  # it knows which of them concern it
        self._forget(one.now)

    def found(self) -> tuple[Hours, Gathered] | None:
        """What is to be reviewed; None if there is nothing: no fact in those hours, or no crisis."""
        mine, first = self._gathered, self._gathered.first
        if first is None:
            return self._found
        mine.seats.end(mine.last)
        if not self._is_fixed:
            return self._incident_until(mine.last + 1)
        since = first if self._since is None else self._since
        until = mine.last + 1 if self._until is None else self._until
        if mine.last < since or first > until:
            return None
        return self._fixed(since, until), mine

    def _incident_until(self, now: float) -> tuple[Hours, Gathered] | None:
        """The incident as far as it is known now; the one before if this is none."""
        mine = self._gathered
        hours = None if mine.first is None else self._incident.hours(mine.first, now)
        if hours is None:
            return self._found
        mine.seats.end(mine.last)
        return hours, mine

    @property
    def _is_fixed(self) -> bool:
        return self._since is not None or self._until is not None

    def _fixed(self, since: float, until: float) -> Hours:
        seen = self._incident.hours(since, until)
        if seen is None or not since <= seen.begin <= until:
            return Hours(since, until, since, since, until)
        return Hours(since, until, max(since, seen.sign), seen.begin, min(until, seen.end))

    def _begin(self, begun: Begun, now: float) -> None:
        self._begun = None
        if not begun.known:
            self.missing[begun.dialplan] = None
        if self._has_begun:
            self._gathered.begin_anew(EngineBegan(now, begun.dialplan, begun.known))

    def _next_incident(self, now: float) -> None:
        if not self._incident.is_over(now):
            return
        if self._is_fixed:
            if now < (self._since or 0.0):
                self._incident = Incident(self._profile, self._drill)
            return
        self._found = self._incident_until(now)
        self._incident, self._gathered = Incident(self._profile, self._drill), Gathered(self._drill)

    def _forget(self, now: float) -> None:
        if now - self._forgot < FORGET_EVERY:
            return
        self._forgot = now
        if not self._is_fixed:
            self._gathered.forget(self._incident.floor(now))
        elif self._since is not None:
            self._gathered.forget(self._since)
