"""This file decides which pools take part at all: by their hours, and by the crisis that is on. It knows no callers.

Whether a seat of a pool can be rung is another matter; who talks when his pool stops finishes his call.
"""

from collections.abc import Mapping

from ivr_engine.core.outbox import HoursDue, Outbox
from ivr_engine.core.plan import Plan
from ivr_engine.core.pool import Pool
from ivr_engine.dialplan.pools import PoolPlan
from ivr_engine.model.ids import PoolName, TimerId

LONGEST_SECONDS = 3600.0  # clocks that are put forward or back are noticed within an hour


class AtWork:
    """Shuts pools, and lets them take part again."""

    def __init__(self, out: Outbox, pools: Mapping[PoolName, Pool]) -> None:
        self._out = out
        self._pools = pools
        self._plan = Plan()
        self._timer: TimerId | None = None
        self._is_due = True

    def replan(self, plan: Plan) -> None:
        """Go by another plan of hours, or another crisis profile."""
        self._plan = plan
        self._is_due = True

    def look(self) -> bool:
        """Shut and open by what is true now. True if anything is different. Costs nothing while nothing can be."""
        if not self._is_due and (self._timer is None or self._timer in self._out.timers):
            return False
        changed = False
        for name, pool in self._pools.items():
            shut = self._why_shut(name, pool.plan)
            changed |= shut != pool.shut
            pool.changed |= shut != pool.shut
            pool.shut = shut
        self._is_due = False
        self._out.cancel(self._timer)
        self._timer = None
        moment = self._next_change()
        if moment is not None:
            self._timer = self._out.start_timer(max(0.0, moment - self._out.now), HoursDue())
        return changed

    def _why_shut(self, name: PoolName, plan: PoolPlan) -> str:
        if name not in self._plan.pools:
            return ""
        if not plan.is_at_work(self._plan.profiles):
            return f"at work in {' and '.join(plan.only_in)} only"
        if plan.hours is not None and not self._plan.hours[name].is_worked(plan.hours, self._out.now):
            return f"outside its hours, {plan.hours}"
        return ""

    def _next_change(self) -> float | None:
        now, moments = self._out.now, []
        for name, plan in self._plan.pools.items():
            if plan.hours is not None:
                change = self._plan.hours[name].next_change(plan.hours, now)
                moments.append(now + LONGEST_SECONDS if change is None else min(change, now + LONGEST_SECONDS))
        return min(moments, default=None)
