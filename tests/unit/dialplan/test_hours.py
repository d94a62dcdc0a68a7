"""When a hotline is open: shifts, holidays, make-up workdays, closures, and clocks that are put forward and back."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr_engine.dialplan.hours import Closure, Hours, Opening, Span
from ivr_engine.dialplan.load import check, load
from ivr_engine.model.ids import ShiftName
from ivr_engine.nodes import NODE_TYPES

OFFICE, NIGHT, DAILY, DUTY = (ShiftName(name) for name in ("office", "night", "daily", "duty"))
moment = datetime.fromisoformat
HOURS = Hours(
    shifts={
        OFFICE: (Span(("workdays",), 8 * 60, 20 * 60),),
        NIGHT: (Span(("workdays",), 16 * 60, 24 * 60), Span(("workdays",), 24 * 60, 8 * 60)),
        DAILY: (Span(("every day",), 22 * 60, 6 * 60),),
        DUTY: (Span(("mon", "tue"), 8 * 60, 20 * 60), Span(("holidays",), 10 * 60, 12 * 60)),
    },
    closures=(
        Closure(start=moment("2027-03-02 14:00"), end=moment("2027-03-02 16:00"), reason="盘点"),
        Closure(start=moment("2027-02-08 09:00"), end=moment("2027-02-08 10:00"), reason="盘点"),
        Closure(start=moment("2027-02-05 09:00"), end=moment("2027-02-05 10:00"), reason="火警", emergency=True),
    ),
    holidays=frozenset(date(2027, 2, day) for day in (5, 6, 7, 8)),
    workdays=frozenset({date(2027, 2, 20)}),  # a Saturday
)
HOTLINE = """
hotline: acme
numbers: ["4000000400"]
languages: [zh-CN]
calendar: [cn-2026.yaml, cn-2027.yaml]
shifts: {office: {days: workdays, from: "08:00", to: 20:00}}
start: open
steps:
  open:
    hours: office
    inside: {enqueue: general}
    outside: {say: 我们<opens as date><opens as time>上班。, then: bye}
    next opening: opens
  bye: {hangup: 再见。}
