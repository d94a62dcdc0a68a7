"""This file decides when a queue was asked too much, and for how many seats that calls. It knows no single call.

A day's mean hides its worst hour, and a queue's seats often serve others too. So a queue that misses its target is
looked at in the busiest hour of all queues that share its pools, and their calls and seats are taken together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ivr_engine.figures.question import HOUR, Question
from ivr_engine.model.causes import Outcome
from ivr_engine.model.past import PastCall


@dataclass(slots=True)
class Demand:
    """What was asked of seats, and what they did. Sums of seconds; nobody is told more than a rounded forecast."""

    arrived: int = 0
    in_time: int = 0
    answered: int = 0
    gave_up: int = 0
    waited: float = 0.0
    handled: float = 0.0

    def count(self, call: PastCall, within: float) -> None:
        """Take in a call that came to a queue; `within` seconds is in time."""
        since = call.arrived_at if call.enqueued_at is None else call.enqueued_at
        waited = max(0.0, (call.ended_at if call.connected_at is None else call.connected_at) - since)
        self.arrived += 1
        self.waited += waited
        if call.connected_at is not None:
            ended = call.ended_at if call.talk_ended_at is None else call.talk_ended_at
            self.answered += 1
            self.in_time += waited <= within
            self.handled += max(0.0, ended - call.connected_at) + (call.rest or 0.0)
        else:
            self.gave_up += call.outcome == Outcome.ABANDONED_IN_QUEUE

    def merge(self, other: "Demand") -> None:
        """Take in what was asked elsewhere."""
        self.arrived += other.arrived
        self.in_time += other.in_time
        self.answered += other.answered
        self.gave_up += other.gave_up
        self.waited += other.waited
        self.handled += other.handled


@dataclass(slots=True)
class Hour:
    """One hour: what was asked of each queue, and for how many seconds seats of each pool were there."""

    demand: dict[str, Demand] = field(default_factory=dict)
    staffed: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shortage:
    """A queue that misses its target: `served` of its callers were answered in time, from 0 to 1.

    `demand` is that of the busiest hour, which lasted `seconds` of the time that is asked for; `agents` were there.
    """

    queue: str
    served: float
    hour: str
    seconds: float
    demand: Demand
    agents: float


def demand_of(hours: Iterable[Hour], queues: Iterable[str]) -> Demand:
    """What was asked of these queues in these hours."""
    every, whole = tuple(queues), Demand()
    for hour in hours:
        for queue in every:
            whole.merge(hour.demand.get(queue, Demand()))
    return whole


def shortage(
    queue: str, hours: Mapping[float, Hour], pools: Mapping[str, tuple[str, ...]], question: Question
) -> Shortage | None:
    """What a queue lacked; None if it kept its target, or nobody came. `hours` by their end, `pools` by queue."""
    own = demand_of(hours.values(), [queue])
    if not own.arrived or own.in_time / own.arrived >= question.target_of(queue).share:
        return None
    mine = set(pools.get(queue, ()))
    sharing = [one for one, theirs in pools.items() if mine.intersection(theirs)] or [queue]
    end = max(hours, key=lambda one: (demand_of([hours[one]], sharing).arrived, one))
    since, until = max(end - HOUR, question.since), min(end, question.until, question.now)
    seconds = max(until - since, 1.0)
    every = {pool for one in sharing for pool in pools.get(one, ())}
    agents = sum(hours[end].staffed.get(pool, 0.0) for pool in every) / seconds
    served = own.in_time / own.arrived
    return Shortage(queue, served, question.hour_of(since), seconds, demand_of([hours[end]], sharing), agents)
