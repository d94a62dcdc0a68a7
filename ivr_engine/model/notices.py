"""This file lists what the core tells the world. It does not know who listens (MQTT, store, metrics, log).

A notice is never an order: losing one costs a figure, not a call. Times are seconds since 1970.
"""

from enum import StrEnum
from typing import Literal

from ivr_engine.model.agents import Duty
from ivr_engine.model.alarms import (
    Announced,
    ArmChanged,
    ClockChanged,
    CrisisAnswered,
    CrisisChanged,
    CrisisProposed,
    CrisisStateChanged,
    Moved,
    ProposalClosed,
    StatusChanged,
    TriggerChanged,
    TurnedAway,
)
from ivr_engine.model.alerts import AlertRaised, AlertSent
from ivr_engine.model.ids import (
    AskId,
    CallId,
    PoolName,
    QueueName,
    SeatId,
)
from ivr_engine.model.screens import CallShown
from ivr_engine.model.stages import (
    ArmTaken,
    Arrived,
    CallBackRequested,
    CallBackTried,
    CallRecord,
    CallStage,
    Connected,
    Disposed,
    Ended,
    HandedOn,
    Held,
    KeyPressed,
    Listened,
    MessageLeft,
    Notice,
    Offered,
    OfferEnded,
    Queued,
    Ringing,
    SecondLine,
    SecondLineState,
    StepEntered,
    Transferred,
)

__all__ = [
    "AgentAnswered",
    "AgentChanged",
    "AlertRaised",
    "AlertSent",
    "Announced",
    "AnyNotice",
    "ArmChanged",
    "ArmTaken",
    "Arrived",
    "CallBackRequested",
    "CallBackTried",
    "CallRecord",
    "CallShown",
    "CallStage",
    "CallsMissed",
    "CanaryChanged",
    "ClockChanged",
    "Connected",
    "CrisisAnswered",
    "CrisisChanged",
    "CrisisProposed",
    "CrisisStateChanged",
    "DialplanChanged",
    "Disposed",
    "Ended",
    "HandedOn",
    "Held",
    "KeyPressed",
    "LinkChanged",
    "Listened",
    "MessageLeft",
    "Moved",
    "Notice",
    "OfferEnded",
    "Offered",
    "OverflowChanged",
    "PoolChanged",
    "ProposalClosed",
    "QueueChanged",
    "Queued",
    "Ringing",
    "SecondLine",
    "SecondLineState",
    "StatusChanged",
    "StepEntered",
    "Transferred",
    "TriggerChanged",
    "Trouble",
    "TroubleKind",
    "TurnedAway",
]


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
    shut: str = ""  # why it does not take part now


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


class PoolHealthChanged(Notice, frozen=True):
    """Whether the lines of a pool work. One whose lines failed again and again is tried with one call now and then."""

    pool: PoolName
    at: float
    healthy: bool
    why: str


class OverflowChanged(Notice, frozen=True):
    """A pool that a queue may use under conditions only is open to it from now on, or closed. `why` is for people."""

    queue: QueueName
    pool: PoolName
    at: float
    open: bool
    why: str


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
    | CallShown
    | QueueChanged
    | PoolHealthChanged
    | OverflowChanged
    | Announced
    | ArmChanged
    | ClockChanged
    | CrisisAnswered
    | CrisisChanged
    | CrisisProposed
    | CrisisStateChanged
    | Moved
    | ProposalClosed
    | StatusChanged
    | TriggerChanged
    | DialplanChanged
    | CanaryChanged
    | LinkChanged
    | AlertRaised
    | AlertSent
    | TurnedAway
    | Trouble
)
