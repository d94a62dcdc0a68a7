"""What must be done by when in a crisis: begun with its level, answered, overdue, and remembered through a restart."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from ivr_engine.dialplan.load import load
from ivr_engine.model.alarms import ClockChanged, CrisisAnswered, CrisisStateChanged
from ivr_engine.model.alerts import AlertRaised
from ivr_engine.model.crises import EVERYWHERE, Level, Scope
from ivr_engine.model.events import ClockAnswered, CrisisOrdered, CrisisRemembered, ProposalAnswered
from ivr_engine.model.ids import AskId
from ivr_engine.nodes import NODE_TYPES
from tests.simulation.stories import Story
from tests.simulation.world import NUMBER

PEOPLE = """
people:
  张伟: {may: [switch, confirm]}
  李娜: {may: [confirm]}
  旧人: {may: [switch, confirm], until: 2020-01-01 00:00}
"""
HOTLINE = f"""
hotline: clocks
numbers: ["{NUMBER}"]
languages: [zh-CN]
timezone: Asia/Shanghai
fallback: {{say: 您好。, agents: [1001]}}
pools: {{local: {{agents: [1001]}}}}
queues: {{general: {{pools: [local]}}}}
start: main
steps:
  main: {{enqueue: general}}
"""
RECALL = """
crisis: recall
title: 产品召回
start: main
steps: {main: {enqueue: general}}
levels:
  general:
    tell: [duty]
    clocks:
      verify: {within: 10m, do: 核实情况, tell: [duty], overdue: [leaders]}
  major:
    tell: [leaders]
    clocks:
      notice: {within: 30m, do: 发布公告, overdue: [leaders, press]}
  critical:
    clocks:
      progress: {within: 1h, every: 30m, do: 报告进展, tell: [duty], overdue: [leaders]}
