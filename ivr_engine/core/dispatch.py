"""This file decides who waits, which seat rings and when two people are joined. It does not know the dialplan's steps.

A seat is free again only when its line has ended (LegEnded): what we ordered is not what has happened.
"""

from ivr_engine.core.call import Call, CallState, CallTrigger, saved_of
from ivr_engine.core.ivr import Ivr, Leaving
from ivr_engine.core.offer import Offer
from ivr_engine.core.outbox import OfferExpires, Outbox, WaitedTooLong
from ivr_engine.core.plan import Plan
from ivr_engine.core.queue import Queue
from ivr_engine.core.router import next_offer
from ivr_engine.core.seat import Seat, SeatState, SeatTrigger, outside_seat
from ivr_engine.core.seats import Seats
from ivr_engine.dialplan.hotline import QueuePlan
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.commands import (
    AnyCommand,
    DropBridge,
    HangUpCall,
    HangUpLeg,
    Join,
    Play,
    RecordMessage,
    RingSeat,
    SaveState,
    StartMusic,
    StopMusic,
)
from ivr_engine.model.ids import BridgeId, CallId, LegId, PoolName, QueueName, StepName, call_of
from ivr_engine.model.notices import Connected, KeyPressed, Offered, OfferEnded, Queued, Ringing, Transferred
from ivr_engine.model.saved import Talk
from ivr_engine.nodes._node import Endings, HangUp, JoinQueue, Transfer

# The core ends an unanswered offer itself; Asterisk's own limit is only for the case that nobody is left to do so.
SAFETY_SECONDS = 10.0
# Who has waited too long just when a seat rings for him: how soon it is asked again whether it came to nothing.
LOOK_AGAIN_SECONDS = 2.0


