"""Places in a line: a caller's first enqueue time, and how long a seat has been idle."""

import random
from contextlib import suppress
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from ivr_engine.core.able import Able
from ivr_engine.core.call import Call, CallState
from ivr_engine.core.health import Health
from ivr_engine.core.outbox import Outbox
from ivr_engine.core.overflow import Overflow
from ivr_engine.core.pool import Pool
from ivr_engine.core.queue import Queue, Wants
from ivr_engine.core.router import Router
from ivr_engine.core.seat import ABSENT, Seat, SeatState, SeatTrigger
from ivr_engine.dialplan.skills import Ring
from ivr_engine.errors import IllegalTransition
from ivr_engine.model.ids import CallId, IdMint, PoolName, QueueName, SeatId
from ivr_engine.model.skills import Skills, meets
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
    out = Outbox()
    found = Router(queues, pools, Overflow(out, queues, pools, Health(out, pools))).next_offer()
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


# --- rank, and lines by what is wanted ----------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.integers(-30, 30), st.floats(0, 1000), st.integers(0, 2)), max_size=30),
    st.sampled_from([None, 1.0, 10.0]),
)
def test_everybody_stands_by_priority_and_waiting_and_time_changes_nobodys_place(
    callers: list[tuple[int, float, int]], ageing: float | None
) -> None:
    queue = Queue(HOTLINE.queues[GENERAL], ageing)
    wants = [Wants(), Wants((("en", 1),)), Wants((), SeatId("1001"))]
    for number, (priority, since, which) in enumerate(callers):
        one = caller(f"c{number}")
        one.priority = priority
        queue.join(one, since, wants[which])

    def key(call: Call) -> tuple[float, float]:
        since = call.enqueued_at or 0.0
        return (-call.priority, since) if ageing is None else (0.0, since - call.priority * ageing)

    line = list(queue)
    assert [key(call) for call in line] == sorted(key(call) for call in line)
    assert [queue.ahead_of(call) for call in line] == list(range(len(line)))
    for call in line:
        total = queue.plan.priority + call.priority
        before = sum(many for _, many in queue.before(total, call.enqueued_at or 0.0))
        assert before == sum(key(other) < key(call) for other in line)
    assert queue.figures(0.0).oldest_since == min((since for _, since, _ in callers), default=None)


def test_who_wants_something_else_moves_and_keeps_his_place() -> None:
    queue, callers = Queue(HOTLINE.queues[GENERAL]), [caller(name) for name in "abc"]
    english = Wants((("en", 2),))
    for second, call in enumerate(callers):
        queue.join(call, float(second), english if call is callers[1] else Wants())
    assert queue.first(english) is callers[1]
    queue.changed = False
    queue.move(callers[1], Wants())
    assert list(queue) == callers
    assert queue.first(english) is None
    assert not queue.changed
    queue.leave(callers[1])
    assert list(queue) == [callers[0], callers[2]]


def test_a_new_worth_of_waiting_puts_everybody_where_he_belongs_now() -> None:
    queue, first, second = Queue(HOTLINE.queues[GENERAL]), caller("a"), caller("b")
    second.priority = 1
    queue.join(first, 0.0)
    queue.join(second, 15.0)
    assert list(queue) == [second, first]
    queue.replan(queue.plan, 10.0)
    assert list(queue) == [first, second]
    queue.replan(queue.plan, 20.0)
    assert list(queue) == [second, first]


@given(
    st.lists(st.sampled_from(list(SeatTrigger)), max_size=60),
    st.lists(st.integers(0, 2), min_size=60, max_size=60),
    st.sampled_from(get_args(Ring)),
)
def test_who_is_next_is_as_if_all_were_looked_through(triggers: list[SeatTrigger], who: list[int], ring: Ring) -> None:
    """The lines a pool keeps are those it would make anew, whatever its seats have done."""
    pool = Pool(HOTLINE.pools[LOCAL])
    skills: list[Skills] = [(), (("en", 2), ("repair", 1)), (("en", 3),)]
    for seat, has in zip(pool.seats.values(), skills, strict=True):
        pool.train(seat, has)
    asked: list[Skills] = [(), (("en", 1),), (("en", 2), ("repair", 1))]
    for trigger, number in zip(triggers, who, strict=False):
        for needs in asked:
            next_of(pool, ring, needs)
        with suppress(IllegalTransition):
            pool.happens(list(pool.seats.values())[number], trigger)
    for needs in asked:
        able = [seat for seat in pool.seats.values() if meets(seat.skills, needs)]
        assert next_of(pool, ring, needs) is next_of_anew(able, ring, needs)
        assert pool.able(needs).on_duty == sum(seat.state not in ABSENT for seat in able)
        assert pool.lacks(needs) == all(seat.state in (SeatState.OFFLINE, SeatState.SIGNED_OUT) for seat in able)


def next_of_anew(seats: list[Seat], ring: Ring, needs: Skills) -> Seat | None:
    place = Able(needs, seats).first(ring)
    return place[-1] if place else None
