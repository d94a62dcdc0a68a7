"""This file decides when two people are joined, and what is told of it. It does not know how they found each other."""

from collections.abc import Mapping

from ivr_engine.core.call import Call, CallState, CallTrigger
from ivr_engine.core.ivr import Ivr
from ivr_engine.core.offer import Offer
from ivr_engine.core.outbox import Outbox
from ivr_engine.core.saves import Saves
from ivr_engine.core.seat import Seat
from ivr_engine.core.waiting import Waiting
from ivr_engine.model.commands import DropBridge, HangUpLeg, Join
from ivr_engine.model.ids import BridgeId, LegId, QueueName
from ivr_engine.model.notices import Connected, Transferred
from ivr_engine.model.saved import SavedSecond, Talk


class Talks:
    """Conversations, from the moment the far end has taken the call. `offers` are the lines there are."""

    def __init__(self, out: Outbox, ivr: Ivr, waiting: Waiting, offers: Mapping[LegId, Offer]) -> None:
        self._out = out
        self._ivr = ivr
        self._waiting = waiting
        self._offers = offers
        self.saves = Saves(self._people_of)

    def join_when_silent(self, call: Call) -> None:
        """Join a caller with the one who took his call, as soon as no prompt plays for him."""
        # Putting a channel that plays a prompt into a bridge blocks Asterisk until the prompt ends.
        if call.sounding:
            self._ivr.hush(call)
            return
        self._waiting.stop_comforting(call)
        assert call.leg is not None
        call.bridge = call.mint.bridge()
        offer = self._offers.get(call.leg)
        # What an agent presses is for us; who is outside may need the caller's keys, and the caller his.
        keys_stay = offer is not None and offer.seat.is_agent
        self._out.send(Join(call.id, call.leg, call.bridge, keys_stay))

    def prompt_ended(self, call: Call) -> None:
        """He who is to be joined has heard what he was told, or was stopped hearing it."""
        if call.bridge is None:  # else they are being joined already: another bridge would be built, and forgotten
            self.join_when_silent(call)

    def join_again(self, call: Call) -> None:
        """Join them anew, when it is not known what became of the first try."""
        self.drop_bridge(call)
        self.join_when_silent(call)

    def joined(self, call: Call, bridge: BridgeId) -> None:
        """Caller and agent hear each other."""
        offer = self._offers.get(call.leg) if call.leg else None
        if call.bridge != bridge or call.state is not CallState.JOINING or offer is None:
            return  # that bridge has been given up meanwhile
        call.happens(CallTrigger.JOINED)
        if offer.queue is not None:
            if offer.queue.is_overflow(offer.seat.pool) and not offer.directed:
                call.tag(*call.endings.overflowed)
            self._talk(call, offer.queue.name, offer.seat)
        elif call.transfer is not None:
            call.transferred_at = self._out.now
            self._out.tell(Transferred(call.id, self._out.now, call.transfer.destination, ok=True))
        self.saves.add(call)

    def _talk(self, call: Call, queue: QueueName, seat: Seat) -> None:
        self._waiting.leave(call)
        since = self._out.now if call.enqueued_at is None else call.enqueued_at
        before = call.talk if call.talk and call.talk.enqueued_at == since else None
        if before is not None and call.queued_at is not None:  # he was handed on: his waiting was over when they met
            call.talk = Talk(queue, since, before.connected_at, seat.pool, seat.id)
            since = call.queued_at
        else:
            call.talk = Talk(queue, since, self._out.now, seat.pool, seat.id)
        seat.last_call, seat.last_record = call.id, None
        waited, again = self._out.now - since, before is not None
        self._out.tell(Connected(call.id, self._out.now, queue, seat.pool, seat.id, waited, again))

    def join_failed(self, call: Call, bridge: BridgeId) -> None:
        """They could not be joined: the seat's line is ended, the caller keeps his place."""
        if call.bridge == bridge and call.state is CallState.JOINING and call.leg is not None:
            self._out.send(HangUpLeg(call.id, call.leg))

    def drop_bridge(self, call: Call) -> None:
        """Take a caller's bridge down, if he has one."""
        if call.bridge is not None:
            self._out.send(DropBridge(call.id, call.bridge))
            call.bridge = None

    def _people_of(self, call: Call) -> tuple[Seat | None, SavedSecond | None]:
        offer = self._offers.get(call.leg) if call.leg else None
        second = self._offers.get(call.second) if call.second else None
        beside = SavedSecond(second.leg, second.seat.pool, second.seat.id) if second else None
        return (offer.seat if offer else None), beside
