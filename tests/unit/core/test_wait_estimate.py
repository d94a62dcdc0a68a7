"""How long a caller will wait: the formula, whose seats count for whom, and when nothing can honestly be said."""

from collections.abc import Mapping
from math import sqrt
from typing import Any

import pytest

from ivr_engine.core.call import Call, CallState
from ivr_engine.core.pool import Pool
from ivr_engine.core.queue import Queue, Wants
from ivr_engine.core.seat import SeatTrigger
from ivr_engine.core.wait_estimate import estimate, expected_wait
from ivr_engine.dialplan.hotline import Flow, PoolPlan, QueuePlan
from ivr_engine.dialplan.turns import in_turn
from ivr_engine.model.ids import CallId, IdMint, PoolName, QueueName, SeatId, StepName
from ivr_engine.model.skills import Skills

NOBODY: Mapping[int, Skills] = {}
ENGLISH: Skills = (("english", 2),)
HANDLING = 100.0
RING = 4.0
NOW = 10_000.0


def pool(
    name: str, seats: int, *, is_busy: bool = True, handling: float = HANDLING, skilled: Mapping[int, Skills] = NOBODY
) -> Pool:
    """Seats that have each just ended some calls of `handling` seconds in all, and ring `RING` seconds of them."""
    one = Pool(PoolPlan(PoolName(name), tuple(SeatId(f"{name}{number}") for number in range(seats))))
    for number, seat in enumerate(one.seats.values()):
        one.train(seat, skilled.get(number, ()))
        one.happens(seat, SeatTrigger.APPEARED)
    now = 0.0
    one.figures(now)
    for _ in range(12):
        for trigger, after in (
            (SeatTrigger.RING, RING),
            (SeatTrigger.PICKED_UP, handling - RING),
            (SeatTrigger.LEG_ENDED, 0.0),
            (SeatTrigger.RESTED, 0.0),
        ):
            for seat in one.seats.values():
                one.happens(seat, trigger)
            one.figures(now)
            now += after
    for seat in one.seats.values() if is_busy else ():
        one.happens(seat, SeatTrigger.RING)
        one.happens(seat, SeatTrigger.PICKED_UP)
    one.figures(now)
    return one


def queue(name: str, pools: tuple[str, ...], waiting: int, priority: int = 0) -> Queue:
    one = Queue(QueuePlan(QueueName(name), in_turn(*map(PoolName, pools)), priority))
    for number in range(waiting):
        one.join(caller(f"{name}{number}"), float(number))
    return one


def caller(name: str) -> Call:
    flow: Flow[Any] = Flow(name="normal", start=StepName("main"), steps={})
    call = Call(CallId(name), "400", "138", 0.0, flow, "en", IdMint(CallId(name)), None)  # type: ignore[arg-type]
    call.state = CallState.WAITING
    return call


def wait(of: Queue, others: list[Queue], *pools: Pool, call: Call | None = None) -> float | None:
    found = expected_wait(of, call, [of, *others], {one.plan.name: one for one in pools}, NOW)
    return found.mean if found else None


# --- the formula --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ahead", [0, 1, 19, 20, 21, 50, 500, 10_000])
@pytest.mark.parametrize("leaving", [0.0, 1 / 3600, 1 / 120, 1 / 20])
@pytest.mark.parametrize("served", [1 / 200, 0.5, 10.0])
def test_many_callers_ahead_are_summed_as_exactly_as_few(served: float, leaving: float, ahead: int) -> None:
    told = estimate(served, leaving, ahead)
    rates = [served + leaving * place for place in range(ahead + 1)]
    assert told.mean == pytest.approx(sum(1 / rate for rate in rates), rel=0.001)
    assert told.spread == pytest.approx(sqrt(sum(1 / rate**2 for rate in rates)), rel=0.01)


# --- whose seats --------------------------------------------------------------------------------------------


def test_a_line_waits_for_its_seats() -> None:
    assert wait(queue("general", ("a",), 9), [], pool("a", 10)) == pytest.approx(HANDLING + RING, rel=0.02)


def test_who_comes_to_a_ready_seat_waits_only_for_its_ring() -> None:
    assert wait(queue("general", ("a", "b"), 0), [], pool("a", 3), pool("b", 1, is_busy=False)) == pytest.approx(
        RING, rel=0.05
    )


def test_nothing_is_said_of_seats_that_have_not_worked_yet() -> None:
    assert wait(queue("general", ("a",), 3), [], Pool(PoolPlan(PoolName("a"), (SeatId("1"),)))) is None


