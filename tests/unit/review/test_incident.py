"""Which hours a review is about: from the first sign to the last switch, an hour around, and nothing of other days."""

from ivr_engine.model.alarms import CrisisChanged, TriggerChanged
from ivr_engine.model.crises import Scope
from ivr_engine.review import Gathering
from ivr_engine.review.incident import AROUND
from tests.unit.review.made import NOON, gathered, lived

HOUR = 3600.0


def switched(at: float, *, on: bool = True, profile: str = "recall", drill: bool = False) -> CrisisChanged:
    return CrisisChanged(profile, NOON + at, "li", "why", on=on, scope=Scope(drill=drill))


def fired(at: float) -> TriggerChanged:
    return TriggerChanged("surge", NOON + at, "fired", 300.0, 200.0, "calls")


def test_it_begins_with_the_first_sign_and_ends_when_the_last_crisis_is_off() -> None:
    found = gathered(
        [
            lived(-9000),
            lived(-600, fired(-600)),
            lived(0, switched(0)),
            lived(100, switched(100, profile="outage")),
            lived(200, switched(200, on=False)),
            lived(900, switched(900, on=False, profile="outage")),
            lived(9000),
        ]
    ).found()
    assert found is not None
    hours = found[0]
    assert (hours.sign - NOON, hours.begin - NOON, hours.end - NOON) == (-600, 0, 900)
    assert (hours.since - NOON, hours.until - NOON) == (-600 - AROUND, 900 + AROUND)
    assert [hours.phase(NOON + at) for at in (-1, 0, 899, 900)] == ["before", "during", "during", "after"]


def test_a_sign_of_hours_before_is_not_its_sign() -> None:
    found = gathered([lived(-2 * HOUR, fired(-2 * HOUR)), lived(0, switched(0)), lived(10)]).found()
    assert found is not None
    assert found[0].sign == NOON


def test_on_again_within_the_hour_is_the_same_and_later_another() -> None:
    first = [lived(0, switched(0)), lived(60, switched(60, on=False)), lived(600, switched(600))]
    found = gathered([*first, lived(900, switched(900, on=False))]).found()
    assert found is not None
    assert (found[0].begin, found[0].end) == (NOON, NOON + 900)
    later = lived(3 * HOUR, switched(3 * HOUR))
    found = gathered([*first, lived(900, switched(900, on=False)), later, lived(3 * HOUR + 5)]).found()
    assert found is not None
    assert found[0].begin == NOON + 3 * HOUR
    assert [one.at - NOON for one in found[1].happened] == [3 * HOUR]


def test_the_last_of_a_profile_is_found_behind_others() -> None:
    days = [lived(0, switched(0)), lived(60, switched(60, on=False))]
    other = [lived(5 * HOUR, switched(5 * HOUR, profile="outage")), lived(6 * HOUR)]
    found = gathered([*days, *other], Gathering("recall")).found()
    assert found is not None
    assert found[0].end == NOON + 60


def test_a_drills_crisis_is_none_of_callers() -> None:
    decisions = [lived(0, switched(0, drill=True)), lived(10)]
    assert gathered(decisions).found() is None
    assert gathered(decisions, Gathering(drill=True)).found() is not None


def test_hours_that_are_named_are_reviewed_with_or_without_a_crisis() -> None:
    found = gathered([lived(0), lived(50)], Gathering(since=NOON + 10, until=NOON + 40)).found()
    assert found is not None
    assert (found[0].since, found[0].until, found[0].phase(NOON + 20)) == (NOON + 10, NOON + 40, "during")
    assert gathered([lived(0), lived(50)], Gathering(since=NOON + 60)).found() is None


def test_of_quiet_days_nothing_is_kept() -> None:
    gathering = gathered(lived(at * 60.0, fired(at * 60.0)) for at in range(3000))
    assert len(gathering._gathered.happened) < 2 * AROUND / 60 + 20
