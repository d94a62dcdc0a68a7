"""This file decides which rows figures are made of, and how callers are compared. It does not know any figure.

Callers are compared where their numbers are, in the database: out come only the times of a caller's calls before and
after, never his number, nor anything made of it that could be kept and matched elsewhere.
"""

from typing import Any

import sqlalchemy as sa

from ivr_engine.store.tables import CALLS, SPANS

_PLAIN = ("arrived_at", "ended_at", "outcome", "flow", "region", "queue", "enqueued_at", "connected_at")
_ALSO = ("talk_ended_at", "transferred_at", "pool", "seat", "overflow", "offers")


def calls_between(since: float, until: float, window: float, *, drills: bool) -> sa.Select[Any]:
    """The calls that arrived from `since` on, before `until`, in the order of PastCall's fields; callers', or drills.

    A caller's other calls are looked for `window` seconds before and after.
    """
    by, order, at = CALLS.c.caller, (CALLS.c.arrived_at, CALLS.c.call), CALLS.c.arrived_at
    wider = sa.select(
        CALLS.c.call,
        *(CALLS.c[name] for name in (*_PLAIN, *_ALSO)),
        (CALLS.c.caller != "").label("known"),
        sa.func.lag(at).over(partition_by=by, order_by=order).label("before"),
        sa.func.lead(at).over(partition_by=by, order_by=order).label("after"),
    ).where(
        CALLS.c.arrived_at >= since - window,
        CALLS.c.arrived_at < until + window,
        CALLS.c.wish.is_(None),  # nobody called when we did
        CALLS.c.drill.is_(drills),
    )
    each = wider.subquery()
    theirs = SPANS.c.call == each.c.call
    rest = sa.select(sa.func.sum(SPANS.c.until - SPANS.c.since)).where(theirs, SPANS.c.state == "wrap-up")
    missed = sa.select(sa.func.count()).where(theirs, SPANS.c.missed)
    return sa.select(
        *(each.c[name] for name in (*_PLAIN, *_ALSO)),
        each.c.known,
        sa.case((each.c.known, each.c.before)),
        sa.case((each.c.known, each.c.after)),
        sa.case((each.c.seat.is_not(None), rest.scalar_subquery())),
        sa.case((each.c.offers > 0, missed.scalar_subquery()), else_=0),
    ).where(each.c.arrived_at >= since, each.c.arrived_at < until)


def spans_between(since: float, until: float, *, drills: bool) -> sa.Select[Any]:
    """What agents did in that time, also those spans that reach out of it; in the order of AgentSpan's fields.

    What they did for drills is no work for callers, and the other way round.
    """
    others = sa.exists().where(CALLS.c.call == SPANS.c.call, CALLS.c.drill.is_(not drills))
    return sa.select(SPANS).where(SPANS.c.until > since, SPANS.c.since < until, ~others)
