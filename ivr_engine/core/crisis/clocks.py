"""This file decides what must be done by when in a crisis, and when it is late. It does not know what is to be done.

A level's clocks begin when it is reached, and keep running at a higher one. Their times are moments, not lengths: what
fell due while no engine ran is overdue at once. Marked drill calls alone are no crisis: nobody is hurried for them.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from ivr_engine.core.crisis import alerts
from ivr_engine.core.crisis.active import plan_in
from ivr_engine.core.outbox import ClockDue, Outbox
from ivr_engine.core.versions import Versions
from ivr_engine.dialplan.crises import ClockPlan
from ivr_engine.model.alarms import ClockChanged
from ivr_engine.model.crises import ActiveCrisis, Level, RunningClock
from ivr_engine.model.events import ClockAnswered
from ivr_engine.model.ids import TimerId

Key = tuple[str, str]  # a profile, and the name of one of its clocks


class Clocks:
    """The clocks of the crises that are on. One that is repeated stands at its next time, overdue until it was done."""

    def __init__(self, out: Outbox, versions: Versions) -> None:
        self._out = out
        self._versions = versions
        self._levels: Mapping[str, Level] = {}
        self._known: dict[Key, RunningClock] = {}
        self._timers: dict[Key, TimerId] = {}

    @property
    def all(self) -> tuple[RunningClock, ...]:
        """All of them: what is done, and what is overdue, too."""
        return tuple(self._known.values())

    def follow(self, crises: Iterable[ActiveCrisis]) -> None:
        """Begin those that the levels now ask for, and end those that they do not."""
        self._levels = {crisis.profile: crisis.level for crisis in crises if not crisis.scope.drill}
        wanted = {
            (profile, name): plan
            for profile, level in self._levels.items()
            for name, plan in self._plans(profile, level).items()
        }
        for key in [key for key in self._known if key not in wanted]:
            self._end(key)
        for key, plan in wanted.items():
            if key not in self._known:
                self._begin(key, self._out.now + plan.within)

    def remember(self, clocks: Iterable[RunningClock], crises: Iterable[ActiveCrisis]) -> None:
        """After a restart: they go on as they were; what fell due meanwhile is overdue at once."""
        self._known = {(clock.profile, clock.clock): clock for clock in clocks}
        self.follow(crises)
        for key in self._known:
            self._set_timer(key)

    def why_not(self, answer: ClockAnswered) -> str | None:
        """Why nothing can be said done there, with the remedy; None if it can."""
        clock = self._known.get((answer.profile, answer.clock))
        if clock is None:
            names = ", ".join(f"{profile} {name}" for profile, name in self._known) or "none"
            return f"there is no clock {answer.clock!r} of crisis {answer.profile!r} now: choose of {names}"
        if clock.done_at is not None:
            return f"clock {clock.clock!r} is done already, by {clock.done_by}: nothing was changed"
        return None

    def done(self, answer: ClockAnswered) -> None:
        """Take in that it is done; what must be done again begins again."""
        key, now = (answer.profile, answer.clock), self._out.now
        changed = {"done_at": now, "done_by": answer.by, "note": answer.note}
        clock = self._known[key] = msgspec.structs.replace(self._known[key], **changed)
        self._tell(clock, "done")
        plan = self._plan(key)
        if plan is not None and plan.every is not None:
            self._begin(key, now + plan.every)
        self._set_timer(key)

    def fell_due(self, profile: str, name: str) -> None:
        """Nobody said in time that it is done."""
        key, now = (profile, name), self._out.now
        self._timers.pop(key, None)
        plan = self._plan(key)
        if plan is None:  # a later version of the dialplan does not have it
            self._end(key)
            return
        late = self._known[key] = msgspec.structs.replace(self._known[key], overdue=True)
        self._tell(late, "overdue")
        alerts.clock_overdue(self._out, self._versions.running, plan, late)
        if plan.every is not None:
            missed = max(0.0, now - late.due) // plan.every  # while no engine ran
            self._begin(key, min(late.due, now) + (missed + 1) * plan.every, overdue=True)

    def _begin(self, key: Key, due: float, *, overdue: bool = False) -> None:
        profile, name = key
        clock = RunningClock(profile, name, self._levels[profile], self._out.now, due, overdue=overdue)
        self._known[key] = clock
        self._set_timer(key)
        self._tell(clock, "begun")
        plan = self._plan(key)
        if plan is not None:
            alerts.clock_begun(self._out, self._versions.running, plan, clock)

    def _end(self, key: Key) -> None:
        clock = self._known.pop(key)
        self._out.cancel(self._timers.pop(key, None))
        if clock.done_at is None:
            self._tell(clock, "ended")

    def _set_timer(self, key: Key) -> None:
        self._out.cancel(self._timers.pop(key, None))
        clock, plan = self._known[key], self._plan(key)
        is_over = clock.overdue and (plan is None or plan.every is None)
        if clock.done_at is None and not is_over:
            # A clock of the machine that was put back meanwhile makes nothing last longer than it was to.
            left = min(clock.due - self._out.now, clock.due - clock.begun_at)
            self._timers[key] = self._out.start_timer(max(0.0, left), ClockDue(*key))

    def _plans(self, profile: str, level: Level) -> Mapping[str, ClockPlan]:
        return plan_in(self._versions.running, profile).at(level).clocks

    def _plan(self, key: Key) -> ClockPlan | None:
        profile, name = key
        return self._plans(profile, self._levels[profile]).get(name) if profile in self._levels else None

    def _tell(self, clock: RunningClock, state: Literal["begun", "done", "overdue", "ended"]) -> None:
        plan = self._plan((clock.profile, clock.clock))
        self._out.tell(ClockChanged(self._out.now, clock, state, plan.do if plan else ""))
