"""This file decides where a caller goes when a step, a queue or a talk is over. It does not know what comes of it."""

from collections.abc import Callable, Container

from ivr_engine.core.call import Call, CallState
from ivr_engine.core.deflecting import Deflecting
from ivr_engine.core.dispatch import Dispatch
from ivr_engine.core.ivr import Ivr, Leaving
from ivr_engine.core.outbox import Outbox
from ivr_engine.dialplan.hotline import Flow
from ivr_engine.model.ids import CallId, StepName
from ivr_engine.model.notices import TroubleKind
from ivr_engine.nodes import Node
from ivr_engine.nodes._node import HangUp, JoinQueue, Transfer

# So often at once a caller is sent from one who cannot take him to the next: more is a circle.
MOST_TURNED_AWAY = 20
# Nobody outside is rung more often than this for one call: somebody else's line is not ours to block.
MOST_TRANSFERS = 10


class Onward:
    """Brings callers from steps to people, and back."""

    def __init__(self, out: Outbox, ivr: Ivr, dispatch: Dispatch, flow_of: Callable[[Call], Flow[Node]]) -> None:
        self._out = out
        self._deflecting = Deflecting(out, dispatch, flow_of)
        self.ivr = ivr
        self.dispatch = dispatch

    def go_on(self, call: Call, leaving: Leaving | None) -> None:
        """Do what a step has led to; None if the caller is still in one."""
        elsewhere: StepName | None = None
        for _ in range(MOST_TURNED_AWAY):
            elsewhere = None if leaving is None else self._elsewhere(call, leaving)
            if elsewhere is None:
                break
            leaving = self.ivr.enter(call, elsewhere)
        match leaving:
            case JoinQueue():  # who has been turned away again and again waits here all the same
                self.dispatch.enqueue(call, leaving)
            case Transfer() if elsewhere is None and call.transfers < MOST_TRANSFERS:
                self.dispatch.transfer(call, leaving)
            case Transfer():
                what = f"the dialplan transfers a caller again and again at step {call.step!r}"
                self._out.trouble(TroubleKind.DIALPLAN_CIRCLE, what, call.id)
                self.dispatch.hang_up(call)
            case HangUp():
                self.dispatch.hang_up(call)
            case None if call.state is CallState.MENU:
                self._save_step(call)

    def send_on(self, here: Container[CallId]) -> None:
        """Bring those who left a queue or a talk to the steps they go on at; `here` are the calls there are."""
        self.dispatch.leave_deserted_queues()
        for call, step in self.dispatch.departures():
            if call.id in here:
                call.saved_steps = 0
                self.go_on(call, self.ivr.enter(call, step))

    def _elsewhere(self, call: Call, leaving: Leaving) -> StepName | None:
        """Where he goes who cannot have whom he wants, or would wait for long."""
        elsewhere = self.dispatch.waiting.turned_away(call, leaving)
        if elsewhere is not None or not isinstance(leaving, JoinQueue):
            return elsewhere
        return self._deflecting.led_away(call, leaving)

    def _save_step(self, call: Call) -> None:
        if (call.saved_steps, call.saved_message) != (len(call.steps), call.message):
            call.saved_steps, call.saved_message = len(call.steps), call.message
            self.dispatch.saves.add(call)
