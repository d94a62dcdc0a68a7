"""This file decides in which order things may happen to a seat. It does not know who is waiting for it.

A seat is one person who can take one call: an agent's phone, or one line over a trunk to another site.
"""

from dataclasses import dataclass
from enum import Enum

from ivr_engine.core.table import StateTable
from ivr_engine.model.agents import Duty
from ivr_engine.model.commands import AgentPhone, Destination, TrunkLine
from ivr_engine.model.ids import CallId, DestinationName, LegId, PoolName, SeatId, TimerId
from ivr_engine.model.notices import CallRecord
from ivr_engine.model.skills import ANYBODY, Skills

ON_DUTY = Duty("on duty")
MUST_SIGN_IN = Duty("signed out", reason="has not signed in yet")

# That of somebody outside: he sits in none, and is forgotten when his line has ended.
NO_POOL = PoolName("")


class SeatState(Enum):
    """What a seat is doing."""

    SIGNED_OUT = "signed out"
    OFFLINE = "offline"
    READY = "ready"
    PAUSED = "paused"
    RINGING = "ringing"
    TALKING = "talking"
    WRAP_UP = "wrap-up"


BUSY = (SeatState.RINGING, SeatState.TALKING, SeatState.WRAP_UP)  # with a call, or resting after one
ABSENT = (SeatState.SIGNED_OUT, SeatState.OFFLINE, SeatState.PAUSED)


class SeatTrigger(Enum):
    """What can happen to a seat."""

    APPEARED = "phone can be reached"
    VANISHED = "phone cannot be reached"
    RING = "ring"
    PICKED_UP = "picked up"
    LEG_ENDED = "line ended"
    RESTED = "rest is over"
    PAUSED = "pause"
    RESUMED = "ready again"
    SIGNED_OUT = "sign out"
    SIGNED_IN = "sign in"


SEAT_TABLE = StateTable[SeatState, SeatTrigger](
    "seat",
    {
        SeatState.SIGNED_OUT: {SeatTrigger.SIGNED_IN: SeatState.OFFLINE},
        SeatState.OFFLINE: {
            SeatTrigger.APPEARED: SeatState.READY,
            SeatTrigger.SIGNED_OUT: SeatState.SIGNED_OUT,
        },
        SeatState.READY: {
            SeatTrigger.VANISHED: SeatState.OFFLINE,
            SeatTrigger.RING: SeatState.RINGING,
            SeatTrigger.PAUSED: SeatState.PAUSED,
            SeatTrigger.SIGNED_OUT: SeatState.SIGNED_OUT,
        },
        SeatState.PAUSED: {
            SeatTrigger.VANISHED: SeatState.OFFLINE,
            SeatTrigger.RESUMED: SeatState.READY,
            SeatTrigger.SIGNED_OUT: SeatState.SIGNED_OUT,
        },
        SeatState.RINGING: {SeatTrigger.PICKED_UP: SeatState.TALKING, SeatTrigger.LEG_ENDED: SeatState.WRAP_UP},
        SeatState.TALKING: {SeatTrigger.LEG_ENDED: SeatState.WRAP_UP},
        SeatState.WRAP_UP: {SeatTrigger.RESTED: SeatState.READY, SeatTrigger.VANISHED: SeatState.OFFLINE},
    },
)


@dataclass(slots=True, eq=False)
class Seat:
    """One seat. `reachable` is the last that was seen of its phone; a talking seat is not asked to vanish.

    `duty` is what its agent was told: it decides his state when no call and no rest does. `since` is that of the state.
    `lane` is that of the queue whose call it has, or had last. `turn` and `rung` are when it got ready and was rung
    last, by the count of its pools; `taken` is how many calls it took.
    """

    id: SeatId
    pool: PoolName
    to: Destination
    state: SeatState = SeatState.OFFLINE
    reachable: bool = False
    leg: LegId | None = None
    rest: TimerId | None = None
    rests_until: float = 0.0  # while there is a rest
    duty: Duty = ON_DUTY
    since: float | None = None
    missed: int = 0  # calls in a row that he did not take
    last_call: CallId | None = None  # that he had last, or has
    last_record: CallRecord | None = None  # of that, when it is over
    is_person: bool = False  # at an ordinary number
    skills: Skills = ANYBODY
    lane: str = ""
    turn: int = 0
    rung: int = 0
    taken: int = 0

    @property
    def is_agent(self) -> bool:
        """Whether a person with a phone of his own sits here, who can be told what to do."""
        return isinstance(self.to, AgentPhone)

    def note_ended(self, record: CallRecord) -> None:
        """A call is over that this seat had, perhaps its last: while it rests, something may be said of it."""
        if self.last_call == record.call:
            self.last_record = record

    @property
    def rests(self) -> bool:
        """Whether who sits here rests after a call. At another site that is their own affair."""
        return self.is_agent or self.is_person

    def happens(self, trigger: SeatTrigger) -> None:
        """Move on by the table. Raises IllegalTransition, and stays, when the table forbids it."""
        self.state = SEAT_TABLE.after(self.state, trigger)


def due(seat: Seat) -> SeatTrigger | None:
    """What must happen next to a seat without a call, by its phone and its duty; None if it is as it should be."""
    out, paused = seat.duty.word == "signed out", seat.duty.word == "paused"
    found: SeatTrigger | None = None
    match seat.state:
        case SeatState.SIGNED_OUT if not out:
            found = SeatTrigger.SIGNED_IN
        case SeatState.OFFLINE | SeatState.READY | SeatState.PAUSED if out:
            found = SeatTrigger.SIGNED_OUT
        case SeatState.OFFLINE if seat.reachable:
            found = SeatTrigger.APPEARED
        case SeatState.READY | SeatState.PAUSED | SeatState.WRAP_UP if not seat.reachable:
            found = SeatTrigger.VANISHED
        case SeatState.READY if paused:
            found = SeatTrigger.PAUSED
        case SeatState.PAUSED if not paused:
            found = SeatTrigger.RESUMED
    return found


def agent_seat(agent: SeatId, pool: PoolName, *, sign_in: bool = False) -> Seat:
    """The seat of an agent with a registered phone. `sign_in`: he must say that he is there."""
    if sign_in:
        return Seat(agent, pool, AgentPhone(agent), SeatState.SIGNED_OUT, duty=MUST_SIGN_IN)
    return Seat(agent, pool, AgentPhone(agent))


def line_seat(line: SeatId, pool: PoolName, to: TrunkLine, *, is_person: bool = False) -> Seat:
    """One line over a trunk: to another site, or to one person at an ordinary number."""
    return Seat(line, pool, to, is_person=is_person)


def outside_seat(name: DestinationName, trunk: PoolName = NO_POOL, number: str = "") -> Seat:
    """Somebody outside, for one call. Where he is reached matters only until he is rung."""
    return Seat(SeatId(name), NO_POOL, TrunkLine(trunk, number), SeatState.READY)