"""
Tell = Callable[..., Story]


@pytest.fixture
def tell(tmp_path: Path) -> Tell:
    def begin(more: str = "", recall: str = RECALL) -> Story:
        folder = tmp_path / "clocks"
        (folder / "crisis").mkdir(parents=True)
        (folder / "hotline.yaml").write_text(HOTLINE + more, "utf-8")
        (folder / "crisis" / "recall.yaml").write_text(recall, "utf-8")
        return Story(load(folder, NODE_TYPES))

    return begin


@pytest.fixture
def story(tell: Tell) -> Story:
    return tell()


def on(story: Story, level: Level = "general", scope: Scope = EVERYWHERE) -> None:
    story.tell(CrisisOrdered("recall", "张伟", "批次 7", level=level, scope=scope))


def off(story: Story) -> None:
    story.tell(CrisisOrdered(None, "张伟", "已恢复"))


def done(story: Story, clock: str, by: str = "张伟", note: str = "") -> CrisisAnswered:
    ask = AskId(f"ask-{len(story.notices)}")
    story.tell(ClockAnswered("recall", clock, by, note, ask))
    (answer,) = [one for one in story.all(CrisisAnswered) if one.ask == ask]
    return answer


def changes(story: Story) -> list[tuple[str, str]]:
    return [(notice.clock.clock, notice.state) for notice in story.all(ClockChanged)]


def raised(story: Story, kind: str) -> list[tuple[str, tuple[str, ...]]]:
    """By which clock, level or proposal, and to whom."""
    return [(one.alert.split("-")[-2], one.to) for one in story.all(AlertRaised) if one.kind == kind]


# --- levels -------------------------------------------------------------------------------------------------


def test_a_level_begins_its_clocks_and_a_higher_one_adds_to_those_that_run(story: Story) -> None:
    on(story)
    begun = story.now
    assert [(clock.clock, clock.due) for clock in story.board.crisis.clocks.all] == [("verify", begun + 600)]
    story.pass_time(60)
    on(story, "critical")
    dues = {clock.clock: clock.due - begun for clock in story.board.crisis.clocks.all}
    assert dues == {"verify": 600, "notice": 60 + 1800, "progress": 60 + 3600}
    assert changes(story) == [("verify", "begun"), ("notice", "begun"), ("progress", "begun")]


def test_a_lower_level_ends_what_it_lacks_and_off_ends_all_that_is_not_done(story: Story) -> None:
    on(story, "major")
    on(story, "general")
    assert changes(story)[-1] == ("notice", "ended")
    assert [clock.clock for clock in story.board.crisis.clocks.all] == ["verify"]
    off(story)
    assert changes(story)[-1] == ("verify", "ended")
    assert story.board.crisis.state.clocks == ()
    told = len(story.notices)
    story.pass_time(7200)
    assert story.notices[told:] == []


def test_what_is_done_stays_done_at_a_higher_level_and_begins_anew_in_another_crisis(story: Story) -> None:
    on(story)
    done(story, "verify")
    on(story, "major")
    assert changes(story) == [("verify", "begun"), ("verify", "done"), ("notice", "begun")]
    off(story)
    assert changes(story)[-1] == ("notice", "ended")
    on(story)
    assert changes(story)[-1] == ("verify", "begun")


def test_a_crisis_of_drill_calls_hurries_nobody(story: Story) -> None:
    on(story, "critical", scope=Scope(drill=True))
    story.pass_time(7200)
    off(story)
    assert (story.all(ClockChanged), story.all(AlertRaised)) == ([], [])


# --- answered, overdue --------------------------------------------------------------------------------------


def test_who_does_it_in_time_is_kept_with_his_note_and_nobody_is_told_that_it_is_late(story: Story) -> None:
    on(story)
    story.pass_time(599)
    assert done(story, "verify", note="批次属实").ok
    (clock,) = story.board.crisis.state.clocks
    assert (clock.done_at, clock.done_by, clock.note, clock.overdue) == (story.now, "张伟", "批次属实", False)
    story.pass_time(7200)
    assert changes(story) == [("verify", "begun"), ("verify", "done")]
    assert raised(story, "clock overdue") == []


def test_what_is_late_is_told_once_and_can_still_be_done(story: Story) -> None:
    on(story)
    story.pass_time(599)
    assert changes(story) == [("verify", "begun")]
    story.pass_time(7200)
    assert changes(story) == [("verify", "begun"), ("verify", "overdue")]
    assert raised(story, "clock overdue") == [("verify", ("leaders",))]
    assert done(story, "verify").ok
    (clock,) = story.board.crisis.state.clocks
    assert (clock.done_by, clock.overdue) == ("张伟", True)


def test_what_is_done_again_and_again_begins_anew_when_it_was_done(story: Story) -> None:
    on(story, "critical")
    story.pass_time(1000)
    done(story, "progress")
    clock = next(clock for clock in story.board.crisis.state.clocks if clock.clock == "progress")
    assert (clock.begun_at, clock.due, clock.done_at) == (story.now, story.now + 1800, None)


def test_what_is_done_again_and_again_begins_anew_when_it_was_late_and_stays_overdue_until_it_is_done(
    story: Story,
) -> None:
    on(story, "critical")
    begun = story.now
    story.pass_time(3600)
    clock = story.board.crisis.state.clocks[-1]
    assert (clock.clock, clock.due - begun, clock.overdue) == ("progress", 5400, True)
    story.pass_time(1800)
    assert [one for one in changes(story) if one[0] == "progress"] == [
        *(("progress", "begun"), ("progress", "overdue")),
        *(("progress", "begun"), ("progress", "overdue"), ("progress", "begun")),
    ]
    alerts = [one.alert for one in story.all(AlertRaised) if one.kind == "clock overdue" and "progress" in one.alert]
    assert len(set(alerts)) == 2
    done(story, "progress")
    assert not story.board.crisis.state.clocks[-1].overdue


@pytest.mark.parametrize(
    ("clock", "by", "why"),
    [
        ("verify", "王五", "'王五' is not among the hotline's people: order it as one of 张伟, 李娜"),
        ("verify", "旧人", "旧人 could do so until 2020-01-01 00:00: ask another"),
        ("coffee", "张伟", "there is no clock 'coffee' of crisis 'recall' now: choose of recall verify"),
    ],
)
def test_an_answer_that_makes_no_sense_is_refused_and_changes_nothing(
    tell: Tell, clock: str, by: str, why: str
) -> None:
    story = tell(PEOPLE)
    on(story)
    before, told = story.board.crisis.state, len(story.all(CrisisStateChanged))
    answer = done(story, clock, by)
    assert (answer.ok, answer.by) == (False, by)
    assert answer.why.startswith(why)
    assert (story.board.crisis.state, len(story.all(CrisisStateChanged))) == (before, told)


def test_what_is_done_already_cannot_be_done_by_another(tell: Tell) -> None:
    story = tell(PEOPLE)
    on(story)
    assert done(story, "verify", "李娜").ok
    assert done(story, "verify").why == "clock 'verify' is done already, by 李娜: nothing was changed"


# --- restarts, and clocks of machines -----------------------------------------------------------------------


def test_clocks_go_on_through_a_restart_and_what_fell_due_meanwhile_is_overdue_at_once(story: Story) -> None:
    on(story, "critical")
    begun = story.now
    story.pass_time(30)
    state = msgspec.json.decode(msgspec.json.encode(story.board.crisis.state), type=type(story.board.crisis.state))
    after = Story(story.hotline)
    after.now = begun + 2 * 3600 + 60
    after.tell(CrisisRemembered(state))
    assert changes(after) == []  # nothing is begun anew
    after.pass_time(0)
    assert changes(after) == [
        *(("verify", "overdue"), ("notice", "overdue")),
        *(("progress", "overdue"), ("progress", "begun")),
    ]
    assert {clock.clock: clock.due - begun for clock in after.board.crisis.clocks.all} == {
        "verify": 600,
        "notice": 1800,
        "progress": 3600 + 3 * 1800,  # the first of its times that is still to come
    }
    after.tell(CrisisRemembered(after.board.crisis.state))
    told = len(after.notices)
    after.pass_time(600)
    assert [notice for notice in after.notices[told:] if isinstance(notice, ClockChanged)] == []


def test_all_that_is_told_of_clocks_comes_after_the_state_that_is_kept(story: Story) -> None:
    told = len(story.notices)
    on(story)
    first, *others = story.notices[told:]
    assert isinstance(first, CrisisStateChanged)
    assert first.state.clocks == story.board.crisis.state.clocks
    assert [type(one) for one in others if isinstance(one, ClockChanged)] == [ClockChanged]


@pytest.mark.parametrize("jump", [-7200.0, 7200.0])
def test_a_machine_whose_clock_jumps_makes_nothing_last_longer_than_it_was_to(story: Story, jump: float) -> None:
    on(story, "critical")
    before, clocks = story.now, story.board.crisis.state
    story.now += jump
    for timer in story.timers:  # those of a loop do not mind what the clock on the wall shows
        story.timers[timer] += jump
    story.pass_time(600)
    assert ("verify", "overdue") in changes(story)
    story.pass_time(3000)
    assert ("progress", "overdue") in changes(story)
    after = Story(story.hotline)
    after.now = before + jump
    after.tell(CrisisRemembered(clocks))
    after.pass_time(600)
    assert ("verify", "overdue") in changes(after)


# --- who is told --------------------------------------------------------------------------------------------


def test_the_groups_of_a_level_are_told_when_it_is_reached_or_left(story: Story) -> None:
    on(story)
    on(story, "major")
    off(story)
    assert raised(story, "switched") == [
        *(("general", ("duty",)), ("major", ("duty", "leaders"))),
        ("off", ("duty", "leaders")),
    ]
    assert raised(story, "clock begun") == [("verify", ("duty",))]
    first, *_, last = [one for one in story.all(AlertRaised) if one.kind == "switched"]
    assert (first.title, last.title) == (
        "危机预案「产品召回」已启动（一般） · crisis recall is on, level general",
        "危机预案「产品召回」已解除 · crisis recall is off",
    )
    assert ("张伟" in first.text, "批次 7" in first.text, "已恢复" in last.text) == (True, True, True)


def test_a_restart_raises_no_alert_that_was_raised(story: Story) -> None:
    on(story, "critical")
    told = len(story.all(AlertRaised))
    story.replace_engine()
    assert len(story.all(AlertRaised)) == told


def test_a_proposal_is_told_when_it_is_made_and_when_nobody_answered_it(tell: Tell) -> None:
    story = tell(PEOPLE, RECALL.replace("title:", "two people: true\ntitle:"))
    order = CrisisOrdered("recall", "张伟", "批次 7", level="major", ask=AskId("a"))
    story.tell(order)
    story.tell(order)  # the same: nobody is told twice
    assert raised(story, "proposed") == [("1", ("duty", "leaders"))]
    story.pass_time(3600)
    assert raised(story, "lapsed") == [("1", ("duty", "leaders"))]
    story.tell(CrisisOrdered("recall", "张伟", "批次 7", ask=AskId("b")))
    story.tell(ProposalAnswered("2", yes=True, by="李娜", ask=AskId("c")))
    story.pass_time(3600)
    assert len(raised(story, "lapsed")) == 1
    assert raised(story, "switched") == [("general", ("duty",))]
