"""This file decides in which words it is told why a waiting caller has no seat, or could have one. It chooses none.

It asks the same parts that choose, so what is told is what counts.
"""

from dataclasses import dataclass

from ivr_engine.core.admission import refusal
from ivr_engine.core.call import Call
from ivr_engine.core.dispatch import Dispatch
from ivr_engine.core.pool import Pool
from ivr_engine.core.queue import Queue, Wants
from ivr_engine.model.ids import PoolName, QueueName


@dataclass(frozen=True, slots=True)
class PoolSeen:
    """How it stands with a pool for one caller. `why_not` is empty if one of its seats could be rung for him."""

    pool: PoolName
    ready: int
    on_duty: int
    why_not: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with a caller in his queue: how many are before him there, how long he has waited, in seconds.

    `wants` is what he needs of a seat, in words; "" if anybody will do.
    """

    queue: QueueName
    ahead: int
    waited: float
    wants: str
    pools: tuple[PoolSeen, ...]


def standing(call: Call, dispatch: Dispatch, now: float) -> Standing | None:
    """How it stands with a caller now; None if he is in no queue."""
    queue = dispatch.queues.get(call.queue) if call.queue else None
    if queue is None or call not in queue:
        return None
    wants = queue.wants_of(call)
    pools = tuple(_seen(dispatch.seats.pools[name], queue, wants, dispatch) for name in queue.plan.pools)
    waited = now - (call.enqueued_at or now)
    return Standing(queue.plan.name, queue.ahead_of(call), waited, _words(wants), pools)


def _seen(pool: Pool, queue: Queue, wants: Wants, dispatch: Dispatch) -> PoolSeen:
    return PoolSeen(pool.plan.name, pool.ready, pool.on_duty, _why_not(pool, queue, wants, dispatch))


def _why_not(pool: Pool, queue: Queue, wants: Wants, dispatch: Dispatch) -> str:
    name = pool.plan.name
    if pool.shut:
        return pool.shut
    if dispatch.seats.health.is_skipped(name):
        return "its lines fail, and it is left alone for a while"
    if name not in queue.opened:
        return "it is not open to this queue: none of its bounds is reached"
    why = refusal(pool, queue.plan.lane, is_overflow=queue.plan.is_overflow(name))
    if not why and wants.agent is not None and not _is_ready(pool, wants):
        return f"he waits for agent {wants.agent}, who served him last"
    if not why and not pool.able(wants.needs).ready:
        return f"nobody who is ready there has {_words(wants)}"
    return why


def _is_ready(pool: Pool, wants: Wants) -> bool:
    seat = pool.seats.get(wants.agent) if wants.agent else None
    return seat is not None and seat.state.value == "ready"


def _words(wants: Wants) -> str:
    return ", ".join(f"{skill} {level}" for skill, level in wants.needs)
