"""This file decides that every ready seat rings for which somebody waits. It does not know whose turn it is.

A queue may ring several seats at once for one caller. As many as it says, and are ready, ring from the beginning; later
ones join them only when nobody else could have them.
"""

from ivr_engine.core.call import Call, CallState, CallTrigger
from ivr_engine.core.offer import Stage
from ivr_engine.core.offering import Offering
from ivr_engine.core.outbox import Outbox
from ivr_engine.core.overflow import Overflow
from ivr_engine.core.router import Router
from ivr_engine.core.seat import Seat
from ivr_engine.core.seats import Seats
from ivr_engine.core.waiting import Waiting
from ivr_engine.dialplan.hotline import QueuePlan
from ivr_engine.model.notices import Offered

STILL_OPEN = (Stage.RUNG, Stage.ASKED)


class Filling:
    """Brings callers and seats together."""

    def __init__(self, out: Outbox, waiting: Waiting, seats: Seats, offering: Offering, overflow: Overflow) -> None:
        self._out = out
        self._seats = seats
        self._waiting = waiting
        self._offering = offering
        self._overflow = overflow
        self.router = Router(waiting.queues, seats.pools, overflow)
        self._several: set[Call] = set()  # for whom more seats may ring at once

    def fill_seats(self) -> None:
        """Ring every ready seat for which somebody waits."""
        while not self._waiting.paused:
            self._overflow.refresh()
            found = self.router.next_offer()
            if found is not None:
                self.offer_to(*found)
                self._ring_more(found[0])
            elif not self._overflow.look():
                break
        for call in self._open_for_more():
            self._ring_more(call)

    def offer_to(self, call: Call, queue: QueuePlan, seat: Seat, *, directed: bool = False) -> None:
        """Ring a seat for a caller who waits. `directed`: an agent has chosen it."""
        call.happens(CallTrigger.OFFER)
        self._tell_offered(call, queue, seat, directed=directed)
        self._offering.ring(call, seat, queue, self._within(seat)).directed = directed

    def _open_for_more(self) -> list[Call]:
        """Callers for whom seats ring, and none is theirs yet; who waits longest first."""
        if self._waiting.paused or not self._several:
            return []
        self._several = {call for call in self._several if self._is_open(call)}
        return sorted(self._several, key=lambda call: (call.enqueued_at or 0.0, call.id))

    def _ring_more(self, call: Call) -> None:
        queue = self._waiting.queues[call.queue] if call.queue else None
        if queue is None or queue.plan.ring_several == 1 or not self._is_open(call):
            return
        self._several.add(call)
        # Who has waited too long is not kept by ever more phones: those that ring are the last.
        while len(call.beside) + 1 < queue.plan.ring_several and not self._waiting.is_overdue(call):
            seat = self.router.another_seat(call, queue)
            if seat is None:
                return
            self._tell_offered(call, queue.plan, seat, directed=False)
            self._offering.ring_beside(call, seat, queue.plan, self._within(seat))

    def _is_open(self, call: Call) -> bool:
        if call.state is not CallState.OFFERED or call.transfer is not None or call.queue not in self._waiting.queues:
            return False
        offer = self._offering.offers.get(call.leg) if call.leg else None
        return offer is not None and not offer.directed and offer.stage in STILL_OPEN

    def _tell_offered(self, call: Call, queue: QueuePlan, seat: Seat, *, directed: bool) -> None:
        call.offers += 1
        if not directed:
            self._overflow.took(self._waiting.queues[queue.name], seat.pool)
        overflow = queue.is_overflow(seat.pool)
        self._out.tell(Offered(call.id, self._out.now, queue.name, seat.pool, seat.id, overflow, directed))

    def _within(self, seat: Seat) -> float:
        return self._seats.pools[seat.pool].plan.answer_within
