"""This file decides what a crisis profile changes, and what must be done in one. It does not know who switches it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Annotated, Any, Literal

from ivr_engine.dialplan.accepting import Authority, Script, Whisper
from ivr_engine.dialplan.diagnostics import quote
from ivr_engine.dialplan.fields import Named, Place
from ivr_engine.dialplan.goal import Goal, GoalKind
from ivr_engine.dialplan.moments import LocalTime
from ivr_engine.dialplan.pools import PoolPlan
from ivr_engine.dialplan.promises import promises_in
from ivr_engine.dialplan.queues import QueuePlan, WhileWaiting
from ivr_engine.dialplan.scalars import Flag, Label, Pattern, Pause, Phrase, Seconds, Tag, Whole
from ivr_engine.dialplan.shares import Percent, SeatsKept
from ivr_engine.dialplan.source import Table
from ivr_engine.dialplan.steps import PoolRef, QueueRef, Target
from ivr_engine.dialplan.text import Text
from ivr_engine.dialplan.turns import InTurn, Turns
from ivr_engine.model.crises import LEVELS, Level

CrisisKind = Literal["recall", "outage", "public opinion", "safety", "other"]
Code = Annotated[str, Pattern(r"[0-9]{1,2}", "a code of one or two digits", "1")]
GroupOfPeople = Label  # who is told; how, stands in ivr.yaml under `people`
More = Annotated[int, Percent(100, 1000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueChange:
    """What is otherwise in a queue while the profile is on. What is left out stays as it is on ordinary days."""

    priority: Annotated[int | None, Whole(-1000, 1000)] = None
    turns: Annotated[Turns | None, Named("pools"), InTurn()] = None
    wrap_up: Annotated[Pause | None, Named("after call")] = None
    greeting: Text | None = None
    while_waiting: WhileWaiting | None = None
    most_waiting: Annotated[int | None, Whole(1, 100_000)] = None
    goal: Annotated[Goal | None, Named("target"), GoalKind()] = None
    lane: Label | None = None
    ring_several: Annotated[int | None, Whole(1, 50)] = None
    whisper: Whisper = None
    script: Script = ""
    authority: Authority = field(default_factory=dict)

    def of(self, usual: QueuePlan) -> QueuePlan:
        """The queue with these changes."""
        return replace(usual, **_changes(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolChange:
    """What is otherwise in a pool while the profile is on. `seats`: so many of a hundred, up to its `most`."""

    seats: More | None = None
    keep_free: SeatsKept | None = None
    reserve: Mapping[Label, SeatsKept] = field(default_factory=dict)
    answer_within: Seconds | None = None

    def of(self, usual: PoolPlan) -> PoolPlan:
        """The pool with these changes; its lines grow elsewhere."""
        changes = _changes(self)
        changes.pop("seats", None)
        return replace(usual, **changes)


def _changes(change: Any) -> dict[str, Any]:
    """What is written, by field."""
    values = {one.name: getattr(change, one.name) for one in fields(change)}
    return {name: value for name, value in values.items() if value not in (None, "", {})}


@dataclass(frozen=True, slots=True, kw_only=True)
class WhenSwitched:
    """What those who wait are told when it goes on; and where they go on waiting, from queue to queue."""

    say: Text | None = None
    over: Text | None = None  # when it goes off
    move: Mapping[QueueRef, QueueRef] = field(default_factory=dict)

    def judge(self, at: Place) -> None:
        """Refuse lines that lead back to where they begin."""
        for start in self.move:
            trail = [start]
            while (onto := self.move.get(trail[-1])) is not None and onto not in trail:
                trail.append(onto)
            if onto == start:
                way = " → ".join((*trail, onto))
                message = f"{at.reader.where} moves those who wait in a circle: {quote(way)}"
                at.reader.refuse(at.of("move"), "E332", message, "leave out one of the queues")
                return


@dataclass(frozen=True, slots=True)
class Deflection:
    """Who comes to a queue and would wait longer than `wait` is first offered something else, once a call."""

    wait: Seconds
    then: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPlan:
    """Something that must be done `within` a time, and then (if so) `every` so often.

    `tell` hears of it when it begins, `overdue` when it was not done in time.
    """

    within: Seconds
    do: Annotated[str, Phrase()]
    every: Seconds | None = None
    tell: tuple[GroupOfPeople, ...] = ()
    overdue: tuple[GroupOfPeople, ...] = ()

    def judge(self, at: Place) -> None:
        """Warn of what is to be done again and again while nobody is told of it."""
        if self.every is not None and not (self.tell or self.overdue):
            message = f"{at.reader.where} begins anew again and again, and nobody is told"
            at.reader.warn(at.of("every"), "W432", message, "add `tell: [duty]`, a group of people of `ivr.yaml`")


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelPlan:
    """What a level adds: more seats, who is told when it is reached, and what must be done by when."""

    seats: More | None = None
    tell: tuple[GroupOfPeople, ...] = ()
    clocks: Mapping[Tag, ClockPlan] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisPlan:
    """A crisis profile but for its menu. Of several that are on, the one of higher `precedence` counts first.

    `lasts` is when it goes off by itself, `refresh` how often what is said must be written anew; `promises` are words
    nobody may say without somebody who answers for it. `code` is what is dialled to switch it by phone.
    """

    name: Annotated[Label, Named("crisis")]
    title: Annotated[str, Phrase()] = ""
    kind: CrisisKind = "other"
    code: Code = ""
    precedence: Annotated[int, Whole(0, 1000)] = 100
    two_people: Annotated[bool, Flag()] = False
    lasts: Seconds | None = None
    seats: More = 100
    queues: Mapping[QueueRef, QueueChange] = field(default_factory=dict)
    pools: Mapping[PoolRef, PoolChange] = field(default_factory=dict)
    tags: tuple[Tag, ...] = ()
    waiting: WhenSwitched = field(default_factory=WhenSwitched)
    deflect: Mapping[QueueRef, Deflection] = field(default_factory=dict)
    extra_copy: Annotated[bool, Flag()] = False
    refresh: Seconds | None = None
    promises: tuple[Annotated[str, Phrase()], ...] = ()
    levels: Mapping[Level, LevelPlan] = field(default_factory=dict)

    def judge(self, at: Place) -> None:
        """Tell of times, levels and words that contradict each other."""
        if self.refresh is not None and self.lasts is not None and self.refresh > self.lasts:
            message = "what is said must be written anew only when the crisis is over already"
            at.reader.refuse(at.of("refresh"), "E332", message, "let `refresh` be shorter than `lasts`")
        fewer = _fewer_seats(self)
        if fewer is not None:
            message = f"level {quote(fewer)} wants fewer seats than a lower one"
            levels = at.table.get("levels")
            written = levels.get(fewer) if isinstance(levels, Table) else None
            at.reader.warn((written or at.table).mark, "W433", message, "let the higher level have as many at least")
        for prompt, mark in at.reader.spoken:
            for promise in promises_in((prompt.text,), self.promises)[:1]:
                message = f"these words promise {quote(promise)}, which is among the profile's `promises`"
                at.reader.refuse(mark, "E333", message, "say it without, or take the word out of `promises`")

    @classmethod
    def within(cls, file: "CrisisPlan") -> "CrisisPlan":
        """What a file of a profile holds of it, without its menu."""
        return cls(**{one.name: getattr(file, one.name) for one in fields(cls)})

    def at(self, level: Level) -> LevelPlan:
        """What holds at a level. A higher one has all that lower ones have, unless it says otherwise."""
        known = [self.levels[one] for one in LEVELS[: LEVELS.index(level) + 1] if one in self.levels]
        clocks = {name: clock for plan in known for name, clock in plan.clocks.items()}
        seats = next((plan.seats for plan in reversed(known) if plan.seats is not None), self.seats)
        tell = tuple(dict.fromkeys(group for plan in known for group in plan.tell))
        return LevelPlan(seats=seats, tell=tell, clocks=clocks)

    def tells(self) -> frozenset[str]:
        """Every group of people it may tell."""
        plans = self.levels.values()
        clocks = (clock for plan in plans for clock in plan.clocks.values())
        of_clocks = {group for clock in clocks for group in (*clock.tell, *clock.overdue)}
        return frozenset(group for plan in plans for group in plan.tell) | of_clocks


def _fewer_seats(plan: CrisisPlan) -> Level | None:
    """The first level that wants fewer seats than one below."""
    most = plan.seats
    for level in LEVELS:
        seats = plan.levels[level].seats if level in plan.levels else None
        if seats is not None and seats < most:
            return level
        most = max(most, seats or 0)
    return None


PersonMay = Literal["switch", "confirm", "promise", "listen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPlan:
    """Somebody by name: what he `may`, and until when. Where nobody is named, who has the token may everything."""

    may: tuple[PersonMay, ...] = ("switch", "confirm")
    until: LocalTime | None = None

    def judge(self, at: Place) -> None:
        """Warn of somebody whose time is over."""
        if self.until is not None and at.reader.wall is not None and at.reader.wall >= self.until:
            message = f"{at.reader.where} may do nothing any more: his time is over"
            at.reader.warn(at.of("until"), "W434", message, "renew it, or delete the person")
