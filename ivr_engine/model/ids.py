"""This file decides how things are named. It does not know what the things are made of.

The core mints every id but one (a call is named by the exchange that took it), from the call's id and a counter.
So an id is known *before* the order that creates the thing goes out, and replaying a journal mints the same ids.
"""

import re
from dataclasses import dataclass
from typing import NewType

CallId = NewType("CallId", str)  # names the call, its caller's leg and its recording
LegId = NewType("LegId", str)  # one phone line we opened towards a seat
BridgeId = NewType("BridgeId", str)
PlayId = NewType("PlayId", str)
TimerId = NewType("TimerId", str)
SeatId = NewType("SeatId", str)  # "1001", or "chengdu#7" for the 7th line to a remote pool
PoolName = NewType("PoolName", str)
QueueName = NewType("QueueName", str)
StepName = NewType("StepName", str)
DestinationName = NewType("DestinationName", str)  # somebody outside a caller may be transferred to
LookupName = NewType("LookupName", str)  # another system that is asked about a caller
ShiftName = NewType("ShiftName", str)
QueryId = NewType("QueryId", str)  # one question to another system
MessageId = NewType("MessageId", str)  # one message a caller leaves; names its recording, and for whose people it is
WishId = NewType("WishId", str)  # one wish to be called back
EarId = NewType("EarId", str)  # what somebody hears an agent's line with
AskId = NewType("AskId", str)  # one order to an agent, by which its answer is known


_MESSAGE = "message-"
_DRILL = "drill-"


@dataclass(slots=True)
class IdMint:
    """Mints ids that are unique within one call's life and readable in a log: `<call>.leg2`."""

    call: CallId
    minted: int = 0
    stem: str = ""  # of the names of legs; the call's own if left out

    def leg(self) -> LegId:
        """Name a leg to be opened."""
        return LegId(self._next("leg", self.stem or self.call))

    def bridge(self) -> BridgeId:
        """Name a bridge to be built."""
        return BridgeId(self._next("bridge"))

    def ear(self) -> EarId:
        """Name what somebody is to hear a line with."""
        return EarId(self._next("ear"))

    def play(self) -> PlayId:
        """Name a playback to be started."""
        return PlayId(self._next("play"))

    def query(self) -> QueryId:
        """Name a question to be asked."""
        return QueryId(self._next("query"))

    def message(self, queue: QueueName, *, drill: bool = False) -> MessageId:
        """Name a message to be taken for people of `queue`, known by this name when nobody is left who ordered it."""
        return MessageId(self._next(f"{_DRILL if drill else ''}{_MESSAGE}{queue}-"))

    def wish(self) -> WishId:
        """Name a wish to be called back."""
        return WishId(self._next("wish"))

    def timer(self) -> TimerId:
        """Name a timer to be started."""
        return TimerId(self._next("timer"))

    def _next(self, kind: str, stem: str = "") -> str:
        self.minted += 1
        return f"{stem or self.call}.{kind}{self.minted}"


def call_of(part: str) -> CallId:
    """The call that a minted id belongs to. The id of a call itself is returned unchanged.

    An exchange's own ids hold one dot (`hotline-1732.12`); ours add a second before the kind.
    """
    head, dot, tail = part.rpartition(".")
    if dot and tail[:1].isalpha():
        return CallId(head)
    return CallId(part)


def call_back_id(wish: WishId, number: int) -> CallId:
    """Names a call by which a wish may be fulfilled. Like an exchange's own id it holds one dot."""
    return CallId(f"{wish.replace('.', '-')}.{number}")


def call_back_mint(call: CallId) -> IdMint:
    """Names what belongs to a call we make ourselves.

    A line to a seat is there before it, and Asterisk opens no line whose name another one's begins with.
    """
    return IdMint(call, stem=f"for-{call}")


def is_call_back(call: CallId) -> bool:
    """Whether we made that call ourselves."""
    return re.fullmatch(r".+-wish[0-9]+\.[0-9]+", call) is not None


def queue_of(part: str) -> QueueName | None:
    """For whose people a message is; None for what is not a message."""
    found = re.fullmatch(rf".+\.(?:{_DRILL})?{_MESSAGE}(.+)-[0-9]+(~[0-9]+)?", part)
    return QueueName(found[1]) if found else None


def is_of_drill(message: MessageId) -> bool:
    """Whether a message was left in a drill."""
    return f".{_DRILL}{_MESSAGE}" in message


def is_bridge(part: str) -> bool:
    """Whether an id names a bridge that an engine of ours built."""
    return part.rpartition(".")[2].startswith("bridge")


def is_leg(part: str) -> bool:
    """Whether an id names a line to a seat that an engine of ours opened."""
    return part.rpartition(".")[2].startswith("leg")


def is_ear(part: str) -> bool:
    """Whether an id names what an engine of ours let a supervisor hear an agent with."""
    return part.rpartition(".")[2].startswith("ear")


def count_of(part: str) -> int:
    """How many ids the call had minted when it minted this one; 0 for an id that is not of our making."""
    return int(re.sub(r"^.*\D", "", part) or 0) if call_of(part) != part else 0


def mask_number(number: str) -> str:
    """A phone number fit for a log: `13812345678` becomes `138****5678`, a short one only stars."""
    if len(number) < 8:
        return "*" * len(number)
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"
