"""This file decides what an offer is: one line opened for one caller. It does not know how either was chosen."""

from dataclasses import dataclass
from enum import Enum

from ivr_engine.core.call import Call
from ivr_engine.core.seat import Seat, SeatState
from ivr_engine.dialplan.accepting import ConfirmPlan
from ivr_engine.dialplan.hotline import QueuePlan
from ivr_engine.model.agents import ListenOrder
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.ids import BridgeId, CallId, EarId, LegId, PlayId, TimerId, call_of

# By which a person, or his phone for him, has not taken the call. All other ends are the line's own doing.
MISSED = (LegEnd.NO_ANSWER, LegEnd.REJECTED, LegEnd.BUSY)


class Role(Enum):
    """What somebody's line was opened for."""

    TAKES = "to take the call"
    JOINS = "to come in beside the agent who has it"
    LISTENS = "to listen to that agent"


class Stage(Enum):
    """How far somebody is on the way to a caller."""

    RUNG = "his phone rings, or is about to"
    ASKED = "his phone was picked up, and he is asked whether he takes the call"
    TOLD = "he takes it, and is told what it is about"
    TAKEN = "he is joined, or about to be"


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
    stage: Stage = Stage.RUNG
    confirm: ConfirmPlan | None = None  # how he is asked; None if he is not
    play: PlayId | None = None  # what he hears alone
    is_shown: bool = False  # on the screen of who is rung
    is_first: bool = False  # nobody was rung for his caller before

    @property
    def is_there(self) -> bool:
        """Whether somebody is there for his caller, and hears nothing else."""
        return self.stage is Stage.TAKEN

    def is_missed_by(self, cause: LegEnd) -> bool:
        """Whether that end of the line means that its agent could have taken the call, and did not."""
        if self.seat.state is not SeatState.RINGING or self.call is None:
            return False
        return cause in MISSED or (self.stage is Stage.ASKED and cause is LegEnd.HUNG_UP)

    @property
    def of(self) -> CallId:
        """The call it was opened for."""
        return call_of(self.leg)