def test_a_pool_nobody_knows_yet_works_like_the_others() -> None:
    fresh = Pool(PoolPlan(PoolName("b"), tuple(SeatId(f"b{number}") for number in range(10))))
    for seat in fresh.seats.values():
        for trigger in (SeatTrigger.APPEARED, SeatTrigger.RING, SeatTrigger.PICKED_UP):
            fresh.happens(seat, trigger)
    told = wait(queue("general", ("a", "b"), 19), [], pool("a", 10), fresh)
    assert told == pytest.approx(HANDLING + RING, rel=0.02)


def test_seats_that_are_off_do_not_count() -> None:
    half = pool("a", 20, is_busy=False)
    for seat in list(half.seats.values())[:10]:
        half.happens(seat, SeatTrigger.VANISHED)
    for seat in list(half.seats.values())[10:]:
        half.happens(seat, SeatTrigger.RING)
        half.happens(seat, SeatTrigger.PICKED_UP)
    assert wait(queue("general", ("a",), 9), [], half) == pytest.approx(HANDLING + RING, rel=0.02)


def test_callers_for_whom_a_seat_rings_have_theirs_already() -> None:
    ringing = pool("a", 10, is_busy=False)
    for number, seat in enumerate(ringing.seats.values()):
        ringing.happens(seat, SeatTrigger.RING)
        if number >= 4:
            ringing.happens(seat, SeatTrigger.PICKED_UP)
    assert wait(queue("general", ("a",), 9 + 4), [], ringing) == pytest.approx(HANDLING + RING, rel=0.02)


# --- other queues at the same seats -------------------------------------------------------------------------


@pytest.mark.parametrize(("priority", "ahead"), [(-1, 9), (0, 19), (1, 19)])
def test_who_is_before_him_in_other_queues_counts(priority: int, ahead: int) -> None:
    other = queue("other", ("a",), 10, priority)
    told = wait(queue("general", ("a",), 9), [other], pool("a", 10))
    assert told == pytest.approx((ahead + 1) * HANDLING / 10 + RING, rel=0.02)


def test_half_of_a_queue_counts_that_has_other_seats_as_well() -> None:
    other = queue("other", ("a", "b"), 20)
    told = wait(queue("general", ("a",), 9), [other], pool("a", 10), pool("b", 10))
    assert told == pytest.approx(20 * HANDLING / 10 + RING, rel=0.02)


def test_a_queue_with_seats_of_its_own_is_none_of_his_business() -> None:
    other = queue("other", ("b",), 500, 100)
    told = wait(queue("general", ("a",), 9), [other], pool("a", 10), pool("b", 10))
    assert told == pytest.approx(HANDLING + RING, rel=0.02)


def test_those_who_will_overtake_him_take_seats_from_him() -> None:
    other = queue("other", ("a",), 0, 100)
    for second in range(20, 2001, 20):  # half of what ten seats can do
        other.join(caller(f"other{second}"), second)
        other.look(NOW - 2000 + second)
        other.leave(next(iter(other)))
        other.look(NOW - 2000 + second)
    told = wait(queue("general", ("a",), 9), [other], pool("a", 10))
    assert told == pytest.approx(2 * HANDLING + RING, rel=0.05)


def test_nothing_is_said_while_others_take_every_seat() -> None:
    other = queue("other", ("a",), 0, 100)
    for second in range(200):
        other.join(caller(f"other{second}"), second)
        other.look(NOW - 200 + second)
    assert wait(queue("general", ("a",), 9), [other], pool("a", 10)) is None


def test_a_rush_that_is_over_is_forgotten() -> None:
    other = queue("other", ("a",), 0, 100)
    for second in range(500):
        other.join(one := caller(f"other{second}"), second)
        other.leave(one)
        other.look(NOW - 4000 + second)
    told = wait(queue("general", ("a",), 9), [other], pool("a", 10))
    assert told == pytest.approx(HANDLING + RING, rel=0.02)


def test_who_came_back_to_his_place_is_before_later_callers_of_other_queues() -> None:
    other = queue("other", ("a",), 500)
    one = queue("general", ("a",), 0)
    one.join(back := caller("back"), 9.5)
    told = wait(one, [other], pool("a", 10), call=back)
    assert told == pytest.approx(11 * HANDLING / 10 + RING, rel=0.02)


def test_who_is_served_first_in_his_queue_is_before_others_everywhere() -> None:
    other = queue("other", ("a",), 500, priority=10)
    one = queue("general", ("a",), 500)
    repeat = caller("again")
    repeat.priority = 20
    one.join(repeat, 9999.0)
    assert wait(one, [other], pool("a", 10), call=repeat) == pytest.approx(HANDLING / 10 + RING, rel=0.06)


def test_callers_who_give_up_shorten_the_wait() -> None:
    one = queue("general", ("a",), 100)
    now = 1000.0
    one.look(now)
    while len(one) > 50:  # each has borne it for about 100 s
        one.leave(next(iter(one)))
        now += 100 / (len(one) + 1)
        one.look(now)
    told = wait(one, [], pool("a", 10))
    assert told == pytest.approx(estimate(0.1, 1 / 100, 50).mean + RING, rel=0.03)