class Dispatch:
    """Queues, offers and conversations."""

    def __init__(self, out: Outbox, ivr: Ivr, seats: Seats) -> None:
        self._out = out
        self._ivr = ivr
        self.seats = seats
        self.queues: dict[QueueName, Queue] = {}
        self.offers: dict[LegId, Offer] = {}
        self._unsaved: dict[CallId, Call] = {}
        self._departures: list[tuple[Call, StepName]] = []
        self.paused = True  # until it is known what there is; and while the link is down, orders would only fail

    def replan(self, plan: Plan) -> None:
        """Go by another plan of pools, seats and queues. Everybody keeps his place; nobody is in a queue it lacks."""
        self.seats.replan(plan)
        for name, one in plan.queues.items():
            if name in self.queues:
                self.queues[name].replan(one)
            else:
                self.queues[name] = Queue(one)
        for name in [name for name in self.queues if name not in plan.queues]:
            self._out.tell(self.queues.pop(name).figures(self._out.now))

    # --- the caller -----------------------------------------------------------------------------------------

    def turned_away(self, call: Call, wish: Leaving) -> StepName | None:
        """Where a caller goes at once who cannot have the person he wants; None if he can wait for him."""
        if isinstance(wish, HangUp):
            return None
        if isinstance(wish, Transfer):
            if call.flow.facilities.destinations[wish.destination].trunk in self.seats.trunks:
                return None
            self._out.tell(Transferred(call.id, self._out.now, wish.destination, ok=False))
            return wish.failed
        queue = self.queues[wish.queue]
        most = queue.plan.most_waiting
        if wish.endings.full is not None and most is not None and len(queue) >= most:
            return wish.endings.full
        return wish.endings.no_seats if self._is_deserted(queue.plan) else None

    def enqueue(self, call: Call, wish: JoinQueue) -> None:
        """Put a caller in a queue, in the place of his first enqueue time."""
        queue = wish.queue
        call.happens(CallTrigger.QUEUE)
        call.tags += tuple(tag for tag in wish.tags if tag not in call.tags)
        call.priority = wish.priority
        since = self._out.now if call.enqueued_at is None else call.enqueued_at
        call.queued_at = self._out.now
        self.stand_in_line(call, queue, since)
        self.mind_endings(call, wish.endings)
        self._out.tell(Queued(call.id, self._out.now, queue, self.queues[queue].ahead_of(call)))
        self.fill_seats()
        greeting = self.queues[queue].plan.greeting
        if greeting is not None:
            self._ivr.say(call, (greeting,))
        else:
            self.comfort(call)
        self.save(call)

    def stand_in_line(self, call: Call, queue: QueueName, since: float) -> None:
        """Take a place in the line, ordered by `since`."""
        call.queue = queue
        self.queues[queue].join(call, since)

    def mind_endings(self, call: Call, endings: Endings) -> None:
        """Where a caller goes who waits too long in his queue, presses a key, or has talked."""
        call.endings = endings
        if endings.longest is not None and call.state is not CallState.TALKING:
            waited = self._out.now - (call.queued_at or self._out.now)
            call.patience = self._out.start_timer(max(0.0, endings.longest - waited), WaitedTooLong(call.id))

    def waited_too_long(self, call: Call) -> None:
        """His time in this queue is over; unless a seat rings for him now."""
        call.patience = None
        if call.state is CallState.WAITING:
            self._depart(call, call.endings.too_long)
        elif call.state in (CallState.OFFERED, CallState.JOINING):
            call.patience = self._out.start_timer(LOOK_AGAIN_SECONDS, WaitedTooLong(call.id))

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
        for queue in self.queues.values():
            if len(queue) and self._is_deserted(queue.plan):
                for call in queue.waiting():
                    self._depart(call, call.endings.no_seats)

    def _is_deserted(self, queue: QueuePlan) -> bool:
        return not self.paused and all(self.seats.pools[name].is_deserted for name in queue.pools)

    def _depart(self, call: Call, step: StepName | None) -> None:
        """Take a caller out of everything he is in, but not off his line."""
        if step is None:
            return
        offer = self.offers.get(call.leg) if call.leg else None
        self._leave_line(call)
        if offer is not None:
            self._withdraw(offer)
        self._drop_bridge(call)
        call.leg = None
        self.stop_comforting(call)
        call.happens(CallTrigger.GO_ON)
        call.transfer = None
        call.endings = Endings()
        self._departures.append((call, step))

    def stop_comforting(self, call: Call) -> None:
        """No music, no greeting any more."""
        self._ivr.hush(call)
        if call.music:
            call.music = False
            self._out.send(StopMusic(call.id))

    def comfort(self, call: Call) -> None:
        """Music for one who waits."""
        if not call.music and call.state in (CallState.WAITING, CallState.OFFERED):
            call.music = True
            self._out.send(StartMusic(call.id))

    def prompt_ended(self, call: Call) -> None:
        """A waiting caller has heard what he was told; or he is silent now and can be joined."""
        if call.state is CallState.JOINING:
            if call.bridge is None:  # else they are being joined already: another bridge would be built, and forgotten
                self._join_when_silent(call)
        elif not call.sounding:
            self.comfort(call)

    def caller_left(self, call: Call) -> None:
        """Take a caller out of everything he is in. His seat is free when its line has ended."""
        self._leave_line(call)
        offer = self.offers.get(call.leg) if call.leg else None
        if offer is not None:
            self._withdraw(offer)
        self._drop_bridge(call)
        call.leg = None
        self._unsaved.pop(call.id, None)

    # --- offers ---------------------------------------------------------------------------------------------

    def fill_seats(self) -> None:
        """Ring every ready seat for which somebody waits."""
        while not self.paused:
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
        self.seats.free(offer.seat, wrap_up, in_vain=in_vain)
        if offer.call is not None:
            offer.call.leg = None
            self._drop_bridge(offer.call)
            if offer.call.transfer is not None:
                self._lost_somebody_outside(offer.call, offer.call.transfer, unseen=unseen)
            else:
                self._lost_his_seat(offer.call, offer.seat, cause)

    def _lost_his_seat(self, call: Call, seat: Seat, cause: LegEnd) -> None:
        if call.state is CallState.TALKING and call.endings.answered is not None:
            self._depart(call, call.endings.answered)
            call.enqueued_at = None  # should he come to a queue again, that is another wait
        elif call.state is CallState.TALKING:
            self.hang_up(call)
        elif call.state in (CallState.OFFERED, CallState.JOINING):
            call.happens(CallTrigger.OFFER_ENDED)
            self._out.tell(OfferEnded(call.id, self._out.now, seat.id, cause))
            if not call.sounding:
                self.comfort(call)

    # --- somebody outside -----------------------------------------------------------------------------------

    def transfer(self, call: Call, wish: Transfer) -> None:
        """Ring somebody outside for a caller, who hears the greeting meanwhile, then music."""
        self._ring_outside(call, wish)
        if wish.greeting is not None:
            self._ivr.say(call, (wish.greeting,))
        else:
            self.comfort(call)
        self.save(call)

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
        self.stop_comforting(call)
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
            self._talk(call, offer.queue.name, offer.seat)
        elif call.transfer is not None:
            call.transferred_at = self._out.now
            self._out.tell(Transferred(call.id, self._out.now, call.transfer.destination, ok=True))
        self.save(call)

    def _talk(self, call: Call, queue: QueueName, seat: Seat) -> None:
        self._leave_line(call)
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

    def save(self, call: Call) -> None:
        """Have the call's live state written on its line, as it is when this decision is complete."""
        self._unsaved[call.id] = call

    def with_saves(self, commands: list[AnyCommand]) -> list[AnyCommand]:
        """The orders of this decision, and among them those that write down what it changed.

        Asterisk writes on a line only when no prompt plays on it: so before the first prompt, never behind it.
        """
        saves = {call.id: self._saved(call) for call in self._unsaved.values()}
        self._unsaved.clear()
        placed: list[AnyCommand] = []
        for command in commands:
            if isinstance(command, Play | RecordMessage) and command.call in saves:
                placed.append(saves.pop(command.call))
            placed.append(command)
        return placed + list(saves.values())

    def _saved(self, call: Call) -> SaveState:
        offer = self.offers.get(call.leg) if call.leg else None
        return SaveState(call.id, saved_of(call, offer.seat if offer else None))

    def _leave_line(self, call: Call) -> None:
        self._out.cancel(call.patience)
        call.patience = None
        if call.queue in self.queues:
            self.queues[call.queue].leave(call)

    def _withdraw(self, offer: Offer) -> None:
        self._out.cancel(offer.timer)
        offer.timer = None
        offer.call = None
        self._out.send(HangUpLeg(offer.of, offer.leg))

    def _drop_bridge(self, call: Call) -> None:
        if call.bridge is not None:
            self._out.send(DropBridge(call.id, call.bridge))
            call.bridge = None
