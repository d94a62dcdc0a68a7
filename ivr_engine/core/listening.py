"""This file decides how a supervisor hears an agent, and speaks to him alone. It does not know who may.

He hears what the agent hears and says, with an ear on the agent's line, in a bridge of his own: nobody else hears him.
"""

from typing import Literal

from ivr_engine.core.call import Call
from ivr_engine.core.offer import Ear, Offer, Role
from ivr_engine.core.offering import Offering
from ivr_engine.core.outbox import Outbox
from ivr_engine.core.seat import Seat
from ivr_engine.model.agents import ListenOrder
from ivr_engine.model.commands import Listen, StopListening
from ivr_engine.model.ids import SeatId
from ivr_engine.model.notices import Listened

LISTENED = "listened"  # tags calls that a supervisor has heard


class Listening:
    """At most one supervisor hears a talk."""

    def __init__(self, out: Outbox, offering: Offering) -> None:
        self._out = out
        self._offering = offering

    def ring(self, call: Call, seat: Seat, within: float, how: ListenOrder) -> None:
        """Ring a supervisor, who will hear the agent."""
        offer = self._offering.ring(call, seat, None, within, Role.LISTENS)
        offer.listens = how
        call.listener = offer.leg

    def let_hear(self, offer: Offer, call: Call) -> None:
        """The supervisor hears the agent from now on; he may have heard him before, in another way."""
        assert call.leg is not None
        self.close(offer, call)
        offer.ear = Ear(call.mint.ear(), call.mint.bridge())
        whisper = offer.listens == "whisper"
        self._out.send(Listen(call.id, offer.leg, call.leg, offer.ear.bridge, offer.ear.id, whisper))
        self.tell(offer, call, offer.listens)

    def close(self, offer: Offer, call: Call) -> None:
        """The supervisor hears the agent no more."""
        if offer.ear is not None:
            self._out.send(StopListening(call.id, offer.ear.id, offer.ear.bridge))
            offer.ear = None

    def end(self, call: Call) -> None:
        """Whoever listens is hung up."""
        offer = self._offering.offers.get(call.listener) if call.listener else None
        if offer is not None:
            self._offering.withdraw(offer)
            self.ended(offer, call)

    def ended(self, offer: Offer, call: Call) -> None:
        """The supervisor's line is gone, or about to be."""
        if offer.ear is not None:
            self.tell(offer, call, "ended")
        self.close(offer, call)
        call.listener = None

    def tell(self, offer: Offer, call: Call, how: ListenOrder | Literal["ended"]) -> None:
        """Tell that a supervisor hears a talk, and keep it with the call."""
        call.tag(LISTENED)
        agent = call.talk.seat if call.talk else SeatId("")
        self._out.tell(Listened(call.id, self._out.now, agent, offer.seat.id, how))
