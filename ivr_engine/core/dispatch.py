"""This file decides which seat rings for whom and when two people are joined. It does not know the dialplan's steps.

A seat is free again only when its line has ended (LegEnded): what we ordered is not what has happened.
"""

from ivr_engine.core.call import Call, CallState, CallTrigger
from ivr_engine.core.ivr import Ivr
from ivr_engine.core.offer import Offer
from ivr_engine.core.outbox import OfferExpires, Outbox
from ivr_engine.core.plan import Plan
from ivr_engine.core.router import next_offer
from ivr_engine.core.saves import Saves
from ivr_engine.core.seat import Seat, SeatState, SeatTrigger, outside_seat
from ivr_engine.core.seats import Seats
from ivr_engine.core.waiting import Waiting
from ivr_engine.dialplan.hotline import QueuePlan
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.commands import DropBridge, HangUpCall, HangUpLeg, Join, RingSeat
from ivr_engine.model.ids import BridgeId, LegId, PoolName, QueueName, StepName, call_of
from ivr_engine.model.notices import Connected, KeyPressed, Offered, OfferEnded, Queued, Ringing, Transferred
from ivr_engine.model.saved import Talk
from ivr_engine.nodes._node import Endings, JoinQueue, Transfer

# The core ends an unanswered offer itself; Asterisk's own limit is only for the case that nobody is left to do so.
SAFETY_SECONDS = 10.0


