"""This file decides what an offer is: one seat's line opened for one caller. It does not know how either was chosen."""

from dataclasses import dataclass

from ivr_engine.core.call import Call
from ivr_engine.core.seat import Seat, SeatState
from ivr_engine.dialplan.hotline import QueuePlan
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.ids import CallId, LegId, TimerId, call_of

# By which a person, or his phone for him, has not taken the call. All other ends are the line's own doing.
MISSED = (LegEnd.NO_ANSWER, LegEnd.REJECTED, LegEnd.BUSY)


@dataclass(slots=True, eq=False)
class Offer:
    """Lives as long as the line does, so longer than its caller if he leaves; `call` is None then."""

    leg: LegId
    seat: Seat
    queue: QueuePlan | None  # None for a line to somebody outside, and for one an engine before us opened
    call: Call | None
    timer: TimerId | None = None
    expired: bool = False

    def is_missed_by(self, cause: LegEnd) -> bool:
        """Whether that end of the line means that its agent could have taken the call, and did not."""
        return self.seat.state is SeatState.RINGING and self.call is not None and cause in MISSED

    @property
    def of(self) -> CallId:
        """The call it was opened for."""
        return call_of(self.leg)
