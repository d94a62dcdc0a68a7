"""This file decides which pools' seats may be rung for a queue's callers now. It does not know who they are."""

from collections.abc import Sequence

from ivr_engine.core.queue import Queue
from ivr_engine.model.ids import PoolName


class Overflow:
    """Which pools are open to which queues. Asked for every decision."""

    def open_to(self, queue: Queue) -> Sequence[PoolName]:
        """The pools whose seats may be rung for its callers, in the order in which they are tried."""
        return queue.plan.pools
