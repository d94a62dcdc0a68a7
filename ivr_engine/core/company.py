"""This file decides who is there beside a caller and his agent, and whom the caller hears. It knows no order.

A talk has one bridge from its beginning to its end. Who comes is put in it, who goes leaves it, and a caller on hold
is out of it and hears music: so nothing is ever merged, and each step can be taken twice without harm.
"""

from collections.abc import Mapping

import msgspec

from ivr_engine.core.call import Call, CallState
from ivr_engine.core.listening import Listening
from ivr_engine.core.offer import Offer, Role
from ivr_engine.core.offering import Offering
from ivr_engine.core.outbox import Outbox, PutBackAgain
from ivr_engine.core.saves import Saves
from ivr_engine.core.seat import NO_POOL, Seat
from ivr_engine.dialplan.hotline import QueuePlan
from ivr_engine.model.commands import AddLine, HangUpLeg, PutBack, StartMusic, StopMusic, TakeOut
from ivr_engine.model.ids import DestinationName, LegId, SeatId
from ivr_engine.model.notices import HandedOn, Held, SecondLine, SecondLineState, Transferred
from ivr_engine.nodes._node import Transfer

PUT_BACK_AGAIN_SECONDS = 2.0  # after it was refused, or not answered


class Company:
    """Holding, consulting and conferences."""

    def __init__(self, out: Outbox, offering: Offering, saves: Saves) -> None:
        self._out = out
        self._offering = offering
        self._offers: Mapping[LegId, Offer] = offering.offers
        self._saves = saves
        self.listening = Listening(out, offering)

    def second(self, call: Call) -> Offer | None:
        """Who is there beside the agent, or is being rung to be."""
        return self._offers.get(call.second) if call.second else None

    # --- hold -----------------------------------------------------------------------------------------------

    def hold(self, call: Call) -> None:
        """Music for the caller, who hears nobody any more."""
        if call.held or call.bridge is None:
            return
        call.held = call.moved = call.music = True
        self._out.send(TakeOut(call.id, call.bridge), StartMusic(call.id))
        self._out.tell(Held(call.id, self._out.now, self._agent(call), on=True))
        self._saves.add(call)

    def resume(self, call: Call) -> None:
        """Let the caller hear, and be heard, again."""
        if not call.held:
            return
        call.held = False
        self.put_back(call)
        self._out.tell(Held(call.id, self._out.now, self._agent(call), on=False))
        self._saves.add(call)

    def put_back(self, call: Call) -> None:
        """Put a caller where his agent is, wherever he is now; unless he is to be elsewhere."""
        if call.state is not CallState.TALKING or call.bridge is None or call.held:
            return
        if call.music:
            call.music = False
            self._out.send(StopMusic(call.id))
        self._out.send(PutBack(call.id, call.bridge))

    def set_right(self, call: Call) -> None:
        """Order once more what was refused: that a caller on hold hears music, or that one who is not is put back."""
        if call.held:
            self._out.send(StartMusic(call.id))
        else:
            self.put_back(call)

    # --- a second line --------------------------------------------------------------------------------------

    def ring(self, call: Call, seat: Seat, queue: QueuePlan | None, within: float) -> Offer:
        """Ring somebody who is to come in."""
        offer = self._offering.ring(call, seat, queue, within, Role.JOINS)
        call.second = offer.leg
        self._tell_second(call, seat, "rung")
        return offer

    def answered(self, offer: Offer, call: Call) -> None:
        """Somebody has picked up who was rung to come in, or to listen."""
        if offer.role is Role.LISTENS:
            self.listening.let_hear(offer, call)
            return
        self._comes_in(offer, call)

    def _comes_in(self, offer: Offer, call: Call) -> None:
        self.let_in(offer, call)
        self._tell_second(call, offer.seat, "there")
        if offer.listens == "barge":
            self.listening.tell(offer, call, "barge")

    def let_in(self, offer: Offer, call: Call) -> None:
        """Put a line in the caller's bridge; it may be there already."""
        if call.bridge is not None:
            self._out.send(AddLine(call.id, offer.leg, call.bridge, keys_stay=offer.seat.is_agent))

    def barge(self, offer: Offer, call: Call) -> None:
        """Who has only listened comes in."""
        self.listening.close(offer, call)
        call.listener, call.second = None, offer.leg
        offer.role, offer.listens = Role.JOINS, "barge"
        self._comes_in(offer, call)

    def cancel(self, call: Call) -> None:
        """The agent and the caller are alone again."""
        offer = self.second(call)
        if offer is not None:
            self._offering.withdraw(offer)
            self.gone(offer, call)

    def gone(self, offer: Offer, call: Call) -> None:
        """Somebody who came in, was rung for it or listened is not there any more."""
        if offer.role is Role.LISTENS:
            self.listening.ended(offer, call)
            return
        call.second = None
        self._tell_second(call, offer.seat, "gone")
        self.resume(call)

    def complete(self, call: Call) -> None:
        """The agent leaves; who came in has the call from now on."""
        agent = self._offers.get(call.leg) if call.leg else None
        if agent is not None:
            self._offering.withdraw(agent)
        self._hand_on(call)

    def goes_on_without_agent(self, call: Call) -> bool:
        """The agent's line is gone: whether the caller still has somebody to talk to."""
        second = self.second(call)
        if call.state is not CallState.TALKING or second is None or not second.is_there or second.expired:
            return False
        self._hand_on(call)
        return True

    def dissolve(self, call: Call) -> None:
        """Nobody is there beside his agent any more, and he is on hold no more: he is about to be elsewhere."""
        for leg in (call.second, call.listener):
            offer = self._offers.get(leg) if leg else None
            if offer is not None:
                self.listening.close(offer, call)
                self._offering.withdraw(offer)
        call.second = call.listener = None
        call.held = call.moved = False

    def _hand_on(self, call: Call) -> None:
        offer, by = self.second(call), self._agent(call)
        assert offer is not None
        self.listening.end(call)
        call.leg, call.second, offer.role = offer.leg, None, Role.TAKES
        if offer.seat.pool == NO_POOL:
            self._hand_outside(call, DestinationName(offer.seat.id))
        elif call.talk is not None:
            call.talk = msgspec.structs.replace(call.talk, pool=offer.seat.pool, seat=offer.seat.id)
            offer.seat.last_call, offer.seat.last_record = call.id, None
        self._out.tell(HandedOn(call.id, self._out.now, by, offer.seat.id))
        self.resume(call)
        self._saves.add(call)

    def _hand_outside(self, call: Call, destination: DestinationName) -> None:
        call.transfer = Transfer(destination, failed=call.flow.start, ended=call.endings.answered)
        call.transfers += 1
        call.transferred_at = self._out.now
        if call.talk is not None:
            call.talk = msgspec.structs.replace(call.talk, ended_at=self._out.now)
        self._out.tell(Transferred(call.id, self._out.now, destination, ok=True))

    # --- what failed, and what was missed -------------------------------------------------------------------

    def failed(self, call: Call, command: str) -> None:
        """An order about who is there was refused, or timed out: it may have been carried out all the same."""
        second = self.second(call)
        if command == PutBack.__name__ or (command == StartMusic.__name__ and call.held):
            self._out.start_timer(PUT_BACK_AGAIN_SECONDS, PutBackAgain(call.id))
        elif command == TakeOut.__name__ and call.held:
            self.cancel(call)
            self.resume(call)
        elif command == AddLine.__name__ and second is not None:
            self._out.send(HangUpLeg(call.id, second.leg))
        elif command == "Listen":
            self.listening.end(call)

    def go_on_blindly(self, call: Call) -> None:
        """Have everybody where he is to be, when it is not known where he is. Nobody listens any more."""
        self.listening.end(call)
        second = self.second(call)
        if second is not None and second.is_there:
            self.let_in(second, call)
        if call.held and call.bridge is not None:
            call.music = True
            self._out.send(TakeOut(call.id, call.bridge), StartMusic(call.id))
        elif call.state is CallState.TALKING:
            self._out.send(StopMusic(call.id))
            self.put_back(call)

    def _agent(self, call: Call) -> SeatId:
        return call.talk.seat if call.talk else SeatId("")

    def _tell_second(self, call: Call, seat: Seat, state: SecondLineState) -> None:
        self._out.tell(SecondLine(call.id, self._out.now, self._agent(call), seat.id, state))
        self._saves.add(call)
