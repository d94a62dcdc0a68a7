"""This file decides what every word of the dialplan owes the core. It does not know any single word.

A node is an explicit state machine: it is told a signal, and replies with its next state, orders, and perhaps an
exit. It keeps nothing itself, so one node serves all callers at once, and a visit can be written down and resumed.
At most one playback and one wait are running for a visit; both end when the node replies with an exit.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeAlias

from ivr_engine.dialplan.hotline import Text
from ivr_engine.model.ids import QueueName, StepName

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


Signal: TypeAlias = Spoken | Pressed | Waited

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


Order: TypeAlias = Say | Hush | Wait

# --- how a node is left -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GoTo:
    """On to another step of the same flow."""

    step: StepName


@dataclass(frozen=True, slots=True)
class JoinQueue:
    """The caller wants a person."""

    queue: QueueName
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HangUp:
    """Nothing more to say."""


Exit: TypeAlias = GoTo | JoinQueue | HangUp


@dataclass(frozen=True, slots=True)
class Reply:
    """A node's answer to a signal. `state` comes back with the next signal.

    `understood` tells whether a pressed key meant something; None when no key was pressed or none was asked for.
    """

    state: Any = None
    orders: tuple[Order, ...] = ()
    exit: Exit | None = None
    understood: bool | None = None


class Node(Protocol):
    """One step of a dialplan, as its admin wrote it."""

    WORD: ClassVar[str]

    def enter(self) -> Reply:
        """The caller has reached this step."""
        ...

    def handle(self, state: Any, signal: Signal) -> Reply:
        """Something happened while the caller is here. `state` is that of this node's last reply."""
        ...
