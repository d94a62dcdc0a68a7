"""This file decides what an order about a talk does, and which are refused. It does not know how one is given.

Who talks to a caller may hold him, ask somebody else, hand him on, and say how the call went. A supervisor may listen.
"""

from collections.abc import Callable, Mapping

import msgspec

from ivr_engine.core.call import Call, CallState
from ivr_engine.core.dispatch import Dispatch
from ivr_engine.core.dispositions import Dispositions
from ivr_engine.core.offer import Offer, Role
from ivr_engine.core.onward import MOST_TRANSFERS
from ivr_engine.core.outbox import Outbox
from ivr_engine.core.parties import Parties, Party, Refused
from ivr_engine.core.seat import NO_POOL, Seat, SeatState
from ivr_engine.dialplan.hotline import DestinationPlan, QueuePlan
from ivr_engine.model.agents import AgentOrder, ListenOrder, OrderWord
from ivr_engine.model.ids import CallId, DestinationName, QueueName, SeatId
from ivr_engine.model.notices import HandedOn
from ivr_engine.nodes._node import Transfer

ESCALATED = "escalated"  # tags who a supervisor was called in for


class TalkOrders:
    """Carries out orders of those who talk. Each answers why it is refused, or None."""

    def __init__(self, out: Outbox, dispatch: Dispatch, calls: Mapping[CallId, Call]) -> None:
        self._out = out
        self._dispatch = dispatch
        self._calls = calls
        self._dispositions = Dispositions(out, dispatch.saves)
        self._company = dispatch.company
        self._parties = Parties(dispatch.seats)
        self._of_talk: dict[OrderWord, Callable[[Call, Seat, AgentOrder], Refused | None]] = {
            "hold": self._hold,
            "resume": self._resume,
            "conference": self._conference,
            "consult": self._consult,
            "complete": self._complete,
            "cancel": self._cancel,
            "escalate": self._escalate,
            "transfer": self._transfer,
        }

    def take(self, seat: Seat, order: AgentOrder) -> Refused | None:
        """Carry out an order of somebody who talks, or of a supervisor who wants to listen."""
        if self._dispatch.waiting.paused:
            return Refused("Asterisk cannot be reached just now: order again in a few seconds")
        if order.order in ("listen", "whisper", "barge"):
            return self._listen(seat, order.order, SeatId(order.to))
        call = self.call_of(seat)
        if order.order == "dispose":
            return self._dispose(seat, call, order.code)
        if call is None:
            return Refused(f"{seat.id} is {seat.state.value} and has no caller: order it while he talks to one")
        return self._of_talk[order.order](call, seat, order)

    def meant(self, seat: Seat, order: AgentOrder) -> AgentOrder:
        """What an order by keys means: the one key for hold also takes the caller back."""
        call = self.call_of(seat)
        back = order.order == "hold" and call is not None and call.held
        return msgspec.structs.replace(order, order="resume") if back else order

    def _dispose(self, seat: Seat, call: Call | None, code: str) -> Refused | None:
        # One he has left to somebody else may go on still.
        call = call or (self._calls.get(seat.last_call) if seat.last_call else None)
        name = call.talk.queue if call and call.talk else seat.last_record.queue if seat.last_record else None
        plan = self._dispatch.queues[name].plan if name in self._dispatch.queues else None
        return self._dispositions.dispose(seat, call, plan, code)

    def call_of(self, seat: Seat) -> Call | None:
        """The call that somebody has; None if he talks to nobody, or only stands by."""
        offer = self._offer_of(seat)
        if offer is None or offer.role is not Role.TAKES or offer.call is None:
            return None
        return offer.call if offer.call.state is CallState.TALKING else None

    def _offer_of(self, seat: Seat) -> Offer | None:
        return self._dispatch.offers.get(seat.leg) if seat.leg else None

    # --- hold and company -----------------------------------------------------------------------------------

    def _hold(self, call: Call, _: Seat, __: AgentOrder) -> None:
        self._company.hold(call)

    def _resume(self, call: Call, _: Seat, __: AgentOrder) -> None:
        self._company.resume(call)

    def _conference(self, call: Call, _: Seat, __: AgentOrder) -> Refused | None:
        if not self._is_there(call):
            return _nobody_there(call)
        self._company.resume(call)
        return None

    def _complete(self, call: Call, _: Seat, __: AgentOrder) -> Refused | None:
        second = self._company.second(call)
        if second is None or not self._is_there(call):
            return _nobody_there(call)
        if second.seat.pool == NO_POOL and call.transfers >= MOST_TRANSFERS:
            return _too_often(call)
        self._company.complete(call)
        return None

    def _cancel(self, call: Call, _: Seat, __: AgentOrder) -> Refused | None:
        if call.second is None:
            return Refused(f"nobody else is on the line, or is rung: {call.id} has only its agent")
        self._company.cancel(call)
        return None

    def _is_there(self, call: Call) -> bool:
        second = self._company.second(call)
        return second is not None and second.is_there and not second.expired

    def _consult(self, call: Call, seat: Seat, order: AgentOrder) -> Refused | None:
        party = self._party(call, order.to)
        found = party if isinstance(party, Refused) else self._parties.seat_of(party, seat.id)
        if isinstance(found, Refused):
            return found
        self._company.hold(call)
        self._company.ring(call, found[0], self._queue_of(call), found[1])
        return None

    def _escalate(self, call: Call, seat: Seat, _: AgentOrder) -> Refused | None:
        queue = self._queue_of(call)
        if queue is None or queue.supervisors is None:
            return Refused("its queue has no supervisors: add `supervisors: POOL` to the queue, or consult somebody")
        if call.second is not None:
            return _somebody_there()
        found = self._parties.seat_of(self._dispatch.seats.pools[queue.supervisors], seat.id)
        if isinstance(found, Refused):
            return found
        call.tag(ESCALATED)
        self._company.ring(call, found[0], queue, found[1])
        return None

    # --- handing on without asking --------------------------------------------------------------------------

    def _transfer(self, call: Call, seat: Seat, order: AgentOrder) -> Refused | None:
        party = self._party(call, order.to)
        if isinstance(party, Refused):
            return party
        if isinstance(party, QueuePlan):
            self._leave(call, seat, party.name)
            self._dispatch.back_in_queue(call, party.name)
            return None
        found = self._parties.seat_of(party, seat.id)
        if isinstance(found, Refused):
            return found
        if isinstance(party, DestinationPlan):
            return self._outside(call, seat, party.name)
        self._leave(call, seat, found[0].id)
        assert call.queue is not None
        self._dispatch.back_in_queue(call, call.queue)
        self._dispatch.filling.offer_to(call, self._dispatch.queues[call.queue].plan, found[0], directed=True)
        return None

    def _outside(self, call: Call, seat: Seat, destination: DestinationName) -> Refused | None:
        if call.transfers >= MOST_TRANSFERS:
            return _too_often(call)
        self._leave(call, seat, destination)
        self._dispatch.transfer(call, Transfer(destination, failed=call.flow.start, ended=call.endings.answered))
        return None

    def _leave(self, call: Call, seat: Seat, whom: str) -> None:
        """The agent is out of the call; his line ends, and he rests."""
        self._out.tell(HandedOn(call.id, self._out.now, seat.id, whom))
        call.tried = {seat.id}  # else he might be the next to whom his own caller is offered
        self._dispatch.take_out(call)

    def _party(self, call: Call, name: str) -> Party | Refused:
        if call.second is not None:
            return _somebody_there()
        queues = {queue.plan.name: queue.plan for queue in self._dispatch.queues.values()}
        return self._parties.named(name, call, queues)

    def _queue_of(self, call: Call) -> QueuePlan | None:
        queue: QueueName | None = call.talk.queue if call.talk else None
        return self._dispatch.queues[queue].plan if queue in self._dispatch.queues else None

    # --- supervisors ----------------------------------------------------------------------------------------

    def _listen(self, supervisor: Seat, how: ListenOrder, agent: SeatId) -> Refused | None:
        listens = self._offer_of(supervisor)
        if listens is not None and listens.role is Role.LISTENS and listens.call is not None:
            return self._listen_otherwise(listens, listens.call, how, agent)
        talking = self._dispatch.seats.by_id.get(agent)
        call = self.call_of(talking) if talking is not None else None
        if call is None:
            return Refused(f"{agent or 'nobody'} talks to no caller: say with `to` which agent, who talks now")
        queue = self._queue_of(call)
        if queue is None or queue.supervisors != supervisor.pool:
            return Refused(f"{supervisor.id} is no supervisor of that queue: its `supervisors` names their pool")
        if call.listener is not None or (how == "barge" and call.second is not None):
            return Refused("somebody is there already: wait until he is gone")
        if supervisor.state is not SeatState.READY:
            return Refused(f"{supervisor.id} is {supervisor.state.value}: he is rung only when he is ready")
        within = self._dispatch.seats.pools[supervisor.pool].plan.answer_within
        if how == "barge":
            self._company.ring(call, supervisor, queue, within).listens = "barge"
        else:
            self._company.listening.ring(call, supervisor, within, how)
        return None

    def _listen_otherwise(self, offer: Offer, call: Call, how: ListenOrder, agent: SeatId) -> Refused | None:
        if agent and (call.talk is None or agent != call.talk.seat):
            return Refused(f"{offer.seat.id} listens to somebody else: hang up first")
        if how == "barge" and (call.second is not None or not offer.is_there):
            return Refused("somebody else is on the line already, or you have not picked up yet")
        if how == "barge":
            self._company.barge(offer, call)
        elif how != offer.listens:
            offer.listens = how
            if offer.is_there:
                self._company.listening.let_hear(offer, call)
        return None


def _nobody_there(call: Call) -> Refused:
    if call.second is not None:
        return Refused("he who is rung has not picked up yet: wait, or `cancel`")
    return Refused("nobody else is on the line: `consult` somebody first")


def _somebody_there() -> Refused:
    return Refused("somebody else is on the line already, or is rung: `complete`, `cancel` or `conference` first")


def _too_often(call: Call) -> Refused:
    return Refused(f"{call.id} was transferred {call.transfers} times already: talk to the caller yourself")
