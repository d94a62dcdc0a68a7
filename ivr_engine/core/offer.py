"""This file decides what an offer is: one seat's line opened for one caller. It does not know how either was chosen."""

from dataclasses import dataclass

from ivr_engine.core.call import Call
from ivr_engine.core.seat import Seat
from ivr_engine.dialplan.hotline import QueuePlan
from ivr_engine.model.ids import CallId, LegId, TimerId, call_of


@dataclass(slots=True, eq=False)
class Offer:
    """Lives as long as the line does, so longer than its caller if he leaves; `call` is None then."""

    leg: LegId
    seat: Seat
    queue: QueuePlan | None  # None for a line to somebody outside, and for one an engine before us opened
    call: Call | None
    timer: TimerId | None = None
    expired: bool = False

    @property
    def of(self) -> CallId:
        """The call it was opened for."""
        return call_of(self.leg)
