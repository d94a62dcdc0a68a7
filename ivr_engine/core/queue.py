"""This file decides who is next within one queue. It does not know seats.

A caller keeps his first place whatever happens to him: while a seat is being rung for him he stays in the line,
marked as offered, so an offer that comes to nothing needs no putting back.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator

from ivr_engine.core.call import Call, CallState
from ivr_engine.core.pace import Flow, Pace
from ivr_engine.dialplan.hotline import QueuePlan
from ivr_engine.model.ids import CallId
from ivr_engine.model.notices import QueueChanged

Place = tuple[float, int, Call]  # since when he waits; among equals who came first; and he


class Queue:
    """Callers in the order of their own priority, then of their first enqueue time."""

    def __init__(self, plan: QueuePlan) -> None:
        self.plan = plan
        self.changed = True  # since its figures were last told
        self.leaving = Pace()  # of one who waits: he gives up, or goes elsewhere
        self.coming = Flow()
        self._left = self._came = 0  # since then
        self._joined = 0
        # In order, by their own priority, the highest first. A list is moved faster than a tree of ten thousand walked.
        self._lines: dict[int, list[Place]] = {}
        self._places: dict[CallId, tuple[int, Place]] = {}  # where each stands

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, call: Call) -> bool:
        return call.id in self._places

    def __iter__(self) -> Iterator[Call]:
        """Everybody, in the order of the line."""
        for line in self._lines.values():
            for _, _, call in line:
                yield call

    def replan(self, plan: QueuePlan) -> None:
        """Go by another plan, also for those who wait already."""
        self.plan = plan

    def join(self, call: Call, since: float) -> None:
        """Take a caller in who has been waiting since `since`."""
        self.changed = True
        self._came += 1
        self._joined += 1
        call.enqueued_at = since
        if call.priority not in self._lines:
            lines: dict[int, list[Place]] = {**self._lines, call.priority: []}
            self._lines = {priority: lines[priority] for priority in sorted(lines, reverse=True)}
        place = (since, self._joined, call)
        insort(self._lines[call.priority], place)
        self._places[call.id] = (call.priority, place)

    def leave(self, call: Call) -> None:
        """Forget a caller; he may have left already."""
        if call.id not in self._places:
            return
        self.changed = True
        self._left += call.state is not CallState.TALKING
        priority, place = self._places.pop(call.id)
        line = self._lines[priority]
        del line[bisect_left(line, place)]
        if not line:
            del self._lines[priority]

    def ahead_of(self, call: Call) -> int:
        """How many of this queue come before him, by their place in the line."""
        own, place = self._places[call.id]
        higher = sum(len(line) for priority, line in self._lines.items() if priority > own)
        return higher + bisect_left(self._lines[own], place)

    def before(self, priority: int, since: float) -> int:
        """How many of this queue are served before one of `priority`, his queue's and his own, who waits since then."""
        lines = ((self.plan.priority + own, line) for own, line in self._lines.items())
        return sum(
            len(line) if one > priority else bisect_left(line, since, key=_since)
            for one, line in lines
            if one >= priority
        )

    def next_caller(self) -> Call | None:
        """The first for whom no seat is being rung."""
        return next((call for call in self if call.state is CallState.WAITING), None)

    def waiting(self) -> list[Call]:
        """Those for whom no seat is being rung, in their order."""
        return [call for call in self if call.state is CallState.WAITING]

    def look(self, now: float) -> None:
        """Measure how fast callers come and leave. When a decision is complete."""
        self.leaving.look(now, len(self), self._left)
        self.coming.come(now, self._came)
        self._left = self._came = 0

    def figures(self, now: float, estimate: float | None = None) -> QueueChanged:
        """How many wait, and since when who waits longest; `estimate` seconds await one who comes now."""
        oldest = min((line[0][0] for line in self._lines.values()), default=None)
        return QueueChanged(self.plan.name, now, len(self), oldest, estimate)


def _since(place: Place) -> float:
    return place[0]