class Dispatch:
    """Queues, offers and conversations."""

    def __init__(self, out: Outbox, ivr: Ivr, seats: Seats) -> None:
        self._out = out
        self._ivr = ivr
        self.seats = seats
        self.waiting = Waiting(out, ivr, seats)
        self.queues = self.waiting.queues
        self.offers: dict[LegId, Offer] = {}
        self.saves = Saves(self._seat_of)
        self._departures: list[tuple[Call, StepName]] = []

    def replan(self, plan: Plan) -> None:
        """Go by another plan of pools, seats and queues. Everybody keeps his place; nobody is in a queue it lacks."""
        self.seats.replan(plan)
        self.waiting.replan(plan)

    # --- the caller -----------------------------------------------------------------------------------------

    def enqueue(self, call: Call, wish: JoinQueue) -> None:
        """Put a caller in a queue, in the place of his first enqueue time."""
        queue = wish.queue
        call.happens(CallTrigger.QUEUE)
        call.tag(*wish.tags)
        call.priority = wish.priority
        since = self._out.now if call.enqueued_at is None else call.enqueued_at
        call.queued_at = self._out.now
        self.waiting.join(call, queue, since)
        self.waiting.mind_endings(call, wish.endings)
        self._out.tell(Queued(call.id, self._out.now, queue, self.queues[queue].ahead_of(call)))
        self.fill_seats()
        self.waiting.greet(call, self.queues[queue].plan.greeting)
        self.saves.add(call)

    def waited_too_long(self, call: Call) -> None:
        """His time in this queue is over. If a seat rings for him now, that may still take him (`lost_his_seat`)."""
        call.patience = None
        if call.state is CallState.WAITING:
            self._depart(call, call.endings.too_long)

    def pressed(self, call: Call, digit: str) -> None:
        """A waiting caller pressed a key. Once a seat has answered him it means nothing."""
        step = call.endings.keys.get(digit)
        if step is not None and call.step is not None and call.state in (CallState.WAITING, CallState.OFFERED):
            call.keys += digit
            self._out.tell(KeyPressed(call.id, self._out.now, call.step, understood=True))
            self._depart(call, step)

    def departures(self) -> list[tuple[Call, StepName]]:
        """Callers who have left their queue or their talk, and the steps they go on at."""
        departures, self._departures = self._departures, []
        return departures

    def departs(self, call: Call) -> bool:
        """Whether a caller has left his queue or his talk, and goes on when this decision is complete."""
        return any(call is leaving for leaving, _ in self._departures)

    def leave_deserted_queues(self) -> None:
        """Who waits where nobody can come any more goes where his step says."""
        for call in list(self.waiting.in_vain()):
            self._depart(call, call.endings.no_seats)

    def _depart(self, call: Call, step: StepName | None) -> None:
        """Take a caller out of everything he is in, but not off his line."""
        if step is None:
            return
        self._take_out(call)
        self.waiting.stop_comforting(call)
        call.happens(CallTrigger.GO_ON)
        call.transfer = None
        call.endings = Endings()
        self._departures.append((call, step))

    def prompt_ended(self, call: Call) -> None:
        """A waiting caller has heard what he was told; or he is silent now and can be joined."""
        if call.state is CallState.JOINING:
            if call.bridge is None:  # else they are being joined already: another bridge would be built, and forgotten
                self._join_when_silent(call)
        elif not call.sounding:
            self.waiting.comfort(call)

    def caller_left(self, call: Call) -> None:
        """Forget a caller whose line is gone. His seat is free when its own line has ended."""
        self._take_out(call)
        self.saves.forget(call)

    def _take_out(self, call: Call) -> None:
        self.waiting.leave(call)
        offer = self.offers.get(call.leg) if call.leg else None
        if offer is not None:
            self.withdraw(offer)
        self._drop_bridge(call)
        call.leg = None

    # --- offers ---------------------------------------------------------------------------------------------

    def fill_seats(self) -> None:
        """Ring every ready seat for which somebody waits."""
        while not self.waiting.paused:
            found = next_offer(self.queues.values(), self.seats.pools)
            if found is None:
                return
            self._offer(*found)

    def _offer(self, call: Call, queue: QueuePlan, seat: Seat) -> None:
        call.happens(CallTrigger.OFFER)
        call.offers += 1
        overflow = seat.pool != queue.pools[0]
        self._out.tell(Offered(call.id, self._out.now, queue.name, seat.pool, seat.id, overflow))
        self._ring(call, seat, queue, self.seats.pools[seat.pool].plan.answer_within)

    def _ring(self, call: Call, seat: Seat, queue: QueuePlan | None, within: float) -> None:
        leg = call.mint.leg()
        self.seats.happens(seat, SeatTrigger.RING)
        call.leg = seat.leg = leg
        timer = self._out.start_timer(within, OfferExpires(leg))
        self.offers[leg] = Offer(leg, seat, queue, call, timer)
        self._out.send(RingSeat(call.id, leg, seat.to, call.caller, within + SAFETY_SECONDS))

    def ringing(self, leg: LegId) -> None:
        """The seat's phone rings."""
        offer = self.offers.get(leg)
        if offer is None or offer.call is None or offer.queue is None:
            return
        call = offer.call
        first = call.offers == 1 and call.enqueued_at is not None
        since = self._out.now - call.enqueued_at if first and call.enqueued_at is not None else None
        self._out.tell(Ringing(call.id, self._out.now, offer.seat.id, since))

    def answered(self, leg: LegId) -> None:
        """The seat picked up: join, or hang up on it when its caller is gone or has been promised to another."""
        offer = self.offers.get(leg)
        if offer is None:
            self._out.send(HangUpLeg(call_of(leg), leg))  # nobody waits for it any more
            return
        if offer.seat.state is not SeatState.RINGING:
            return
        self._out.cancel(offer.timer)
        self.seats.happens(offer.seat, SeatTrigger.PICKED_UP)
        if offer.call is None or offer.expired:
            # The answer crossed our HangUpLeg. Joined all the same, the caller would lose his call with that line.
            self.end_again(offer)
            return
        offer.call.happens(CallTrigger.PICKED_UP)
        self._join_when_silent(offer.call)

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

    def leg_ended(self, leg: LegId, cause: LegEnd, *, unseen: bool = False) -> None:
        """A seat's line is gone: rest the seat, and see what becomes of the caller.

        `unseen`: it is only not there, and the order that opens it may still be on its way.
        """
        offer = self.offers.pop(leg, None)
        if offer is None:
            return
        self._out.cancel(offer.timer)
        cause = LegEnd.NO_ANSWER if offer.expired else cause
        talked = offer.seat.state is SeatState.TALKING
        in_vain = unseen or (offer.call is not None and offer.call.state is not CallState.TALKING)
        wrap_up = offer.queue.wrap_up if offer.queue and talked else 0.0
        self.seats.free(offer.seat, wrap_up, in_vain=in_vain, missed=offer.is_missed_by(cause))
        if offer.call is not None:
            offer.call.leg = None
            self._drop_bridge(offer.call)
            if offer.call.transfer is not None:
                self._lost_somebody_outside(offer.call, offer.call.transfer, unseen=unseen)
            else:
                self.lost_his_seat(offer.call, offer.seat, cause)

    def lost_his_seat(self, call: Call, seat: Seat, cause: LegEnd) -> None:
        """See what becomes of a caller whose seat is no longer his."""
        if call.state is CallState.TALKING and call.endings.answered is not None:
            self._depart(call, call.endings.answered)
            call.enqueued_at = None  # should he come to a queue again, that is another wait
        elif call.state is CallState.TALKING:
            self.hang_up(call)
        elif call.state in (CallState.OFFERED, CallState.JOINING):
            call.happens(CallTrigger.OFFER_ENDED)
            call.tried.add(seat.id)
            self._out.tell(OfferEnded(call.id, self._out.now, seat.id, cause))
            if self.waiting.is_overdue(call):  # else the next seat would ring at once, and so on while none answers
                self._depart(call, call.endings.too_long)
            elif not call.sounding:
                self.waiting.comfort(call)

    # --- somebody outside -----------------------------------------------------------------------------------

    def transfer(self, call: Call, wish: Transfer) -> None:
        """Ring somebody outside for a caller, who hears the greeting meanwhile, then music."""
        self._ring_outside(call, wish)
        self.waiting.greet(call, wish.greeting)
        self.saves.add(call)

    def _ring_outside(self, call: Call, wish: Transfer) -> None:
        plan = call.flow.facilities.destinations[wish.destination]
        call.happens(CallTrigger.TRANSFER)
        call.transfer = wish
        call.transfers += 1
        self._ring(call, outside_seat(plan.name, PoolName(plan.trunk), plan.number), None, plan.answer_within)

    def _lost_somebody_outside(self, call: Call, wish: Transfer, *, unseen: bool) -> None:
        if call.state is CallState.TALKING and wish.ended is None:
            self.hang_up(call)
        elif call.state is CallState.TALKING:
            self._depart(call, wish.ended)
        elif unseen:  # perhaps he was never rung
            call.happens(CallTrigger.GO_ON)
            self._ring_outside(call, wish)
        elif call.state is not CallState.LEAVING:
            self._out.tell(Transferred(call.id, self._out.now, wish.destination, ok=False))
            self._depart(call, wish.failed)

    # --- conversations --------------------------------------------------------------------------------------

    def _join_when_silent(self, call: Call) -> None:
        # Putting a channel that plays a prompt into a bridge blocks Asterisk until the prompt ends.
        if call.sounding:
            self._ivr.hush(call)
            return
        self.waiting.stop_comforting(call)
        assert call.leg is not None
        call.bridge = call.mint.bridge()
        self._out.send(Join(call.id, call.leg, call.bridge))

    def join_again(self, call: Call) -> None:
        """Join them anew, when it is not known what became of the first try."""
        self._drop_bridge(call)
        self._join_when_silent(call)

    def joined(self, call: Call, bridge: BridgeId) -> None:
        """Caller and agent hear each other."""
        offer = self.offers.get(call.leg) if call.leg else None
        if call.bridge != bridge or call.state is not CallState.JOINING or offer is None:
            return  # that bridge has been given up meanwhile
        call.happens(CallTrigger.JOINED)
        if offer.queue is not None:
            if offer.seat.pool != offer.queue.pools[0]:
                call.tag(*call.endings.overflowed)
            self._talk(call, offer.queue.name, offer.seat)
        elif call.transfer is not None:
            call.transferred_at = self._out.now
            self._out.tell(Transferred(call.id, self._out.now, call.transfer.destination, ok=True))
        self.saves.add(call)

    def _talk(self, call: Call, queue: QueueName, seat: Seat) -> None:
        self.waiting.leave(call)
        since = self._out.now if call.enqueued_at is None else call.enqueued_at
        call.talk = Talk(queue, since, self._out.now, seat.pool, seat.id)
        self._out.tell(Connected(call.id, self._out.now, queue, seat.pool, seat.id, self._out.now - since))

    def join_failed(self, call: Call, bridge: BridgeId) -> None:
        """They could not be joined: the seat's line is ended, the caller keeps his place."""
        if call.bridge == bridge and call.state is CallState.JOINING and call.leg is not None:
            self._out.send(HangUpLeg(call.id, call.leg))

    def hang_up(self, call: Call) -> None:
        """Order the end of the caller's line."""
        if call.state is not CallState.LEAVING:
            call.happens(CallTrigger.HANG_UP)
            self._out.send(HangUpCall(call.id))

    def _seat_of(self, call: Call) -> Seat | None:
        offer = self.offers.get(call.leg) if call.leg else None
        return offer.seat if offer else None

    def withdraw(self, offer: Offer) -> None:
        """Stop ringing a seat for its caller."""
        self._out.cancel(offer.timer)
        offer.timer = None
        offer.call = None
        self._out.send(HangUpLeg(offer.of, offer.leg))

    def _drop_bridge(self, call: Call) -> None:
        if call.bridge is not None:
            self._out.send(DropBridge(call.id, call.bridge))
            call.bridge = None
