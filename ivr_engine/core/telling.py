"""This file decides what is told of pools, agents and queues after a decision. It does not know who listens."""

from ivr_engine.core.dispatch import Dispatch
from ivr_engine.core.outbox import Outbox
from ivr_engine.core.wait_estimate import expected_wait


def tell_changes(out: Outbox, dispatch: Dispatch) -> None:
    """Tell the figures of all that is different since they were last told."""
    pools, queues = dispatch.seats.pools, dispatch.queues.values()
    for pool in pools.values():
        if pool.changed:
            pool.changed = False
            out.tell(pool.figures(out.now))
    dispatch.seats.tell_agents()
    for queue in [queue for queue in queues if queue.changed]:
        queue.changed = False
        queue.look(out.now)
        wait = expected_wait(queue, None, queues, pools, out.now)
        out.tell(queue.figures(out.now, round(wait.mean, 1) if wait else None))
