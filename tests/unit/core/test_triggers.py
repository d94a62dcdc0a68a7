"""Triggers of a whole switchboard: what they look at, what they start, and that nothing makes them flap."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr_engine.core.crisis.usual import SLOTS
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.dialplan.triggers import Amount, Back, Condition, TriggerPlan
from ivr_engine.model.alarms import CrisisChanged, CrisisProposed, ProposalClosed, TriggerChanged
from ivr_engine.model.alerts import AlertRaised
from ivr_engine.model.ids import QueueName
from ivr_engine.model.notices import Trouble
from ivr_engine.model.orders import CrisisOrdered, ProposalAnswered, SignalSeen, UsualSeen
from tests.simulation.stories import Story
from tests.simulation.world import acme

MANY_CALLS = Condition(calls=Amount(10), span=60.0)
PLAN = TriggerPlan(when=MANY_CALLS, hold=10.0, back_after=60.0, cool_down=600.0, crisis="recall", tell=("duty",))


def hotline(**triggers: TriggerPlan) -> Hotline[Any]:
    return replace(acme(), triggers={name.replace("_", "-"): plan for name, plan in triggers.items()})


def story_of(plan: TriggerPlan) -> Story:
    story = Story(hotline(surge=plan))
    story.pass_time(6)
    return story


def ring(story: Story, calls: int, *, drill: bool = False) -> None:
    for _ in range(calls):
        story.hang_up(story.dial(drill=drill))


def states(story: Story) -> list[str]:
    return [told.state for told in story.all(TriggerChanged)]


def fired(plan: TriggerPlan) -> Story:
    story = story_of(plan)
    ring(story, 12)
    story.pass_time(20)
    return story


def calm(story: Story, seconds: float = 200) -> None:
    story.pass_time(seconds)


# --- what comes of it -----------------------------------------------------------------------------------------


def test_one_that_is_automatic_switches_by_itself_and_says_why() -> None:
    story = fired(replace(PLAN, start="automatic", level="major"))
    (switched,) = story.all(CrisisChanged)
    assert (switched.profile, switched.level, switched.on, switched.by) == ("recall", "major", True, "trigger surge")
    assert switched.reason == "12 calls in 60 s; fires from 10 on"
    (told,) = story.all(TriggerChanged)
    assert (told.state, told.figure, told.bound, told.volume, told.how) == ("fired", 12, 10, 12, "automatic")
    assert [one.to for one in story.all(AlertRaised) if one.kind == "trigger"] == [("duty",)]
    assert story.board.crisis.flow(story.hotline).name == "recall"
    story.end()


def test_one_that_proposes_waits_for_somebodys_yes() -> None:
    story = fired(PLAN)
    assert not story.all(CrisisChanged)
    (proposed,) = story.all(CrisisProposed)
    assert (proposed.proposal.by, proposed.proposal.switch.profile) == ("trigger surge", "recall")
    story.tell(ProposalAnswered(proposed.proposal.id, yes=True, by="Li"))
    assert [one.by for one in story.all(CrisisChanged)] == ["Li"]
    story.end()


def test_what_nobody_answers_is_proposed_again_while_it_asks_for_it() -> None:
    story = story_of(PLAN)
    for _ in range(35):  # the surge goes on for longer than a proposal waits
        ring(story, 12)
        story.pass_time(60)
    assert [one.proposal.id for one in story.all(CrisisProposed)] == ["1", "2"]
    assert [one.outcome for one in story.all(ProposalClosed)] == ["lapsed"]
    calm(story)
    assert not story.board.crisis.state.proposals  # over, it asks for nothing any more
    story.pass_time(7200)
    assert len(story.all(CrisisProposed)) == 2
    story.end()


def test_what_takes_two_people_takes_two_people_also_when_a_trigger_proposes_it() -> None:
    there = hotline(surge=PLAN)
    recall = there.crises["recall"]
    assert recall.plan is not None
    two = replace(recall, plan=replace(recall.plan, two_people=True))
    story = Story(replace(there, crises={**there.crises, "recall": two}))
    ring(story, 12)
    story.pass_time(20)
    (first,) = story.all(CrisisProposed)
    story.tell(ProposalAnswered(first.proposal.id, yes=True, by="Li"))
    assert not story.board.crisis.active
    second = story.all(CrisisProposed)[-1].proposal
    assert (second.by, second.other) == ("Li", True)
    story.tell(ProposalAnswered(second.id, yes=True, by="Wang"))
    assert [one.by for one in story.board.crisis.active] == ["Li and Wang"]
    story.end()


def test_one_that_notifies_only_tells() -> None:
    story = fired(replace(PLAN, start="notify", crisis=None))
    assert states(story) == ["fired"]
    assert not story.all(CrisisChanged)
    assert not story.all(CrisisProposed)
    calm(story)
    assert states(story) == ["fired", "over"]
    story.end()


def test_it_is_held_back_while_the_same_is_on_and_raises_what_is_lower() -> None:
    story = story_of(replace(PLAN, start="automatic", level="major"))
    story.tell(CrisisOrdered("recall", "Li", "why", level="critical"))
    ring(story, 12)
    story.pass_time(20)
    assert states(story) == ["held back"]
    assert len(story.all(CrisisChanged)) == 1
    story.end()
    story = story_of(replace(PLAN, start="automatic", level="major"))
    story.tell(CrisisOrdered("recall", "Li", "why", level="general", until=story.now + 1800))
    ring(story, 12)
    story.pass_time(20)
    raised = story.all(CrisisChanged)[-1]
    assert (raised.level, raised.until) == ("major", story.all(CrisisChanged)[0].until)
    story.end()


def test_over_it_proposes_to_switch_off_and_never_does_so_unless_written() -> None:
    story = fired(replace(PLAN, start="automatic"))
    calm(story)
    assert states(story) == ["fired", "over"]
    assert [one.profile for one in story.board.crisis.active] == ["recall"]
    assert [one.proposal.switch.on for one in story.all(CrisisProposed)] == [False]
    story.end()


def test_off_by_itself_is_only_what_it_switched_on_by_itself() -> None:
    story = fired(replace(PLAN, start="automatic", off="automatic"))
    calm(story)
    assert not story.board.crisis.active
    story.end()
    story = story_of(replace(PLAN, start="automatic", off="automatic"))
    story.tell(CrisisOrdered("recall", "Li", "why"))
    ring(story, 12)
    story.pass_time(20)
    calm(story)
    assert states(story) == ["held back", "over"]
    assert [one.by for one in story.board.crisis.active] == ["Li"]
    story.end()


def test_it_proposes_no_end_while_another_trigger_of_that_crisis_is_on() -> None:
    slow = replace(PLAN, when=replace(MANY_CALLS, span=3600.0), start="automatic", off="never")
    story = Story(hotline(surge=replace(PLAN, start="automatic"), long=slow))
    ring(story, 12)
    calm(story)
    assert sorted(one.trigger for one in story.all(TriggerChanged) if one.state == "over") == ["surge"]
    assert not story.all(CrisisProposed)
    story.end()


def test_what_it_proposed_falls_when_it_is_over() -> None:
    story = fired(PLAN)
    calm(story)
    assert [one.outcome for one in story.all(ProposalClosed)] == ["lapsed"]
    assert not story.board.crisis.proposals.open
    story.end()


# --- no flapping ----------------------------------------------------------------------------------------------


def test_it_must_hold_for_a_while_and_a_moment_does_not_fire() -> None:
    story = story_of(replace(PLAN, hold=90.0))
    ring(story, 12)
    calm(story, 300)
    assert not states(story)
    story.end()


def test_between_its_two_bounds_nothing_changes() -> None:
    story = fired(replace(PLAN, start="notify", crisis=None, back=Back(calls=Amount(3))))
    for _ in range(30):
        ring(story, 1)
        story.pass_time(12)  # five in a minute
    assert states(story) == ["fired"]
    calm(story)
    assert states(story) == ["fired", "over"]
    story.end()


def test_it_keeps_quiet_after_it_was_over() -> None:
    story = fired(replace(PLAN, start="notify", crisis=None))
    calm(story)
    for _ in range(20):
        ring(story, 12)
        story.pass_time(20)
    assert states(story) == ["fired", "over"]
    for _ in range(20):
        ring(story, 12)
        story.pass_time(20)
    assert states(story) == ["fired", "over", "fired"]
    story.end()


def test_drills_are_no_calls() -> None:
    story = story_of(PLAN)
    ring(story, 30, drill=True)
    story.pass_time(20)
    assert not states(story)
    story.end()


@pytest.mark.parametrize("jump", [-86400.0, -3600.0, -10.0, 3600.0, 86400.0])
def test_a_clock_that_is_put_forward_or_back_fires_nothing_and_ends_nothing(jump: float) -> None:
    ways = {
        "calls": PLAN,
        "wait": replace(PLAN, when=Condition(wait=600.0)),
        "on": replace(PLAN, when=Condition(calls=Amount(5), span=60.0), hold=0.0, start="notify"),
    }
    story = Story(hotline(**ways))
    story.enqueue()
    ring(story, 6)
    story.pass_time(10)
    before = states(story)
    assert before == ["fired"]
    story.now += jump
    story.timers = {timer: due + jump for timer, due in story.timers.items()}
    ring(story, 2)
    story.pass_time(50)
    assert states(story) == before
    story.end()


def test_a_restart_ends_nothing_before_a_whole_window_was_seen() -> None:
    plan = replace(PLAN, start="automatic", when=replace(MANY_CALLS, span=300.0), back_after=0.0)
    story = fired(plan)
    assert states(story) == ["fired"]
    story.replace_engine()
    story.pass_time(280)
    assert states(story) == ["fired"]
    story.pass_time(60)
    assert states(story) == ["fired", "over"]
    story.replace_engine()
    ring(story, 20)
    story.pass_time(300)
    assert states(story) == ["fired", "over"], "it keeps quiet after a restart as before"
    story.pass_time(300)
    ring(story, 20)
    story.pass_time(20)
    assert states(story)[-1] == "held back", "what it has switched on is on still"
    story.end()


def test_a_reload_that_leaves_a_trigger_as_it_is_does_not_begin_it_anew() -> None:
    story = story_of(PLAN)
    ring(story, 12)
    story.reload(replace(story.hotline, version="other", triggers={"surge": replace(PLAN)}))
    story.pass_time(20)
    assert states(story) == ["fired"]
    story.reload(replace(story.hotline, version="none", triggers={}))
    story.pass_time(20)
    assert not story.board.crisis.state.triggers
    story.end()


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 15), st.sampled_from([5.0, 20.0, 61.0, 200.0])), max_size=40))
def test_it_never_fires_twice_within_its_cool_down_and_turns_take_turns(minutes: list[tuple[int, float]]) -> None:
    story = story_of(replace(PLAN, start="notify", crisis=None))
    for calls, seconds in minutes:
        ring(story, calls)
        story.pass_time(seconds)
    told = story.all(TriggerChanged)
    assert [one.state for one in told] == (["fired", "over"] * len(told))[: len(told)]
    over = [one.at for one in told if one.state == "over"]
    again = [one.at for one in told if one.state == "fired"][1:]
    assert all(later - earlier >= PLAN.cool_down for earlier, later in zip(over, again, strict=False))
    story.end()


# --- what they look at ----------------------------------------------------------------------------------------


def usual_day(calls: int) -> Mapping[str, tuple[int, ...]]:
    return dict.fromkeys(map(str, range(1, 9)), (calls,) * SLOTS)


SHARE = Condition(calls=Amount(150, is_share=True), at_least=20, span=300.0)


def surge(of_usual: int | None, calls: int, when: Condition = SHARE) -> list[TriggerChanged]:
    story = story_of(replace(PLAN, when=when))
    if of_usual is not None:
        story.tell(UsualSeen(usual_day(of_usual)))
    ring(story, calls)
    story.pass_time(20)
    told = story.all(TriggerChanged)
    story.end()
    return told


def test_calls_are_compared_with_what_is_usual() -> None:
    (told,) = surge(100, 155)
    assert told.words == "155 calls in 5 min, 155 % of same time yesterday (100); fires from 150 % on"
    assert told.usual == pytest.approx(100)
    assert not surge(100, 145)


def test_few_calls_are_no_surge_whatever_share_they_are() -> None:
    assert not surge(1, 19)


def test_a_share_that_chance_alone_makes_is_no_surge() -> None:
    assert not surge(30, 46)  # 153 %, and less than three standard deviations
    assert surge(30, 53)


def test_while_no_day_is_known_it_says_so_once_and_keeps_quiet() -> None:
    (told,) = surge(None, 40)
    assert (told.state, told.words) == (
        "blind",
        "40 calls in 5 min: no former day is known to compare them with",
    )
    assert [one.state for one in surge(None, 40, replace(SHARE, cold_start=35))] == ["fired"]
    assert not surge(None, 30, replace(SHARE, cold_start=35))


@pytest.fixture
def looking() -> Iterator[Story]:
    plans = {
        "lost": Condition(answer_rate=80, at_least=3, queue=QueueName("general")),
        "slow": Condition(wait=60.0, queue=QueueName("general")),
        "crowd": Condition(waiting=3),
        "to-general": Condition(calls=Amount(4), queue=QueueName("general")),
        "menu": Condition(left_in_menu=50, at_least=4),
        "broken": Condition(faults=2),
    }
    started = {name: TriggerPlan(when=when, hold=0.0, start="notify") for name, when in plans.items()}
    story = Story(hotline(**started))
    story.pass_time(6)
    yield story
    story.end()


def who_fired(story: Story) -> list[str]:
    story.pass_time(6)
    return [one.trigger for one in story.all(TriggerChanged) if one.state == "fired"]


def test_the_answer_rate_is_of_those_whose_wait_has_ended(looking: Story) -> None:
    looking.pick_up(looking.enqueue())
    story_calls = [looking.enqueue() for _ in range(2)]
    assert "lost" not in who_fired(looking)
    for call in story_calls:
        looking.hang_up(call)
    assert "lost" in who_fired(looking)
    told = next(one for one in looking.all(TriggerChanged) if one.trigger == "lost")
    assert told.words == "33 % of 3 callers answered in queue general in 5 min; fires below 80 %"


def test_the_longest_wait_and_how_many_wait(looking: Story) -> None:
    looking.only_agents()
    looking.enqueue()
    looking.enqueue()
    assert not who_fired(looking)
    looking.pass_time(60)
    assert who_fired(looking) == ["slow"]
    looking.enqueue()
    assert who_fired(looking) == ["slow", "crowd"]


def test_calls_of_a_queue_count_once(looking: Story) -> None:
    calls = [looking.enqueue() for _ in range(3)]
    for call in calls:
        looking.pick_up(call)
    assert "to-general" not in who_fired(looking)
    looking.enqueue()
    assert "to-general" in who_fired(looking)


def test_who_hangs_up_in_a_menu(looking: Story) -> None:
    ring(looking, 3)
    assert "menu" not in who_fired(looking)
    ring(looking, 1)
    assert "menu" in who_fired(looking)


def test_faults_and_lost_links_and_nothing_that_people_did_wrong(looking: Story) -> None:
    looking.tell(CrisisOrdered("unknown", "Li", "why"))
    looking.lose_link()
    looking.restore_link()
    assert looking.all(Trouble)
    assert "broken" not in who_fired(looking)
    looking.lose_link()
    looking.restore_link()
    assert "broken" in who_fired(looking)


PRESS = Condition(signal="press", words=("产品故障", "Recall"), count=20, sources=2, span=1800.0)


def seen(story: Story, *signals: SignalSeen) -> list[float]:
    for signal in signals:
        story.tell(signal)
    story.pass_time(6)
    return [one.figure for one in story.all(TriggerChanged)]


def test_signals_count_once_with_a_word_and_from_enough_systems() -> None:
    story = story_of(replace(PLAN, when=PRESS, hold=0.0))
    one = SignalSeen("press", "1", "monitor", 19, "微博：产品故障")
    assert not seen(story, one, one, one)
    assert not seen(story, SignalSeen("press", "2", "monitor", 50, "天气"), SignalSeen("other", "3", "x", 50, "recall"))
    assert not seen(story, SignalSeen("press", "4", "monitor", 9, "a RECALL"))  # one system alone
    assert not seen(story, SignalSeen("press", "5", "other", -5, "recall"), SignalSeen("press", "6", "x", 0, "recall"))
    assert seen(story, SignalSeen("press", "7", "other", 10**12, "recall")) == [19 + 9 + 100_000]
    story.end()


def test_a_signal_told_again_after_the_window_counts_again() -> None:
    story = story_of(replace(PLAN, when=replace(PRESS, sources=None, span=60.0), hold=0.0))
    assert not seen(story, SignalSeen("press", "1", "monitor", 19, "recall"))
    story.pass_time(120)
    assert not seen(story, SignalSeen("press", "1", "monitor", 19, "recall"))
    assert seen(story, SignalSeen("press", "2", "monitor", 1, "recall")) == [20]
    story.end()


def test_the_time_of_the_world_is_what_the_tests_take_it_for() -> None:
    at = datetime.fromtimestamp(Story(acme()).now, UTC)
    assert at.weekday() < 5, "the days before it must hold a workday"
