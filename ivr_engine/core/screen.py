"""This file decides what an agent sees of a call, from what is known of its caller. It does not know when."""

from ivr_engine.core.call import Call
from ivr_engine.core.seat import Seat
from ivr_engine.dialplan.hotline import QueuePlan
from ivr_engine.model.screens import ShownCall


def shown_of(call: Call, queue: QueuePlan, seat: Seat, now: float) -> ShownCall:
    """What is known of a caller now, and what his queue says to its agents."""
    return ShownCall(
        call=call.id,
        caller=call.caller,
        number=call.number,
        queue=queue.name,
        pool=seat.pool,
        language=call.language,
        waiting_since=now if call.enqueued_at is None else call.enqueued_at,
        tags=call.tags,
        region=call.region,
        calls_in_24h=call.calls_in_24h,
        last_agent=call.served.agent if call.served else None,
        values={name: value for name, value in call.values.items() if name not in call.secrets},
        authority=dict(queue.authority),
        script=queue.script,
        drill=call.drill,
    )
