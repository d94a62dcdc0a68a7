"""This file decides who is next within one queue. It does not know seats.

A caller keeps his first place whatever happens to him: while a seat is being rung for him he stays in the line,
marked as offered, so an offer that comes to nothing needs no putting back. Who needs something else of a seat stands in
another line, and when he is content with less he moves to that line, at his old place.

Time changes nobody's place: a point of priority is worth so many seconds of waiting, for all alike, so who is before
another stays before him (ADR 0025).
"""

from bisect import bisect_left, insort
from collections.abc import Iterator
from heapq import merge
from typing import NamedTuple

from ivr_engine.core.call import Call, CallState
from ivr_engine.core.pace import Flow, Pace
from ivr_engine.dialplan.hotline import QueuePlan
from ivr_engine.model.ids import CallId, SeatId
from ivr_engine.model.notices import QueueChanged
from ivr_engine.model.skills import ANYBODY, Skills

Rank = tuple[float, float]  # the lower is served first
Place = tuple[float, float, int, Call]  # his rank, without his queue's priority; among equals who came first; and he


class Wants(NamedTuple):
    """What a caller waits for: a seat that has what he needs; or one `agent` alone."""

    needs: Skills = ANYBODY
    agent: SeatId | None = None


NO_WISH = Wants()


def rank(priority: int, since: float, ageing: float | None) -> Rank:
    """Where somebody stands who has been waiting since then."""
    return (-priority, since) if ageing is None else (0.0, since - priority * ageing)


class Queue:
    """Callers in the order of their rank. `ageing` is how many seconds of waiting a point of priority is worth."""

    def __init__(self, plan: QueuePlan, ageing: float | None = None) -> None:
        self.plan = plan
        self.ageing = ageing
        self.opened = plan.pools  # those whose seats may be rung for its callers now
        self.changed = True  # since its figures were last told
        self.leaving = Pace()  # of one who waits: he gives up, or goes elsewhere
        self.coming = Flow()
        self._left = self._came = 0  # since then
        self._joined = 0
        # In order, by what they wait for. A list is moved faster than a tree of ten thousand walked.
        self.lines: dict[Wants, list[Place]] = {}
        self._places: dict[CallId, tuple[Wants, Place]] = {}  # where each stands
        self._since: list[tuple[float, int]] = []  # how long those on the line have been waiting, in order

    def __len__(self) -> int:
        return len(self._places)

    @property
    def on_the_line(self) -> int:
        """How many wait on the line: not those who are to be called back."""
        return len(self._since)

    def __contains__(self, call: Call) -> bool:
        return call.id in self._places

    def __iter__(self) -> Iterator[Call]:
        """Everybody, in the order of their rank."""
        return (place[-1] for place in merge(*self.lines.values()))

    def replan(self, plan: QueuePlan, ageing: float | None) -> None:
        """Go by another plan, also for those who wait already."""
        self.plan = plan
        if ageing == self.ageing:
            return
        self.ageing = ageing
        for wants, place in list(self._places.values()):
            self._take_out(place[-1])
            self._put(place[-1], wants, place[-2])

    def join(self, call: Call, since: float, wants: Wants = NO_WISH) -> None:
        """Take a caller in who has been waiting since `since`; he may be away, to be called back."""
        self.changed = True
        self._came += 1
        self._joined += 1
        call.enqueued_at = since
        self._put(call, wants, self._joined)
        if not call.away:
            insort(self._since, (since, self._joined))

    def came(self, call: Call) -> None:
        """One who was away is on the line."""
        if call.id in self._places:
            self.changed = True
            insort(self._since, (call.enqueued_at or 0.0, self._places[call.id][1][-2]))

    def move(self, call: Call, wants: Wants) -> None:
        """A caller wants something else from now on, and keeps his place."""
        before, place = self._places[call.id]
        if wants != before:
            self._take_out(call)
            self._put(call, wants, place[-2])

    def leave(self, call: Call) -> None:
        """Forget a caller; he may have left already."""
        if call.id not in self._places:
            return
        self.changed = True
        place = self._take_out(call)
        if call.away:
            return
        self._left += call.state is not CallState.TALKING
        del self._since[bisect_left(self._since, (call.enqueued_at or 0.0, place[-2]))]

    def ahead_of(self, call: Call) -> int:
        """How many of this queue come before him, by their place in the line."""
        place = self._places[call.id][1]
        return sum(bisect_left(line, place) for line in self.lines.values())

    def before(self, priority: int, since: float) -> Iterator[tuple[Skills, int]]:
        """How many of this queue are served before one of `priority`, his queue's and his own, who waits since then.

        By what they need of a seat.
        """
        his = rank(priority - self.plan.priority, since, self.ageing)
        for wants, line in self.lines.items():
            if many := bisect_left(line, his):
                yield wants.needs, many

    def rank_of(self, call: Call) -> Rank:
        """Where he stands among the callers of all queues."""
        return rank(self.plan.priority + call.priority, call.enqueued_at or 0.0, self.ageing)

    def wants_of(self, call: Call) -> Wants:
        """What he waits for."""
        return self._places[call.id][0]

    def first(self, wants: Wants) -> Call | None:
        """The first of a line for whom no seat is being rung."""
        return next(self.waiting(wants), None)

    def waiting(self, wants: Wants) -> Iterator[Call]:
        """Those of a line for whom no seat is being rung, in their order."""
        return (place[-1] for place in self.lines.get(wants, ()) if place[-1].state is CallState.WAITING)

    def look(self, now: float) -> None:
        """Measure how fast callers come and leave. When a decision is complete."""
        self.leaving.look(now, len(self._since), self._left)
        self.coming.come(now, self._came)
        self._left = self._came = 0

    def figures(self, now: float, estimate: float | None = None) -> QueueChanged:
        """How many wait on the line, and since when who waits longest; `estimate` seconds await one who comes now."""
        oldest = self._since[0][0] if self._since else None
        return QueueChanged(self.plan.name, now, len(self._since), oldest, estimate)

    def _put(self, call: Call, wants: Wants, joined: int) -> None:
        place = (*rank(call.priority, call.enqueued_at or 0.0, self.ageing), joined, call)
        insort(self.lines.setdefault(wants, []), place)
        self._places[call.id] = (wants, place)

    def _take_out(self, call: Call) -> Place:
        wants, place = self._places.pop(call.id)
        line = self.lines[wants]
        del line[bisect_left(line, place)]
        if not line:
            del self.lines[wants]
        return place
