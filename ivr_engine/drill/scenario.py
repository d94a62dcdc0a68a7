"""This file decides how a drill is written in YAML, and what it must show. It does not know who plays it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from ivr_engine.dialplan.fields import Named
from ivr_engine.dialplan.moments import ClockTime
from ivr_engine.dialplan.scalars import Pause, Seconds
from ivr_engine.dialplan.steps import QueueRef
from ivr_engine.simulator.lab.scenario import Long, Percent, ScenarioFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """What a drill must show. What is left out is not judged; shares are in a hundred.

    `answer rate` is of all callers who came to a queue. `waits`: by queue, how soon `in time` of a hundred of all its
    callers are answered. `switch within`: after the crisis is ordered, no later call gets the ordinary menu.
    """

    answer_rate: Percent | None = None
    waits: Mapping[QueueRef, Pause] = field(default_factory=dict)
    in_time: Percent = 95
    switch_within: Seconds | None = None
    recordings: Percent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """Which part of the day is played with real calls: from a time of day on, for so long."""

    begin: Annotated[ClockTime | None, Named("from")] = None  # the beginning of the day, if left out
    lasts: Annotated[Long, Named("for")] = 300.0


@dataclass(frozen=True, kw_only=True)
class DrillFile(ScenarioFile):
    """`drills/*.yaml`: all that a scenario of the laboratory may hold, and what it must show."""

    passing: Annotated[Passing, Named("pass")]
    live: Live = field(default_factory=Live)
