"""This file lists every order the core can give. It does not know how one is carried out.

Orders of one call are carried out in the order given. Long ones end in exactly one completion event: `Play` in
PromptFinished, `SpeakToSeat` in SeatHeard, `AskSystem` in SystemAnswered, `RecordMessage` in MessageRecorded,
`RingSeat` in LegEnded (after LegAnswered or not), `Join` in Joined or JoinFailed, `StartTimer` in TimerFired or in
nothing once cancelled. The others answer only when refused: CommandFailed.
"""

from collections.abc import Mapping

import msgspec

from ivr_engine.model.ids import (
    BridgeId,
    CallId,
    EarId,
    LegId,
    LookupName,
    MessageId,
    PlayId,
    PoolName,
    QueryId,
    SeatId,
    TimerId,
)
from ivr_engine.model.notices import AnyNotice
from ivr_engine.model.prompt import Prompt
from ivr_engine.model.saved import SavedCall


class Command(msgspec.Struct, frozen=True, tag=True):
    """An order."""


class CallCommand(Command, frozen=True):
    """An order about one call; carried out after the earlier ones of the same call."""

    call: CallId


class Answer(CallCommand, frozen=True):
    """Pick up the caller's line."""


class Play(CallCommand, frozen=True):
    """Let the caller hear prompts, one after the other."""

    play: PlayId
    prompts: tuple[Prompt, ...]


class StopPlay(CallCommand, frozen=True):
    """Cut a playback short, whoever hears it. Its PromptFinished or SeatHeard still comes."""

    play: PlayId


class StartMusic(CallCommand, frozen=True):
    """Let the caller hear music until StopMusic or Join."""


class StopMusic(CallCommand, frozen=True):
    """Silence again."""


class HideCaller(CallCommand, frozen=True):
    """Keep the caller's voice out of the recording, or (`on` False) take it in again.

    Waits for a prompt that plays on his line, so it goes before `Play`.
    """

    on: bool


class RecordMessage(CallCommand, frozen=True):
    """A beep, then record the caller: until `quiet` seconds of silence, `longest` seconds in all, or StopMessage.

    Nothing can be saved on his line meanwhile, so that goes before.
    """

    message: MessageId
    longest: float
    quiet: float


class StopMessage(CallCommand, frozen=True):
    """End a message. Its MessageRecorded still comes."""

    message: MessageId


class AskSystem(CallCommand, frozen=True):
    """Ask another system about the caller. `values` is what its address and body may hold."""

    query: QueryId
    lookup: LookupName
    values: Mapping[str, str]


class AgentPhone(msgspec.Struct, frozen=True, tag=True):
    """The registered phone of an agent."""

    agent: SeatId


class TrunkLine(msgspec.Struct, frozen=True, tag=True):
    """A line over a trunk to another site, dialling `number` there."""

    trunk: PoolName
    number: str


Destination = AgentPhone | TrunkLine


class CallOut(CallCommand, frozen=True):
    """Ring somebody who wants to be called back, over a trunk, showing him the number `shows`; for `give_up` seconds.

    Ends in CallerLeft, after CallerPickedUp or not.
    """

    number: str
    trunk: str
    shows: str
    give_up: float


class RingSeat(CallCommand, frozen=True):
    """Open a line to a seat. `give_up` seconds is a safety net: the core hangs up earlier by itself.

    Of a `drill` the phone shows that it is one.
    """

    leg: LegId
    to: Destination
    caller: str
    give_up: float
    drill: bool = False


class HangUpLeg(CallCommand, frozen=True):
    """End a line to a seat, whatever it is doing."""

    leg: LegId


class SpeakToSeat(CallCommand, frozen=True):
    """Let the person at a seat hear prompts on his own line, alone. He must be in no bridge, and have picked up.

    Stopped by `StopPlay`. Joining him meanwhile would wait for the end.
    """

    leg: LegId
    play: PlayId
    prompts: tuple[Prompt, ...]


class Join(CallCommand, frozen=True):
    """Build a bridge and put caller and seat in it. `keys_stay`: what either presses, the other does not hear."""

    leg: LegId
    bridge: BridgeId
    keys_stay: bool = False


class AddLine(CallCommand, frozen=True):
    """Put an answered line in the bridge its caller's talk has; if it is there already, nothing changes.

    `keys_stay` as for `Join`.
    """

    leg: LegId
    bridge: BridgeId
    keys_stay: bool = False


class TakeOut(CallCommand, frozen=True):
    """Take the caller out of a bridge; who else is in it stays. If he is in none, nothing changes."""

    bridge: BridgeId


class PutBack(CallCommand, frozen=True):
    """Put the caller in a bridge again; if he is in it already, nothing changes."""

    bridge: BridgeId


class Listen(CallCommand, frozen=True):
    """Let the person at `leg` hear all that is heard and said at `agent`'s line, in a bridge of their own.

    Nobody hears him; if `whisper`, the agent does, and nobody else.
    """

    leg: LegId
    agent: LegId
    bridge: BridgeId
    ear: EarId
    whisper: bool = False


class StopListening(CallCommand, frozen=True):
    """Take down what `Listen` built. The line of who listened stays."""

    ear: EarId
    bridge: BridgeId


class DropBridge(CallCommand, frozen=True):
    """Take a bridge down."""

    bridge: BridgeId


class HangUpCall(CallCommand, frozen=True):
    """End the caller's line."""


class SaveState(CallCommand, frozen=True):
    """Write the call's live state on its line. Waits for a prompt that plays on it, so it goes before `Play`."""

    state: SavedCall


class StartTimer(Command, frozen=True):
    """Send TimerFired after this many seconds."""

    timer: TimerId
    after: float


class CancelTimer(Command, frozen=True):
    """Forget a timer."""

    timer: TimerId


class Publish(Command, frozen=True):
    """Tell the world. `drill`: it is of a drill call, and is kept apart from what is told of callers."""

    notice: AnyNotice
    drill: bool = False


AnyCommand = (
    Answer
    | Play
    | StopPlay
    | StartMusic
    | StopMusic
    | HideCaller
    | RecordMessage
    | StopMessage
    | AskSystem
    | CallOut
    | RingSeat
    | HangUpLeg
    | SpeakToSeat
    | Join
    | AddLine
    | TakeOut
    | PutBack
    | Listen
    | StopListening
    | DropBridge
    | HangUpCall
    | SaveState
    | StartTimer
    | CancelTimer
    | Publish
)
