"""This file decides in which order things may happen to a seat. It does not know who is waiting for it.

A seat is one person who can take one call: an agent's phone, or one line over a trunk to another site.
"""

from dataclasses import dataclass
from enum import Enum

from ivr_engine.core.table import StateTable
from ivr_engine.model.commands import AgentPhone, Destination, TrunkLine
from ivr_engine.model.ids import DestinationName, LegId, PoolName, SeatId, TimerId

# That of somebody outside: he sits in none, and is forgotten when his line has ended.
NO_POOL = PoolName("")


class SeatState(Enum):
    """What a seat is doing."""

    OFFLINE = "offline"
    READY = "ready"
    RINGING = "ringing"
    TALKING = "talking"
    WRAP_UP = "wrap-up"


class SeatTrigger(Enum):
    """What can happen to a seat."""

    APPEARED = "phone can be reached"
    VANISHED = "phone cannot be reached"
    RING = "ring"
    PICKED_UP = "picked up"
    LEG_ENDED = "line ended"
    RESTED = "rest is over"


SEAT_TABLE = StateTable[SeatState, SeatTrigger](
    "seat",
    {
        SeatState.OFFLINE: {SeatTrigger.APPEARED: SeatState.READY},
        SeatState.READY: {SeatTrigger.VANISHED: SeatState.OFFLINE, SeatTrigger.RING: SeatState.RINGING},
        SeatState.RINGING: {SeatTrigger.PICKED_UP: SeatState.TALKING, SeatTrigger.LEG_ENDED: SeatState.WRAP_UP},
        SeatState.TALKING: {SeatTrigger.LEG_ENDED: SeatState.WRAP_UP},
        SeatState.WRAP_UP: {SeatTrigger.RESTED: SeatState.READY, SeatTrigger.VANISHED: SeatState.OFFLINE},
    },
)


@dataclass(slots=True, eq=False)
class Seat:
    """One seat. `reachable` is the last that was seen of its phone; a talking seat is not asked to vanish."""

    id: SeatId
    pool: PoolName
    to: Destination
    state: SeatState = SeatState.OFFLINE
    reachable: bool = False
    leg: LegId | None = None
    rest: TimerId | None = None

    def happens(self, trigger: SeatTrigger) -> None:
        """Move on by the table. Raises IllegalTransition, and stays, when the table forbids it."""
        self.state = SEAT_TABLE.after(self.state, trigger)


def agent_seat(agent: SeatId, pool: PoolName) -> Seat:
    """The seat of an agent with a registered phone."""
    return Seat(agent, pool, AgentPhone(agent))


def line_seat(line: SeatId, pool: PoolName, number: str) -> Seat:
    """One line over the trunk named like the pool."""
    return Seat(line, pool, TrunkLine(pool, number))


def outside_seat(name: DestinationName, trunk: PoolName = NO_POOL, number: str = "") -> Seat:
    """Somebody outside, for one call. Where he is reached matters only until he is rung."""
    return Seat(SeatId(name), NO_POOL, TrunkLine(trunk, number), SeatState.READY)
