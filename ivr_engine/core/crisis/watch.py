"""This file decides when one trigger fires, and when it is over. It does not know what then happens.

    quiet ── its time is over ──▶ idle ── beyond for `for` ──▶ on ── back for `back after` ──▶ quiet

It is over only when a whole window was seen: after a restart nothing is known yet, which is no good news.
"""

from typing import Literal

from ivr_engine.core.crisis.measures import Measuring, Reading
from ivr_engine.core.crisis.windows import Steady
from ivr_engine.dialplan.triggers import TriggerPlan
from ivr_engine.model.crises import TriggerMemory

Turn = Literal["fired", "over"]


class Watch:
    """One trigger. Times are steady ones."""

    def __init__(self, plan: TriggerPlan, measure: Measuring) -> None:
        self.plan = plan
        self.measure = measure
        self.on = False
        self.blind = False  # there are calls enough, and nobody knows what is usual
        self.quiet_until = 0.0
        self.held_back = False  # what it fired for was on already
        self._beyond_since: float | None = None
        self._back_since: float | None = None

    def look(self, reading: Reading, time: Steady) -> Turn | None:
        """What has changed by what is seen now."""
        enough = reading.volume >= (self.plan.when.at_least or 0) and not reading.by_chance
        self.blind = enough and reading.figure is None
        return self._back(reading, time) if self.on else self._beyond(reading, time, enough=enough)

    def remember(self, memory: TriggerMemory, at: float, now: float) -> None:
        """How it stood before a restart. It keeps quiet for no longer than it ever does."""
        self.on = memory.on
        left = (memory.quiet_until or 0.0) - now
        self.quiet_until = at + min(max(0.0, left), self.plan.cool_down)

    def missed(self, at: float) -> None:
        """Something was not seen: what was beyond, or back, must be so anew."""
        self.measure.forget(at)
        self._beyond_since = self._back_since = None

    def _beyond(self, reading: Reading, time: Steady, *, enough: bool) -> Turn | None:
        if reading.figure is None or not enough or not self.plan.is_beyond(reading.figure):
            self._beyond_since = None
            return None
        if self._beyond_since is None:
            self._beyond_since = time.at
        if time.at < max(self._beyond_since + self.plan.hold, self.quiet_until):
            return None
        self.on, self._beyond_since = True, None
        return "fired"

    def _back(self, reading: Reading, time: Steady) -> Turn | None:
        if reading.figure is None or not self.plan.is_back(reading.figure):
            self._back_since = None
            return None
        if self._back_since is None:
            self._back_since = time.at
        seen = time.known_since + self.plan.when.window
        if time.at < max(self._back_since + self.plan.back_after, seen):
            return None
        self.on, self._back_since, self.held_back = False, None, False
        self.quiet_until = time.at + self.plan.cool_down
        return "over"
