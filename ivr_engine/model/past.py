"""This file lists what is kept of the past so that figures can be made of it. It does not know where, or which figures.

No number of a caller is in it: that two calls came from the same one shows in `before` and `after` alone.
"""

from typing import Annotated, Literal

import msgspec

from ivr_engine.model.ids import CallId, PoolName, SeatId

Dimension = Literal["all", "queue", "pool", "region", "agent", "hour", "flow"]
SpanState = Literal["ready", "paused", "ringing", "talking", "wrap-up"]  # of an agent who is at work


class FiguresAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which figures somebody wants, as he wrote it: in groups by queue, pool, region, agent, hour or flow, or in all.

    `since` and `until` are `1h` (so long ago), `today`, `yesterday`, a date or a moment on the hotline's clock.
    `bands` are borders of waits in seconds. Who calls again within `window` has not been helped. Who gives up within
    `short` seconds is counted apart, and in. Calls made to rehearse are left out, or (`drills`) everything else is.
    """

    since: str = "today"
    until: str = "0m"
    by: Dimension = "all"
    bands: str = "10,30,60,120"
    window: str = "72h"
    short: Annotated[float, msgspec.Meta(ge=0, le=3600)] = 5.0
    drills: bool = False


class AgentSpan(msgspec.Struct, frozen=True):
    """What an agent did from `since` until `until`, in seconds since 1970.

    `call` is the one he was rung for, talked to, or rests after. `missed`: he was rung, and did not take it.
    """

    span: str
    agent: SeatId
    pool: PoolName
    state: SpanState
    since: float
    until: float
    call: CallId | None = None
    missed: bool = False


class PastCall(msgspec.Struct, frozen=True, gc=False):
    """One ended call. Times are seconds since 1970.

    `before` and `after` are when the same caller called last before it and next after it; None also for a caller
    without a number, who is not `known`. `rest` is how long the agent rested, in seconds; None if that is not known.
    """

    arrived_at: float
    ended_at: float
    outcome: str
    flow: str
    region: str
    queue: str | None = None
    enqueued_at: float | None = None
    connected_at: float | None = None
    talk_ended_at: float | None = None
    transferred_at: float | None = None
    pool: str | None = None
    seat: str | None = None
    overflow: bool = False
    offers: int = 0
    known: bool = False
    before: float | None = None
    after: float | None = None
    rest: float | None = None
    missed: int = 0
