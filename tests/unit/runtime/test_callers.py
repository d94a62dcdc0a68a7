"""How often a caller has called in 24 hours."""

from hypothesis import given
from hypothesis import strategies as st

from ivr_engine.runtime.callers import DAY, RecentCallers


class Day:
    def __init__(self, most: int = 1000) -> None:
        self.now = 1_000_000.0
        self.callers = RecentCallers(lambda: self.now, most)


def test_a_call_counts_itself_and_those_of_24_hours() -> None:
    day = Day()
    counts = [day.callers.arrived("138")]
    for later in (3600.0, DAY - 3600.0 - 1, 1.0, DAY):
        day.now += later
        counts.append(day.callers.arrived("138"))
    assert counts == [1, 2, 3, 3, 1]
    assert day.callers.arrived("139") == 1


def test_callers_without_a_number_are_not_one_caller() -> None:
    day = Day()
    assert [day.callers.arrived("") for _ in range(3)] == [1, 1, 1]


def test_calls_before_a_restart_count_too() -> None:
    day = Day()
    day.callers.arrived("138")
    day.callers.remember([(day.now - DAY, "138"), (day.now - 7200, "138"), (day.now - 60, "139"), (day.now - 60, "")])
    assert [day.callers.arrived(caller) for caller in ("138", "139", "140")] == [3, 2, 1]


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
        assert day.callers.arrived(caller) == sum(who == caller for _, who in recent)
        remembered = day.callers._here.counts.total() + day.callers._before.counts.total()
        assert remembered == len(recent) <= 2 * most
