"""This file decides what becomes of a caller who wants a person. It does not know the dialplan's steps.

How a line to a seat lives is decided in offering.py, how people are joined in talks.py.
"""

from collections.abc import Callable

import msgspec

from ivr_engine.core.accepting import Accepting
from ivr_engine.core.call import Call, CallState, CallTrigger
from ivr_engine.core.company import Company
from ivr_engine.core.filling import Filling
from ivr_engine.core.ivr import Ivr
from ivr_engine.core.offer import Offer, Role
from ivr_engine.core.offering import Offering
from ivr_engine.core.outbox import AnnouncementDue, ContentWithLess, OfWaiting, Outbox, WaitedTooLong
from ivr_engine.core.overflow import Overflow
from ivr_engine.core.plan import Plan
from ivr_engine.core.seat import Seat, outside_seat
from ivr_engine.core.seats import Seats
from ivr_engine.core.talks import Talks
from ivr_engine.core.waiting import Waiting
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.commands import HangUpCall
from ivr_engine.model.ids import LegId, PoolName, QueueName, StepName
from ivr_engine.model.notices import KeyPressed, OfferEnded, Queued, Transferred
from ivr_engine.nodes._node import Endings, JoinQueue, Transfer


class Dispatch:
    """Queues, offers and conversations."""

    def __init__(self, out: Outbox, ivr: Ivr, seats: Seats) -> None:
        self._out = out
        self._ivr = ivr
        self.seats = seats
        self.waiting = Waiting(out, ivr, seats)
        self.queues = self.waiting.queues
        self.overflow = Overflow(out, self.queues, seats.pools, seats.health)
        self.offering = Offering(out, seats)
        self.filling = Filling(out, self.waiting, seats, self.offering, self.overflow)
        self.offers = self.offering.offers
        self.accepting = Accepting(out, self.offering, self._accepted)
        self.talks = Talks(out, ivr, self.waiting, self.offers)
        self.saves = self.talks.saves
        self.company = Company(out, self.offering, self.saves)
        self.call_out: Callable[[Call], None] = self.hang_up  # rings one who is to be called back
        self._departures: list[tuple[Call, StepName]] = []

    def replan(self, plan: Plan) -> None:
        """Go by another plan of pools, seats and queues. Everybody keeps his place; nobody is in a queue it lacks."""
        self.seats.replan(plan)
        self.waiting.replan(plan)
        self.overflow.replan(plan)

    # --- the caller -----------------------------------------------------------------------------------------

    def enqueue(self, call: Call, wish: JoinQueue) -> None:
        """Put a caller in a queue, in the place of his first enqueue time."""
        queue = wish.queue
        call.happens(CallTrigger.QUEUE)
        call.tag(*wish.tags)
        call.priority, call.needs, call.sorted_from = wish.priority, wish.needs, ()
        since = self._out.now if call.enqueued_at is None else call.enqueued_at
        call.queued_at = self._out.now
        self.waiting.join(call, queue, since)
        self.waiting.mind_endings(call, wish.endings)
        self._out.tell(Queued(call.id, self._out.now, queue, self.queues[queue].ahead_of(call)))
        self.filling.fill_seats()
        self.waiting.greet(call, self.queues[queue].plan.greeting)
        self.saves.add(call)

    def waited(self, call: Call, over: OfWaiting) -> None:
        """Some time of a waiting caller is over."""
        match over:
            case WaitedTooLong():
                self._waited_too_long(call)
            case ContentWithLess():
                self.waiting.fitting.refit(call)
            case AnnouncementDue():
                self.waiting.announce(call)

    def _waited_too_long(self, call: Call) -> None:
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
        """Who waits where nobody can come any more goes where his step says; or waits for another than who is gone."""
        self.waiting.fitting.give_up(self.seats.just_left())
        for call in list(self.waiting.in_vain()):
            self._depart(call, call.endings.no_seats)

    def _depart(self, call: Call, step: StepName | None) -> None:
        """Take a caller out of everything he is in, but not off his line."""
        if step is None:
            return
        self.take_out(call)
        self.waiting.stop_comforting(call)
        call.happens(CallTrigger.GO_ON)
        call.transfer = None
        call.endings = Endings()
        self._departures.append((call, step))

    def prompt_ended(self, call: Call) -> None:
        """A waiting caller has heard what he was told; or he is silent now and can be joined."""
        if call.state is CallState.JOINING:
            self.talks.prompt_ended(call)
        elif not call.sounding:
            self.waiting.comfort(call)

    def caller_left(self, call: Call) -> None:
        """Forget a caller whose line is gone. His seat is free when its own line has ended."""
        self.take_out(call)
        self.saves.forget(call)

    def take_out(self, call: Call) -> None:
        """End all lines that were opened for a caller, and his place in a queue."""
        self.waiting.leave(call)
        self.company.dissolve(call)
        self.offering.let_be(call)
        self.talks.drop_bridge(call)

    # --- offers ---------------------------------------------------------------------------------------------

    def answered(self, leg: LegId) -> None:
        """The seat's phone was picked up."""
        answer = self.offering.answered(leg)
        if answer is not None:
            self.accepting.picked_up(*answer)

    def _accepted(self, offer: Offer, call: Call) -> None:
        """Somebody is ready for a caller."""
        if offer.role is Role.TAKES:
            self._taken(call)
        else:
            self.company.answered(offer, call)

    def _taken(self, call: Call) -> None:
        """A person at a seat has taken a call: join them, or ring him who is to be called back."""
        if call.away:
            self.call_out(call)
            return
        call.happens(CallTrigger.PICKED_UP)
        self.talks.join_when_silent(call)

    def leg_ended(self, leg: LegId, cause: LegEnd, *, unseen: bool = False) -> None:
        """A seat's line is gone: rest the seat, and see what becomes of the caller.

        `unseen`: it is only not there, and the order that opens it may still be on its way.
        """
        offer = self.offers.get(leg)
        waits = offer is not None and offer.call is not None and offer.call.state is not CallState.TALKING
        ended = self.offering.ended(leg, cause, in_vain=unseen or waits)
        if ended is None or ended[0].call is None:
            return
        gone, call, cause = ended[0], ended[0].call, ended[1]
        if gone.role is not Role.TAKES:
            self.company.gone(gone, call)
        elif self.offering.another_rings(call, leg):
            self._rang_in_vain(call, gone.seat, cause)
        else:
            self.lost_line(call, gone.seat, cause, unseen=unseen)

    def spared(self, offer: Offer, call: Call) -> None:
        """A seat that rang for a caller is to be let be."""
        self.offering.withdraw(offer)
        if offer.role is not Role.TAKES:
            self.company.gone(offer, call)
        elif self.offering.another_rings(call, offer.leg):
            self._rang_in_vain(call, offer.seat, LegEnd.REJECTED)
        else:
            call.leg = None
            self.lost_his_seat(call, offer.seat, LegEnd.REJECTED)

    def _rang_in_vain(self, call: Call, seat: Seat, cause: LegEnd) -> None:
        call.tried.add(seat.id)
        self.waiting.fitting.refit(call)
        self._out.tell(OfferEnded(call.id, self._out.now, seat.id, cause))

    def lost_line(self, call: Call, seat: Seat, cause: LegEnd, *, unseen: bool) -> None:
        """See what becomes of a caller for whom no line to a seat is there any more."""
        if self.company.goes_on_without_agent(call):
            return
        was_held = call.held
        self.company.dissolve(call)
        call.leg = None
        self.talks.drop_bridge(call)
        if was_held:  # nobody ends a call with somebody who cannot hear him
            self.back_in_queue(call, call.queue)
        elif call.transfer is not None:
            self._lost_somebody_outside(call, call.transfer, unseen=unseen)
        else:
            self.lost_his_seat(call, seat, cause)

    def lost_his_seat(self, call: Call, seat: Seat, cause: LegEnd) -> None:
        """See what becomes of a caller whose seat is no longer his."""
        if call.state is CallState.TALKING and call.endings.answered is not None:
            self._depart(call, call.endings.answered)
            call.enqueued_at = None  # should he come to a queue again, that is another wait
            if call.talk is not None:
                call.talk = msgspec.structs.replace(call.talk, ended_at=self._out.now)
        elif call.state in (CallState.TALKING, CallState.DIALLING):
            self.hang_up(call)
        elif call.state in (CallState.OFFERED, CallState.JOINING):
            call.happens(CallTrigger.OFFER_ENDED)
            self._rang_in_vain(call, seat, cause)
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
        seat = outside_seat(plan.name, PoolName(plan.trunk), plan.number)
        self.offering.ring(call, seat, None, plan.answer_within)

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
            if self.was_handed_on(call):
                call.transfer = None
                self.back_in_queue(call, call.queue)
            else:
                self._depart(call, wish.failed)

    # --- handed on ------------------------------------------------------------------------------------------

    def back_in_queue(self, call: Call, queue: QueueName | None) -> None:
        """Put a caller who has talked in a queue, in the place of his first enqueue time, which is before all others'.

        What was opened for him is to be ended before.
        """
        if queue not in self.queues or queue is None:
            self.hang_up(call)
            return
        call.happens(CallTrigger.QUEUE if call.state is CallState.TALKING else CallTrigger.OFFER_ENDED)
        call.queued_at = self._out.now
        if call.talk is not None:
            call.talk = msgspec.structs.replace(call.talk, ended_at=self._out.now)
        self.waiting.join(call, queue, self._out.now if call.enqueued_at is None else call.enqueued_at)
        self.waiting.mind_endings(call, call.endings)
        self._out.tell(Queued(call.id, self._out.now, queue, self.queues[queue].ahead_of(call)))
        self.waiting.comfort(call)
        self.saves.add(call)

    @staticmethod
    def was_handed_on(call: Call) -> bool:
        """Whether a caller is where he is because an agent left him to somebody else."""
        return call.talk is not None and call.enqueued_at == call.talk.enqueued_at

    def hang_up(self, call: Call) -> None:
        """Order the end of the caller's line."""
        if call.state is not CallState.LEAVING:
            self.waiting.leave(call)
            call.happens(CallTrigger.HANG_UP)
            self._out.send(HangUpCall(call.id))
