"""Reserved seats are there when their lane needs them, and no ready seat is kept from everybody."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from ivr_engine.core.admission import refusal, reserved
from ivr_engine.core.pool import Pool
from ivr_engine.core.seat import Seat, SeatTrigger
from ivr_engine.dialplan.pools import PoolPlan
from ivr_engine.dialplan.shares import SomeSeats
from ivr_engine.model.ids import PoolName, SeatId

LANES = ("crisis", "routine", "other")
NONE = SomeSeats()
KEPT = st.builds(SomeSeats, st.integers(0, 4)) | st.builds(SomeSeats, st.integers(1, 60), st.just(True))
STEPS = st.lists(st.tuples(st.sampled_from([*LANES, "end", "leave", "come"]), st.integers(0, 9)), max_size=60)


def pool_of(seats: int, reserve: dict[str, SomeSeats], keep_free: SomeSeats = NONE) -> Pool:
    ids = tuple(SeatId(str(number)) for number in range(seats))
    pool = Pool(PoolPlan(PoolName("local"), ids, reserve=reserve, keep_free=keep_free))
    for seat in pool.seats.values():
        pool.happens(seat, SeatTrigger.APPEARED)
    return pool


def serve(pool: Pool, lane: str) -> Seat:
    seat = next(seat for seat in pool.seats.values() if seat.state.value == "ready")
    seat.lane = lane
    pool.happens(seat, SeatTrigger.RING)
    return seat


@given(st.integers(1, 10), st.dictionaries(st.sampled_from(LANES[:2]), KEPT), STEPS)
def test_reserved_seats_are_there_for_their_lane(
    seats: int, reserve: dict[str, SomeSeats], steps: list[tuple[str, int]]
) -> None:
    """While everybody stays on duty: each lane can have what is reserved for it, whatever the others do."""
    pool, busy = pool_of(seats, reserve), []
    for what, pick in steps:
        if what in LANES and not refusal(pool, what, is_overflow=False):
            busy.append(serve(pool, what))
        elif what == "end" and busy:
            seat = busy.pop(pick % len(busy))
            pool.happens(seat, SeatTrigger.LEG_ENDED)
            pool.happens(seat, SeatTrigger.RESTED)
        have, taken = reserved(pool.plan, pool.on_duty), Counter(seat.lane for seat in busy)
        assert pool.ready >= sum(max(0, many - taken[lane]) for lane, many in have.items())
        for lane, many in have.items():
            assert taken[lane] >= many or not refusal(pool, lane, is_overflow=False)


@given(st.integers(1, 10), st.dictionaries(st.sampled_from(LANES[:2]), KEPT), STEPS)
def test_no_ready_seat_is_kept_from_everybody(
    seats: int, reserve: dict[str, SomeSeats], steps: list[tuple[str, int]]
) -> None:
    """Also while people come and go, rest, and are fewer than are reserved."""
    pool, busy, gone = pool_of(seats, reserve), [], []
    for what, pick in steps:
        if what in LANES and not refusal(pool, what, is_overflow=False):
            busy.append(serve(pool, what))
        elif what == "end" and busy:
            pool.happens(busy.pop(pick % len(busy)), SeatTrigger.LEG_ENDED)  # and rests from then on
        elif what == "leave" and pool.ready:
            gone.append(next(seat for seat in pool.seats.values() if seat.state.value == "ready"))
            pool.happens(gone[-1], SeatTrigger.VANISHED)
        elif what == "come" and gone:
            pool.happens(gone.pop(), SeatTrigger.APPEARED)
        assert not pool.ready or not all(refusal(pool, lane, is_overflow=False) for lane in LANES)


@given(st.integers(1, 10), st.integers(0, 10), st.booleans())
def test_overflow_never_takes_what_is_kept_free(seats: int, keep: int, is_share: bool) -> None:
    pool = pool_of(seats, {}, SomeSeats(10 * keep if is_share else keep, is_share))
    while not refusal(pool, "routine", is_overflow=True):
        serve(pool, "routine")
    kept = pool.plan.keep_free.of(seats)
    assert pool.ready == min(seats, kept)
    assert pool.ready == 0 or not refusal(pool, "routine", is_overflow=False)
    assert reserved(pool.plan, seats) == {}
