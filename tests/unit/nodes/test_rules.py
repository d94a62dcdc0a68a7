"""Words that choose a caller's way by what is known of him: the hour he calls at, rules, arms of an experiment."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr_engine.dialplan.hotline import Facilities, Flow, Text
from ivr_engine.dialplan.hours import Closure, Span
from ivr_engine.dialplan.hours import Hours as OpeningHours
from ivr_engine.model.ids import CallId, ShiftName, StepName
from ivr_engine.nodes._conditions import Bounds, When
from ivr_engine.nodes._node import Caller, GoTo, Keep, Reply, TakeArm
from ivr_engine.nodes.classify import Classify, Rule
from ivr_engine.nodes.hours import Hours
from ivr_engine.nodes.split import Arm, Split
from ivr_engine.nodes.status import Status, stale_in

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


KNOWN = replace(
    CALLER,
    now=100.0,
    arrived_at=40.0,
    region="广东省深圳市",
    tags=("vip", "recall"),
    values={"tier": "Gold ", "age": "61", "balance": "-12.50", "note": "n/a", "amount": "1,200"},
    keys="913",
    calls_in_24h=3,
)


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        (When(tag=("vip",)), True),
        (When(tag=("gold", "recall")), True),
        (When(tag=("gold",)), False),
        (When(region=("北京", "广东")), True),
        (When(region=("深圳",)), True),
        (When(region=("北京",)), False),
        (When(caller=("139", "138")), True),
        (When(caller=("+86138",)), True),
        (When(caller=("0086138",)), True),
        (When(caller=("+85",)), False),
        (When(number=("4000000400",)), True),
        (When(number=("400000040",)), False),
        (When(language=("zh-CN",)), False),
        (When(language=("zh-CN", "en")), True),
        (When(keys=("13",)), True),
        (When(keys=("2", "3")), True),
        (When(keys=("91",)), False),
        (When(calls_in_24h=Bounds(at_least=Decimal(3))), True),
        (When(calls_in_24h=Bounds(at_least=Decimal(4))), False),
        (When(calls_in_24h=Bounds(at_most=Decimal(2))), False),
        (When(in_the_call_for=60.0), True),
        (When(in_the_call_for=60.5), False),
        (When(value={"tier": ("gold", "platinum")}), True),
        (When(value={"tier": ("silver",)}), False),
        (When(value={"age": Bounds(at_least=Decimal(60))}), True),
        (When(value={"age": Bounds(at_least=Decimal(60), at_most=Decimal(60))}), False),
        (When(value={"balance": Bounds(at_most=Decimal("-12.5"))}), True),
        (When(value={"amount": Bounds(at_least=Decimal(1200))}), True),
        (When(value={"note": Bounds(at_least=Decimal(0))}), False),  # no number at all
        (When(value={"nothing": Bounds(at_most=Decimal(9))}), False),
        (When(value={"nothing": ("gold",)}), False),
        # All of it must hold.
        (When(tag=("vip",), region=("广东",), keys=("13",), value={"tier": ("gold",), "age": ("61",)}), True),
        (When(tag=("vip",), region=("广东",), keys=("13",), value={"tier": ("gold",), "age": ("62",)}), False),
        (When(tag=("vip",), region=("北京",)), False),
    ],
)
def test_a_condition_holds_of_a_caller(when: When, holds: bool) -> None:
    assert when.hold(KNOWN) is holds


@pytest.mark.parametrize("number", ["13800138000", "+8613800138000", "008613800138000"])
def test_a_number_is_known_however_the_trunk_writes_it(number: str) -> None:
    caller = replace(CALLER, caller=number)
    assert [When(caller=(one,)).hold(caller) for one in ("1380013", "+8613800138000", "86")] == [True, True, False]


def test_the_first_rule_that_holds_counts() -> None:
    node = Classify(
        rules=(
            Rule(when=When(tag=("vip",)), unless=When(language=("en",), tag=("recall",)), then=FIRE),
            Rule(when=When(tag=("recall",)), then=IN),
            Rule(when=When(tag=("vip",)), then=OUT),
        ),
        otherwise=REST,
    )
    tags: list[tuple[str, ...]] = [("vip", "recall"), ("recall",), ("vip",), ()]
    assert [node.enter(replace(CALLER, tags=one)).exit for one in tags] == [GoTo(IN), GoTo(IN), GoTo(FIRE), GoTo(REST)]


BOUNDS = st.builds(
    lambda low, high: Bounds(at_least=low and Decimal(low), at_most=high and Decimal(high)),
    st.none() | st.integers(0, 3),
    st.none() | st.integers(0, 3),
)
CONDITIONS = st.builds(
    When,
    tag=st.lists(st.sampled_from("ab"), max_size=2, unique=True).map(tuple),
    language=st.lists(st.sampled_from(["en", "zh-CN"]), max_size=2, unique=True).map(tuple),
    calls_in_24h=st.none() | BOUNDS,
    in_the_call_for=st.none() | st.sampled_from([1.0, 2.0]),
    value=st.dictionaries(st.sampled_from(["x", "y"]), st.just(("1",)) | st.just(("1", "2")) | BOUNDS, max_size=2),
)


@given(
    CONDITIONS,
    CONDITIONS,
    st.lists(
        st.builds(
            lambda tags, language, calls, now, values: replace(
                CALLER, tags=tuple(tags), language=language, calls_in_24h=calls, now=now, values=values
            ),
            st.sets(st.sampled_from("abc")),
            st.sampled_from(["en", "zh-CN"]),
            st.integers(1, 4),
            st.sampled_from([0.0, 1.0, 2.0]),
            st.dictionaries(st.sampled_from(["x", "y"]), st.sampled_from(["1", "2", "3"])),
        ),
        min_size=20,
        max_size=40,
    ),
)
def test_a_condition_that_covers_another_holds_wherever_that_does(
    one: When, other: When, callers: list[Caller]
) -> None:
    assert one.cover(one)
    if one.cover(other):
        assert all(one.hold(caller) for caller in callers if other.hold(caller))


SPLIT = Split(arms={"short": Arm(30, IN), "long": Arm(70, OUT), "off": Arm(0, REST)}, step=StepName("greeting"))


def test_arms_fill_by_their_shares_and_a_caller_stays_in_his() -> None:
    numbers = [str(13_800_000_000 + number * 7919) for number in range(10_000)]
    arms = [SPLIT.arm_of(number) for number in numbers]
    assert abs(arms.count("short") / 10_000 - 0.3) < 0.02
    assert "off" not in arms
    assert arms == [SPLIT.arm_of(number) for number in numbers]
    more = replace(SPLIT, arms={"short": Arm(40, IN), "long": Arm(60, OUT)})
    moved = [(before, more.arm_of(number)) for before, number in zip(arms, numbers, strict=True)]
    changed = {pair for pair in moved if pair[0] != pair[1]}
    assert changed == {("long", "short")}
    assert abs(sum(pair in changed for pair in moved) / 10_000 - 0.1) < 0.02
    elsewhere = replace(SPLIT, step=StepName("farewell"))
    both = sum(elsewhere.arm_of(number) == arm == "short" for number, arm in zip(numbers, arms, strict=True))
    assert abs(both / 10_000 - 0.09) < 0.02  # one experiment tells nothing about another


def test_a_caller_without_a_number_is_divided_by_his_call() -> None:
    reply = [SPLIT.enter(replace(CALLER, caller="", call=CallId(f"h-{number}.1"))) for number in range(40)]
    assert {one.exit for one in reply} == {GoTo(IN), GoTo(OUT)}
    assert reply[0].orders == (TakeArm(StepName("greeting"), SPLIT.arm_of("h-0.1")),)


def test_a_status_is_said_until_it_is_over_and_stale_in_between() -> None:
    by, until = (datetime.fromisoformat(f"2027-02-17 {hour}:00") for hour in (18, 20))
    status = Status(text=Text({"en": "We know."}), refresh_by=by, until=until, then=IN)
    flow = Flow("normal", IN, {IN: status, OUT: replace(status, until=None)}, facilities=CALLER.facilities)
    said = []
    for hour in ("17:59", "18:00", "19:59", "20:00"):
        moment = at(f"2027-02-17 {hour}")
        said.append((bool(status.enter(replace(CALLER, now=moment)).orders), stale_in(flow, moment)))
    assert said == [(True, 0), (True, 2), (True, 2), (False, 1)]
