"""This file decides what must be remembered of a call so that another engine can go on with it. It does not know how.

It rides on the call's own channel, so it lives exactly as long as the call does (ADR 0003).
"""

from collections.abc import Mapping

import msgspec

from ivr_engine.model.ids import (
    BridgeId,
    DestinationName,
    LegId,
    MessageId,
    PlayId,
    PoolName,
    QueueName,
    SeatId,
    StepName,
)
from ivr_engine.model.wishes import Wish


class Talk(msgspec.Struct, frozen=True):
    """A talk with an agent. Times are seconds since 1970."""

    queue: QueueName
    enqueued_at: float
    connected_at: float
    pool: PoolName
    seat: SeatId
    ended_at: float | None = None  # None while it goes on, and when the call ended with it


class SavedSecond(msgspec.Struct, frozen=True):
    """Who is there beside the agent, or is rung to be. `seat` is somebody outside when `pool` is empty."""

    leg: LegId
    pool: PoolName
    seat: SeatId


class LastTalk(msgspec.Struct, frozen=True):
    """Which agent somebody talked to last, and when, in seconds since 1970."""

    agent: SeatId
    at: float


class SavedCall(msgspec.Struct, frozen=True, omit_defaults=True):
    """A call's live state, compact. Times are seconds since 1970."""

    number: str
    caller: str
    arrived_at: float
    minted: int  # ids handed out so far: the next engine goes on counting, so none is used twice
    language: str
    flow: str  # "normal", or the crisis profile the call began with
    step: StepName | None = None
    queue: QueueName | None = None
    enqueued_at: float | None = None
    tags: tuple[str, ...] = ()
    seat: SeatId | None = None
    pool: PoolName | None = None
    leg: LegId | None = None
    bridge: BridgeId | None = None
    connected_at: float | None = None
    offers: int = 0
    steps: tuple[StepName, ...] = ()
    play: PlayId | None = None  # what he hears, so that it can be stopped
    region: str = ""
    calls_in_24h: int = 1
    served: LastTalk | None = None  # in an earlier call
    needs: Mapping[str, int] = {}  # what his step asks for of a seat
    values: Mapping[str, str] = {}  # none that is secret
    returns: tuple[StepName, ...] = ()  # where the flows he was called into come back to
    priority: int = 0
    keys: str = ""
    arms: Mapping[StepName, str] = {}  # of the experiments he is in
    version: str = ""  # of the hotline, that he began with
    queued_at: float | None = None  # since when he is in `queue`; `enqueued_at` is that of his place in line
    left_queue: bool = False  # he was in `queue`, and is not any more
    talked: Talk | None = None  # the last talk, when it is over
    destination: DestinationName | None = None  # who outside is rung for him, or talks to him
    transferred_at: float | None = None  # since when somebody outside talks to him, or has
    wish: Wish | None = None  # we called him, as he had asked
    message: MessageId | None = None  # what he is leaving, so that it can be stopped
    held: bool = False  # he hears music instead of his agent
    moved: bool = False  # he did, in this talk
    second: SavedSecond | None = None
    disposition: str = ""
    drill: bool = False
    followed: tuple[str, ...] = ()  # the crises he has followed as one who waits
    sorted_from: tuple[tuple[str, QueueName], ...] = ()  # the crises that moved him to another line, and from where
    deflected: bool = False  # he was led away from a queue where he would have waited for long
