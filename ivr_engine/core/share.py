"""This file decides which of the pools that are tried as one is tried first. It does not know why they are.

The one of least cost. Among those that cost the same each gets its weight in calls, spread evenly: every call adds its
weight to each pool that could have taken it, and costs the pool that takes it the sum (smooth weighted round robin).
"""

from collections.abc import Collection, Mapping, Sequence

from ivr_engine.core.pool import Pool
from ivr_engine.dialplan.pools import PoolPlan
from ivr_engine.model.ids import PoolName, QueueName


class Share:
    """What pools tried as one have had of a queue's calls."""

    def __init__(self, pools: Mapping[PoolName, Pool]) -> None:
        self._pools = pools
        self._due: dict[tuple[QueueName, PoolName], int] = {}  # what each has a right to

    def in_order(self, queue: QueueName, together: Sequence[PoolName]) -> Sequence[PoolName]:
        """Pools that are tried as one, the first to be tried first."""
        if len(together) == 1:
            return together
        return sorted(together, key=lambda name: (self._plan(name).cost, -self._claim(queue, name)))

    def took(self, queue: QueueName, pool: PoolName, together: Collection[PoolName]) -> None:
        """One of those that could take a call of a queue took it."""
        equal = [name for name in together if self._plan(name).cost == self._plan(pool).cost]
        if len(equal) < 2:
            return
        for name in equal:
            self._due[queue, name] = self._claim(queue, name)
        self._due[queue, pool] -= sum(self._plan(name).weight for name in equal)

    def _claim(self, queue: QueueName, pool: PoolName) -> int:
        return self._due.get((queue, pool), 0) + self._plan(pool).weight

    def _plan(self, name: PoolName) -> PoolPlan:
        return self._pools[name].plan
