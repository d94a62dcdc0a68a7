"""This file decides in which order things may happen to a call. It does not know who decides that they do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from ivr_engine.core.table import StateTable
from ivr_engine.dialplan.hotline import Flow, Hotline
from ivr_engine.model.causes import Outcome
from ivr_engine.model.ids import (
    BridgeId,
    CallId,
    IdMint,
    LegId,
    MessageId,
    PlayId,
    QueryId,
    QueueName,
    SeatId,
    StepName,
    TimerId,
)
from ivr_engine.model.saved import LastTalk, Talk
from ivr_engine.model.wishes import Wish
from ivr_engine.nodes import Node
from ivr_engine.nodes._node import Endings, Transfer


class CallState(Enum):
    """Where a call is. Each call is in exactly one place."""

    MENU = "in the dialplan"
    WAITING = "waiting in a queue"
    AWAY = "in a queue and not on the line: he is to be called back"
    DIALLING = "his own phone is being rung, to call him back"
    OFFERED = "a seat, or somebody outside, is being rung for it"
    JOINING = "the far end answered, the bridge is being built"
    TALKING = "talking to an agent, or to somebody outside"
    LEAVING = "we ordered its end"


class CallTrigger(Enum):
    """What can happen to a call."""

    QUEUE = "join a queue"
    TRANSFER = "ring somebody outside"
    OFFER = "ring a seat"
    OFFER_ENDED = "offer ended"
    PICKED_UP = "seat picked up"
    JOINED = "joined"
    GO_ON = "go on in the dialplan"
    WISH = "stand in a queue without being on the line"
    DIAL = "ring him back"
    CAME = "picked up, and waits"
    HANG_UP = "hang up"


_HANG_UP = {CallTrigger.HANG_UP: CallState.LEAVING}

CALL_TABLE = StateTable[CallState, CallTrigger](
    "call",
    {
        CallState.MENU: {
            CallTrigger.QUEUE: CallState.WAITING,
            CallTrigger.TRANSFER: CallState.OFFERED,
            CallTrigger.WISH: CallState.AWAY,
            **_HANG_UP,
        },
        CallState.WAITING: {
            CallTrigger.OFFER: CallState.OFFERED,
            CallTrigger.GO_ON: CallState.MENU,
            **_HANG_UP,
        },
        CallState.AWAY: {CallTrigger.DIAL: CallState.DIALLING},
        CallState.DIALLING: {
            CallTrigger.PICKED_UP: CallState.JOINING,
            CallTrigger.CAME: CallState.WAITING,
            **_HANG_UP,
        },
        CallState.OFFERED: {
            CallTrigger.DIAL: CallState.DIALLING,
            CallTrigger.OFFER_ENDED: CallState.WAITING,
            CallTrigger.PICKED_UP: CallState.JOINING,
            CallTrigger.GO_ON: CallState.MENU,
            **_HANG_UP,
        },
        CallState.JOINING: {
            CallTrigger.OFFER_ENDED: CallState.WAITING,
            CallTrigger.JOINED: CallState.TALKING,
            CallTrigger.GO_ON: CallState.MENU,
            **_HANG_UP,
        },
        CallState.TALKING: {
            CallTrigger.GO_ON: CallState.MENU,
            CallTrigger.QUEUE: CallState.WAITING,
            CallTrigger.TRANSFER: CallState.OFFERED,
            **_HANG_UP,
        },
        CallState.LEAVING: {},
    },
)


@dataclass(slots=True, eq=False)
class Call:
    """One caller's call, from arrival to the end of his line. Times are seconds since 1970."""

    id: CallId
    number: str
    caller: str
    arrived_at: float
    flow: Flow[Node]
    language: str
    mint: IdMint
    hotline: Hotline[Node]  # the version he began with
    drill: bool = False  # we made it ourselves, to rehearse
    state: CallState = CallState.MENU
    step: StepName | None = None
    node_state: Any = None
    wait: TimerId | None = None  # the node's wait
    play: PlayId | None = None  # what he is meant to hear; None is silence or music
    sounding: set[PlayId] = field(default_factory=set)  # started and not yet reported as ended
    music: bool = False
    tags: tuple[str, ...] = ()
    steps: list[StepName] = field(default_factory=list)
    queue: QueueName | None = None  # the one he waits in, or was in last
    enqueued_at: float | None = None  # his place in line; he keeps it from queue to queue until he has talked
    queued_at: float | None = None  # when he came into this queue
    leg: LegId | None = None
    beside: list[LegId] = field(default_factory=list)  # lines to more seats that ring for him
    bridge: BridgeId | None = None
    talk: Talk | None = None  # with an agent: the one that goes on, or the last
    second: LegId | None = None  # of who is there beside his agent, or is rung to be
    listener: LegId | None = None  # of a supervisor who listens, or is rung to
    held: bool = False  # he is out of his bridge, and hears music
    moved: bool = False  # he was, in this talk: where he really is must be made sure of after a time of blindness
    disposition: str = ""  # how it went, as his agent says
    transfer: Transfer | None = None  # to somebody outside, who is being rung or talks
    transfers: int = 0  # how many were begun
    transferred_at: float | None = None  # when somebody outside was last joined with him
    saved_steps: int = 0  # how many steps he had reached when his state was last written on his line
    saved_message: MessageId | None = None  # and the message
    offers: int = 0
    refused: bool = False
    region: str = ""
    calls_in_24h: int = 1
    served: LastTalk | None = None  # in an earlier call
    values: dict[str, str] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)  # the values that are written nowhere
    keys: str = ""  # those that chose something
    returns: list[StepName] = field(default_factory=list)  # where the flows he was called into come back to
    arms: dict[StepName, str] = field(default_factory=dict)
    private: bool = False  # his voice and keys are neither recorded nor written down
    query: QueryId | None = None  # the question to another system whose answer his step waits for
    message: MessageId | None = None  # the message he is leaving
    settled: bool = False  # he left a message or a wish: if he hangs up then, he does not give up
    priority: int = 0
    needs: Mapping[str, int] = field(default_factory=dict)  # what his step asks for, beside his queue
    endings: Endings = field(default_factory=Endings)
    tried: set[SeatId] = field(default_factory=set)  # seats that were rung for him in vain
    wish: Wish | None = None  # he wanted to be called back, and is
    away: bool = False  # he is not on the line yet
    patience: TimerId | None = None  # until he has waited too long
    widening: TimerId | None = None  # until he is content with less
    announcement: TimerId | None = None  # until he is told how long he will wait
    followed: tuple[str, ...] = ()  # the crises he has followed as one who waits
    sorted_from: tuple[tuple[str, QueueName], ...] = ()  # the crises that moved him to another line, and from where
    deflected: bool = False  # he was led away from a queue where he would have waited for long
    told_minutes: int | None = None  # the longest wait he was told last

    def happens(self, trigger: CallTrigger) -> None:
        """Move on by the table. Raises IllegalTransition, and stays, when the table forbids it."""
        self.state = CALL_TABLE.after(self.state, trigger)

    @property
    def is_of_queue(self) -> bool:
        """Whether he waits in his queue, or talks out of it; else he was there, if he has one."""
        return self.state not in (CallState.MENU, CallState.LEAVING) and self.transfer is None

    def tag(self, *tags: str) -> None:
        """Add what it is about, once."""
        self.tags += tuple(tag for tag in tags if tag not in self.tags)

    def last_talk(self) -> LastTalk | None:
        """Whom he talked to last, in this call or an earlier one."""
        return LastTalk(self.talk.seat, self.talk.connected_at) if self.talk else self.served

    def known_values(self) -> dict[str, str]:
        """What his step may use and say: what is known of everybody, and what was kept of him."""
        return {"caller": self.caller, "number": self.number, "region": self.region, **self.values}

    def outcome(self) -> Outcome:
        """How the call counts, if it ends now."""
        if self.refused or self.away:
            return Outcome.REFUSED if self.refused else Outcome.NOT_REACHED
        if self.talk is not None:
            return Outcome.ANSWERED
        if self.transferred_at is not None:
            return Outcome.TRANSFERRED
        if self.state is CallState.LEAVING or (self.settled and not self.is_of_queue):
            return Outcome.COMPLETED_IN_MENU
        if not self.is_of_queue:
            return Outcome.ABANDONED_IN_MENU
        return Outcome.ABANDONED_IN_QUEUE
