"""This file decides whether a pool has a seat to spare for a queue. It does not know callers, or which seat it is.

Two things keep a ready seat from a queue: what the pool keeps free for the queues it belongs to first, and what is
reserved for other lanes. A lane whose own seats are not all taken has a right to one. With fewer seats on duty than are
reserved, each lane has its part of them: so there is always somebody who may take a ready seat.
"""

from collections.abc import Mapping

from ivr_engine.core.pool import Pool
from ivr_engine.dialplan.pools import PoolPlan


def refusal(pool: Pool, lane: str, *, is_overflow: bool) -> str:
    """Why a pool has no seat for a queue of that lane now, for people; nothing if it has one."""
    if not pool.ready:
        return "nobody is ready"
    kept = pool.plan.keep_free.of(pool.on_duty)
    if is_overflow and pool.ready <= kept:
        return f"{kept} ready seats are kept free for its own queues"
    if pool.plan.reserve:
        return _reserved_for_others(pool, lane)
    return ""


def reserved(plan: PoolPlan, on_duty: int) -> Mapping[str, int]:
    """How many seats each lane has, when so many are on duty."""
    wanted = {lane: some.of(on_duty) for lane, some in plan.reserve.items()}
    total = sum(wanted.values())
    return wanted if total <= on_duty else {lane: many * on_duty // total for lane, many in wanted.items()}


def _reserved_for_others(pool: Pool, lane: str) -> str:
    have = reserved(pool.plan, pool.on_duty)
    if pool.busy_with(lane) < have.get(lane, 0):
        return ""
    left = {other: max(0, many - pool.busy_with(other)) for other, many in have.items() if other != lane}
    if pool.ready > sum(left.values()):
        return ""
    most = max(left, key=lambda other: left[other])
    return f"its ready seats are reserved for {most}"
