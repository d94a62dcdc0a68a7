"""How often a caller has called in 24 hours, and who talked to him."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from ivr_engine.model.causes import Outcome
from ivr_engine.model.ids import CallId, SeatId
from ivr_engine.model.notices import CallRecord, Ended
from ivr_engine.model.saved import LastTalk
from ivr_engine.runtime.callers import DAY, RecentCallers


class Day:
    def __init__(self, most: int = 1000) -> None:
        self.now = 1_000_000.0
        self.callers = RecentCallers(lambda: self.now, most)


def test_a_call_counts_itself_and_those_of_24_hours() -> None:
    day = Day()
    counts = [day.callers.arrived("138").calls]
    for later in (3600.0, DAY - 3600.0 - 1, 1.0, DAY):
        day.now += later
        counts.append(day.callers.arrived("138").calls)
    assert counts == [1, 2, 3, 3, 1]
    assert day.callers.arrived("139").calls == 1


def test_callers_without_a_number_are_not_one_caller() -> None:
    day = Day()
    assert [day.callers.arrived("").calls for _ in range(3)] == [1, 1, 1]


def test_calls_before_a_restart_count_too() -> None:
    day = Day()
    day.callers.arrived("138")
    day.callers.remember([(day.now - DAY, "138"), (day.now - 7200, "138"), (day.now - 60, "139"), (day.now - 60, "")])
    assert [day.callers.arrived(caller).calls for caller in ("138", "139", "140")] == [3, 2, 1]


def ended(caller: str, agent: str | None, at: float) -> Ended:
    record = CallRecord(CallId("a.1"), "400", caller, "normal", Outcome.ANSWERED, at - 10, at + 50)
    seat = SeatId(agent) if agent else None
    return Ended(record.call, at + 50, msgspec.structs.replace(record, seat=seat, connected_at=at if agent else None))


def test_who_talked_to_him_last_is_remembered_for_a_day() -> None:
    day = Day()
    day.callers.remember([], [("138", SeatId("1001"), day.now - 60), ("139", SeatId("1002"), day.now - 60)])
    assert day.callers.arrived("138").served == LastTalk(SeatId("1001"), day.now - 60)
    for notice in (ended("138", "1003", day.now), ended("138", None, day.now), ended("", "1001", day.now)):
        day.callers.hear(notice)
    assert day.callers.arrived("138").served == LastTalk(SeatId("1003"), day.now)
    assert day.callers.arrived("").served is None
    day.now += DAY
    assert day.callers.arrived("138").served is None


def test_no_more_talks_are_remembered_than_calls() -> None:
    day = Day(most=2)
    for caller in ("1", "2", "1", "3"):
        day.callers.hear(ended(caller, "1001", day.now))
    assert [day.callers.arrived(caller).served is not None for caller in ("1", "2", "3")] == [True, False, True]


@given(
    st.lists(st.tuples(st.floats(0, DAY / 4), st.sampled_from(["a", "b", "c"]))),
    st.integers(1, 20),
    st.lists(st.tuples(st.floats(-2 * DAY, 0), st.sampled_from(["a", "b"])), max_size=30),
)
def test_what_is_remembered_is_bounded_and_right(
    calls: list[tuple[float, str]], most: int, earlier: list[tuple[float, str]]
) -> None:
    day = Day(most)
    before = sorted((day.now + at, caller) for at, caller in earlier)
    day.callers.remember(before)
    here: list[tuple[float, str]] = []
    for later, caller in calls:
        day.now += later
        here.append((day.now, caller))
        recent = [one for one in (*before[-most:], *here[-most:]) if one[0] > day.now - DAY]
        assert day.callers.arrived(caller).calls == sum(who == caller for _, who in recent)
        remembered = day.callers._here.counts.total() + day.callers._before.counts.total()
        assert remembered == len(recent) <= 2 * most
