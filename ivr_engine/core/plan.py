"""This file decides which pools, seats and queues there are while calls of several versions go on. It knows no call.

Versions come in the order in which they count: the one that runs, a canary, then those that only calls begun with them
still use. A pool or queue is as the first version says that has it. So a new plan holds at once for everybody who
waits, and what it dropped stays as it was for those who are in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ivr_engine.dialplan.hotline import CrisisPlan, Hotline, PoolPlan, QueuePlan
from ivr_engine.dialplan.hours import Hours
from ivr_engine.dialplan.turns import in_turn
from ivr_engine.model.crises import ActiveCrisis
from ivr_engine.model.ids import PoolName, QueueName, SeatId
from ivr_engine.model.skills import Skills, skills_of


@dataclass(frozen=True, slots=True)
class Plan:
    """`places` is the pool of each seat: a seat is in one. `skills` are those of seats that have any.

    One point of priority is worth `ageing` seconds of waiting; None: more than any. `hours` is the calendar each pool
    goes by, that of its version; `profiles` are the crises that are on.
    """

    pools: Mapping[PoolName, PoolPlan] = field(default_factory=dict)
    places: Mapping[SeatId, PoolName] = field(default_factory=dict)
    queues: Mapping[QueueName, QueuePlan] = field(default_factory=dict)
    skills: Mapping[SeatId, Skills] = field(default_factory=dict)
    ageing: float | None = None
    hours: Mapping[PoolName, Hours] = field(default_factory=dict)
    profiles: tuple[str, ...] = ()


def plan_of(versions: Sequence[Hotline[Any]], crises: Sequence[ActiveCrisis] = ()) -> Plan:
    """The plan for versions in the order in which they count, while crises are on, the one that counts first before.

    What is for the calls of a drill alone changes nothing here: seats and queues are everybody's.
    """
    real = [one for one in crises if not one.scope.drill]
    hours: dict[PoolName, Hours] = {}
    pools: dict[PoolName, PoolPlan] = {}
    places: dict[SeatId, PoolName] = {}
    queues: dict[QueueName, QueuePlan] = {}
    skills: dict[SeatId, Skills] = {}
    for version in versions:
        changes = _changes(version, real)
        for name, usual in version.pools.items():
            pool = _pool_in(usual, changes)
            if pools.setdefault(name, pool) is pool:
                hours[name] = version.normal.facilities.hours
                for seat in pool.seats:
                    if places.setdefault(seat, name) == name:
                        skills.setdefault(seat, _skills_of(seat, pool, version))
        for queue, plan in version.queues.items():
            queues.setdefault(queue, _served(_queue_in(plan, changes), version, places))
    profiles = tuple(one.profile for one in real)
    return Plan(pools, places, queues, skills, versions[0].ageing if versions else None, hours, profiles)


_Change = tuple[CrisisPlan, int]  # and how many of a hundred usual seats its level wants


def _changes(version: Hotline[Any], crises: Sequence[ActiveCrisis]) -> list[_Change]:
    """What crises change in a version; the one that counts first comes last, so that it has the last word."""
    plans = [(flow.plan, one.level) for one in crises if (flow := version.crises.get(one.profile)) and flow.plan]
    return [(plan, plan.at(level).seats or 100) for plan, level in reversed(plans)]


def _pool_in(usual: PoolPlan, changes: Sequence[_Change]) -> PoolPlan:
    pool, wanted = usual, 100
    for plan, seats in changes:
        change = plan.pools.get(usual.name)
        pool = change.of(pool) if change else pool
        wanted = max(wanted, (change.seats if change and change.seats else seats))
    return pool.grown(wanted)


def _queue_in(usual: QueuePlan, changes: Sequence[_Change]) -> QueuePlan:
    queue = usual
    for plan, _ in changes:
        if usual.name in plan.queues:
            queue = plan.queues[usual.name].of(queue)
    return queue


def _skills_of(seat: SeatId, pool: PoolPlan, version: Hotline[Any]) -> Skills:
    agent = version.agents.get(seat)
    return skills_of(pool.skills, agent.skills if agent else {})


def _served(plan: QueuePlan, version: Hotline[Any], places: Mapping[SeatId, PoolName]) -> QueuePlan:
    """A queue whose people may sit in other pools by now: those pools come after its own."""
    people = (seat for name in plan.pools for seat in version.pools[name].seats)
    moved = _once(places[seat] for seat in people if seat in places)
    more = tuple(name for name in moved if name not in plan.pools)
    return replace(plan, turns=(*plan.turns, *in_turn(*more))) if more else plan


def _once(names: Iterable[PoolName]) -> Iterable[PoolName]:
    return dict.fromkeys(names)
