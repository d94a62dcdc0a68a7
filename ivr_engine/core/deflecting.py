"""This file decides who is led elsewhere, once, before a long wait in a crisis. What is there it does not know."""

from collections.abc import Callable

from ivr_engine.core.call import Call
from ivr_engine.core.dispatch import Dispatch
from ivr_engine.core.outbox import Outbox
from ivr_engine.core.wait_estimate import expected_wait
from ivr_engine.dialplan.hotline import Flow
from ivr_engine.model.ids import StepName
from ivr_engine.nodes import Node
from ivr_engine.nodes._node import JoinQueue


class Deflecting:
    """Offers something else to those who would wait for long. `flow_of` is the flow of who came now as a call did."""

    def __init__(self, out: Outbox, dispatch: Dispatch, flow_of: Callable[[Call], Flow[Node]]) -> None:
        self._out = out
        self._dispatch = dispatch
        self._flow_of = flow_of

    def led_away(self, call: Call, wish: JoinQueue) -> StepName | None:
        """The step a caller is offered before he joins a queue; None if he joins it at once.

        Who has been in a crisis that is over is not led away any more, nor is who has waited already: he has his place.
        Where a wait cannot honestly be told, nobody is led away for it.
        """
        plan = call.flow.plan if call.flow.name == self._flow_of(call).name else None
        deflection = plan.deflect.get(wish.queue) if plan is not None else None
        if deflection is None or call.deflected or call.enqueued_at is not None:
            return None
        queues, pools = self._dispatch.queues, self._dispatch.seats.pools
        estimate = expected_wait(queues[wish.queue], None, queues.values(), pools, self._out.now)
        if estimate is None or estimate.mean <= deflection.wait:
            return None
        call.deflected = True
        return deflection.then
