"""What was counted lately is right to a step, whatever the clock does, and takes no more room than it may."""

from hypothesis import given
from hypothesis import strategies as st

from ivr_engine.core.crisis.windows import GAP_SECONDS, MOST_NAMES, STEP_SECONDS, STEPS, Counts, Names, Steady

START = 1_800_000_000.0


@given(
    st.sampled_from([10.0, 300.0, 3600.0, 86400.0]),
    st.lists(st.tuples(st.floats(0, 600), st.integers(1, 5)), max_size=200),
)
def test_a_window_holds_what_happened_in_it_to_a_step(seconds: float, happened: list[tuple[float, int]]) -> None:
    counts, at, known = Counts(seconds), 0.0, []
    step = max(STEP_SECONDS, seconds / STEPS)
    for later, many in happened:
        at += later
        counts.add(at, many)
        known.append((at, many))
        inside = sum(many for when, many in known if when > at - seconds + step)
        around = sum(many for when, many in known if when >= at - seconds - step)
        assert inside <= counts.total(at) <= around
        assert len(counts) <= STEPS + 1
    assert counts.total(at + seconds + step) == 0


@given(st.lists(st.integers(-7200, 7200), max_size=100))
def test_steady_time_never_goes_back_and_never_passes_faster_than_the_clock(jumps: list[int]) -> None:
    time, now = Steady(), START
    time.tick(now)
    for jump in jumps:
        now, before = now + jump, time.at
        whole = time.tick(now)
        assert 0 <= time.at - before <= max(0, jump)
        assert whole == (jump <= GAP_SECONDS)
        assert whole or time.known_since == time.at


def test_a_name_heard_again_is_not_new_until_the_window_is_over() -> None:
    names = Names(60)
    assert names.add("a", 0.0)
    assert not names.add("a", 59.0)
    assert names.add("a", 61.0)


def test_names_take_no_more_room_than_they_may() -> None:
    names = Names(3600)
    for number in range(MOST_NAMES + 500):
        names.add(str(number), 1.0)
    assert names.total(1.0) == MOST_NAMES
