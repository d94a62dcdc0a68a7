"""This file decides how a scenario of the laboratory is written in YAML. It does not know what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from ivr_engine.dialplan.diagnostics import Findings
from ivr_engine.dialplan.fields import Group, Named, Place
from ivr_engine.dialplan.graph import check_names
from ivr_engine.dialplan.hotline import Hotline, PoolPlan
from ivr_engine.dialplan.load import load
from ivr_engine.dialplan.moments import ClockTime, LocalTime
from ivr_engine.dialplan.reader import Reader
from ivr_engine.dialplan.scalars import Duration, Label, Pattern, Pause, Seconds, Whole
from ivr_engine.dialplan.source import UnreadableError, read_file
from ivr_engine.dialplan.steps import LookupRef, PoolRef, QueueRef, Reference
from ivr_engine.model.ids import SeatId, StepName
from ivr_engine.nodes import NODE_TYPES, Node
from ivr_engine.simulator.acts import ProfileRef
from ivr_engine.simulator.script import hotline_at, names_of

Percent = Annotated[int, Whole(0, 100)]
Long = Annotated[float, Duration(longest=7 * 86400)]
Presses = Annotated[str, Pattern(r"[0-9*#]{1,20}", "keys of a telephone, one after the other", "1")]
StepRef = Annotated[StepName, Reference("step", "main")]
EVERYBODY = 100


@dataclass(frozen=True, slots=True)
class Span:
    """Seconds that differ by chance: exponential, or lognormal with a `spread` in percent of the mean."""

    mean: Seconds
    spread: Annotated[int, Whole(0, 1000)] = 100
    shape: Literal["exponential", "lognormal"] = "lognormal"


@dataclass(frozen=True, slots=True)
class Surge:
    """So many times the calls, `at` a time `for` so long; they `rise` to that, and fall again, within a time."""

    at: ClockTime
    factor: Annotated[int, Whole(1, 1000)]
    lasts: Annotated[Long, Named("for")]
    rise: Pause = 0.0


@dataclass(frozen=True, slots=True)
class Answering:
    """What people do who are rung: they answer `after` so long in the mean, but `never` in so many of a hundred cases.

    `spread` is in percent of the mean.
    """

    after: Seconds = 4.0
    spread: Annotated[int, Whole(0, 1000)] = 50
    never: Percent = 0


@dataclass(frozen=True, slots=True)
class Again:
    """Who gave up calls again: a `share` of a hundred, `after` so long in the mean."""

    share: Percent
    after: Long = 300.0


@dataclass(frozen=True, slots=True)
class Found:
    """What another system knows: of `share` of a hundred callers these `values`, of the others nothing."""

    share: Percent = 0
    values: Mapping[Label, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """What counts as well served: `share` of a hundred callers answered `within` a time."""

    within: Pause = 20.0
    share: Annotated[int, Whole(1, 99)] = 95


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """What happens at a time: one of these, or several. `share` of a hundred seats of a pool log out."""

    lost: PoolRef | None = None  # a site: all its lines break, and nobody can be reached there
    back: PoolRef | None = None  # all of its people are there again
    log_out: PoolRef | None = None  # phones cannot be reached any more; who talks, talks on
    share: Percent = EVERYBODY
    crisis: ProfileRef | None = None  # a profile is switched on, or `off`
    link_lost: Seconds | None = None  # the engine is told nothing for so long

    def judge(self, at: Place) -> None:
        """Tell of a time at which nothing happens."""
        if all(one is None for one in (self.lost, self.back, self.log_out, self.crisis, self.link_lost)):
            remedy = "write for instance `{lost: wuhan}`"
            at.reader.refuse(at.table.mark, "E204", f"at {at.reader.where} nothing happens", remedy)


@dataclass(frozen=True, kw_only=True)
class ScenarioFile:
    """`lab/*.yaml`: who calls a hotline on a day, who answers, and what goes wrong."""

    hotline: str  # its folder, seen from this file
    begin: LocalTime
    lasts: Long
    seats: Mapping[PoolRef, Annotated[int, Whole(1, 10_000)]] = field(default_factory=dict)  # others as in the hotline
    arrivals: Mapping[ClockTime, Annotated[int, Whole(0, 10_000_000)]]  # calls an hour from this time of day on
    surge: Surge | None = None
    presses: Mapping[StepRef, Mapping[Presses, Percent]] = field(default_factory=dict)  # the rest press nothing
    lookups: Mapping[LookupRef, Found] = field(default_factory=dict)
    patience: Span
    talk: Span
    talks: Mapping[QueueRef, Span] = field(default_factory=dict)  # of queues where it is otherwise
    answering: Answering = field(default_factory=Answering)
    again: Again | None = None
    target: Target = field(default_factory=Target)
    witnesses: Percent = 2  # callers who never give up: on them the told waits are judged
    events: Mapping[ClockTime, Incident] = field(default_factory=dict)  # by the time of day

    def judge(self, at: Place) -> None:
        """Tell of shares that are more than everybody."""
        for step, shares in self.presses.items():
            if sum(shares.values()) > EVERYBODY:
                message = f"the shares of {step} add up to {sum(shares.values())}"
                at.reader.refuse(at.of("presses"), "E322", message, "100 at most: the rest press nothing")


@dataclass(frozen=True)
class Scenario:
    """A scenario that can be played. `hotline` has the seats it wants; `begin` is in seconds since 1970."""

    path: Path
    name: str
    hotline: Hotline[Node]
    file: ScenarioFile
    begin: float

    def clock(self, minutes: int) -> float:
        """When a time of day comes for the first time, in seconds since 1970."""
        day = self.file.begin.replace(hour=0, minute=0)
        at = day + timedelta(minutes=minutes)
        return _seconds(at if at >= self.file.begin else at + timedelta(days=1), self.hotline.timezone)

    def minute_of_day(self, at: float) -> float:
        """The time of day, in minutes since midnight."""
        wall = datetime.fromtimestamp(at, ZoneInfo(self.hotline.timezone))
        return wall.hour * 60 + wall.minute + wall.second / 60


def read_scenario(path: Path, findings: Findings, form: type[ScenarioFile] = ScenarioFile) -> Scenario | None:
    """The scenario in a file of that form; None after findings that forbid it.

    Raises DialplanError when its hotline is wrong.
    """
    reader = Reader(findings)
    try:
        tree, _ = read_file(path, findings)
        file: ScenarioFile = Group(form).read(tree, reader)
        hotline = load(hotline_at(path, file.hotline, tree, reader), NODE_TYPES)
    except UnreadableError:
        return None
    check_names(reader, {**names_of(hotline), "pool": hotline.pools})
    if findings.errors:
        return None
    staffed = replace(
        hotline, pools={name: _staffed(plan, file.seats.get(name)) for name, plan in hotline.pools.items()}
    )
    return Scenario(path, path.stem, staffed, file, _seconds(file.begin, hotline.timezone))


def _staffed(plan: PoolPlan, seats: int | None) -> PoolPlan:
    plan = replace(plan, sign_in=False)  # whoever is there in a scenario is at work
    if seats is None:
        return plan
    if plan.trunk:
        return replace(plan, capacity=seats)
    return replace(plan, agents=tuple(SeatId(f"{plan.name}-{number}") for number in range(1, seats + 1)))


def _seconds(wall: datetime, timezone: str) -> float:
    return wall.replace(tzinfo=ZoneInfo(timezone)).timestamp()