pools: {local: {agents: [1001]}}
queues: {general: {pools: [local]}}
fallback: {say: 您好。, agents: [1001]}
"""
CALENDARS = Path(__file__).parents[3] / "dialplans" / "calendars"


def at(local: str, zone: str = "Asia/Shanghai") -> float:
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).timestamp()


@pytest.mark.parametrize(
    ("shift", "local", "state"),
    [
        (OFFICE, "2027-03-01 07:59:59", Opening.CLOSED),  # Monday
        (OFFICE, "2027-03-01 08:00", Opening.OPEN),
        (OFFICE, "2027-03-01 19:59:59", Opening.OPEN),
        (OFFICE, "2027-03-01 20:00", Opening.CLOSED),
        (OFFICE, "2027-03-06 12:00", Opening.CLOSED),  # Saturday
        (OFFICE, "2027-02-20 12:00", Opening.OPEN),  # one that makes up for a holiday
        # The precedence: emergency, holiday, closed, open.
        (OFFICE, "2027-02-05 09:30", Opening.EMERGENCY),
        (OFFICE, "2027-02-05 10:00", Opening.HOLIDAY),
        (OFFICE, "2027-02-08 09:30", Opening.HOLIDAY),
        (OFFICE, "2027-03-02 15:00", Opening.CLOSED),
        (OFFICE, "2027-03-02 16:00", Opening.OPEN),
        (DAILY, "2027-02-05 23:00", Opening.HOLIDAY),
        # Over midnight, in one piece and in two; a shift belongs to the day it begins on.
        (NIGHT, "2027-03-01 15:59", Opening.CLOSED),
        (NIGHT, "2027-03-01 23:59:59", Opening.OPEN),
        (NIGHT, "2027-03-02 00:00", Opening.OPEN),
        (NIGHT, "2027-03-02 07:59", Opening.OPEN),
        (NIGHT, "2027-03-01 07:59", Opening.CLOSED),  # nobody begins on Sunday
        (NIGHT, "2027-03-06 07:59", Opening.OPEN),  # the end of Friday's
        (NIGHT, "2027-03-06 16:00", Opening.CLOSED),
        (DAILY, "2027-03-01 21:59", Opening.CLOSED),
        (DAILY, "2027-03-01 22:00", Opening.OPEN),
        (DAILY, "2027-03-02 05:59", Opening.OPEN),
        (DAILY, "2027-03-02 06:00", Opening.CLOSED),
        (DUTY, "2027-03-02 12:00", Opening.OPEN),
        (DUTY, "2027-03-03 12:00", Opening.CLOSED),
    ],
)
def test_what_counts_at_a_moment(shift: ShiftName, local: str, state: Opening) -> None:
    assert HOURS.state(shift, at(local)) is state


@pytest.mark.parametrize(
    ("shift", "local", "worked"),
    [
        (DAILY, "2027-02-05 23:00", True),  # every day is every day
        (DUTY, "2027-02-08 10:30", True),  # Monday, and a holiday
        (DUTY, "2027-02-08 12:30", False),  # not a Monday like others
        (DUTY, "2027-02-08 09:30", False),  # closed for once
        (OFFICE, "2027-02-05 12:00", False),
        (NIGHT, "2027-02-05 03:00", True),  # it began on the eve
        (NIGHT, "2027-02-09 03:00", False),
    ],
)
def test_who_works_on_holidays(shift: ShiftName, local: str, worked: bool) -> None:
    assert HOURS.is_worked(shift, at(local)) is worked


@pytest.mark.parametrize(
    ("shift", "local", "on_holidays", "opens"),
    [
        (OFFICE, "2027-03-01 07:00", True, "2027-03-01 08:00"),
        (OFFICE, "2027-03-01 21:00", True, "2027-03-02 08:00"),
        (OFFICE, "2027-03-05 21:00", True, "2027-03-08 08:00"),
        (OFFICE, "2027-02-04 21:00", True, "2027-02-09 08:00"),
        (OFFICE, "2027-02-19 21:00", True, "2027-02-20 08:00"),  # the make-up Saturday
        (OFFICE, "2027-03-02 14:30", True, "2027-03-02 16:00"),  # a closure ends
        (DUTY, "2027-02-06 09:00", True, "2027-02-06 10:00"),
        (DUTY, "2027-02-06 09:00", False, "2027-02-09 08:00"),
        (DAILY, "2027-02-04 21:00", False, "2027-02-04 22:00"),
        (DAILY, "2027-02-05 07:00", False, "2027-02-09 00:00"),  # the rest of the night that began on the 8th
    ],
)
def test_when_it_opens_next(shift: ShiftName, local: str, on_holidays: bool, opens: str) -> None:
    assert HOURS.next_opening(shift, at(local), on_holidays=on_holidays) == moment(opens)


def test_a_shift_that_never_comes_does_not_open() -> None:
    never = Hours(shifts={OFFICE: (Span(("holidays",), 0, 60),)})
    assert never.next_opening(OFFICE, at("2027-03-01 07:00"), on_holidays=True) is None


def test_an_hour_that_is_left_out_or_comes_twice_is_no_trouble() -> None:
    night = Hours("Europe/Berlin", {NIGHT: (Span(("every day",), 2 * 60, 3 * 60),)})
    forward, back = at("2027-03-28 01:30", "Europe/Berlin"), at("2027-10-31 01:30", "Europe/Berlin")
    assert [night.state(NIGHT, forward + minutes * 60) for minutes in (0, 29, 30, 60)] == [Opening.CLOSED] * 4
    twice = [night.state(NIGHT, back + minutes * 60).value for minutes in (0, 30, 89, 90, 149, 150)]
    assert twice == ["closed", "open", "open", "open", "open", "closed"]


ZONES = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"])
DAYS = st.sampled_from(["workdays", "holidays", "every day", "mon", "sat", "sun"])
SPANS = st.builds(
    Span, st.lists(DAYS, min_size=1, max_size=3).map(tuple), st.integers(0, 1440), st.integers(0, 1440)
).filter(lambda span: span.start != span.end)
SOME_DAYS = st.frozensets(
    st.integers(0, 400).map(lambda number: date(2026, 12, 1) + timedelta(days=number)), max_size=9
)
FROM, TO = datetime(2026, 12, 1, tzinfo=UTC).timestamp(), datetime(2028, 1, 10, tzinfo=UTC).timestamp()


@given(ZONES, st.lists(SPANS, min_size=1, max_size=3), SOME_DAYS, SOME_DAYS, st.floats(FROM, TO))
def test_every_moment_in_every_zone_has_an_answer_that_agrees_with_the_next_opening(
    zone: str, spans: list[Span], holidays: frozenset[date], workdays: frozenset[date], at: float
) -> None:
    hours = Hours(zone, {OFFICE: tuple(spans)}, (), holidays, workdays - holidays)
    state = hours.state(OFFICE, at)
    assert (state is Opening.HOLIDAY) == (hours.wall(at).date() in holidays)
    assert state is not Opening.OPEN or hours.is_worked(OFFICE, at)
    opens = hours.next_opening(OFFICE, at, on_holidays=True)
    if opens is not None:
        assert opens > hours.wall(at)
        there = opens.replace(tzinfo=ZoneInfo(zone)).timestamp()
        if hours.wall(there) == opens:  # else clocks are put forward over it
            assert hours.is_worked(OFFICE, there)
        if not hours.is_worked(OFFICE, at):
            step = (opens - hours.wall(at)) / 2
            assert not hours._is_worked(OFFICE, hours.wall(at) + step)


def hotline_in(tmp_path: Path, text: str = HOTLINE) -> Path:
    for calendar in CALENDARS.glob("*.yaml"):
        (tmp_path / calendar.name).write_bytes(calendar.read_bytes())
    (tmp_path / "hotline.yaml").write_text(text, "utf-8")
    return tmp_path


def test_the_shipped_calendars_are_those_of_the_state_council(tmp_path: Path) -> None:
    hours = load(hotline_in(tmp_path), NODE_TYPES).normal.facilities.hours
    per_year = [sum(day.year == year for day in hours.holidays) for year in (2026, 2027)]
    assert per_year == [33, 13]  # 2027: by law, before the notice moves days around them
    assert sorted(day.isoformat()[5:] for day in hours.workdays) == [
        "01-04",
        "02-14",
        "02-28",
        "05-09",
        "09-20",
        "10-10",
    ]
    assert all(day.weekday() >= 5 for day in hours.workdays)
    assert hours.state(OFFICE, at("2026-02-14 09:00")) is Opening.OPEN  # a Saturday before the Spring Festival
    assert hours.state(OFFICE, at("2026-02-23 09:00")) is Opening.HOLIDAY
    assert hours.state(OFFICE, at("2027-02-08 09:00")) is Opening.HOLIDAY


def test_another_calendar_is_another_version(tmp_path: Path) -> None:
    before = load(hotline_in(tmp_path), NODE_TYPES).version
    with (tmp_path / "cn-2027.yaml").open("a") as calendar:
        calendar.write("workdays: [2027-02-20]\n")
    assert load(tmp_path, NODE_TYPES).version != before


def test_the_next_year_is_wanted_when_its_holidays_are_told(tmp_path: Path) -> None:
    where = hotline_in(tmp_path)
    days = ("2026-01-01 00:00", "2027-10-31 23:59", "2027-11-01 00:00", "2028-01-01 00:00")
    found = [[one.message for one in check([where], NODE_TYPES, now=at(day))] for day in days]
    assert found == [[], [], *[["no calendar tells the holidays of 2028"]] * 2]
    assert check([where], NODE_TYPES) == []
