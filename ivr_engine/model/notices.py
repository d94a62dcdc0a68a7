"""This file lists what the core tells the world. It does not know who listens (MQTT, store, metrics, log).

A notice is never an order: losing one costs a figure, not a call. Times are seconds since 1970.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

import msgspec

from ivr_engine.model.agents import Duty
from ivr_engine.model.causes import CalledBack, LegEnd, Outcome
from ivr_engine.model.ids import (
    AskId,
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
    """Caller and agent talk. `waited` in seconds since he entered the queue."""

    queue: QueueName
    pool: PoolName
    seat: SeatId
    waited: float


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


class PoolChanged(Notice, frozen=True):
    """How many seats of a pool are in which state."""

    pool: PoolName
    at: float
    ready: int
    ringing: int
    talking: int
    wrap_up: int
    offline: int
    paused: int = 0
    signed_out: int = 0


class AgentChanged(Notice, frozen=True):
    """What an agent is doing since `at`, and how he stands by his orders. `state` is "gone" when he is in no pool."""

    agent: SeatId
    pool: PoolName
    at: float
    state: str
    duty: Duty


class AgentAnswered(Notice, frozen=True):
    """How an order to an agent went. `why` is cause and remedy when it was refused: nothing was changed then."""

    ask: AskId
    agent: SeatId
    at: float
    ok: bool
    why: str = ""


class CallsMissed(Notice, frozen=True):
    """An agent was paused because he did not take that many calls in a row."""

    agent: SeatId
    pool: PoolName
    at: float
    calls: int


class QueueChanged(Notice, frozen=True):
    """How many callers wait in a queue.

    `estimate` is how many seconds one who came now would probably wait; None while that cannot honestly be told.
    """

    queue: QueueName
    at: float
    waiting: int
    oldest_since: float | None
    estimate: float | None = None


class OverflowChanged(Notice, frozen=True):
    """A pool that a queue may use under conditions only is open to it from now on, or closed. `why` is for people."""

    queue: QueueName
    pool: PoolName
    at: float
    open: bool
    why: str


class CrisisChanged(Notice, frozen=True):
    """A crisis profile is on, or (None) none is."""

    profile: str | None
    at: float
    by: str
    reason: str


class DialplanChanged(Notice, frozen=True):
    """New calls get this version of the hotline; `before` is what they got until now."""

    version: str
    at: float
    by: str
    before: str


class CanaryChanged(Notice, frozen=True):
    """How a version on trial stands beside the other one: calls judged, and those that hung up in the menu.

    `p_value` bounds the chance of being wrong if it is called worse now; looking often does not make it untrue.
    """

    version: str
    at: float
    state: Literal["on", "accepted", "stopped", "taken back"]
    percent: int
    by: str
    why: str
    calls: int
    left_in_menu: int
    other_calls: int
    other_left_in_menu: int
    p_value: float


class LinkChanged(Notice, frozen=True):
    """Whether Asterisk tells us what happens. After `up`, `adopted` calls and `lost` ones were found out."""

    up: bool
    at: float
    adopted: int = 0
    lost: int = 0


class TroubleKind(StrEnum):
    """What sort of trouble: counted, and alarmed on."""

    ORDER_REFUSED = "order_refused"
    JOIN_FAILED = "join_failed"
    UNKNOWN_NUMBER = "unknown_number"
    UNKNOWN_PROFILE = "unknown_profile"
    AGENT_ORDER_REFUSED = "agent_order_refused"
    DIALPLAN_REFUSED = "dialplan_refused"
    DIALPLAN_CIRCLE = "dialplan_circle"
    LOOKUP_FAILED = "lookup_failed"
    ILLEGAL_TRANSITION = "illegal_transition"
    INTERNAL_ERROR = "internal_error"
    FACTS_LOST = "facts_lost"
    REPAIRED = "repaired"  # what was believed was not so, in two looks at Asterisk: somewhere is a bug


class Trouble(Notice, frozen=True):
    """Something was refused or made no sense. The call goes on where it can. `what` is for people."""

    at: float
    kind: TroubleKind
    what: str
    call: CallId | None = None


AnyNotice = (
    Arrived
    | StepEntered
    | KeyPressed
    | Queued
    | Offered
    | Ringing
    | OfferEnded
    | Connected
    | ArmTaken
    | CallBackRequested
    | CallBackTried
    | MessageLeft
    | Transferred
    | Held
    | SecondLine
    | HandedOn
    | Listened
    | Disposed
    | Ended
    | PoolChanged
    | AgentChanged
    | AgentAnswered
    | CallsMissed
    | QueueChanged
    | OverflowChanged
    | CrisisChanged
    | DialplanChanged
    | CanaryChanged
    | LinkChanged
    | Trouble
)
