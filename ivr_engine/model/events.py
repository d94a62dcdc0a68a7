"""This file lists every fact the core can be told. It does not know who tells it.

Facts are frozen and carry a tag, so a journal of them can be written and replayed.
The border (asterisk/, web/, mqtt/, runtime/) translates into these once; nothing else reaches the core.
"""

from collections.abc import Mapping
from typing import Literal

from ivr_engine.model.causes import LegEnd
from ivr_engine.model.fact import Event
from ivr_engine.model.found import FoundCall, FoundLeg
from ivr_engine.model.ids import (
    BridgeId,
    CallId,
    LegId,
    MessageId,
    PlayId,
    PoolName,
    QueryId,
    QueueName,
    SeatId,
    TimerId,
)
from ivr_engine.model.orders import (
    AgentOrdered,
    AgentsRemembered,
    ArmOrdered,
    CanaryOrdered,
    ClockAnswered,
    CrisisOrdered,
    CrisisRemembered,
    DialplanSwitched,
    ProposalAnswered,
    SignalSeen,
    StatusOrdered,
    UsualSeen,
    WishesSeen,
)
from ivr_engine.model.saved import LastTalk

__all__ = [
    "AgentOrdered",
    "AgentsRemembered",
    "AnyEvent",
    "ArmOrdered",
    "CallArrived",
    "CallerLeft",
    "CallerPickedUp",
    "CanaryOrdered",
    "ClockAnswered",
    "CommandFailed",
    "CrisisOrdered",
    "CrisisRemembered",
    "DialplanSwitched",
    "DigitPressed",
    "Event",
    "JoinFailed",
    "Joined",
    "LegAnswered",
    "LegEnded",
    "LegPressed",
    "LegRinging",
    "Lines",
    "LinesSeen",
    "LinkLost",
    "MessageKept",
    "MessageRecorded",
    "PhonesSeen",
    "PromptFinished",
    "ProposalAnswered",
    "Resynced",
    "SeatHeard",
    "SignalSeen",
    "StatusOrdered",
    "SystemAnswered",
    "TimerFired",
    "UsualSeen",
    "WishesSeen",
]

# --- the caller ---------------------------------------------------------------------------------------------


class CallArrived(Event, frozen=True):
    """A caller dialled `number` and is ours to serve. Not answered yet.

    `region` is where his number belongs (as its people say it), "" if unknown; `calls_in_24h` counts this call too.
    `served` is who talked to this number in an earlier call. A `drill` is a call that we make ourselves, to rehearse.
    """

    call: CallId
    number: str
    caller: str
    region: str = ""
    calls_in_24h: int = 1
    served: LastTalk | None = None
    drill: bool = False


class CallerLeft(Event, frozen=True):
    """The caller's line is gone, whoever ended it. Comes exactly once a call; nothing of the call follows it."""

    call: CallId


class CallerPickedUp(Event, frozen=True):
    """He whom `CallOut` rang is on the line."""

    call: CallId


class DigitPressed(Event, frozen=True):
    """The caller pressed one key: 0-9, * or #."""

    call: CallId
    digit: str


class PromptFinished(Event, frozen=True):
    """A playback ended. Exactly one for each `Play`, unless the caller left before.

    `heard` is False when it could not be played; of a stopped one nothing is said.
    """

    call: CallId
    play: PlayId
    heard: bool


class MessageRecorded(Event, frozen=True):
    """A message is over. Exactly one for each `RecordMessage` while we can see, perhaps after CallerLeft.

    `seconds` of sound, to about one; 0 when there is none, or nobody knows. What is kept of it `MessageKept` tells.
    """

    call: CallId
    message: MessageId
    seconds: float


class MessageKept(Event, frozen=True):
    """A message in which somebody speaks is sealed; whoever took it, and whether the call still goes on or not.

    `seconds` it is long; `left_at` is when it ended, in seconds since 1970.
    """

    call: CallId
    message: MessageId
    queue: QueueName
    seconds: float
    left_at: float


