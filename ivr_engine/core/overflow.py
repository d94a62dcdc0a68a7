"""This file decides which pools' seats may be rung for a queue's callers now. It does not know who they are.

Which pools a queue has, and under which conditions, its plan says. When those hold is decided in gate.py, whether a
pool takes part at all in at_work.py and health.py, whether it has a seat to spare in admission.py.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from ivr_engine import regions
from ivr_engine.core.admission import refusal
from ivr_engine.core.at_work import AtWork
from ivr_engine.core.gate import Gate, Load
from ivr_engine.core.health import Health
from ivr_engine.core.outbox import Outbox, PoolsDue
from ivr_engine.core.plan import Plan
from ivr_engine.core.pool import Pool
from ivr_engine.core.queue import Queue
from ivr_engine.core.share import Share
from ivr_engine.core.wait_estimate import expected_wait
from ivr_engine.dialplan.turns import PoolUse, names_in
from ivr_engine.model.ids import PoolName, QueueName, TimerId
from ivr_engine.model.notices import OverflowChanged

_NONE: Mapping[PoolName, Gate] = {}


class Overflow:
    """Which pools are open to which queues. Asked for every decision."""

    def __init__(
        self, out: Outbox, queues: Mapping[QueueName, Queue], pools: Mapping[PoolName, Pool], health: Health
    ) -> None:
        self._out = out
        self._queues = queues
        self._pools = pools
        self._health = health
        self._at_work = AtWork(out, pools)
        self._share = Share(pools)
        self._gates: dict[QueueName, dict[PoolName, Gate]] = {}
        self._timer: TimerId | None = None
        self._due = 0.0
        self._regional = False

    def open_to(self, queue: Queue) -> Sequence[PoolName]:
        """The pools that have a seat for its callers now, in the order in which they are tried."""
        name, lane, open_now = queue.plan.name, queue.plan.lane, queue.opened
        found: list[PoolName] = []
        for number, turn in enumerate(queue.plan.turns):
            together = [
                use.pool
                for use in turn
                if use.pool in open_now and not refusal(self._pools[use.pool], lane, is_overflow=number > 0)
            ]
            found += self._share.in_order(name, together) if together else ()
        return found

    def for_region(self, region: str, pools: Sequence[Pool]) -> Sequence[Pool]:
        """The same pools, first those for callers from there."""
        if not self._regional or not region:
            return pools
        return sorted(pools, key=lambda pool: not _is_of(region, pool.plan.regions))

    def took(self, queue: Queue, pool: PoolName) -> None:
        """A seat of a pool is rung for a caller of a queue; it is about to be."""
        for number, turn in enumerate(queue.plan.turns):
            together = [use.pool for use in turn if use.pool in queue.opened]
            if len(together) > 1 and pool in together:
                lane = queue.plan.lane
                able = [one for one in together if not refusal(self._pools[one], lane, is_overflow=number > 0)]
                self._share.took(queue.plan.name, pool, able)

    def refresh(self) -> None:
        """Look which pools take part. Costs nothing while nothing can be different."""
        if self._at_work.look() | self._health.look():
            for queue in self._queues.values():
                self._open(queue)

    def replan(self, plan: Plan) -> None:
        """Go by other plans of queues. What is open stays open where the new plan has a condition as well."""
        wanted = {name: _conditions(queue) for name, queue in self._queues.items()}
        for name, gates in list(self._gates.items()):
            for pool in [pool for pool in gates if pool not in wanted.get(name, {})]:
                gate = gates.pop(pool)
                if gate.is_open:
                    self._tell(name, gate, "it has no condition any more, or is gone")
            if not gates:
                del self._gates[name]
        for name, conditions in wanted.items():
            for pool, (use, before) in conditions.items():
                gate = self._gates.setdefault(name, {}).setdefault(pool, Gate(use, before))
                gate.use, gate.before = use, before
        self._regional = any(pool.plan.regions for pool in self._pools.values())
        self._at_work.replan(plan)  # looked at when callers are offered next: a new engine does not know the time yet
        for queue in self._queues.values():
            self._open(queue)

    def look(self) -> bool:
        """Open and close by what is true now. True if a pool has been opened, so that somebody may be offered now."""
        has_opened = False
        due: list[float] = []
        for name, gates in self._gates.items():
            queue, turned = self._queues[name], []
            for gate in gates.values():
                load = self._load(queue, gate)
                why = gate.judge(load, self._out.now)
                if why is not None:
                    self._tell(name, gate, why)
                    turned.append(gate)
                moment = gate.due(load, self._out.now)
                due += [] if moment is None else [moment]
            if turned:
                self._open(queue)
                has_opened |= any(gate.is_open for gate in turned)
        self._look_again(min(due, default=None))
        return has_opened

    def _open(self, queue: Queue) -> None:
        closed = {name for name, gate in self._gates.get(queue.plan.name, _NONE).items() if not gate.is_open}
        queue.opened = tuple(
            name
            for name in queue.plan.pools
            if name not in closed and not self._pools[name].shut and not self._health.is_skipped(name)
        )

    def _load(self, queue: Queue, gate: Gate) -> Load:
        before = [self._pools[name] for name in gate.before if name in self._pools]
        on_duty = sum(pool.on_duty for pool in before)
        return Load(
            waiting=queue.on_the_line,
            since=queue.figures(self._out.now).oldest_since,
            estimate=self._estimate(queue, gate.before) if gate.use.when and gate.use.when.estimate else None,
            occupancy=100.0 * sum(pool.busy for pool in before) / on_duty if on_duty else 100.0,
            deserted=all(pool.is_deserted or self._health.is_failing(pool.plan.name) for pool in before),
        )

    def _estimate(self, queue: Queue, before: tuple[PoolName, ...]) -> float | None:
        """As if only the pools before were open: else it would get better by the overflow, and end it."""
        opened, queue.opened = queue.opened, before
        found = expected_wait(queue, None, self._queues.values(), self._pools, self._out.now)
        queue.opened = opened
        return None if found is None else found.mean

    def _look_again(self, moment: float | None) -> None:
        """A timer that runs out too early only costs a look; so it is left alone unless it would be too late."""
        if moment is None or (self._timer in self._out.timers and self._due <= moment):
            return
        self._out.cancel(self._timer)
        self._due = moment
        self._timer = self._out.start_timer(moment - self._out.now, PoolsDue())

    def _tell(self, queue: QueueName, gate: Gate, why: str) -> None:
        is_open = gate.is_open and gate is self._gates.get(queue, _NONE).get(gate.use.pool)
        self._out.tell(OverflowChanged(queue, gate.use.pool, self._out.now, is_open, why))


@lru_cache(10_000)
def _is_of(region: str, places: tuple[str, ...]) -> bool:
    return any(regions.is_within(region, place) for place in places)


def _conditions(queue: Queue) -> dict[PoolName, tuple[PoolUse, tuple[PoolName, ...]]]:
    """The pools of a queue that are not always open, and those before each."""
    turns = queue.plan.turns
    return {
        use.pool: (use, names_in(turns[:number]))
        for number, turn in enumerate(turns)
        for use in turn
        if use.when is not None
    }
