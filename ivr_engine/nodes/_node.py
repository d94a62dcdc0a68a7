"""This file decides what every word of the dialplan owes the core. It does not know any single word.

A node is an explicit state machine: it is told a signal, and replies with its next state, orders, and perhaps an
exit. It keeps nothing itself, so one node serves all callers at once, and a visit can be written down and resumed.
At most one playback, one wait, one message and one lookup are running for a visit; all end when the node replies with
an exit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, ClassVar, Protocol, TypeAlias

from ivr_engine.dialplan.hotline import NO_FACILITIES, Facilities, Text
from ivr_engine.model.ids import CallId, DestinationName, LookupName, QueueName, StepName

# --- what a node may know -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Caller:
    """What is known of the caller at this moment. Times are seconds since 1970."""

    call: CallId
    now: float
    number: str  # the one he dialled
    caller: str  # his own; may be empty or anything
    language: str
    arrived_at: float
    region: str = ""
    tags: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    keys: str = ""  # those that chose something in a menu, in order
    calls_in_24h: int = 1  # with this one
    facilities: Facilities = NO_FACILITIES
    live_status: Text | None = None  # what is said in his flow in place of what a step says of how a matter stands
    stopped_arms: Mapping[StepName, frozenset[str]] = field(default_factory=dict)  # by experiment


# --- what a node is told ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the node last said has ended."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """The caller pressed a key. If something was being said, it is for the node to hush it."""

    digit: str


@dataclass(frozen=True, slots=True)
class Waited:
    """The wait the node asked for is over."""


class Answer(Enum):
    """What became of a lookup."""

    FOUND = "found"
    NOT_FOUND = "not found"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class LookedUp:
    """The lookup the node asked for is over."""

    answer: Answer
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MessageTaken:
    """The message the node asked for is over. `seconds` of sound; 0 when there is none."""

    seconds: float


Signal: TypeAlias = Spoken | Pressed | Waited | LookedUp | MessageTaken

# --- what a node asks for -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Say:
    """Let the caller hear texts. Replaces what is being said; `Spoken` follows when all is said."""

    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Hush:
    """Stop what is being said; no `Spoken` follows."""


@dataclass(frozen=True, slots=True)
class Wait:
    """`Waited` follows after this many seconds. Replaces an earlier wait; any key pressed cancels it."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Keep:
    """Remember of the caller. `secret` values are written nowhere; they do not survive the engine."""

    values: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Speak:
    """From now on the caller hears this language."""

    language: str


@dataclass(frozen=True, slots=True)
class Private:
    """Whether the caller's voice and keys are nobody's business: neither recorded nor written down. Ends with the step.

    Asterisk carries it out only when no prompt plays, so it goes before `Say`.
    """

    on: bool


@dataclass(frozen=True, slots=True)
class LookUp:
    """Ask another system; `LookedUp` follows."""

    lookup: LookupName


@dataclass(frozen=True, slots=True)
class TakeMessage:
    """A beep, then what the caller says is kept; `MessageTaken` follows when he is silent for `quiet` seconds.

    Or after `longest` seconds, or when the node hushes him.
    """

    queue: QueueName  # whose people shall hear it
    longest: float
    quiet: float


@dataclass(frozen=True, slots=True)
class RequestCallBack:
    """People of `queue` shall call `number`."""

    queue: QueueName
    number: str


@dataclass(frozen=True, slots=True)
class TakeArm:
    """The caller is in this arm of an experiment."""

    split: StepName
    arm: str


Order: TypeAlias = Say | Hush | Wait | Keep | Speak | Private | LookUp | TakeMessage | RequestCallBack | TakeArm

# --- how a node is left -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GoTo:
    """On to another step of the same flow."""

    step: StepName


@dataclass(frozen=True, slots=True)
class CallFlow:
    """On to a step whose way comes back (`then: return`), and then on to `back`."""

    step: StepName
    back: StepName


@dataclass(frozen=True, slots=True)
class Endings:
    """Where a caller goes who does not simply wait, talk and hang up. None: he goes on waiting; or the call ends."""

    full: StepName | None = None
    no_seats: StepName | None = None
    too_long: StepName | None = None
    longest: float | None = None  # seconds, before he goes to `too_long`
    keys: Mapping[str, StepName] = field(default_factory=dict)
    answered: StepName | None = None  # when the agent hung up first
    overflowed: tuple[str, ...] = ()  # tags of whom another than the queue's first pool serves
    abandoned: tuple[str, ...] = ()  # tags of who hangs up waiting
    call_back: str | None = None  # at which number he is called back then


@dataclass(frozen=True, slots=True)
class JoinQueue:
    """The caller wants a person who has what he `needs`. A higher `priority` is added to the queue's own."""

    queue: QueueName
    tags: tuple[str, ...] = ()
    priority: int = 0
    endings: Endings = Endings()
    needs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Transfer:
    """Connect the caller to somebody outside; on to `failed` when nobody answers there, to `ended` after the talk.

    He hears `greeting` while it rings there, and then music.
    """

    destination: DestinationName
    failed: StepName
    ended: StepName | None = None
    greeting: Text | None = None


@dataclass(frozen=True, slots=True)
class HangUp:
    """Nothing more to say."""


Exit: TypeAlias = GoTo | CallFlow | JoinQueue | Transfer | HangUp


class KeyUse(Enum):
    """What a pressed key was to the node."""

    CHOICE = "chose something"
    PART = "part of something longer"
    WRONG = "means nothing here"


@dataclass(frozen=True, slots=True)
class Reply:
    """A node's answer to a signal. `state` comes back with the next signal.

    `key` is what a pressed key was; None when none was asked for. `chosen` are the keys that chose, if there were
    several. Unless it was a choice or part of something, the hotline's own key for a person counts, and this reply is
    dropped.
    """

    state: Any = None
    orders: tuple[Order, ...] = ()
    exit: Exit | None = None
    key: KeyUse | None = None
    chosen: str = ""


class Node(Protocol):
    """One step of a dialplan, as its admin wrote it."""

    WORD: ClassVar[str]

    def enter(self, caller: Caller) -> Reply:
        """The caller has reached this step."""
        ...

    def handle(self, state: Any, signal: Signal, caller: Caller) -> Reply:
        """Something happened while the caller is here. `state` is that of this node's last reply."""
        ...
