"""This file decides what an order to an agent does, and which orders are refused. It does not know who may give one.

An order that leaves everything as it is counts as done, for the same order may be told twice; only who signs in twice
is told that he is signed in already, because that may be somebody else.
"""

from collections.abc import Mapping

from ivr_engine.core.call import Call
from ivr_engine.core.dispatch import Dispatch
from ivr_engine.core.keypad import Keypad
from ivr_engine.core.outbox import Outbox
from ivr_engine.core.parties import Refused
from ivr_engine.core.seat import Seat, SeatState
from ivr_engine.core.talk_orders import TalkOrders
from ivr_engine.model.agents import LONGEST_MORE_REST, AgentOrder, Duty, DutyWord, OrderWord, contradiction
from ivr_engine.model.events import AgentOrdered, AgentsRemembered
from ivr_engine.model.ids import CallId, LegId, SeatId
from ivr_engine.model.notices import AgentAnswered, TroubleKind

_DUTIES: dict[OrderWord, DutyWord] = {
    "ready": "on duty",
    "pause": "paused",
    "sign in": "on duty",
    "sign out": "signed out",
}


class Agents:
    """Tells agents what they are told, and answers."""

    def __init__(self, out: Outbox, dispatch: Dispatch, calls: Mapping[CallId, Call]) -> None:
        self._out = out
        self._dispatch = dispatch
        self._talks = TalkOrders(out, dispatch, calls)
        self._keypad = Keypad()

    def take(self, event: AgentOrdered | AgentsRemembered) -> None:
        """Carry out an order, or put everybody where he was before a restart."""
        if isinstance(event, AgentOrdered):
            self._answer(event, self._ordered(event.agent, event.order))
            return
        for agent, duty in event.duties.items():
            seat = self._seat_of(agent)
            if seat is not None:
                self._dispatch.seats.go_by(seat, duty)

    def pressed(self, leg: LegId, digit: str) -> None:
        """An agent pressed a key on his line. What he orders by it is not answered: he hears what comes of it."""
        if self._dispatch.accepting.is_asked(leg):
            self._dispatch.accepting.pressed(leg, digit)
            return
        offer = self._dispatch.offers.get(leg)
        order = self._keypad.press(offer.seat, digit, self._out.now) if offer is not None else None
        if offer is None or order is None or self._talks.call_of(offer.seat) is None:
            return
        order = self._talks.meant(offer.seat, order)
        refused = self._talks.take(offer.seat, order)
        if refused is not None:
            self._tell_refused(order, refused)

    def _tell_refused(self, order: AgentOrder, refused: Refused) -> None:
        self._out.trouble(TroubleKind.AGENT_ORDER_REFUSED, f"{order.order!r} by {order.by}: {refused.why}")

    def _answer(self, event: AgentOrdered, refused: Refused | None) -> None:
        why = refused.why if refused else ""
        if refused:
            self._tell_refused(event.order, refused)
        self._out.tell(AgentAnswered(event.ask, event.agent, self._out.now, ok=refused is None, why=why))

    def _ordered(self, agent: SeatId, order: AgentOrder) -> Refused | None:
        seat, wrong = self._seat_of(agent), contradiction(order)
        if seat is None:
            return Refused(f"there is no agent {agent!r}: `ivr agents list` shows those there are")
        if wrong is not None:
            return Refused(wrong)
        if order.order in ("end rest", "extend rest"):
            return self._rest(seat, order)
        return self._duty(seat, order) if order.order in _DUTIES else self._talks.take(seat, order)

    def _duty(self, seat: Seat, order: AgentOrder) -> Refused | None:
        before, word = seat.duty, _DUTIES[order.order]
        if order.order == "sign in" and before.word != "signed out":
            return Refused(f"{seat.id} is signed in already, {before.word}: order `ready` to have him rung")
        if order.order == "pause" and before.word == "signed out":
            return Refused(f"{seat.id} is signed out, and cannot pause: order `ready` or `sign in` first")
        if word != before.word or (word == "paused" and order.reason != before.reason):
            self._dispatch.seats.go_by(seat, Duty(word, order.by, order.reason, self._out.now))
        if word != "on duty":
            self._spare(seat)
        elif order.order == "ready":
            self._dispatch.seats.rested(seat.id)
        return None

    def _spare(self, seat: Seat) -> None:
        """If the seat rings, let it be: its caller is offered to another at once."""
        offer = self._dispatch.offers.get(seat.leg) if seat.leg else None
        if offer is None or offer.call is None or offer.expired or seat.state is not SeatState.RINGING:
            return
        self._dispatch.spared(offer, offer.call)

    def _rest(self, seat: Seat, order: AgentOrder) -> Refused | None:
        if seat.state is not SeatState.WRAP_UP or seat.rest is None:
            return Refused(f"{seat.id} is {seat.state.value} and does not rest: order it when his call is over")
        if order.seconds is None:
            self._dispatch.seats.rested(seat.id)
            return None
        left = seat.rests_until - self._out.now + order.seconds
        if left > LONGEST_MORE_REST:
            return Refused(f"{seat.id} would rest for {left:.0f} s, more than an hour: order `pause` instead")
        self._dispatch.seats.rest(seat, left)
        return None

    def _seat_of(self, agent: SeatId) -> Seat | None:
        seat = self._dispatch.seats.by_id.get(agent)
        return seat if seat is not None and seat.is_agent else None
