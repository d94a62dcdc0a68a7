"""An arm of an experiment in which callers hang up is stopped soon; one as good as the others almost never."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr_engine.core.crisis.trial import TOLD_EVERY_SECONDS, Trial
from ivr_engine.core.judging import FEWEST_CALLS, Comparison
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.dialplan.load import load
from ivr_engine.model.causes import Outcome
from ivr_engine.model.crises import CrisisState
from ivr_engine.model.events import ArmOrdered, CrisisRemembered
from ivr_engine.model.ids import AskId, CallId, QueueName, StepName
from ivr_engine.model.notices import (
    ArmChanged,
    CallRecord,
    CrisisAnswered,
    CrisisStateChanged,
    Ended,
    Queued,
)
from ivr_engine.nodes import NODE_TYPES, Node
from tests.simulation.stories import Story
from tests.simulation.world import NUMBER

HOTLINE = """
hotline: small
numbers: ["4000000400"]
languages: [zh-CN]
people: {duty: {may: [switch]}, 王芳: {may: [promise]}}
fallback: {say: 您好。, agents: [1001]}
pools: {local: {agents: [1001]}}
queues: {general: {pools: [local]}}
start: greeting
steps:
  greeting: {split: SPLIT}
  short: {menu: 请按键。, keys: {1: line}, silence: {then: line}, wrong: {then: line}}
  long: {menu: 请听完再按键。, keys: {1: line}, silence: {then: line}, wrong: {then: line}}
  line: {enqueue: general}
