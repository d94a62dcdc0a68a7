"""This file decides what all parts of a review are made of. It does not know what they say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ivr_engine.dialplan.crises import CrisisPlan
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.dialplan.triggers import TriggerPlan
from ivr_engine.figures import Question, Target
from ivr_engine.model.alarms import CrisisChanged
from ivr_engine.nodes import Node
from ivr_engine.review.calls import Counted, EndedCall, counted, slots
from ivr_engine.review.gathering import Gathered
from ivr_engine.review.incident import Hours
from ivr_engine.review.retuning import Tried
from ivr_engine.review.timeline import Moment, Steps, steps, timeline
from ivr_engine.review.wording import Tongue

PHASES = ("before", "during", "after")


@dataclass(frozen=True)
class Reviewed:
    """An incident, or some hours, with all that is known of them. `sealed`: ids of calls with a sealed recording.

    `sealed` is None where nobody could be asked. `tried` is what the `triggers` would have done at other bounds.
    """

    hours: Hours
    gathered: Gathered
    hotline: Hotline[Node]
    say: Tongue
    notes: tuple[str, ...] = ()
    sealed: frozenset[str] | None = None
    triggers: Mapping[str, TriggerPlan] = field(default_factory=dict)
    tried: tuple[Tried, ...] = ()
    _kept: dict[str, Counted] = field(default_factory=dict)

    @property
    def calls(self) -> list[EndedCall]:
        """The calls that came in these hours."""
        return self.gathered.within(self.hours)

    @property
    def question(self) -> Question:
        """How they are counted."""
        targets = {str(name): Target(plan.target, plan.target_share) for name, plan in self.hotline.queues.items()}
        hours = self.hours
        return Question(since=hours.since, until=hours.until, now=hours.until, zone=self.say.zone, targets=targets)

    def counted(self, name: str, group: Callable[[EndedCall], str | None]) -> Counted:
        """The calls in groups; counted once for each `name`."""
        if name not in self._kept:
            self._kept[name] = counted(self.calls, self.question, group)
        return self._kept[name]

    @property
    def moments(self) -> list[Moment]:
        """The timeline."""
        return timeline(self.gathered.happened, self.gathered.heard.told, self.hours, self.say)

    @property
    def steps(self) -> Steps:
        """What must go fast."""
        return steps(self.gathered.happened, self.gathered.heard.told, self.gathered.heard.first_in, self.hours)

    @property
    def slots(self) -> list[float]:
        """When each five minutes of these hours begin."""
        return list(slots(self.hours.since, self.hours.until))

    @property
    def phases(self) -> list[str]:
        """Those that there are."""
        hours = self.hours
        spans: Mapping[str, tuple[float, float]] = {
            "before": (hours.since, hours.begin),
            "during": (hours.begin, hours.end),
            "after": (hours.end, hours.until),
        }
        return [name for name in PHASES if spans[name][0] < spans[name][1]]

    @property
    def plan(self) -> CrisisPlan | None:
        """What the profile of the incident says, in the version that is known."""
        flow = self.hotline.crises.get(self.profile or "")
        return flow.plan if flow is not None else None

    @property
    def profile(self) -> str | None:
        """The crisis that came on first."""
        on = (one.what for one in self.gathered.happened if isinstance(one.what, CrisisChanged) and one.what.on)
        return next((what.profile for what in on if what.since >= self.hours.begin or not what.since), None)
