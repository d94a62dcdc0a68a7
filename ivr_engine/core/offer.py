"""This file decides what an offer is: one line opened for one caller. It does not know how either was chosen."""

from dataclasses import dataclass
from enum import Enum

from ivr_engine.core.call import Call
from ivr_engine.core.seat import Seat, SeatState
from ivr_engine.dialplan.hotline import QueuePlan
from ivr_engine.model.agents import ListenOrder
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.ids import BridgeId, CallId, EarId, LegId, TimerId, call_of

# By which a person, or his phone for him, has not taken the call. All other ends are the line's own doing.
MISSED = (LegEnd.NO_ANSWER, LegEnd.REJECTED, LegEnd.BUSY)


class Role(Enum):
    """What somebody's line was opened for."""

    TAKES = "to take the call"
    JOINS = "to come in beside the agent who has it"
    LISTENS = "to listen to that agent"


@dataclass(frozen=True, slots=True)
class Ear:
    """What a supervisor hears an agent's line with, and the bridge in which he hears it."""

    id: EarId
    bridge: BridgeId


@dataclass(slots=True, eq=False)
class Offer:
    """Lives as long as the line does, so longer than its caller if he leaves; `call` is None then."""

    leg: LegId
    seat: Seat
    queue: QueuePlan | None  # None for a line to somebody outside, and for one an engine before us opened
    call: Call | None
    timer: TimerId | None = None
    expired: bool = False
    role: Role = Role.TAKES
    directed: bool = False  # an agent chose whom to ring, not the router
    listens: ListenOrder = "listen"  # how, if he is there to listen
    ear: Ear | None = None  # while he does

    @property
    def is_there(self) -> bool:
        """Whether somebody has picked up."""
        return self.seat.state is SeatState.TALKING

    def is_missed_by(self, cause: LegEnd) -> bool:
        """Whether that end of the line means that its agent could have taken the call, and did not."""
        return self.seat.state is SeatState.RINGING and self.call is not None and cause in MISSED

    @property
    def of(self) -> CallId:
        """The call it was opened for."""
        return call_of(self.leg)
