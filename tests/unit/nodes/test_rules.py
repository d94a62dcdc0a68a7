"""Words that choose a caller's way by what is known of him: the hour he calls at."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from ivr_engine.dialplan.hotline import Facilities
from ivr_engine.dialplan.hours import Closure, Span
from ivr_engine.dialplan.hours import Hours as OpeningHours
from ivr_engine.model.ids import CallId, ShiftName, StepName
from ivr_engine.nodes._node import Caller, GoTo, Keep, Reply
from ivr_engine.nodes.hours import Hours

IN, OUT, REST, FIRE = (StepName(name) for name in ("in", "out", "rest", "fire"))
OFFICE, DAILY = ShiftName("office"), ShiftName("daily")
OPENING_HOURS = OpeningHours(
    shifts={OFFICE: (Span(("workdays",), 8 * 60, 20 * 60),), DAILY: (Span(("every day",), 8 * 60, 20 * 60),)},
    closures=(
        Closure(
            start=datetime.fromisoformat("2027-02-05 09:00"),
            end=datetime.fromisoformat("2027-02-05 10:00"),
            reason="火警",
            emergency=True,
        ),
    ),
    holidays=frozenset({date(2027, 2, 5)}),
)
CALLER = Caller(
    call=CallId("h-1.1"),
    now=0.0,
    number="4000000400",
    caller="13800138000",
    language="en",
    arrived_at=0.0,
    facilities=Facilities(OPENING_HOURS),
)


def at(local: str) -> float:
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()


@pytest.mark.parametrize(
    ("local", "short", "full", "daily"),
    [
        # `short` says inside and outside only; `full` also where to go on holidays and in emergencies.
        ("2027-02-04 12:00", IN, IN, IN),
        ("2027-02-04 21:00", OUT, OUT, OUT),
        ("2027-02-05 12:00", OUT, REST, IN),
        ("2027-02-05 21:00", OUT, REST, OUT),
        ("2027-02-05 09:30", OUT, FIRE, OUT),
    ],
)
def test_hours_lead_by_the_clock(local: str, short: StepName, full: StepName, daily: StepName) -> None:
    caller = replace(CALLER, now=at(local))
    nodes = [
        Hours(shift=OFFICE, inside=IN, outside=OUT),
        Hours(shift=OFFICE, inside=IN, outside=OUT, holiday=REST, emergency=FIRE),
        Hours(shift=DAILY, inside=IN, outside=OUT),
    ]
    assert [node.enter(caller).exit for node in nodes] == [GoTo(short), GoTo(full), GoTo(daily)]


def test_who_comes_too_late_can_be_told_when_to_call_again() -> None:
    node = Hours(shift=DAILY, inside=IN, outside=OUT, holiday=REST, next_opening="opens")
    assert node.enter(replace(CALLER, now=at("2027-02-04 12:00"))) == Reply(exit=GoTo(IN))
    late = node.enter(replace(CALLER, now=at("2027-02-04 21:00")))
    assert late == Reply(orders=(Keep({"opens": "2027-02-06 08:00"}),), exit=GoTo(OUT))
    every_day = replace(node, holiday=None).enter(replace(CALLER, now=at("2027-02-04 21:00")))
    assert every_day.orders == (Keep({"opens": "2027-02-05 08:00"}),)
