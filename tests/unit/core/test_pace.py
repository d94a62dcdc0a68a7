"""How fast things end, as measured: also of what has not ended yet, and of little."""

from random import Random

import pytest

from ivr_engine.core.pace import FEWEST, Flow, Pace


def test_nothing_is_said_before_enough_was_seen() -> None:
    pace = Pace()
    pace.look(0.0, 1)
    for second in range(1, FEWEST):
        pace.look(float(second), 1, 1)
        assert pace.rate is None
        assert pace.rate_so_far == pytest.approx(1.0)
    pace.look(float(FEWEST), 1, 1)
    assert pace.rate == pytest.approx(1.0)


def test_nothing_that_goes_on_ends_never() -> None:
    pace = Pace()
    assert pace.rate_so_far == 0.0
    pace.look(0.0, 5)
    pace.look(100.0, 5)
    assert pace.rate_so_far == 0.0
    assert pace.rate is None


def test_what_has_not_ended_counts_too() -> None:
    pace = Pace()
    pace.look(0.0, 20)
    pace.look(10.0, 10, 10)  # ten lasted ten seconds, and ten go on
    pace.look(100.0, 10)
    assert pace.rate is not None
    assert pace.rate == pytest.approx(10 / (20 * 10 + 10 * 90), rel=0.1)


def test_the_last_ones_count_most() -> None:
    pace = Pace()
    now = 0.0
    pace.look(now, 1)
    for _ in range(500):
        pace.look(now := now + 10.0, 1, 1)
    for _ in range(500):
        pace.look(now := now + 20.0, 1, 1)
    assert pace.rate == pytest.approx(1 / 20, rel=0.02)


def test_exponential_durations_of_many_at_once_are_found() -> None:
    chance, pace, now = Random(1), Pace(), 0.0
    pace.look(now, 30)
    for _ in range(3000):
        now += chance.expovariate(30 / 200)
        pace.look(now, 30, 1)
    assert pace.rate == pytest.approx(1 / 200, rel=0.12)


def test_who_comes_is_counted_by_the_second() -> None:
    flow = Flow()
    assert flow.rate(0.0) == 0.0
    flow.come(0.0, 0)
    for second in range(10, 601, 10):
        flow.come(float(second), 5)
    assert flow.rate(600.0) == pytest.approx(0.5, rel=0.03)
    assert flow.rate(600.0 + 5 * Flow.SECONDS) < 0.01, "nobody has come for long"


def test_a_clock_that_is_put_back_makes_nothing_infinite() -> None:
    flow = Flow()
    flow.come(1_800_000_000.0, 3)
    flow.come(1_700_000_000.0, 2)
    assert flow.rate(1_700_000_000.0) == 0.0
    flow.come(1_800_000_100.0, 2)
    assert 0.0 < flow.rate(1_800_000_100.0) < 1.0
