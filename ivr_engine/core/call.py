"""This file decides in which order things may happen to a call. It does not know who decides that they do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from ivr_engine.core.seat import NO_POOL, Seat
from ivr_engine.core.table import StateTable
from ivr_engine.dialplan.hotline import Flow, Hotline
from ivr_engine.model.causes import CalledBack, Outcome
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
from ivr_engine.model.notices import CallBackTried, CallRecord
from ivr_engine.model.saved import LastTalk, SavedCall, SavedSecond, Talk
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


# A caller may go round a menu for long; what is written on his line stays short.
MOST_STEPS_SAVED = 50
MOST_KEYS_SAVED = 50  # no rule looks further back than 20


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
    sorted_from: tuple[str, QueueName] | None = None  # the crisis that moved him to another line, and from where
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


def record_of(call: Call, now: float) -> CallRecord:
    """What is kept of a call that ends now."""
    talk = call.talk
    return CallRecord(
        call=call.id,
        number=call.number,
        caller=call.caller,
        flow=call.flow.name,
        outcome=call.outcome(),
        arrived_at=call.arrived_at,
        ended_at=now,
        queue=talk.queue if talk else call.queue,
        enqueued_at=talk.enqueued_at if talk else call.enqueued_at,
        connected_at=talk.connected_at if talk else None,
        pool=talk.pool if talk else None,
        seat=talk.seat if talk else None,
        offers=call.offers,
        tags=call.tags,
        steps=tuple(call.steps),
        region=call.region,
        arms=dict(call.arms),
        disposition=call.disposition,
        wish=call.wish.wish if call.wish else None,
        talk_ended_at=talk.ended_at if talk else None,
        transferred_at=call.transferred_at,
        overflow=talk is not None and _overflowed(talk, call.hotline),
        drill=call.drill,
    )


def _overflowed(talk: Talk, hotline: Hotline[Node]) -> bool:
    queue = hotline.queues.get(talk.queue)
    return queue is not None and talk.pool != queue.pools[0]


def tried_of(call: Call, now: float) -> CallBackTried | None:
    """How calling somebody back went, whose call ends now; None if it was he who called."""
    if call.wish is None or call.queue is None:
        return None
    plan = call.hotline.queues[call.queue].call_back if call.queue in call.hotline.queues else None
    attempt = call.wish.attempts + 1
    result = CalledBack.REACHED if call.talk else CalledBack.NOT_REACHED
    if call.talk is None and (plan is None or attempt >= plan.attempts):
        result = CalledBack.GIVEN_UP
    return CallBackTried(call.id, now, call.queue, call.wish.wish, attempt, result)


def saved_of(call: Call, seat: Seat | None, second: SavedSecond | None) -> SavedCall:
    """What another engine needs to go on with a call; `seat` is the one that rings or talks, or None."""
    talks = call.state is CallState.TALKING and call.transfer is None
    inside = seat if seat and seat.pool != NO_POOL else None
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
        seat=inside.id if inside else None,
        pool=inside.pool if inside else None,
        leg=call.leg,
        bridge=call.bridge,
        connected_at=call.talk.connected_at if call.talk and talks else None,
        offers=call.offers,
        steps=tuple(call.steps[-MOST_STEPS_SAVED:]),
        play=call.play,
        region=call.region,
        calls_in_24h=call.calls_in_24h,
        served=call.served,
        needs=call.needs,
        values={name: value for name, value in call.values.items() if name not in call.secrets},
        returns=tuple(call.returns),
        priority=call.priority,
        keys=call.keys[-MOST_KEYS_SAVED:],
        arms=dict(call.arms),
        version=call.hotline.version,
        queued_at=call.queued_at,
        left_queue=call.queue is not None and not call.is_of_queue,
        talked=None if talks else call.talk,
        destination=call.transfer.destination if call.transfer else None,
        transferred_at=call.transferred_at,
        wish=call.wish,
        message=call.message,
        held=call.held,
        moved=call.moved,
        second=second,
        disposition=call.disposition,
        drill=call.drill,
        sorted_from=call.sorted_from,
    )


def revived(call_id: CallId, saved: SavedCall, hotline: Hotline[Node], minted: int) -> Call:
    """A call as another engine saved it, so far as that does not depend on what is found beside it."""
    flow, mint = hotline.flow(saved.flow), IdMint(call_id, minted)
    call = Call(call_id, saved.number, saved.caller, saved.arrived_at, flow, saved.language, mint, hotline, saved.drill)
    call.tags, call.offers, call.steps, call.wish = saved.tags, saved.offers, list(saved.steps), saved.wish
    call.region, call.calls_in_24h, call.served = saved.region, saved.calls_in_24h, saved.served
    call.values, call.keys, call.needs = dict(saved.values), saved.keys, saved.needs
    call.arms, call.priority = dict(saved.arms), saved.priority
    call.returns = [step if step in flow.steps else flow.start for step in saved.returns]
    call.sorted_from = saved.sorted_from
    call.queue, call.enqueued_at, call.queued_at = saved.queue, saved.enqueued_at, saved.queued_at
    call.talk, call.transferred_at, call.disposition = saved.talked, saved.transferred_at, saved.disposition
    call.step = saved.step if saved.step in flow.steps else None
    call.sounding, call.message = {saved.play} if saved.play else set(), saved.message
    return call
