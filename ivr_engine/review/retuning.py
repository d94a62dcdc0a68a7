"""This file decides what triggers would have done at other bounds. It does not know calls, or who switches.

Each trigger's own figure is made once, as the engine made it, and looked at by several watches beside each other: the
trigger as it is, and the same with a bound that is nearer or further.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ivr_engine.core.crisis.measures import Measuring, Signals, measure_of
from ivr_engine.core.crisis.triggers import LOOK_EVERY_SECONDS
from ivr_engine.core.crisis.usual import Usual
from ivr_engine.core.crisis.watch import Watch
from ivr_engine.core.crisis.windows import Steady
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.dialplan.triggers import Amount, TriggerPlan
from ivr_engine.model.commands import Publish
from ivr_engine.model.orders import SignalSeen, UsualSeen
from ivr_engine.nodes import Node
from ivr_engine.review.incident import AROUND, Hours
from ivr_engine.simulator.replay import Begun, Lived

SHARES = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5)  # of the bound as it is


@dataclass(frozen=True, slots=True)
class Tried:
    """A bound, when it fired in the incident at first, and how often outside of it."""

    trigger: str
    bound: float
    as_it_is: bool
    first: float | None
    false: int


@dataclass(slots=True)
class _Bound:
    bound: float
    as_it_is: bool
    watch: Watch
    fired: list[float] = field(default_factory=list)


class Retuning:
    """Takes a journal in, whole: also its quiet hours tell something of a bound."""

    def __init__(self, hotline: Hotline[Node]) -> None:
        self.plans: Mapping[str, TriggerPlan] = hotline.triggers
        self._hours = hotline.normal.facilities.hours
        self._time, self._usual, self._now, self._looked = Steady(), Usual(), 0.0, 0.0
        self._measures: dict[str, Measuring] = {}
        self._bounds: dict[str, list[_Bound]] = {}
        for name, plan in self.plans.items():
            self._measures[name] = measure = measure_of(plan.when, self._usual_of(plan))
            self._bounds[name] = [_Bound(one.when.bound, one == plan, Watch(one, measure)) for one in bounds_of(plan)]

    def take(self, one: Begun | Lived) -> None:
        """Take in what comes next."""
        if isinstance(one, Begun) or not self.plans:
            return
        self._now = one.now
        if not self._time.tick(one.now):
            for each in self._all():
                each.watch.missed(self._time.at)
        if isinstance(one.event, UsualSeen):
            self._usual.learn(one.event, self._hours.wall(one.now).date())
        for measure in self._measures.values():
            if isinstance(measure, Signals) and isinstance(one.event, SignalSeen):
                measure.see(one.event, self._time.at)
            for order in one.orders:
                if isinstance(order, Publish) and not order.drill:
                    measure.hear(order.notice, self._time.at)
        if one.now - self._looked >= LOOK_EVERY_SECONDS or one.now < self._looked:
            self._look(one.now)

    def tried(self, hours: Hours) -> list[Tried]:
        """What each bound would have done. What fired an hour before the first sign, or until the end, was right."""
        found = []
        for name, bounds in self._bounds.items():
            for one in bounds:
                right = [at for at in one.fired if hours.sign - AROUND <= at < hours.end]
                false = len(one.fired) - len(right)
                found.append(Tried(name, one.bound, one.as_it_is, min(right, default=None), false))
        return found

    def _look(self, now: float) -> None:
        self._looked = now
        for name, measure in self._measures.items():
            reading = measure.read(self._time.at, now)
            for one in self._bounds[name]:
                if one.watch.look(reading, self._time) == "fired":
                    one.fired.append(now)

    def _all(self) -> Iterable[_Bound]:
        return (one for bounds in self._bounds.values() for one in bounds)

    def _usual_of(self, plan: TriggerPlan) -> "_UsualThen":
        return _UsualThen(self, plan)

    def usual_at(self, plan: TriggerPlan, seconds: float) -> float | None:
        """How many calls were usual then."""
        return self._usual.at(plan.when.of or "same time yesterday", self._hours.wall(self._now), seconds, self._hours)


class _UsualThen:
    def __init__(self, retuning: Retuning, plan: TriggerPlan) -> None:
        self._retuning, self._plan = retuning, plan

    def __call__(self, seconds: float) -> float | None:
        return self._retuning.usual_at(self._plan, seconds)


def bounds_of(plan: TriggerPlan) -> list[TriggerPlan]:
    """The trigger with other bounds, the one it has among them. It is over as far on the good side as ever."""
    found: dict[float, TriggerPlan] = {}
    for part in SHARES:
        one = plan if part == 1.0 else _with(plan, part)
        if one is not None and (one is plan or one.when.bound != plan.when.bound):
            found[one.when.bound] = one
    return list(found.values())


def _with(plan: TriggerPlan, part: float) -> TriggerPlan | None:
    """None where there is no such bound. Of an answer rate what is lacking to all is made smaller."""
    when, figure = plan.when, plan.when.figure
    if figure == "answer rate":
        bound = round(100 - (100 - when.bound) * part)
        return replace(plan, when=replace(when, answer_rate=bound), back=None) if 0 < bound < 100 else None
    number = round(when.bound * part)
    if number < 1:
        return None
    changes = {
        "calls": lambda: replace(when, calls=Amount(number, is_share=when.is_of_usual)),
        "left in menu": lambda: replace(when, left_in_menu=number),
        "wait": lambda: replace(when, wait=float(number)),
        "waiting": lambda: replace(when, waiting=number),
        "faults": lambda: replace(when, faults=number),
        "signal": lambda: replace(when, count=number),
    }
    if when.is_of_usual and number <= 100:
        return None  # usual days are no crisis
    return replace(plan, when=changes[figure](), back=None)


def better(tried: Iterable[Tried]) -> Tried | None:
    """The bound that fires first, and not falsely more often than the one there is; None if that is as good."""
    every = list(tried)
    now = next((one for one in every if one.as_it_is), None)
    if now is None:
        return None
    fit = [one for one in every if one.first is not None and one.false <= now.false]
    first = min(fit, key=lambda one: (one.first or 0.0, one.false, abs(one.bound - now.bound)), default=None)
    if first is None or (now.first is not None and (first.first or 0.0) >= now.first - 30):
        return None
    return first
