"""This file decides who is next within one queue. It does not know seats.

A caller keeps his first place whatever happens to him: while a seat is being rung for him he stays in the line,
marked as offered, so an offer that comes to nothing needs no putting back.
"""

from collections import OrderedDict
from collections.abc import Iterator

from ivr_engine.core.call import Call, CallState
from ivr_engine.dialplan.hotline import QueuePlan
from ivr_engine.model.ids import CallId
from ivr_engine.model.notices import QueueChanged


class Queue:
    """Callers in the order of their own priority, then of their first enqueue time."""

    def __init__(self, plan: QueuePlan) -> None:
        self.plan = plan
        self.changed = True  # since its figures were last told
        self._lines: dict[int, OrderedDict[CallId, Call]] = {}  # by their own priority, the highest first
        self._priorities: dict[CallId, int] = {}  # with which each stands here

    def __len__(self) -> int:
        return len(self._priorities)

    def __contains__(self, call: Call) -> bool:
        return call.id in self._priorities

    def __iter__(self) -> Iterator[Call]:
        """Everybody, in the order of the line."""
        for line in self._lines.values():
            yield from line.values()

    def replan(self, plan: QueuePlan) -> None:
        """Go by another plan, also for those who wait already."""
        self.plan = plan

    def join(self, call: Call, since: float) -> None:
        """Take a caller in who has been waiting since `since`."""
        self.changed = True
        call.enqueued_at = since
        self._priorities[call.id] = call.priority
        if call.priority not in self._lines:
            lines = {**self._lines, call.priority: OrderedDict[CallId, Call]()}
            self._lines = {priority: lines[priority] for priority in sorted(lines, reverse=True)}
        line = self._lines[call.priority]
        last = next(reversed(line.values()), None)
        line[call.id] = call
        if last is not None and _place(last) > since:
            # Only one who was taken over, or comes from another queue, stands before the last: so this is rare.
            ordered = sorted(line.values(), key=_place)
            self._lines[call.priority] = OrderedDict((each.id, each) for each in ordered)

    def leave(self, call: Call) -> None:
        """Forget a caller; he may have left already."""
        priority = self._priorities.pop(call.id, None)
        if priority is None:
            return
        self.changed = True
        del self._lines[priority][call.id]
        if not self._lines[priority]:
            del self._lines[priority]

    def ahead_of(self, call: Call) -> int:
        """How many of this queue come before him, by their place in the line."""
        higher = sum(len(line) for priority, line in self._lines.items() if priority > call.priority)
        line = self._lines[call.priority]
        if next(reversed(line)) == call.id:  # as nearly always
            return higher + len(line) - 1
        return higher + list(line).index(call.id)

    def next_caller(self) -> Call | None:
        """The first for whom no seat is being rung."""
        return next((call for call in self if call.state is CallState.WAITING), None)

    def waiting(self) -> list[Call]:
        """Those for whom no seat is being rung, in their order."""
        return [call for call in self if call.state is CallState.WAITING]

    def figures(self, now: float) -> QueueChanged:
        """How many wait, and since when who waits longest."""
        oldest = min((_place(next(iter(line.values()))) for line in self._lines.values()), default=None)
        return QueueChanged(self.plan.name, now, len(self), oldest)


def _place(call: Call) -> float:
    return call.enqueued_at or 0.0