class SystemAnswered(Event, frozen=True):
    """What another system knows of the caller. Exactly one for each `AskSystem`. `why` is for people, if it failed."""

    call: CallId
    query: QueryId
    answer: Literal["found", "not found", "failed"]
    values: Mapping[str, str] = {}
    why: str = ""


# --- lines to seats -----------------------------------------------------------------------------------------


class LegRinging(Event, frozen=True):
    """The seat's phone rings. May be missing: some lines answer without ringing."""

    leg: LegId


class LegAnswered(Event, frozen=True):
    """The seat picked up."""

    leg: LegId


class LegPressed(Event, frozen=True):
    """The person at a seat pressed one key of his phone: 0-9, * or #. Told whether he is in a bridge or not."""

    leg: LegId
    digit: str


class SeatHeard(Event, frozen=True):
    """What was said to a seat is over. Exactly one for each `SpeakToSeat`, unless its line has ended before.

    `heard` is False when it could not be played; of what was stopped nothing is said.
    """

    leg: LegId
    play: PlayId
    heard: bool


class LegEnded(Event, frozen=True):
    """The line to the seat is gone. Exactly one for each `RingSeat`, also when it never came to be."""

    leg: LegId
    cause: LegEnd


class Joined(Event, frozen=True):
    """Caller and seat hear each other. Exactly one of `Joined` and `JoinFailed` for each `Join`."""

    call: CallId
    bridge: BridgeId


class JoinFailed(Event, frozen=True):
    """Caller and seat could not be joined."""

    call: CallId
    bridge: BridgeId
    why: str


class CommandFailed(Event, frozen=True):
    """An order without a completion of its own was refused, or timed out."""

    call: CallId
    command: str
    why: str


# --- the seats' phones --------------------------------------------------------------------------------------


class PhonesSeen(Event, frozen=True):
    """Which agents' phones and which trunks can be reached now. Complete: what is missing cannot be reached."""

    agents: frozenset[SeatId]
    trunks: frozenset[PoolName]


# --- time and the link --------------------------------------------------------------------------------------


class TimerFired(Event, frozen=True):
    """A timer ran out. Not sent for a cancelled one."""

    timer: TimerId


class LinkLost(Event, frozen=True):
    """Asterisk does not tell us anything any more. Calls go on; what happens to them is not seen."""


class Lines(Event, frozen=True):
    """What there is: lines of callers, lines to seats, bridges."""

    calls: tuple[FoundCall, ...]
    legs: tuple[FoundLeg, ...]
    bridges: frozenset[BridgeId]


class Resynced(Lines, frozen=True):
    """The link is up, and this is all there is.

    What happened while we were blind is not replayed by Asterisk; the core works it out from here.
    """


class LinesSeen(Lines, frozen=True, omit_defaults=True):
    """What there was at the last look, every few seconds while the link is up. Nothing may follow from one look alone.

    Facts and orders may have crossed it. `saved` is read only of callers the border has not told of. `deserted` are
    bridges with nobody in them, `sounding` playbacks and messages that have not ended, `busy` calls and lines that
    orders were on their way to: what is not there may come by them. `as_believed`: nothing was odd, and the rest is
    left out.
    """

    deserted: frozenset[BridgeId] = frozenset()
    sounding: frozenset[str] = frozenset()
    busy: frozenset[str] = frozenset()
    as_believed: bool = False


AnyEvent = (
    CallArrived
    | CallerLeft
    | CallerPickedUp
    | DigitPressed
    | PromptFinished
    | MessageRecorded
    | MessageKept
    | SystemAnswered
    | LegRinging
    | LegAnswered
    | LegPressed
    | SeatHeard
    | LegEnded
    | Joined
    | JoinFailed
    | CommandFailed
    | PhonesSeen
    | TimerFired
    | LinkLost
    | Resynced
    | LinesSeen
    | CrisisOrdered
    | ProposalAnswered
    | ClockAnswered
    | StatusOrdered
    | ArmOrdered
    | SignalSeen
    | UsualSeen
    | CrisisRemembered
    | AgentOrdered
    | AgentsRemembered
    | WishesSeen
    | DialplanSwitched
    | CanaryOrdered
)
