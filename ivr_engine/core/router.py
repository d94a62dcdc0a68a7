"""This file decides which caller is offered to which seat next. It does not know what an offer sets in motion."""

from collections.abc import Mapping, Sequence

from ivr_engine.core.call import Call
from ivr_engine.core.overflow import Overflow
from ivr_engine.core.pool import Pool
from ivr_engine.core.queue import Queue, Rank, Wants
from ivr_engine.core.seat import Seat, SeatState
from ivr_engine.dialplan.hotline import QueuePlan
from ivr_engine.model.ids import PoolName, QueueName, SeatId
from ivr_engine.model.skills import Skills

Offerable = tuple[Call, QueuePlan, Seat]


class Router:
    """Brings who waits in `queues` together with who is ready in `pools`."""

    def __init__(self, queues: Mapping[QueueName, Queue], pools: Mapping[PoolName, Pool], overflow: Overflow) -> None:
        self._queues = queues
        self._pools = pools
        self.overflow = overflow

    def next_offer(self) -> Offerable | None:
        """The caller of lowest rank for whom a seat is ready, the plan of his queue, and that seat.

        Who waits for one agent alone goes before all others of his priority there: else they would always be first.
        """
        best: tuple[Rank, Offerable] | None = None
        own: tuple[Rank, Offerable] | None = None
        for queue in self._queues.values():
            if not len(queue) or not any(self._pools[name].ready for name in queue.opened):
                continue  # as nearly always while many wait: nobody has to look further
            pools = [self._pools[name] for name in self.overflow.open_to(queue)]
            for wants in queue.lines if pools else ():
                found = self._offer(queue, wants, pools)
                if found is None:
                    continue
                if wants.agent is None:
                    best = found if best is None or found[0] < best[0] else best
                else:
                    own = found if own is None or found[0] < own[0] else own
        if own is not None and (best is None or self._priority(own[1]) >= self._priority(best[1])):
            return own[1]
        return best[1] if best else None

    def another_seat(self, call: Call, queue: Queue) -> Seat | None:
        """One more seat for a caller for whom one rings already; none that was rung for him in vain."""
        wants = queue.wants_of(call)
        pools = [self._pools[name] for name in self.overflow.open_to(queue)] if wants.agent is None else []
        in_order = self.overflow.for_region(call.region, pools)
        places = (pool.able(wants.needs).first(queue.plan.ring, call.tried) for pool in in_order)
        return next((place[-1] for place in places if place is not None), None)

    def _offer(self, queue: Queue, wants: Wants, pools: Sequence[Pool]) -> tuple[Rank, Offerable] | None:
        """What the first of a line could be offered."""
        if wants.agent is not None:
            seat = _ready(wants.agent, pools)
            call = queue.first(wants) if seat else None
        else:
            able = any(pool.able(wants.needs).ready for pool in pools)
            call = queue.first(wants) if able else None
            seat = self._seat_for(call, queue, wants.needs, pools) if call else None
        return (queue.rank_of(call), (call, queue.plan, seat)) if call and seat else None

    def _seat_for(self, call: Call, queue: Queue, needs: Skills, pools: Sequence[Pool]) -> Seat | None:
        """A seat of the first of these pools that has one for him: the later pools are the overflow.

        Seats that were rung for him in vain come last: who sits among phones nobody answers must not keep his call.
        """
        in_order = self.overflow.for_region(call.region, pools)
        for but in (call.tried, ()) if call.tried else ((),):
            for pool in in_order:
                place = pool.able(needs).first(queue.plan.ring, but)
                if place is not None:
                    return place[-1]
        return None

    @staticmethod
    def _priority(offer: Offerable) -> int:
        return offer[1].priority + offer[0].priority


def _ready(agent: SeatId, pools: Sequence[Pool]) -> Seat | None:
    seats = (pool.seats.get(agent) for pool in pools)
    return next((seat for seat in seats if seat is not None and seat.state is SeatState.READY), None)
