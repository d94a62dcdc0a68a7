"""This file decides what is true of a simulated line. It does not know what the engine believes, or orders."""

from dataclasses import dataclass, field

from ivr_engine.model import commands as c
from ivr_engine.model.ids import CallId, LegId, MessageId, PlayId
from ivr_engine.model.prompt import Prompt
from ivr_engine.model.saved import SavedCall

SAID_SECONDS = 4.0


@dataclass(slots=True)
class CallerLine:
    """A caller's line as it truly is."""

    call: CallId
    number: str
    caller: str
    drill: bool = False  # it came by the endpoint that is for them
    answered: bool = False
    rings: bool = False  # he is being called back, and has not picked up
    music: bool = False
    music_spared: bool = False  # its end was ordered, and refused
    hidden: bool = False  # his voice is kept out of the recording
    plays: dict[PlayId, tuple[Prompt, ...]] = field(default_factory=dict)
    heard: list[Prompt] = field(default_factory=list)
    untold: set[PlayId] = field(default_factory=set)  # plays whose end the engine has not been told
    unstopped: set[str] = field(default_factory=set)  # plays and messages whose stop was ordered, and refused
    saved: SavedCall | None = None
    message: MessageId | None = None  # what he says is being kept
    said: float = SAID_SECONDS  # how long he has spoken for it, when he is stopped
    untold_messages: set[MessageId] = field(default_factory=set)


@dataclass(slots=True)
class SeatLine:
    """A line to a seat as it truly is."""

    leg: LegId
    to: c.Destination
    ringing: bool = False
    answered: bool = False
    plays: dict[PlayId, tuple[Prompt, ...]] = field(default_factory=dict)  # what the person there hears
    heard: list[Prompt] = field(default_factory=list)
    untold: set[PlayId] = field(default_factory=set)  # plays whose end the engine has not been told
    unstopped: set[PlayId] = field(default_factory=set)  # whose stop was ordered, and refused
