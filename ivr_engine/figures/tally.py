"""This file decides how a call is counted. It does not know in which group, nor in which order calls come.

Only whole counts and lists of durations are kept, so what is made of them does not hang on the order.
"""

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, fields

from ivr_engine.figures.question import Question
from ivr_engine.model.causes import Outcome
from ivr_engine.model.past import PastCall


def _seconds() -> "array[float]":
    return array("d")


@dataclass(slots=True)
class Tally:
    """The calls of one group."""

    bands: list[int]  # who gave up, by how long he had waited
    calls: int = 0
    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    transferred: int = 0
    in_time: int = 0
    short: int = 0
    transfers: int = 0
    overflow: int = 0
    missed: int = 0
    numbered: int = 0
    repeats: int = 0
    first: int = 0  # answered, and not a repeat
    first_again: int = 0  # of them, who has called again
    settled: int = 0  # of them, whose window is over
    settled_again: int = 0
    waits: "array[float]" = field(default_factory=_seconds)
    talks: "array[float]" = field(default_factory=_seconds)
    rests: "array[float]" = field(default_factory=_seconds)

    def count(self, call: PastCall, question: Question) -> None:
        """Take a call in."""
        self.calls += 1
        self.missed += call.missed
        self.transfers += call.transferred_at is not None
        if call.enqueued_at is not None and call.queue is not None:
            self.offered += 1
            self._offered(call, call.enqueued_at, question)
        if call.known:
            self._known(call, question)

    def merge(self, other: "Tally") -> None:
        """Take in what was counted elsewhere."""
        for one in fields(self):
            mine, theirs = getattr(self, one.name), getattr(other, one.name)
            added = [a + b for a, b in zip(mine, theirs, strict=True)] if one.name == "bands" else mine + theirs
            setattr(self, one.name, added)

    def _offered(self, call: PastCall, since: float, question: Question) -> None:
        if call.connected_at is not None:
            waited = max(0.0, call.connected_at - since)
            ended = call.ended_at if call.talk_ended_at is None else call.talk_ended_at
            self.answered += 1
            self.in_time += waited <= question.target_of(call.queue).within
            self.overflow += call.overflow
            self.waits.append(waited)
            self.talks.append(max(0.0, ended - call.connected_at))
            if call.rest is not None:
                self.rests.append(call.rest)
        elif call.outcome == Outcome.ABANDONED_IN_QUEUE:
            waited = max(0.0, call.ended_at - since)
            self.abandoned += 1
            self.short += waited < question.short
            self.bands[bisect_right(question.bands, waited)] += 1
        else:
            self.transferred += call.outcome == Outcome.TRANSFERRED

    def _known(self, call: PastCall, question: Question) -> None:
        self.numbered += 1
        if call.before is not None and call.arrived_at - call.before <= question.window:
            self.repeats += 1
        elif call.connected_at is not None:
            again = call.after is not None and call.after - call.arrived_at <= question.window
            self.first += 1
            self.first_again += again
            if question.now - call.arrived_at > question.window:
                self.settled += 1
                self.settled_again += again


def tally(bands: Sequence[float]) -> Tally:
    """Nothing counted yet; waits are sorted by these borders."""
    return Tally([0] * (len(bands) + 1))