"""
TWO = "{short: {share: 50, then: short}, long: {share: 50, then: long}}"
THREE = "{short: {share: 40, then: short}, long: {share: 40, then: long}, old: {share: 20, then: long}}"
GREETING = StepName("greeting")


def hotline(folder: Path, split: str = TWO) -> Hotline[Node]:
    (folder / "hotline.yaml").write_text(HOTLINE.replace("SPLIT", split), "utf-8")
    return load(folder, NODE_TYPES)


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    story = Story(hotline(tmp_path))
    story.only_agents()
    yield story
    story.end()


def comes(story: Story, caller: str, *, drill: bool = False) -> tuple[CallId, str]:
    call = story.dial(NUMBER, caller, drill=drill)
    return call, story.call(call).arms[GREETING]


def order(story: Story, arm: str, *, stop: bool, by: str = "duty", split: str = "greeting") -> CrisisAnswered:
    story.tell(ArmOrdered(StepName(split), arm, stop, by, "because", AskId("a-1")))
    return story.all(CrisisAnswered)[-1]


def states(story: Story) -> list[tuple[str, str, str]]:
    return [(one.arm, one.state, one.by) for one in story.all(ArmChanged) if one.state != "on"]


def long_is_bad(story: Story, callers: int = 400, first: int = 0) -> int:
    """Callers come; who is in the long arm hangs up. How many came until it was stopped."""
    for number in range(first, first + callers):
        call, arm = comes(story, f"139{number:08}")
        if arm == "long":
            story.hang_up(call)
        else:
            story.press(call, "1")
            story.hang_up(call)
        if states(story):
            return number + 1 - first
    return callers


# --- the guard --------------------------------------------------------------------------------------------------


def test_a_bad_arm_is_stopped_and_nobody_new_comes_to_it(story: Story) -> None:
    came = long_is_bad(story)
    assert 2 * FEWEST_CALLS <= came < 110
    stopped = next(one for one in story.all(ArmChanged) if one.state == "stopped")
    assert (stopped.arm, stopped.by, stopped.left_in_menu, stopped.other_left_in_menu) == (
        *("long", "the guard"),
        stopped.calls,
        0,
    )
    assert stopped.p_value < 0.01
    assert "(100%) hang up in it, 0 of " in stopped.why
    assert {comes(story, f"138{number:08}")[1] for number in range(40)} == {"short"}
    assert [(one.arm, one.by) for one in story.all(CrisisStateChanged)[-1].state.stopped_arms] == [
        ("long", "the guard")
    ]


def test_drill_calls_prove_nothing(story: Story) -> None:
    for number in range(150):
        call, arm = comes(story, f"139{number:08}", drill=True)
        if arm == "short":
            story.press(call, "1")
        story.hang_up(call)
    assert states(story) == []
    assert all(one.calls == 0 for one in story.board.crisis.arms.figures())


def test_the_last_arm_is_never_stopped(story: Story) -> None:
    long_is_bad(story)
    for number in range(200):
        call, _ = comes(story, f"137{number:08}")
        story.hang_up(call)
    assert [arm for arm, *_ in states(story)] == ["long"]


def test_without_a_guard_it_is_told_and_goes_on(tmp_path: Path) -> None:
    story = Story(hotline(tmp_path, f"{TWO}, guard: false"))
    story.only_agents()
    assert long_is_bad(story, 150) == 150
    long = next(one for one in story.board.crisis.arms.figures() if one.arm == "long")
    assert long.p_value < 0.01
    assert long.calls > FEWEST_CALLS
    story.end()


def test_figures_are_told_when_they_changed_and_not_too_often(story: Story) -> None:
    for number in range(20):
        call, _ = comes(story, f"139{number:08}")
        story.hang_up(call)
    assert story.all(ArmChanged) == []
    story.now += TOLD_EVERY_SECONDS
    story.hang_up(comes(story, "13900000099")[0])
    told = story.all(ArmChanged)
    assert {(one.arm, one.state) for one in told} == {("short", "on"), ("long", "on")}
    assert sum(one.calls for one in told) == 20
    story.now += TOLD_EVERY_SECONDS
    comes(story, "13900000100")
    assert sum(one.calls for one in story.all(ArmChanged)[2:]) == 21
    story.now += TOLD_EVERY_SECONDS
    comes(story, "13900000101")
    assert len(story.all(ArmChanged)) == 4


# --- people -----------------------------------------------------------------------------------------------------


def test_who_was_in_a_stopped_arm_comes_to_another_and_stays_there(tmp_path: Path) -> None:
    story = Story(hotline(tmp_path, THREE))
    story.only_agents()
    callers = [f"139{number:08}" for number in range(60)]
    before = {caller: comes(story, caller)[1] for caller in callers}
    assert order(story, "long", stop=True).ok
    during = {caller: comes(story, caller)[1] for caller in callers}
    assert set(during.values()) == {"short", "old"}
    assert all(during[caller] == arm for caller, arm in before.items() if arm != "long")
    assert {during[caller] for caller, arm in before.items() if arm == "long"} == {"short", "old"}
    assert during == {caller: comes(story, caller)[1] for caller in callers}
    assert order(story, "long", stop=False).ok
    assert before == {caller: comes(story, caller)[1] for caller in callers}
    assert states(story) == [("long", "stopped", "duty"), ("long", "resumed", "duty")]
    story.end()


@pytest.mark.parametrize(
    ("arm", "stop", "more", "why"),
    [
        ("short", True, {"split": "farewell"}, "there is no experiment 'farewell': known is greeting"),
        ("huge", True, {}, "greeting has no arm 'huge': choose of short, long"),
        ("short", False, {}, "short goes on already: nothing was changed"),
        ("long", True, {}, "long is stopped already, by duty: nothing was changed"),
        ("short", True, {}, "short is the last arm that goes on: resume another first"),
        ("long", False, {"by": "王芳"}, "王芳 may not switch"),
    ],
)
def test_what_makes_no_sense_is_refused(story: Story, arm: str, stop: bool, more: dict[str, str], why: str) -> None:
    assert order(story, "long", stop=True).ok
    known = states(story)
    answer = order(story, arm, stop=stop, **more)
    assert (answer.ok, why in answer.why) == (False, True), answer.why
    assert states(story) == known


def test_what_is_stopped_survives_the_engine_and_the_dialplan_while_there_is_such_an_arm(
    story: Story, tmp_path: Path
) -> None:
    order(story, "long", stop=True)
    state = story.all(CrisisStateChanged)[-1].state
    after = Story(story.hotline)
    after.only_agents()
    after.tell(CrisisRemembered(state))
    assert states(after) == [("long", "stopped", "duty")]  # the figures begin with it
    assert {comes(after, f"138{number:08}")[1] for number in range(20)} == {"short"}
    after.reload(hotline(tmp_path, THREE))
    assert "long" not in {comes(after, f"138{number:08}")[1] for number in range(20)}
    after.reload(hotline(tmp_path, "{short: {share: 100, then: short}}"))
    assert states(after)[-1] == ("long", "resumed", "the dialplan")
    assert after.board.crisis.state == CrisisState()
    after.end()
    late = Story(hotline(tmp_path, "{short: {share: 100, then: short}}"))
    late.tell(CrisisRemembered(state))
    assert late.board.crisis.state == CrisisState()


# --- how sure it is ---------------------------------------------------------------------------------------------


def looked_at_after_every_call(chance: random.Random, shares: dict[str, float], calls: int) -> tuple[str, int] | None:
    """The arm that was stopped, and after how many calls. `shares` of each arm's callers hang up."""
    even = dict.fromkeys(shares, 100 // len(shares))
    trial, arms = Trial(GREETING, even, 0.0), list(shares)
    for number in range(calls):
        call, arm, now = CallId(f"h-{number}.0"), chance.choice(arms), float(number)
        trial.watch(call, now, arm)
        if chance.random() < shares[arm]:
            record = CallRecord(call, NUMBER, "1", "normal", Outcome.ABANDONED_IN_MENU, now, now)
            trial.hear(Ended(call, now, record))
        else:
            trial.hear(Queued(call, now, QueueName("general"), 0))
        worst = trial.judge(now)
        if worst is not None:
            return worst, number + 1
    return None


@pytest.mark.parametrize(("arms", "share"), [(2, 0.05), (2, 0.2), (3, 0.2)])
def test_of_arms_all_alike_almost_none_is_ever_stopped(arms: int, share: float) -> None:
    chance = random.Random(arms)
    alike = {str(number): share for number in range(arms)}
    runs = 100
    assert sum(looked_at_after_every_call(chance, alike, 1000) is not None for _ in range(runs)) <= runs * 0.03


def test_a_worse_arm_is_found_soon_and_it_is_the_right_one() -> None:
    chance = random.Random(7)
    found = [looked_at_after_every_call(chance, {"good": 0.1, "bad": 0.25}, 1500) for _ in range(60)]
    assert {one[0] for one in found if one} == {"bad"}
    assert sum(one is not None for one in found) >= 57


@pytest.mark.parametrize("share", [5, 10, 30, 40, 50, 60, 70, 90, 95])
def test_a_rush_in_which_all_hang_up_is_held_against_no_arm(share: int) -> None:
    """Where one arm gets more calls than fit into blocks, those left over are not compared with others of later."""
    chance = random.Random(share)
    compared = Comparison(share, 100 - share)
    for number in range(6000):
        compared.add(number % 2000 >= 1000, is_one=chance.random() * 100 < share)  # nobody, then everybody
        assert compared.p_value > 0.05


def test_who_comes_by_again_is_counted_once() -> None:
    trial = Trial(GREETING, {"a": 50, "b": 50}, 0.0)
    for arm in ("a", "b"):
        trial.watch(CallId("h-1.0"), 0.0, arm)
    trial.hear(Queued(CallId("h-1.0"), 1.0, QueueName("general"), 0))
    assert trial.judge(2.0) is None
    assert (trial.figures("a", 2.0).calls, trial.figures("b", 2.0).calls) == (1, 0)
