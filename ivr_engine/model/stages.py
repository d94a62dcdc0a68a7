"""This file lists what the core tells of a call, stage by stage. It does not know who listens.

Times are seconds since 1970.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

from ivr_engine.model.causes import CalledBack, LegEnd, Outcome
from ivr_engine.model.ids import (
    CallId,
    DestinationName,
    MessageId,
    PoolName,
    QueueName,
    SeatId,
    StepName,
    WishId,
)


class Notice(msgspec.Struct, frozen=True, tag=True):
    """Something worth telling."""


class CallStage(Notice, frozen=True):
    """One stage of one call's way. `name` says which."""

    call: CallId
    at: float


class Arrived(CallStage, frozen=True):
    """A caller is here. `caller` is the whole number here; whoever tells it outside masks it."""

    number: str
    caller: str
    flow: str
    drill: bool = False


class StepEntered(CallStage, frozen=True):
    """The caller reached a step of the dialplan."""

    step: StepName


class KeyPressed(CallStage, frozen=True):
    """A key chose something in a menu. `understood` is False for a wrong key."""

    step: StepName
    understood: bool


class Queued(CallStage, frozen=True):
    """The caller waits for a person."""

    queue: QueueName
    ahead: int  # callers of this queue in front of him


class Offered(CallStage, frozen=True):
    """A seat is being rung for him. `overflow` is True when it is not in the queue's first pool.

    `directed`: an agent chose that seat.
    """

    queue: QueueName
    pool: PoolName
    seat: SeatId
    overflow: bool
    directed: bool = False


class Ringing(CallStage, frozen=True):
    """The seat's phone rings. `since_queued` is seconds from entering the queue, None after the first offer."""

    seat: SeatId
    since_queued: float | None


class OfferEnded(CallStage, frozen=True):
    """The offer came to nothing; the caller keeps his place."""

    seat: SeatId
    cause: LegEnd


class Connected(CallStage, frozen=True):
    """Caller and agent talk. `waited` in seconds since he entered the queue.

    `again`: another agent handed him on, and it is since then.
    """

    queue: QueueName
    pool: PoolName
    seat: SeatId
    waited: float
    again: bool = False


class Held(CallStage, frozen=True):
    """The caller hears music instead of his agent; or (`on` False) him again."""

    seat: SeatId
    on: bool


SecondLineState = Literal["rung", "there", "gone"]


class SecondLine(CallStage, frozen=True):
    """Somebody is to come in beside the agent at `seat`: consulted, or a supervisor."""

    seat: SeatId
    second: SeatId
    state: SecondLineState


class HandedOn(CallStage, frozen=True):
    """The agent at `seat` has left his caller to `whom`: a seat, a queue, or somebody outside."""

    seat: SeatId
    whom: str


class Listened(CallStage, frozen=True):
    """A supervisor hears what is said at an agent's `seat`, or (`ended`) no more. `whisper`: he speaks to him alone."""

    seat: SeatId
    supervisor: SeatId
    how: Literal["listen", "whisper", "barge", "ended"]


class CallRecord(msgspec.Struct, frozen=True):
    """All that is kept of an ended call, besides its recording."""

    call: CallId
    number: str
    caller: str
    flow: str
    outcome: Outcome
    arrived_at: float
    ended_at: float
    queue: QueueName | None = None
    enqueued_at: float | None = None
    connected_at: float | None = None
    pool: PoolName | None = None
    seat: SeatId | None = None
    offers: int = 0
    tags: tuple[str, ...] = ()
    steps: tuple[StepName, ...] = ()
    region: str = ""
    arms: Mapping[StepName, str] = {}  # of the experiments he was in, by the name of their step
    disposition: str = ""  # how it went, as its agent says
    wish: WishId | None = None  # that was fulfilled by calling him; None for a call he made himself
    talk_ended_at: float | None = None  # when the agent was gone; None if that is when the call ended
    transferred_at: float | None = None  # since when somebody outside talked to him, if anybody did
    overflow: bool = False  # another than his queue's first pool served him
    drill: bool = False  # we made it ourselves, to rehearse


class Disposed(CallStage, frozen=True):
    """The agent at `seat` has said how a call went. `record` is the one to keep now, if the call was over."""

    seat: SeatId
    tag: str
    record: CallRecord | None = None


class ArmTaken(CallStage, frozen=True):
    """The caller is in this arm of the experiment at step `split`."""

    split: StepName
    arm: str


class CallBackRequested(CallStage, frozen=True):
    """The caller wants to be called at `to` by people of `queue`. It is the whole number, like `caller`.

    `since` is when he began to wait, or came: his place in the line.
    """

    queue: QueueName
    to: str
    wish: WishId
    since: float


class CallBackTried(CallStage, frozen=True):
    """Somebody was called back, for the `attempt`th time; and how it went."""

    queue: QueueName
    wish: WishId
    attempt: int
    result: CalledBack


class MessageLeft(CallStage, frozen=True):
    """The caller has left a message for people of `queue`, and it can be heard. May come after `Ended`.

    `seconds` is how long it is.
    """

    queue: QueueName
    message: MessageId
    seconds: float


class Transferred(CallStage, frozen=True):
    """How the transfer to somebody outside went. `ok`: they talk; else nobody took the call there."""

    destination: DestinationName
    ok: bool


class Ended(CallStage, frozen=True):
    """The call is over."""

    record: CallRecord
