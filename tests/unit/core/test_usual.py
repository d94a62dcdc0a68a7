"""What is usual is what came on days of the same kind; closed days, and days nobody knows, are no measure."""

from datetime import date, datetime, time

import pytest

from ivr_engine.core.crisis.usual import SLOTS, Usual
from ivr_engine.dialplan.hours import Hours
from ivr_engine.dialplan.triggers import Measure
from ivr_engine.model.orders import UsualSeen

TUESDAY = date(2027, 3, 9)


def at(day: int, hour: int, minute: int) -> datetime:
    """What the hotline's clocks show."""
    return datetime.combine(date(2027, 3, day), time(hour, minute))


NOON = at(9, 12, 0)
HOURS = Hours(holidays=frozenset({date(2027, 3, 3)}), workdays=frozenset({date(2027, 3, 7)}))


def day(calls: int) -> tuple[int, ...]:
    return (calls,) * SLOTS


def usual(calls: dict[int, tuple[int, ...]], closed: tuple[int, ...] = (), today: date = TUESDAY) -> Usual:
    known = Usual()
    known.learn(UsualSeen({str(day): counted for day, counted in calls.items()}, closed), today)
    return known


EVERY_DAY = {n: day(10 * n) for n in range(1, 30)}


@pytest.mark.parametrize(
    ("of", "wall", "expected"),
    [
        ("same time yesterday", NOON, 10),  # Monday
        ("same time last week", NOON, 70),  # last Tuesday
        ("same time yesterday", at(8, 12, 0), 20),  # Monday: Sunday was worked
        ("same time yesterday", at(4, 12, 0), 70),  # Thursday after a holiday: Tuesday
        ("same time yesterday", at(6, 12, 0), 60),  # Saturday: the holiday
        ("same time last week", at(10, 12, 0), 130),  # a holiday a week before: two weeks
    ],
)
def test_it_is_compared_with_a_day_of_its_kind(of: Measure, wall: datetime, expected: float) -> None:
    assert usual(EVERY_DAY).at(of, wall, 300, HOURS) == pytest.approx(expected)


def test_the_median_of_days_is_usual_and_one_bad_day_does_not_count() -> None:
    calls = {1: day(10), 4: day(900), 5: day(12), 7: day(11), 8: day(13)}
    assert usual(calls).at("usual", NOON, 300, Hours()) == pytest.approx(12)


def test_closed_days_are_no_measure() -> None:
    assert usual(EVERY_DAY, closed=(1,)).at("same time yesterday", NOON, 300, Hours()) == pytest.approx(40)
    assert usual({1: day(10)}, closed=(1,)).at("usual", NOON, 300, Hours()) is None


def test_nothing_is_usual_while_no_day_is_known() -> None:
    assert usual({}).at("usual", NOON, 300, HOURS) is None
    assert usual({0: day(10)}).at("same time yesterday", NOON, 300, HOURS) is None  # today is no measure of itself


def test_what_is_no_whole_day_is_not_taken_in() -> None:
    assert usual({1: (1, 2, 3), -1: day(5)}).at("usual", NOON, 300, HOURS) is None


def test_a_window_is_compared_with_as_long_a_time() -> None:
    known = usual({1: tuple(range(SLOTS))})
    assert known.at("usual", NOON, 300, Hours()) == pytest.approx(143.5, abs=1)
    assert known.at("usual", NOON, 3600, Hours()) == pytest.approx(12 * 138, rel=0.05)
    assert known.at("usual", at(9, 0, 1), 300, Hours()) == pytest.approx(0.2, abs=1)


def test_what_was_told_before_midnight_is_right_after_it() -> None:
    known = usual({0: day(7), 1: day(99)})
    assert known.at("same time yesterday", at(10, 0, 30), 300, Hours()) == pytest.approx(7)
