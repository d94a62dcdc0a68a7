"""What any wire may ask and order of crises; and what it must not do: drown the core, or fill the audit."""

from pathlib import Path

import pytest

from ivr_engine import crisis_front
from ivr_engine.errors import RefusedError
from ivr_engine.model.crises import CrisisState
from ivr_engine.model.crisis_orders import CrisisOrder, Signal
from ivr_engine.model.events import SignalSeen
from ivr_engine.model.notices import TurnedAway
from tests.unit.test_desk import Front

SIGNAL = Signal("complaints", "post-1", "monitor", 3, "漏电")


@pytest.fixture
def front(tmp_path: Path) -> Front:
    return Front(tmp_path / "state" / "crisis.json")


async def test_only_the_level_changes_where_the_rest_is_to_be_kept(front: Front) -> None:
    await front.order("recall", numbers=("4000000400",), lasts=3600.0)
    (before,) = front.front.now().active
    state = await front.order("recall", level="critical", keep=True)
    (after,) = state.active
    assert (after.level, after.scope, after.until) == ("critical", before.scope, before.until)


async def test_who_orders_again_what_is_on_does_not_lower_its_level(front: Front) -> None:
    await front.order("recall", level="critical")
    with pytest.raises(RefusedError, match="is on already"):
        await front.order("recall")
    (after,) = (await front.order("recall", lasts=3600.0)).active
    assert after.level == "critical"
    (after,) = (await front.order("recall", level="general")).active
    assert after.level == "general"


async def test_a_level_of_what_is_not_on_is_refused(front: Front) -> None:
    with pytest.raises(RefusedError, match=r"'recall' is not on \(on: none\)"):
        await front.order("recall", level="critical", keep=True)
    assert front.front.now().active == ()


async def test_what_would_change_is_told_without_a_word_to_the_core(front: Front) -> None:
    front.story.dial()
    found = front.front.foresee(CrisisOrder("recall", "duty", "why", level="major"))
    assert (found.would[0], found.follow) == ("crisis recall comes on for all calls, level major (较大)", 1)
    assert (front.ordered, front.crises.state) == ([], CrisisState())
    with pytest.raises(RefusedError, match="'flood' is not in the dialplan"):
        front.front.foresee(CrisisOrder("flood", "duty", "why"))


def test_a_signal_is_a_fact_for_the_core_and_too_many_are_refused(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_800_000_060.0
    monkeypatch.setattr(front.front, "_now", lambda: now)
    for _ in range(crisis_front.MOST_SIGNALS_A_MINUTE):
        front.front.signal(SIGNAL)
    assert front.ordered[0] == SignalSeen("complaints", "post-1", "monitor", 3, "漏电")
    with pytest.raises(RefusedError, match="tell of each thing once"):
        front.front.signal(SIGNAL)
    assert len(front.ordered) == crisis_front.MOST_SIGNALS_A_MINUTE
    now += 61
    front.front.signal(SIGNAL)
    assert len(front.ordered) == crisis_front.MOST_SIGNALS_A_MINUTE + 1


def test_who_is_turned_away_again_and_again_is_told_once_a_minute_with_how_often(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(front.front, "_now", lambda: now)
    for _ in range(50):
        front.front.turned_away("web", "monitor", "POST /api/signals", "it cannot be read")
    front.front.turned_away("web", "another", "POST /api/signals", "it cannot be read")
    now += 60
    front.front.turned_away("web", "monitor", "POST /api/signals", "it cannot be read")
    told = [(one.who, one.times) for one in front.published if isinstance(one, TurnedAway)]
    assert told == [("monitor", 1), ("another", 1), ("monitor", 50)]


def test_a_thousand_strangers_are_not_remembered(front: Front) -> None:
    for stranger in range(1000):
        front.front.turned_away("web", f"10.0.0.{stranger}", "GET /api/crisis", "the token is missing")
    assert len(front.front._told) <= crisis_front.MOST_STRANGERS


async def test_a_time_of_the_audit_that_is_none_is_refused(front: Front) -> None:
    with pytest.raises(RefusedError):
        await front.front.deeds("soon")