# --- skills -------------------------------------------------------------------------------------------------


def skilled(of: Queue, many: int, needs: Skills) -> Call:
    """So many who need that join, the first before everybody. Returns the last."""
    for number in range(many):
        of.join(call := caller(f"{needs}{number}"), float(number), Wants(needs))
    return call


def test_only_seats_that_have_what_he_needs_serve_him() -> None:
    seats = pool("a", 10, skilled=dict.fromkeys(range(2), ENGLISH))
    last = skilled(one := queue("general", ("a",), 0), 5, ENGLISH)
    assert wait(one, [], seats, call=last) == pytest.approx(5 * HANDLING / 2 + RING, rel=0.02)


def test_a_ready_seat_without_the_skill_is_none() -> None:
    seats = pool("a", 10, is_busy=False, skilled={0: ENGLISH})
    seats.happens(seats.seats[SeatId("a0")], SeatTrigger.RING)
    seats.happens(seats.seats[SeatId("a0")], SeatTrigger.PICKED_UP)
    last = skilled(one := queue("general", ("a",), 0), 1, ENGLISH)
    assert wait(one, [], seats, call=last) == pytest.approx(HANDLING + RING, rel=0.02)
    assert wait(one, [], seats) == pytest.approx(RING, rel=0.05)


def test_others_are_before_him_only_so_far_as_they_ask_for_his_seats() -> None:
    seats = pool("a", 10, skilled=dict.fromkeys(range(2), ENGLISH))
    one = queue("general", ("a",), 20)
    one.join(his := caller("his"), 99.0, Wants(ENGLISH))
    assert wait(one, [], seats, call=his) == pytest.approx((20 * 2 / 10 + 1) * HANDLING / 2 + RING, rel=0.02)


def test_who_needs_more_is_before_one_who_needs_nothing_with_all_of_his_demand() -> None:
    seats = pool("a", 10, skilled=dict.fromkeys(range(2), ENGLISH))
    skilled(one := queue("general", ("a",), 0), 9, ENGLISH)
    assert wait(one, [], seats) == pytest.approx(10 * HANDLING / 10 + RING, rel=0.02)


# --- ageing -------------------------------------------------------------------------------------------------


def coming(name: str, every: float, priority: int, ageing: float | None) -> Queue:
    """A queue to which somebody comes so often, and is served at once."""
    other = Queue(QueuePlan(QueueName(name), in_turn(PoolName("a")), priority), ageing)
    for number in range(round(2000 / every)):
        other.join(one := caller(f"{name}{number}"), number * every)
        other.leave(one)
        other.look(NOW - 2000 + number * every)
    return other


def aged(waiting: int, ageing: float) -> Queue:
    one = Queue(QueuePlan(QueueName("general"), in_turn(PoolName("a"))), ageing)
    for number in range(waiting):
        one.join(caller(f"aged{number}"), NOW - 1)
    return one


def test_those_who_come_too_late_to_overtake_him_do_not_count() -> None:
    other = coming("other", 20, priority=10, ageing=6.0)  # for a minute from now: three more, of a tenth a second each
    told = wait(aged(19, 6.0), [other], pool("a", 10))
    assert told == pytest.approx((20 + 60 / 20) * HANDLING / 10 + RING, rel=0.03)


def test_who_is_served_before_that_is_overtaken_as_ever() -> None:
    other = coming("other", 20, priority=10, ageing=600.0)
    told = wait(aged(9, 600.0), [other], pool("a", 10))
    assert told == pytest.approx(2 * HANDLING + RING, rel=0.05)


def test_with_ageing_something_can_be_said_even_while_others_take_every_seat() -> None:
    other = coming("other", 5, priority=10, ageing=30.0)  # twice what ten seats can do, for five minutes
    told = wait(aged(9, 30.0), [other], pool("a", 10))
    assert told == pytest.approx((10 + 300 / 5) * HANDLING / 10 + RING, rel=0.05)


def test_who_has_waited_long_is_before_a_queue_of_higher_priority() -> None:
    other = Queue(QueuePlan(QueueName("other"), in_turn(PoolName("a")), 10), 10.0)
    for number in range(50):
        other.join(caller(f"other{number}"), NOW - 50)
    one = aged(0, 10.0)
    one.join(old := caller("old"), NOW - 151)
    one.join(young := caller("young"), NOW - 149)
    seats = pool("a", 10)
    assert wait(one, [other], seats, call=old) == pytest.approx(HANDLING / 10 + RING, rel=0.06)
    assert wait(one, [other], seats, call=young) == pytest.approx(52 * HANDLING / 10 + RING, rel=0.02)
