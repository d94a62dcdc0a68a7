"""This file decides what is told when a trigger fires or is over, and what it asks for. It does not know who switches.

What they look at comes from notices of what was decided, and from facts that tell of former days and of other systems.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from ivr_engine.core.crisis import alerts
from ivr_engine.core.crisis.measures import Reading, Signals, measure_of
from ivr_engine.core.crisis.sentences import in_words
from ivr_engine.core.crisis.usual import Usual
from ivr_engine.core.crisis.watch import Watch
from ivr_engine.core.crisis.windows import Steady
from ivr_engine.core.outbox import Outbox, TriggersDue
from ivr_engine.core.versions import Versions
from ivr_engine.dialplan.triggers import Condition, TriggerPlan
from ivr_engine.model.alarms import TriggerChanged
from ivr_engine.model.crises import LEVELS, ActiveCrisis, Switch, TriggerMemory
from ivr_engine.model.notices import AnyNotice
from ivr_engine.model.orders import SignalSeen, UsualSeen

LOOK_EVERY_SECONDS = 5.0
SAME_FOR_SECONDS = 30.0  # what is usual is so for longer than a look


@dataclass(frozen=True, slots=True)
class Wish:
    """What a trigger asks for: that a crisis is switched, at once or if somebody says yes. `words` is why.

    No switch: what it has proposed before is out of date, and that is all.
    """

    trigger: str
    switch: Switch | None
    at_once: bool
    words: str

    @property
    def by(self) -> str:
        """Who asks."""
        return f"trigger {self.trigger}"


class Triggers:
    """All triggers of the version that new calls get."""

    def __init__(self, out: Outbox, versions: Versions) -> None:
        self._out = out
        self._versions = versions
        self._time = Steady()
        self._usual = Usual()
        self._watches: dict[str, Watch] = {}
        self._plans: Mapping[str, TriggerPlan] = {}
        self._ticking = False
        self.memory: dict[str, TriggerMemory] = {}

    def usual_calls(self, now: float, seconds: float) -> float | None:
        """How many calls are usual in so many seconds until now, on days of this kind; None if no such day is known."""
        hours = self._versions.running.normal.facilities.hours
        return self._usual.at("usual", hours.wall(now), seconds, hours)

    # --- what is told ---------------------------------------------------------------------------------------

    def hear(self, notices: Iterable[AnyNotice]) -> bool:
        """Keep up with what was decided of callers. True if one is forgotten, as no dialplan has it any more."""
        known = len(self.memory)
        if self._are_there():
            for notice in notices:
                for watch in self._watches.values():
                    watch.measure.hear(notice, self._time.at)
        return len(self.memory) != known

    def see(self, signal: SignalSeen) -> None:
        """Another system tells of something."""
        if self._are_there():
            for watch in self._watches.values():
                if isinstance(watch.measure, Signals):
                    watch.measure.see(signal, self._time.at)

    def learn(self, seen: UsualSeen) -> None:
        """What came on former days."""
        self._usual.learn(seen, self._versions.running.normal.facilities.hours.wall(self._out.now).date())

    def remember(self, memory: Mapping[str, TriggerMemory]) -> None:
        """How they stood before a restart."""
        self.memory = {name: one for name, one in memory.items() if name in self._versions.running.triggers}
        self._watches, self._plans = {}, {}
        self._are_there()

    def _are_there(self) -> bool:
        """Whether there is any. Those that are as before go on, others begin anew."""
        plans = self._versions.running.triggers
        if plans is not self._plans:
            self._plans = plans
            self._begin()
        if not plans:
            return False
        if not self._ticking:
            self._ticking = True
            self._out.start_timer(LOOK_EVERY_SECONDS, TriggersDue())
        if not self._time.tick(self._out.now):
            for watch in self._watches.values():
                watch.missed(self._time.at)
        return True

    def _begin(self) -> None:
        before, self._watches = self._watches, {}
        self.memory = {name: one for name, one in self.memory.items() if name in self._plans}
        for name, plan in self._plans.items():
            if name in before and before[name].plan == plan:
                self._watches[name] = before[name]
                continue
            watch = Watch(plan, measure_of(plan.when, self._usual_for(plan.when)))
            watch.missed(self._time.at)
            if name in self.memory:
                watch.remember(self.memory[name], self._time.at, self._out.now)
            self._watches[name] = watch

    def _usual_for(self, when: Condition) -> "_UsualNow":
        return _UsualNow(self._out, self._versions, self._usual, when)

    # --- what comes of it -----------------------------------------------------------------------------------

    def look(self, active: tuple[ActiveCrisis, ...]) -> list[Wish]:
        """Look at all figures, while these crises are on. Called as often as its own timer says."""
        self._ticking = False
        wishes: list[Wish] = []
        if not self._are_there():
            return wishes
        for name, watch in self._watches.items():
            was_blind = watch.blind
            reading = watch.measure.read(self._time.at, self._out.now)
            turn = watch.look(reading, self._time)
            if watch.blind and not was_blind:
                self._tell(name, watch.plan, reading, "blind")
            if turn == "fired":
                wishes += self._fired(name, watch, reading, active)
            elif turn == "over":
                wishes += self._over(name, watch, reading, active)
        return wishes

    def still_asks(self, by: str, switch: Switch) -> bool:
        """Whether a trigger that proposed a switch would do so now."""
        name = by.removeprefix("trigger ")
        known = self.memory.get(name)
        return name != by and known is not None and known.on == switch.on

    def _fired(self, name: str, watch: Watch, reading: Reading, active: tuple[ActiveCrisis, ...]) -> list[Wish]:
        plan = watch.plan
        before = next((one for one in active if one.profile == plan.crisis and not one.scope.drill), None)
        watch.held_back = before is not None and LEVELS.index(before.level) >= LEVELS.index(plan.level)
        words = self._tell(name, plan, reading, "held back" if watch.held_back else "fired")
        self._keep(name, watch)
        if watch.held_back or plan.crisis is None or plan.start == "notify":
            return []
        switch = Switch(plan.crisis, level=plan.level)
        if before is not None:
            switch = Switch(plan.crisis, level=plan.level, scope=before.scope, until=before.until)
        return [Wish(name, switch, plan.start == "automatic", words)]

    def _over(self, name: str, watch: Watch, reading: Reading, active: tuple[ActiveCrisis, ...]) -> list[Wish]:
        plan = watch.plan
        words = self._tell(name, plan, reading, "over")
        self._keep(name, watch)
        if plan.crisis is None or plan.start == "notify":
            return []
        crisis = next((one for one in active if one.profile == plan.crisis and not one.scope.drill), None)
        others = any(one.on and one.plan.crisis == plan.crisis for one in self._watches.values())
        wishes = [Wish(name, None, at_once=True, words=words)]
        if crisis is not None and not others and plan.off != "never":
            # What a person has switched on, a person switches off.
            at_once = plan.off == "automatic" and crisis.by == f"trigger {name}"
            wishes.append(Wish(name, Switch(plan.crisis, on=False), at_once, words))
        return wishes

    def _keep(self, name: str, watch: Watch) -> None:
        left = watch.quiet_until - self._time.at
        quiet_until = self._out.now + left if left > 0 else None
        self.memory[name] = TriggerMemory(watch.on, self._out.now, quiet_until)

    def _tell(
        self, name: str, plan: TriggerPlan, reading: Reading, state: Literal["fired", "held back", "over", "blind"]
    ) -> str:
        now, crisis = self._out.now, plan.crisis or ""
        words = in_words(plan, reading, state)
        bound = plan.back_bound if state == "over" else plan.when.bound
        seen = (reading.figure or 0.0, bound, words, reading.usual, reading.volume)
        level = plan.level if crisis else ""
        self._out.tell(TriggerChanged(name, now, state, *seen, plan.start, crisis, level))
        if state in {"fired", "over"}:
            alerts.trigger(self._out, name, plan, state, words)
        return words


class _UsualNow:
    """How many calls are usual just now. Asked at each look, reckoned when it may be otherwise."""

    def __init__(self, out: Outbox, versions: Versions, usual: Usual, when: Condition) -> None:
        self._out, self._versions, self._usual, self._when = out, versions, usual, when
        self._for: tuple[int, int] | None = None
        self._calls: float | None = None

    def __call__(self, seconds: float) -> float | None:
        moment = (self._usual.learned, int(self._out.now // SAME_FOR_SECONDS))
        if moment != self._for:
            self._for = moment
            hours = self._versions.running.normal.facilities.hours
            of = self._when.of or "same time yesterday"
            self._calls = self._usual.at(of, hours.wall(self._out.now), seconds, hours)
        return self._calls
