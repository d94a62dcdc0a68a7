"""This file decides how a line to a seat lives, from its ring to its end. It does not know who is rung, or why.

A seat is free again only when its line has ended (LegEnded): what we ordered is not what has happened.
"""

from ivr_engine.core.call import Call
from ivr_engine.core.offer import Offer, Role, Stage
from ivr_engine.core.outbox import OfferExpires, Outbox
from ivr_engine.core.screen import shown_of
from ivr_engine.core.seat import Seat, SeatState, SeatTrigger
from ivr_engine.core.seats import Seats
from ivr_engine.dialplan.hotline import QueuePlan
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.commands import HangUpLeg, RingSeat
from ivr_engine.model.ids import LegId, call_of
from ivr_engine.model.notices import CallShown, Ringing

# The core ends an unanswered offer itself; Asterisk's own limit is only for the case that nobody is left to do so.
SAFETY_SECONDS = 10.0


class Offering:
    """Every line to a seat that is open, or was ordered."""

    def __init__(self, out: Outbox, seats: Seats) -> None:
        self._out = out
        self._seats = seats
        self.offers: dict[LegId, Offer] = {}

    def ring_beside(self, call: Call, seat: Seat, queue: QueuePlan, within: float) -> Offer:
        """Open one more line for a caller for whom a seat rings already: who takes him first has him."""
        first = call.leg
        offer = self.ring(call, seat, queue, within)
        call.leg = first
        call.beside.append(offer.leg)
        return offer

    def ring(self, call: Call, seat: Seat, queue: QueuePlan | None, within: float, role: Role = Role.TAKES) -> Offer:
        """Open a line to a seat for a caller; it may ring for so many seconds."""
        leg = call.mint.leg()
        seat.lane = queue.lane if queue else ""
        self._seats.happens(seat, SeatTrigger.RING)
        seat.leg = leg
        if role is Role.TAKES:
            call.leg = leg
        offer = Offer(leg, seat, queue, call, self._out.start_timer(within, OfferExpires(leg)), role=role)
        offer.is_first = call.offers == 1
        offer.confirm = self._seats.pools[seat.pool].plan.confirm if seat.pool in self._seats.pools else None
        self.offers[leg] = offer
        self._seats.health.rung(seat)
        self.show(offer, call)
        self._out.send(RingSeat(call.id, leg, seat.to, call.caller, within + SAFETY_SECONDS, call.drill))
        return offer

    def show(self, offer: Offer, call: Call) -> None:
        """Let an agent see whom he is rung for, or talks to."""
        if offer.seat.is_agent and offer.queue is not None:
            offer.is_shown = True
            shown = shown_of(call, offer.queue, offer.seat, self._out.now)
            self._out.tell(CallShown(offer.seat.id, self._out.now, shown))

    def ringing(self, leg: LegId) -> None:
        """The seat's phone rings."""
        offer = self.offers.get(leg)
        if offer is not None:
            self._seats.health.works(offer.seat)
        if offer is None or offer.call is None or offer.queue is None or offer.role is not Role.TAKES:
            return
        call = offer.call
        first = offer.is_first and call.enqueued_at is not None
        since = self._out.now - call.enqueued_at if first and call.enqueued_at is not None else None
        self._out.tell(Ringing(call.id, self._out.now, offer.seat.id, since))

    def answered(self, leg: LegId) -> tuple[Offer, Call] | None:
        """The seat picked up for this caller; None when he is gone or has been promised to another: it is hung up."""
        offer = self.offers.get(leg)
        if offer is None:
            self._out.send(HangUpLeg(call_of(leg), leg))  # nobody waits for it any more
            return None
        if offer.seat.state is not SeatState.RINGING:
            return None
        self._seats.health.works(offer.seat)
        if offer.call is None or offer.expired:
            # The answer crossed our HangUpLeg. Joined all the same, the caller would lose his call with that line.
            if offer.confirm is None:
                self.picked_up(offer)
            self.end_again(offer)
            return None
        return offer, offer.call

    def picked_up(self, offer: Offer) -> None:
        """A person is there."""
        self._out.cancel(offer.timer)
        offer.timer = None
        self._seats.happens(offer.seat, SeatTrigger.PICKED_UP)

    def taken(self, offer: Offer, call: Call) -> None:
        """This one has his caller: all others that ring for him are let be."""
        if offer.role is not Role.TAKES:
            return
        others = [leg for leg in (call.leg, *call.beside) if leg and leg != offer.leg]
        call.leg, call.beside = offer.leg, []
        for leg in others:
            self.withdraw(self.offers[leg])

    def another_rings(self, call: Call, leg: LegId) -> bool:
        """A line that rang for a caller is gone: whether others still do."""
        if leg in call.beside:
            call.beside.remove(leg)
            return True
        if call.leg != leg or not call.beside:
            return False
        call.leg = call.beside.pop(0)
        return True

    def let_be(self, call: Call) -> None:
        """End every line that was opened so that somebody takes this caller, or that of whom he talks to."""
        legs, call.leg, call.beside = (call.leg, *call.beside), None, []
        for leg in legs:
            if leg in self.offers:
                self.withdraw(self.offers[leg])

    def expired(self, leg: LegId) -> None:
        """The seat did not answer in time. The caller is offered again when its line has ended."""
        offer = self.offers.get(leg)
        if offer is not None and offer.seat.state is SeatState.RINGING:
            offer.timer = None
            offer.expired = True
            self._out.send(HangUpLeg(offer.of, leg))

    def end_again(self, offer: Offer) -> None:
        """Order a line's end once more, when it is not known what became of the first order."""
        self._out.send(HangUpLeg(offer.of, offer.leg))

    def withdraw(self, offer: Offer) -> None:
        """Stop ringing a seat for its caller."""
        self._out.cancel(offer.timer)
        offer.timer = None
        offer.call = None
        self._out.send(HangUpLeg(offer.of, offer.leg))

    def ended(self, leg: LegId, cause: LegEnd, *, in_vain: bool) -> tuple[Offer, LegEnd] | None:
        """A seat's line is gone: let the seat rest. Returns its offer and why it really ended; None if it was none.

        `in_vain`: its caller needs another one.
        """
        offer = self.offers.pop(leg, None)
        if offer is None:
            return None
        self._out.cancel(offer.timer)
        if offer.is_shown:
            self._out.tell(CallShown(offer.seat.id, self._out.now, None))
        cause = LegEnd.NO_ANSWER if offer.expired else cause
        talked = offer.seat.state is SeatState.TALKING and offer.stage is Stage.TAKEN
        if not talked:
            self._seats.health.ended(offer.seat, cause, is_ours=offer.call is None or offer.expired)
        wrap_up = offer.queue.wrap_up if offer.queue and talked else 0.0
        self._seats.free(offer.seat, wrap_up, in_vain=in_vain, missed=offer.is_missed_by(cause))
        return offer, cause
