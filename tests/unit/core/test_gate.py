"""A pool opens when it must, closes when it may, and does neither to and fro."""

from hypothesis import given
from hypothesis import strategies as st

from ivr_engine.core.gate import CALM, TICK, Gate, Load
from ivr_engine.dialplan.turns import PoolUse, Pressure
from ivr_engine.model.ids import PoolName

POOL, LOCAL = PoolName("wuhan"), PoolName("local")
BOUND = 10
NOISE = st.integers(0, 3 * BOUND)
PACES = st.floats(0.1, 60.0)


def gate(back_after: float = 120.0, held: float = 0.0, **bounds: float) -> Gate:
    return Gate(PoolUse(POOL, Pressure(**bounds), held, back_after), (LOCAL,))  # type: ignore[arg-type]


@given(st.lists(st.tuples(NOISE, PACES), min_size=1, max_size=200), st.sampled_from([0.0, 30.0, 120.0]))
def test_it_turns_only_for_good_reason(loads: list[tuple[int, float]], back_after: float) -> None:
    """Open only at the bound; closed only after all that time below the lower one."""
    one, now, calm_since, changes = gate(back_after, waiting=BOUND), 0.0, None, 0
    for waiting, passed in loads:
        now += passed
        was_open = one.is_open
        told = one.judge(Load(waiting=waiting), now)
        assert (told is not None) == (one.is_open != was_open)
        changes += told is not None
        if not was_open and one.is_open:
            assert waiting >= BOUND
            calm_since = None
        elif was_open:
            calm_since = None if waiting >= CALM * BOUND else now if calm_since is None else calm_since
            is_calm_long = calm_since is not None and now >= calm_since + back_after - TICK
            assert one.is_open != is_calm_long
        else:
            assert waiting < BOUND
    assert changes <= len(loads)


@given(st.lists(st.tuples(st.integers(int(CALM * BOUND), 2 * BOUND), PACES), min_size=2, max_size=300))
def test_noise_about_the_bound_opens_it_once_and_never_closes_it(loads: list[tuple[int, float]]) -> None:
    one, now = gate(0.0, waiting=BOUND), 0.0
    turned = 0
    for waiting, passed in loads:
        now += passed
        turned += one.judge(Load(waiting=waiting), now) is not None
    assert turned <= 1


@given(st.lists(st.tuples(NOISE, PACES), min_size=2, max_size=300))
def test_between_two_openings_lies_the_time_to_go_back(loads: list[tuple[int, float]]) -> None:
    one, now, opened_at = gate(120.0, waiting=BOUND), 0.0, None
    for waiting, passed in loads:
        now += passed
        was_open = one.is_open
        one.judge(Load(waiting=waiting), now)
        if one.is_open and not was_open:
            assert opened_at is None or now >= opened_at + 120.0 - TICK
            opened_at = now


@given(st.floats(1.0, 300.0), st.floats(0.0, 60.0), st.floats(0.0, 300.0))
def test_looked_at_when_it_is_due_it_misses_nothing(wait: float, held: float, back_after: float) -> None:
    """The first caller comes at 0 and leaves at 2 * (wait + held): only timers look in between."""
    one, now, gone = gate(back_after, held, wait=wait), 0.0, 2 * (wait + held)
    opened = closed = None
    while now < gone + back_after + 1:
        load = Load(waiting=1, since=0.0) if now < gone else Load()
        one.judge(load, now)
        opened = now if opened is None and one.is_open else opened
        closed = now if opened is not None and closed is None and not one.is_open else closed
        due = one.due(load, now)
        moments = [moment for moment in (due, gone if now < gone else None) if moment is not None]
        if not moments:
            break
        now = min(moments)
    assert opened is not None
    assert abs(opened - (wait + held)) < 0.01
    assert closed is not None
    assert abs(closed - (gone + back_after)) < 0.01


def test_what_cannot_be_told_neither_opens_nor_closes_it() -> None:
    one = gate(0.0, estimate=60.0)
    assert one.judge(Load(waiting=3, estimate=None), 0.0) is None
    assert one.judge(Load(waiting=3, estimate=61.0), 1.0) == "who came now would wait 61 s, the bound is 60 s"
    assert one.judge(Load(waiting=3, estimate=None), 2.0) is None
    assert one.is_open
    assert one.judge(Load(waiting=0, estimate=None), 3.0) == "all is below its bounds again"
