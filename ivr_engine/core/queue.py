"""This file decides who is next within one queue. It does not know seats.

A caller keeps his first place whatever happens to him: while a seat is being rung for him he stays in the line,
marked as offered, so an offer that comes to nothing needs no putting back.
"""

from collections import OrderedDict

from ivr_engine.core.call import Call, CallState
from ivr_engine.dialplan.hotline import QueuePlan
from ivr_engine.model.ids import CallId
from ivr_engine.model.notices import QueueChanged


class Queue:
    """Callers in the order of their first enqueue time."""

    def __init__(self, plan: QueuePlan) -> None:
        self.plan = plan
        self.changed = True  # since its figures were last told
        self._line: OrderedDict[CallId, Call] = OrderedDict()

    def __len__(self) -> int:
        return len(self._line)

    def __contains__(self, call: Call) -> bool:
        return call.id in self._line

    def replan(self, plan: QueuePlan) -> None:
        """Go by another plan, also for those who wait already."""
        self.plan = plan

    def join(self, call: Call, since: float) -> None:
        """Take a caller in who has been waiting since `since`."""
        self.changed = True
        last = next(reversed(self._line.values()), None)
        call.enqueued_at = since
        self._line[call.id] = call
        if last is not None and _rank(last) > _rank(call):
            self._sort()

    def leave(self, call: Call) -> None:
        """Forget a caller; he may have left already."""
        if self._line.pop(call.id, None) is not None:
            self.changed = True

    def next_caller(self) -> Call | None:
        """The first for whom no seat is being rung."""
        return next((call for call in self._line.values() if call.state is CallState.WAITING), None)

    def waiting(self) -> list[Call]:
        """Those for whom no seat is being rung, in their order."""
        return [call for call in self._line.values() if call.state is CallState.WAITING]

    def figures(self, now: float) -> QueueChanged:
        """How many wait, and since when the first."""
        first = next(iter(self._line.values()), None)
        return QueueChanged(self.plan.name, now, len(self._line), first.enqueued_at if first else None)

    def _sort(self) -> None:
        # Only an adopted caller, or one of higher priority, comes before the last in line, so this is rare.
        ordered = sorted(self._line.values(), key=_rank)
        self._line = OrderedDict((call.id, call) for call in ordered)


def _rank(call: Call) -> tuple[float, float]:
    return -call.priority, call.enqueued_at or 0.0
