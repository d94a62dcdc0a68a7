"""What each figure means, on calls one can count by hand; and that no figure hangs on the order of rows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from typing import Any, get_args
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr_engine.errors import RefusedError
from ivr_engine.figures import (
    Figures,
    Question,
    Target,
    begin_of,
    borders_of,
    end_of,
    length_of,
    reckon,
    shortage,
)
from ivr_engine.model.causes import Outcome
from ivr_engine.model.ids import PoolName, SeatId
from ivr_engine.model.past import AgentSpan, Dimension, PastCall, SpanState

DAY = 1_800_000_000.0 // 86400 * 86400  # midnight in UTC
HOUR = 3600.0
QUESTION = Question(since=DAY, until=DAY + 24 * HOUR, now=DAY + 200 * HOUR)


def call(waited: float, outcome: Outcome = Outcome.ANSWERED, **changes: Any) -> PastCall:
    """A call that came to `general` after 10 s, and was over, or taken for 100 s, when he had waited so long."""
    answered = outcome is Outcome.ANSWERED
    begin = DAY + 9 * HOUR
    whole = PastCall(
        arrived_at=begin,
        ended_at=begin + 10 + waited + 100 * answered,
        outcome=outcome.value,
        flow="normal",
        region="北京市",
        queue="general",
        enqueued_at=begin + 10,
        connected_at=begin + 10 + waited if answered else None,
        pool="local" if answered else None,
        seat="1001" if answered else None,
        offers=1,
    )
    return msgspec.structs.replace(whole, **changes)


def span(state: SpanState, since: float, seconds: float, **changes: Any) -> AgentSpan:
    whole = AgentSpan(f"1001@{since}", SeatId("1001"), PoolName("local"), state, DAY + since, DAY + since + seconds)
    return msgspec.structs.replace(whole, **changes)


def total(*calls: PastCall, question: Question = QUESTION, spans: Sequence[AgentSpan] = ()) -> Figures:
    return reckon(question, calls, spans).report.total


LEFT, MENU, MESSAGE = Outcome.ABANDONED_IN_QUEUE, Outcome.ABANDONED_IN_MENU, Outcome.COMPLETED_IN_MENU


def test_service_level_is_of_all_who_came_to_the_queue_and_short_abandons_count_against_us() -> None:
    calls = [
        call(5),
        call(20),
        call(21),
        call(2, LEFT),
        call(90, LEFT),
        call(30, MESSAGE),
        call(40, Outcome.TRANSFERRED),
    ]
    menu = call(0, MENU, queue=None, enqueued_at=None)
    found = total(*calls, menu)
    assert (found.calls, found.offered, found.answered, found.abandoned) == (8, 7, 3, 2)
    assert (found.transferred, found.elsewhere, found.short_abandoned) == (1, 1, 1)
    assert found.answered_in_time == 2
    assert found.service_level == pytest.approx(2 / 7)
    assert found.service_level_but_short == pytest.approx(2 / 6)
    assert found.answer_rate == pytest.approx(3 / 7)
    assert found.abandoned_share == pytest.approx(2 / 7)


def test_each_queue_is_judged_by_its_own_target() -> None:
    question = asked(targets={"general": Target(5.0, 0.9)}, by="queue")
    groups = reckon(question, [call(6), call(6, queue="urgent")], []).report.groups
    assert [(one.group, one.service_level) for one in groups] == [("general", 0.0), ("urgent", 1.0)]


def test_who_gives_up_is_sorted_by_how_long_he_waited() -> None:
    found = total(*(call(waited, LEFT) for waited in (0, 9.9, 10, 29, 30, 59, 60, 119, 120, 1000)))
    assert found.abandoned_by_wait == {"0-10": 2, "10-30": 2, "30-60": 2, "60-120": 2, "120+": 2}
    found = total(call(7, LEFT), question=asked(bands=(5.0,)))
    assert found.abandoned_by_wait == {"0-5": 0, "5+": 1}


def test_waits_are_those_of_answered_callers() -> None:
    found = total(*(call(waited) for waited in range(1, 101)), call(5000, LEFT))
    assert found.wait is not None
    assert (found.wait.mean, found.wait.p50, found.wait.p90, found.wait.p95) == (50.5, 50, 90, 95)
    assert total(call(9, LEFT)).wait is None


def test_handling_is_talk_and_rest_and_a_survey_after_the_talk_is_neither() -> None:
    begin = DAY + 9 * HOUR + 15
    found = total(call(5, rest=20.0), call(5, talk_ended_at=begin + 40), call(5, rest=30.0))
    assert found.talk_seconds == pytest.approx((100 + 40 + 100) / 3)
    assert found.rest_seconds == 25
    assert found.handle_seconds == pytest.approx(80 + 25)


def test_overflow_transfers_and_missed_calls() -> None:
    found = total(call(5, overflow=True), call(5, transferred_at=1.0), call(5, missed=2), call(9, LEFT, missed=1))
    assert found.overflow_share == pytest.approx(1 / 3)
    assert (found.transfers, found.missed) == (1, 3)


def test_who_calls_again_within_the_window_was_not_helped_the_first_time() -> None:
    at = DAY + 9 * HOUR
    once = call(5, known=True)
    again = call(5, known=True, after=at + 72 * HOUR)
    later = call(5, known=True, before=at - 73 * HOUR, after=at + 73 * HOUR)
    repeat = call(5, known=True, before=at - HOUR)
    anonymous = call(5)
    found = total(once, again, later, repeat, anonymous)
    assert found.repeat_rate == 1 / 4
    assert (found.first_calls, found.resolved, found.resolved_so_far) == (3, 2 / 3, 2 / 3)
    early = total(once, again, question=asked(now=at + 72 * HOUR))
    assert (early.resolved, early.resolved_so_far) == (None, 0.5)  # he may still call


def test_nothing_is_no_figure() -> None:
    found = total()
    shares = (found.answer_rate, found.service_level, found.occupancy, found.repeat_rate, found.resolved, found.wait)
    assert shares == (None,) * 6


def test_occupancy_is_ringing_talking_and_resting_of_the_time_signed_in() -> None:
    spans = [
        span("ready", 0, 50),
        span("ringing", 50, 5, missed=True),
        span("talking", 55, 15),
        span("wrap-up", 70, 10),
        span("paused", 80, 20),
    ]
    found = total(spans=spans)
    assert (found.occupancy, found.signed_in_seconds, found.paused_seconds) == (0.3, 100, 20)
    (agent,) = reckon(asked(by="agent"), [], spans).report.groups
    assert (agent.group, agent.missed, agent.occupancy) == ("1001", 1, 0.3)


def test_a_span_counts_where_it_lies() -> None:
    long = span("talking", -HOUR / 2, 1.5 * HOUR, missed=True)
    groups = reckon(asked(by="hour"), [], [long, span("talking", 25 * HOUR, 9)]).report.groups
    assert [one.signed_in_seconds for one in groups] == [HOUR]
    assert groups[0].missed == 0  # it began before
    indian = asked(by="hour", zone=ZoneInfo("Asia/Kolkata"))
    groups = reckon(indian, [], [long]).report.groups
    assert [(one.group[11:], one.signed_in_seconds) for one in groups] == [("05:00", 1800), ("06:00", 1800)]


def test_groups_of_seats_have_no_rates_of_those_who_came() -> None:
    groups = reckon(asked(by="agent"), [call(5), call(5, LEFT)], []).report.groups
    assert [(one.group, one.answered, one.answer_rate) for one in groups] == [("-", 0, None), ("1001", 1, None)]


def asked(**changes: Any) -> Question:
    return replace(QUESTION, **changes)


# --- properties -----------------------------------------------------------------------------------------------------

TIMES = st.floats(DAY, DAY + 24 * HOUR - 1)


@st.composite
def past_calls(draw: st.DrawFn) -> PastCall:
    at = draw(TIMES)
    outcome = draw(st.sampled_from(Outcome))
    queued = outcome in (Outcome.ANSWERED, LEFT) or (outcome is not Outcome.REFUSED and draw(st.booleans()))
    answered = outcome is Outcome.ANSWERED
    waited, talked = draw(st.floats(0, 500)), draw(st.floats(0, 500))
    known = draw(st.booleans())
    around = st.none() | st.floats(0, 100 * HOUR)
    before, after = draw(around), draw(around)
    return PastCall(
        arrived_at=at,
        ended_at=at + waited + talked,
        outcome=outcome.value,
        flow=draw(st.sampled_from(["normal", "recall"])),
        region=draw(st.sampled_from(["", "北京市", "上海市"])),
        queue=draw(st.sampled_from(["general", "urgent"])) if queued else None,
        enqueued_at=at if queued else None,
        connected_at=at + waited if answered else None,
        pool=draw(st.sampled_from(["local", "remote"])) if answered else None,
        seat=draw(st.sampled_from(["1001", "1002"])) if answered else None,
        overflow=answered and draw(st.booleans()),
        known=known,
        before=None if before is None or not known else at - before,
        after=None if after is None or not known else at + after,
        rest=draw(st.none() | st.floats(0, 60)) if answered else None,
        missed=draw(st.integers(0, 3)) if queued else 0,
    )


@st.composite
def agent_spans(draw: st.DrawFn) -> AgentSpan:
    agent, pool = draw(st.sampled_from([("1001", "local"), ("1002", "local"), ("1003", "remote")]))
    since = draw(st.floats(DAY - HOUR, DAY + 25 * HOUR))
    state = draw(st.sampled_from(get_args(SpanState)))
    until = since + draw(st.floats(0.001, 3 * HOUR))
    missed = state == "ringing" and draw(st.booleans())
    return AgentSpan(f"{agent}@{since}", SeatId(agent), PoolName(pool), state, since, until, None, missed)


COUNTED = ("calls", "offered", "answered", "abandoned", "transferred", "elsewhere", "answered_in_time")
ALSO = ("short_abandoned", "transfers", "first_calls")


@given(st.lists(past_calls(), max_size=30), st.lists(agent_spans(), max_size=15), st.sampled_from(get_args(Dimension)))
def test_parts_add_up_to_the_whole_whatever_they_are_parts_by(
    calls: list[PastCall], spans: list[AgentSpan], by: Dimension
) -> None:
    whole = reckon(QUESTION, calls, spans).report.total
    report = reckon(asked(by=by), calls, spans).report
    assert report.total == whole
    parts = report.groups if by != "all" else [report.total]
    for name in (*COUNTED, *ALSO):
        assert sum(getattr(one, name) for one in parts) == getattr(whole, name), name
    for band, count in whole.abandoned_by_wait.items():
        assert sum(one.abandoned_by_wait[band] for one in parts) == count
    assert sum(whole.abandoned_by_wait.values()) == whole.abandoned
    assert whole.offered == whole.answered + whole.abandoned + whole.transferred + whole.elsewhere
    assert whole.calls == len(calls)
    if by in ("pool", "agent", "hour"):
        seconds = sum(one.signed_in_seconds for one in parts)
        assert seconds == pytest.approx(whole.signed_in_seconds)
    if by not in ("pool", "agent"):
        assert sum(one.missed for one in parts) == sum(one.missed for one in calls)
    for one in (whole, *parts):
        shares = [value for name, value in msgspec.structs.asdict(one).items() if name in SHARES and value is not None]
        assert all(0 <= value <= 1 + 1e-9 for value in shares)


SHARES = (
    *("answer_rate", "service_level", "service_level_but_short", "abandoned_share", "overflow_share", "occupancy"),
    *("repeat_rate", "resolved", "resolved_so_far"),
)


@given(st.data(), st.sampled_from(get_args(Dimension)))
def test_no_figure_hangs_on_the_order_of_rows(data: st.DataObject, by: Dimension) -> None:
    calls = data.draw(st.lists(past_calls(), max_size=20))
    spans = data.draw(st.lists(agent_spans(), max_size=10))
    question = asked(by=by)
    report = reckon(question, calls, spans).report
    shuffled = reckon(question, data.draw(st.permutations(calls)), data.draw(st.permutations(spans))).report
    assert shuffled == report


# --- what was lacking ------------------------------------------------------------------------------------------------


def test_a_shortage_is_that_of_the_busiest_hour_of_all_who_share_the_seats() -> None:
    late = {"arrived_at": DAY + 11 * HOUR, "enqueued_at": DAY + 11 * HOUR, "ended_at": DAY + 11 * HOUR + 60}
    calls = [call(5), *(call(60, LEFT, queue="urgent", **late) for _ in range(3)), call(60, LEFT, queue="far", **late)]
    calls += [call(60, LEFT)] * 2
    pools = {"general": ("local",), "urgent": ("local", "remote"), "far": ("other",)}
    agents = [
        span("ready", 9 * HOUR, HOUR),
        span("paused", 9 * HOUR, HOUR, agent="1002"),
        span("ready", 11 * HOUR, 1800),
    ]
    hours = reckon(QUESTION, calls, agents).hours
    found = shortage("general", hours, pools, QUESTION)
    assert found is not None
    assert (found.served, found.hour[11:], found.demand.arrived, found.agents) == (1 / 3, "11:00", 3, 0.5)
    kept = asked(targets={"general": Target(20.0, 0.3)})
    assert shortage("general", hours, pools, kept) is None
    assert shortage("nobody-came", hours, pools, QUESTION) is None


# --- how people write it ----------------------------------------------------------------------------------------------

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = DAY + 20 * HOUR  # four in the morning there, of the next day


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("1h", NOW - HOUR, NOW - HOUR),
        ("0m", NOW, NOW),
        ("3d", NOW - 72 * HOUR, NOW - 72 * HOUR),
        ("today", DAY + 16 * HOUR, DAY + 40 * HOUR),
        ("yesterday", DAY - 8 * HOUR, DAY + 16 * HOUR),
        ("2027-01-15", DAY - 8 * HOUR, DAY + 16 * HOUR),
        ("2027-01-15T01:00", DAY - 7 * HOUR, DAY - 7 * HOUR),
        ("2027-01-15T01:00+00:00", DAY + HOUR, DAY + HOUR),
    ],
)
def test_times_are_those_of_the_hotlines_clock(text: str, begin: float, end: float) -> None:
    assert (begin_of(text, NOW, SHANGHAI), end_of(text, NOW, SHANGHAI)) == (begin, end)


@pytest.mark.parametrize(
    "text", ["", "soon", "1w", "-1h", "2027-02-30", "１h", "0001-01-01T00:00", "9999-12-31", "9" * 99]
)
def test_what_is_no_time_is_refused_with_what_would_be(text: str) -> None:
    with pytest.raises(RefusedError, match="write for instance 1h"):
        begin_of(text, NOW, UTC)


def test_borders_grow_and_lengths_are_more_than_nothing() -> None:
    assert borders_of("10, 30,60.5") == (10, 30, 60.5)
    assert length_of("72h") == 72 * HOUR
    for text in ("", "0,10", "30,10", "10,10", "ten"):
        with pytest.raises(RefusedError, match="no waits that grow"):
            borders_of(text)
    for text in ("0h", "h", "never"):
        with pytest.raises(RefusedError, match="no length of time"):
            length_of(text)
