"""What a review says of arms, overflow, clocks, seats, recordings and triggers, and what it proposes."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from ivr_engine.dialplan.triggers import Amount, Condition, TriggerPlan
from ivr_engine.model import alarms, notices
from ivr_engine.model.causes import Outcome
from ivr_engine.model.crises import RunningClock
from ivr_engine.model.ids import CallId, PoolName, QueueName, StepName
from ivr_engine.pages import Part, as_markdown
from ivr_engine.review.experiments import arms, triggers
from ivr_engine.review.preset import proposals
from ivr_engine.review.resources import clocks, overflow, recordings, staffing
from ivr_engine.review.retuning import Retuning, Tried, better, bounds_of
from ivr_engine.simulator.replay import Lived
from tests.unit.review.made import HOTLINE, NOON, lived, reviewed

GENERAL, LOCAL, CHENGDU = QueueName("general"), PoolName("local"), PoolName("chengdu")
ON = lived(0, alarms.CrisisChanged("recall", NOON, "li", "why"))


def ended(number: int, at: float, **changes: Any) -> Lived:
    """A call that came so many seconds after noon, and was answered after 5 s for 60 s."""
    begin = NOON + at
    whole = notices.CallRecord(
        CallId(f"h-{number}.1"), "400", "", "normal", Outcome.ANSWERED, begin, begin + 65, GENERAL, begin
    )
    whole = msgspec.structs.replace(whole, connected_at=begin + 5, pool=LOCAL, offers=1)
    return lived(at + 65, notices.Ended(whole.call, begin + 65, msgspec.structs.replace(whole, **changes)))


def lost(number: int, at: float, **changes: Any) -> Lived:
    return ended(number, at, outcome=Outcome.ABANDONED_IN_QUEUE, connected_at=None, pool=None, **changes)


def left(number: int, at: float, **changes: Any) -> Lived:
    outcome = {"outcome": Outcome.ABANDONED_IN_MENU, "connected_at": None, "queue": None, "enqueued_at": None}
    return ended(number, at, **{**outcome, "pool": None, **changes})


def text(parts: list[Part]) -> str:
    return as_markdown("", parts)


def test_arms_beside_each_other_with_an_interval_and_the_worse_one_is_told() -> None:
    calls = [
        (left if number % 10 < (1 if number % 2 else 6) else ended)(
            number, number, arms={StepName("layout"): "short" if number % 2 else "long"}
        )
        for number in range(200)
    ]
    one = reviewed([ON, *calls])
    said = text(arms(one))
    assert "| layout / long | 100 | 60 | 60.0% (50.2% – 69.1%) |  |" in said
    assert "| layout / short | 100 | 0 | 0.0% (0.0% – 3.7%) |  |" in said
    assert "    short: {share: 100, …}" in text(proposals(one))
    few = reviewed([ON, *calls[:4]])
    assert "share: 100" not in text(proposals(few)), "four calls prove nothing"


def test_overflow_is_told_with_how_long_it_was_open_and_whom_it_served() -> None:
    def change(at: float, *, opened: bool) -> Lived:
        return lived(at, notices.OverflowChanged(GENERAL, CHENGDU, NOON + at, opened, "40 wait"))

    calls = [ended(1, 70, pool=CHENGDU, overflow=True), ended(2, 80)]
    one = reviewed([ON, change(60, opened=True), *calls, change(660, opened=False), lived(900)])
    assert "| general | chengdu | 12:01:00 | 10 min 00 s | 1 | 1 |" in text(overflow(one))


def test_clocks_are_told_with_who_was_late_and_a_longer_one_is_proposed() -> None:
    clock = RunningClock("recall", "verify", "major", NOON, NOON + 600)
    done = msgspec.structs.replace(clock, done_at=NOON + 1000, done_by="wang", overdue=True)
    one = reviewed(
        [
            ON,
            lived(1, alarms.ClockChanged(NOON, clock, "begun")),
            lived(1000, alarms.ClockChanged(NOON + 1000, done, "done")),
        ]
    )
    assert "| recall / verify | 12:00:00 | 12:10:00 | 12:16:40 | wang | 6 min 40 s late |" in text(clocks(one))
    assert "verify: {within: 17m}" in text(proposals(one))
    kept = msgspec.structs.replace(clock, done_at=NOON + 300, done_by="wang")
    in_time = reviewed([ON, lived(300, alarms.ClockChanged(NOON + 300, kept, "done"))])
    assert "in time" in text(clocks(in_time))
    assert "verify" not in text(proposals(in_time))


def test_seats_that_were_lacking_are_reckoned_and_a_full_pool_is_proposed_more() -> None:
    def pool(at: float) -> Lived:
        return lived(at, notices.PoolChanged(CHENGDU, NOON + at, 0, 0, 2, 0, 0))

    calls = [(ended if number % 3 == 0 else lost)(number, number * 5.0) for number in range(300)]
    one = reviewed([ON, pool(1), *calls, pool(1600)])
    assert "By Erlang A, 95% answered needs" in text(staffing(one))
    assert "2 seats were there" in text(staffing(one))
    said = text(proposals(one))
    assert "Pool chengdu had nobody ready for 26 min" in said
    assert "pools:\n  chengdu: {seats: " in said
    met = reviewed([ON, pool(1), *[ended(number, number * 5.0) for number in range(300)], pool(1600)])
    assert "chengdu" not in text(proposals(met)), "all were answered: nothing is lacking"


def test_recordings_are_counted_or_said_to_be_unchecked() -> None:
    one = reviewed([ON, ended(1, 1), ended(2, 2), lost(3, 3)])
    assert "not checked" in text(recordings(one))
    checked = replace(one, sealed=frozenset({"h-1.1", "h-9.1"}))
    assert "Of 2 answered calls 1 have a sealed recording (50.0%)." in text(recordings(checked))


# --- triggers -------------------------------------------------------------------------------------------------------

SURGE = TriggerPlan(when=Condition(calls=Amount(40), span=60.0), hold=0.0, crisis="recall")


def test_another_bound_would_have_fired_sooner_and_falsely_so_often() -> None:
    retuning = Retuning(replace(HOTLINE, triggers={"surge": SURGE}))
    number = 0
    facts: list[Lived] = []
    for at in range(-4 * 3600, 1200, 5):  # a call every five seconds is 12 a minute; then more and more
        for _ in range(1 if at < -600 else 1 + (at + 600) // 200):
            number += 1
            facts.append(lived(at, notices.Arrived(CallId(f"h-{number}.1"), NOON + at, "400", "", "normal")))
    on = lived(0, alarms.CrisisChanged("recall", NOON, "li", "why"))
    for fact in [*[one for one in facts if one.now < NOON], on, *[one for one in facts if one.now >= NOON]]:
        retuning.take(fact)
    one = reviewed([*facts[:1], on, *facts[-1:]])
    tried = retuning.tried(one.hours)
    by_bound = {each.bound: each for each in tried}
    now = next(each for each in tried if each.as_it_is)
    assert now.bound == 40
    assert now.first is not None
    nearer = by_bound[24.0]
    assert nearer.first is not None
    assert nearer.first < now.first
    assert nearer.false == 0
    assert by_bound[16.0].false == 0
    proposed = better(tried)
    assert proposed is not None
    assert proposed.bound == 16.0
    said = replace(one, triggers=retuning.plans, tried=tuple(tried))
    assert "proposed |" in text(triggers(said))
    assert "when: {calls: 16}  # 40" in text(proposals(said))


def test_a_bound_that_cries_wolf_is_not_proposed() -> None:
    now = Tried("t", 100.0, as_it_is=True, first=NOON, false=1)
    wolf = Tried("t", 50.0, as_it_is=False, first=NOON - 900, false=7)
    assert better([now, wolf]) is None
    assert better([now, replace(wolf, false=1)]) == replace(wolf, false=1)
    silent = replace(now, first=None)
    assert better([silent, replace(wolf, false=0)]) is not None


@pytest.mark.parametrize(
    "when",
    [
        Condition(answer_rate=80, at_least=20),
        Condition(calls=Amount(150, is_share=True), at_least=20),
        Condition(left_in_menu=30, at_least=20),
        Condition(wait=120.0),
        Condition(waiting=20),
        Condition(faults=5),
        Condition(signal="monitor", count=3),
    ],
)
def test_every_figure_has_other_bounds_and_the_one_it_has(when: Condition) -> None:
    plans = bounds_of(TriggerPlan(when=when, crisis="recall"))
    bounds = [plan.when.bound for plan in plans]
    assert when.bound in bounds
    assert len(bounds) == len(set(bounds)) >= 3
    assert {plan.when.figure for plan in plans} == {when.figure}


def test_without_a_trigger_one_is_proposed_above_what_is_usual() -> None:
    calls = [ended(number, -3500 + number * 10.0) for number in range(60)]
    said = text(proposals(reviewed([*calls, ON, lived(60)])))
    assert "when: {calls: 45, in: 5m}" in said, "at most 30 came in five minutes"
