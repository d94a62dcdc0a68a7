"""This file decides what agents' time was spent on. It does not know their calls."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import fsum

from ivr_engine.figures.question import Question
from ivr_engine.model.past import AgentSpan

BUSY = ("ringing", "talking", "wrap-up")


def _seconds() -> "array[float]":
    return array("d")


@dataclass(slots=True)
class Work:
    """What the agents of one group did, in seconds."""

    busy: "array[float]" = field(default_factory=_seconds)
    ready: "array[float]" = field(default_factory=_seconds)
    paused: "array[float]" = field(default_factory=_seconds)
    missed: int = 0

    @property
    def staffed(self) -> float:
        """Seconds in which agents could have been rung, or had a call."""
        return fsum((*self.busy, *self.ready))

    @property
    def signed_in(self) -> float:
        """Seconds in which agents were there, paused or not; not those with a phone that could not be reached."""
        return fsum((*self.busy, *self.ready, *self.paused))

    def count(self, span: AgentSpan, since: float, until: float) -> None:
        """Take in the part of a span from `since` until `until`."""
        kept = self.busy if span.state in BUSY else self.paused if span.state == "paused" else self.ready
        kept.append(until - since)
        self.missed += span.missed and span.since == since  # once, where the ringing began

    def merge(self, other: "Work") -> None:
        """Take in what was counted elsewhere."""
        self.busy += other.busy
        self.ready += other.ready
        self.paused += other.paused
        self.missed += other.missed


def parts(span: AgentSpan, question: Question) -> Iterator[tuple[float, float]]:
    """A span cut at the borders of hours, as far as it lies in the time that is asked for."""
    since, until = max(span.since, question.since), min(span.until, question.until)
    while since < until:
        border = min(until, question.hour_end(since))
        yield since, border
        since = border
