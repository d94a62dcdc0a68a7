"""This file lists what a look at Asterisk finds. It does not know who looks, or what was believed."""

import msgspec

from ivr_engine.model.ids import CallId, LegId, SeatId
from ivr_engine.model.saved import LastTalk, SavedCall


class FoundCall(msgspec.Struct, frozen=True):
    """A caller's line as it was found. `saved` is None when no engine wrote anything on it yet.

    `is_there` is False while the phone of one who is called back still rings.
    """

    call: CallId
    number: str
    caller: str
    saved: SavedCall | None = None
    region: str = ""
    calls_in_24h: int = 1
    served: LastTalk | None = None
    is_there: bool = True
    drill: bool = False


class FoundLeg(msgspec.Struct, frozen=True):
    """A line to a seat as it was found. `agent` is whose phone it goes to; None for a line over a trunk."""

    leg: LegId
    answered: bool
    agent: SeatId | None = None
