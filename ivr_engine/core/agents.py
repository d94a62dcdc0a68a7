"""This file decides what an order to an agent does, and which orders are refused. It does not know who may give one.

An order that leaves everything as it is counts as done, for the same order may be told twice; only who signs in twice
is told that he is signed in already, because that may be somebody else.
"""

from dataclasses import dataclass

from ivr_engine.core.dispatch import Dispatch
from ivr_engine.core.outbox import Outbox
from ivr_engine.core.seat import Seat, SeatState
from ivr_engine.model.agents import LONGEST_MORE_REST, AgentOrder, Duty, DutyWord, OrderWord, contradiction
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.events import AgentOrdered, AgentsRemembered
from ivr_engine.model.ids import SeatId
from ivr_engine.model.notices import AgentAnswered, TroubleKind

_DUTIES: dict[OrderWord, DutyWord] = {
    "ready": "on duty",
    "pause": "paused",
    "sign in": "on duty",
    "sign out": "signed out",
}


@dataclass(frozen=True, slots=True)
class _Refused:
    why: str


class Agents:
    """Tells agents what they are told, and answers."""

    def __init__(self, out: Outbox, dispatch: Dispatch) -> None:
        self._out = out
        self._dispatch = dispatch

    def take(self, event: AgentOrdered | AgentsRemembered) -> None:
        """Carry out an order, or put everybody where he was before a restart."""
        if isinstance(event, AgentOrdered):
            self._answer(event, self._ordered(event.agent, event.order))
            return
        for agent, duty in event.duties.items():
            seat = self._seat_of(agent)
            if seat is not None:
                self._dispatch.seats.go_by(seat, duty)

    def _answer(self, event: AgentOrdered, refused: _Refused | None) -> None:
        why = refused.why if refused else ""
        if refused:
            self._out.trouble(TroubleKind.AGENT_ORDER_REFUSED, f"{event.order.order!r} by {event.order.by}: {why}")
        self._out.tell(AgentAnswered(event.ask, event.agent, self._out.now, ok=refused is None, why=why))

    def _ordered(self, agent: SeatId, order: AgentOrder) -> _Refused | None:
        seat, wrong = self._seat_of(agent), contradiction(order)
        if seat is None:
            return _Refused(f"there is no agent {agent!r}: `ivr agents list` shows those there are")
        if wrong is not None:
            return _Refused(wrong)
        if order.order in ("end rest", "extend rest"):
            return self._rest(seat, order)
        return self._duty(seat, order)

    def _duty(self, seat: Seat, order: AgentOrder) -> _Refused | None:
        before, word = seat.duty, _DUTIES[order.order]
        if order.order == "sign in" and before.word != "signed out":
            return _Refused(f"{seat.id} is signed in already, {before.word}: order `ready` to have him rung")
        if order.order == "pause" and before.word == "signed out":
            return _Refused(f"{seat.id} is signed out, and cannot pause: order `ready` or `sign in` first")
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
        call = offer.call
        self._dispatch.offering.withdraw(offer)
        call.leg = None
        self._dispatch.lost_his_seat(call, seat, LegEnd.REJECTED)

    def _rest(self, seat: Seat, order: AgentOrder) -> _Refused | None:
        if seat.state is not SeatState.WRAP_UP or seat.rest is None:
            return _Refused(f"{seat.id} is {seat.state.value} and does not rest: order it when his call is over")
        if order.seconds is None:
            self._dispatch.seats.rested(seat.id)
            return None
        left = seat.rests_until - self._out.now + order.seconds
        if left > LONGEST_MORE_REST:
            return _Refused(f"{seat.id} would rest for {left:.0f} s, more than an hour: order `pause` instead")
        self._dispatch.seats.rest(seat, left)
        return None

    def _seat_of(self, agent: SeatId) -> Seat | None:
        seat = self._dispatch.seats.by_id.get(agent)
        return seat if seat is not None and seat.is_agent else None
