"""Places in a line: a caller's first enqueue time, and how long a seat has been idle."""

import random

from ivr_engine.core.call import Call, CallState
from ivr_engine.core.outbox import Outbox
from ivr_engine.core.overflow import Overflow
from ivr_engine.core.pool import Pool
from ivr_engine.core.queue import Queue, Wants
from ivr_engine.core.router import Router
from ivr_engine.core.seat import Seat, SeatTrigger
from ivr_engine.dialplan.skills import Ring
from ivr_engine.model.ids import CallId, IdMint, PoolName, QueueName
from ivr_engine.model.skills import Skills
from tests.simulation.world import acme

HOTLINE = acme()
GENERAL, LOCAL, CHENGDU = QueueName("general"), PoolName("local"), PoolName("chengdu")


def caller(name: str, state: CallState = CallState.WAITING) -> Call:
    call = CallId(f"{name}.0")
    return Call(call, "4000000400", "138", 0.0, HOTLINE.normal, "en", IdMint(call), HOTLINE, state=state)


def seat_for(call: Call, pools: dict[PoolName, Pool]) -> Seat | None:
    queue = Queue(HOTLINE.queues[GENERAL])
    queue.join(call, 0.0)
    queues = {GENERAL: queue}
    found = Router(queues, pools, Overflow(Outbox(), queues, pools)).next_offer()
    return found[2] if found else None


def next_of(pool: Pool, ring: Ring = "longest idle", needs: Skills = ()) -> Seat | None:
    place = pool.able(needs).first(ring)
    return place[-1] if place else None


def line(queue: Queue) -> list[float | None]:
    return [call.enqueued_at for call in queue]


def test_a_caller_taken_over_stands_where_his_first_time_puts_him() -> None:
    queue = Queue(HOTLINE.queues[GENERAL])
    times = [float(second) for second in range(20)]
    random.Random(1).shuffle(times)
    for second in times:
        queue.join(caller(str(second)), second)
    assert line(queue) == sorted(times)
    assert queue.figures(99.0).oldest_since == 0.0


def test_callers_of_the_same_moment_keep_the_order_they_came_in() -> None:
    queue, callers = Queue(HOTLINE.queues[GENERAL]), [caller(name) for name in "abc"]
    for call in callers:
        queue.join(call, 5.0)
    queue.join(caller("older"), 1.0)
    assert list(queue)[1:] == callers


def test_one_who_is_offered_keeps_his_place_and_is_passed_over() -> None:
    queue = Queue(HOTLINE.queues[GENERAL])
    first, second = caller("a", CallState.OFFERED), caller("b")
    queue.join(first, 1.0)
    queue.join(second, 2.0)
    assert queue.first(Wants()) is second
    first.state = CallState.WAITING
    assert queue.first(Wants()) is first
    for _ in range(2):
        queue.leave(first)
    assert (len(queue), first in queue, second in queue) == (1, False, True)


def test_a_queue_says_that_it_changed_only_when_it_did() -> None:
    queue, call = Queue(HOTLINE.queues[GENERAL]), caller("a")
    queue.changed = False
    queue.leave(call)
    assert not queue.changed
    queue.join(call, 1.0)
    assert queue.changed


def test_seats_stand_in_line_from_when_they_became_ready() -> None:
    pool = Pool(HOTLINE.pools[LOCAL])
    first, second, third = pool.seats.values()
    assert next_of(pool) is None
    for seat in (second, third, first):
        pool.happens(seat, SeatTrigger.APPEARED)
    order = []
    for _ in range(3):
        seat_or_none = next_of(pool)
        assert seat_or_none is not None
        order.append(seat_or_none)
        pool.happens(seat_or_none, SeatTrigger.RING)
    assert order == [second, third, first]
    figures = pool.figures(1.0)
    assert (figures.ready, figures.ringing, figures.offline) == (0, 3, 0)


def test_the_other_site_is_tried_only_when_the_first_pool_has_nobody() -> None:
    pools = {name: Pool(plan) for name, plan in HOTLINE.pools.items()}
    assert seat_for(caller("c"), pools) is None
    remote = pools[CHENGDU].seats
    for seat in remote.values():
        pools[CHENGDU].happens(seat, SeatTrigger.APPEARED)
    assert seat_for(caller("c"), pools) is next(iter(remote.values()))
    local = next(iter(pools[LOCAL].seats.values()))
    pools[LOCAL].happens(local, SeatTrigger.APPEARED)
    assert seat_for(caller("c"), pools) is local


def test_a_seat_rung_in_vain_for_a_caller_is_his_last_choice() -> None:
    pools = {name: Pool(plan) for name, plan in HOTLINE.pools.items()}
    for pool in pools.values():
        for seat in pool.seats.values():
            pool.happens(seat, SeatTrigger.APPEARED)
    call = caller("c")
    first, second, third = pools[LOCAL].seats
    call.tried = {first, second, third}
    other = seat_for(call, pools)
    assert other is not None
    assert other.pool == CHENGDU
    call.tried |= set(pools[CHENGDU].seats)
    assert seat_for(call, pools) is pools[LOCAL].seats[first], "better than nobody"
