"""This file decides which caller is offered to which seat next. It does not know what an offer sets in motion."""

from collections.abc import Mapping, Sequence

from ivr_engine.core.call import Call
from ivr_engine.core.overflow import Overflow
from ivr_engine.core.pool import Pool
from ivr_engine.core.queue import Queue
from ivr_engine.core.seat import Seat
from ivr_engine.dialplan.hotline import QueuePlan
from ivr_engine.model.ids import PoolName, QueueName


class Router:
    """Brings who waits in `queues` together with who is ready in `pools`."""

    def __init__(self, queues: Mapping[QueueName, Queue], pools: Mapping[PoolName, Pool]) -> None:
        self._queues = queues
        self._pools = pools
        self.overflow = Overflow()

    def next_offer(self) -> tuple[Call, QueuePlan, Seat] | None:
        """The caller of highest priority (his queue's and his own), then of longest wait, for whom a seat is ready.

        And the plan of his queue, and that seat.
        """
        best: tuple[tuple[float, float], Call, QueuePlan, Seat] | None = None
        for queue in self._queues.values():
            pools = self.overflow.open_to(queue)
            if not any(self._pools[name].has_ready for name in pools):
                continue  # as nearly always while many wait: nobody has to look through them
            call = queue.next_caller()
            seat = self._seat_for(call, pools) if call is not None else None
            if seat is None or call is None:
                continue
            rank = (-queue.plan.priority - call.priority, call.enqueued_at or 0.0)
            if best is None or rank < best[0]:
                best = (rank, call, queue.plan, seat)
        return best[1:] if best else None

    def _seat_for(self, call: Call, pools: Sequence[PoolName]) -> Seat | None:
        """The longest idle seat of the first of these pools that has one: the later pools are the overflow.

        Seats that were rung for him in vain come last: who sits among phones nobody answers must not keep his call.
        """
        for but in (call.tried, ()) if call.tried else ((),):
            for name in pools:
                seat = self._pools[name].longest_idle(but)
                if seat is not None:
                    return seat
        return None
