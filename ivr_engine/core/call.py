"""This file decides in which order things may happen to a call. It does not know who decides that they do."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from ivr_engine.core.seat import Seat
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
    StepName,
    TimerId,
)
from ivr_engine.model.notices import CallRecord
from ivr_engine.model.saved import SavedCall
from ivr_engine.nodes import Node
from ivr_engine.nodes._node import Endings


class CallState(Enum):
    """Where a call is. Each call is in exactly one place."""

    MENU = "in the dialplan"
    WAITING = "waiting in a queue"
    OFFERED = "a seat is being rung for it"
    JOINING = "the seat answered, the bridge is being built"
    TALKING = "talking to an agent"
    LEAVING = "we ordered its end"


class CallTrigger(Enum):
    """What can happen to a call."""

    QUEUE = "join a queue"
    OFFER = "ring a seat"
    OFFER_ENDED = "offer ended"
    PICKED_UP = "seat picked up"
    JOINED = "joined"
    GO_ON = "go on in the dialplan"
    HANG_UP = "hang up"


_HANG_UP = {CallTrigger.HANG_UP: CallState.LEAVING}

CALL_TABLE = StateTable[CallState, CallTrigger](
    "call",
    {
        CallState.MENU: {CallTrigger.QUEUE: CallState.WAITING, **_HANG_UP},
        CallState.WAITING: {
            CallTrigger.OFFER: CallState.OFFERED,
            CallTrigger.GO_ON: CallState.MENU,
            **_HANG_UP,
        },
        CallState.OFFERED: {
            CallTrigger.OFFER_ENDED: CallState.WAITING,
            CallTrigger.PICKED_UP: CallState.JOINING,
            CallTrigger.GO_ON: CallState.MENU,
            **_HANG_UP,
        },
        CallState.JOINING: {
            CallTrigger.OFFER_ENDED: CallState.WAITING,
            CallTrigger.JOINED: CallState.TALKING,
            **_HANG_UP,
        },
        CallState.TALKING: {CallTrigger.GO_ON: CallState.MENU, **_HANG_UP},
        CallState.LEAVING: {},
    },
)


# A caller may go round a menu for long; what is written on his line stays short.
MOST_STEPS_SAVED = 50


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
    state: CallState = CallState.MENU
    step: StepName | None = None
    node_state: Any = None
    wait: TimerId | None = None  # the node's wait
    play: PlayId | None = None  # what he is meant to hear; None is silence or music
    sounding: set[PlayId] = field(default_factory=set)  # started and not yet reported as ended
    music: bool = False
    tags: tuple[str, ...] = ()
    steps: list[StepName] = field(default_factory=list)
    queue: QueueName | None = None
    enqueued_at: float | None = None
    leg: LegId | None = None
    bridge: BridgeId | None = None
    connected_at: float | None = None
    served_by: Seat | None = None
    saved_step: StepName | None = None  # the step last written on his line
    offers: int = 0
    refused: bool = False
    region: str = ""
    calls_in_24h: int = 1
    values: dict[str, str] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)  # the values that are written nowhere
    keys: str = ""  # those that chose something
    returns: list[StepName] = field(default_factory=list)  # where the flows he was called into come back to
    arms: dict[StepName, str] = field(default_factory=dict)
    private: bool = False  # his voice and keys are neither recorded nor written down
    query: QueryId | None = None  # the question to another system whose answer his step waits for
    message: MessageId | None = None  # the message he is leaving
    priority: int = 0
    endings: Endings = field(default_factory=Endings)
    patience: TimerId | None = None  # until he has waited too long

    def happens(self, trigger: CallTrigger) -> None:
        """Move on by the table. Raises IllegalTransition, and stays, when the table forbids it."""
        self.state = CALL_TABLE.after(self.state, trigger)

    def known_values(self) -> dict[str, str]:
        """What his step may use and say: what is known of everybody, and what was kept of him."""
        return {"caller": self.caller, "number": self.number, "region": self.region, **self.values}

    def outcome(self) -> Outcome:
        """How the call counts, if it ends now."""
        if self.refused:
            return Outcome.REFUSED
        if self.connected_at is not None:
            return Outcome.ANSWERED
        if self.state is CallState.LEAVING:
            return Outcome.COMPLETED_IN_MENU
        if self.state is CallState.MENU:
            return Outcome.ABANDONED_IN_MENU
        return Outcome.ABANDONED_IN_QUEUE


def record_of(call: Call, now: float) -> CallRecord:
    """What is kept of a call that ends now."""
    served_by = call.served_by
    return CallRecord(
        call=call.id,
        number=call.number,
        caller=call.caller,
        flow=call.flow.name,
        outcome=call.outcome(),
        arrived_at=call.arrived_at,
        ended_at=now,
        queue=call.queue,
        enqueued_at=call.enqueued_at,
        connected_at=call.connected_at,
        pool=served_by.pool if served_by else None,
        seat=served_by.id if served_by else None,
        offers=call.offers,
        tags=call.tags,
        steps=tuple(call.steps),
        region=call.region,
        arms=dict(call.arms),
    )


def saved_of(call: Call, seat: Seat | None) -> SavedCall:
    """What another engine needs to go on with a call; `seat` is the one that rings or talks, or None."""
    return SavedCall(
        number=call.number,
        caller=call.caller,
        arrived_at=call.arrived_at,
        minted=call.mint.minted,
        language=call.language,
        flow=call.flow.name,
        step=call.step,
        queue=call.queue,
        enqueued_at=call.enqueued_at,
        tags=call.tags,
        seat=seat.id if seat else None,
        pool=seat.pool if seat else None,
        leg=call.leg,
        bridge=call.bridge,
        connected_at=call.connected_at,
        offers=call.offers,
        steps=tuple(call.steps[-MOST_STEPS_SAVED:]),
        play=call.play,
        region=call.region,
        values={name: value for name, value in call.values.items() if name not in call.secrets},
        returns=tuple(call.returns),
        priority=call.priority,
        keys=call.keys,
        arms=dict(call.arms),
        version=call.hotline.version,
    )
