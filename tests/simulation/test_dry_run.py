"""What is said of a switch before it is made is what it then does, and saying it changes nothing."""

from pathlib import Path

import pytest

from ivr_engine.core.crisis.dry_run import Now, dry_run
from ivr_engine.dialplan.load import load
from ivr_engine.errors import RefusedError
from ivr_engine.model.crises import DryRun, Level, Scope, Switch
from ivr_engine.model.events import CrisisOrdered
from ivr_engine.model.notices import Announced, Moved
from ivr_engine.nodes import NODE_TYPES
from tests.simulation.stories import Story

HOTLINE = """
hotline: small
numbers: ["4000000400"]
languages: [zh-CN]
people:
  张伟: {may: [switch, confirm]}
  li-wei: {may: [confirm]}
fallback: {say: 您好。, agents: [1001]}
pools:
  local: {agents: [1001]}
  chengdu: {trunk: true, number: "4001", capacity: 10, most: 30}
  standby: {agents: [1002], only in: [recall]}
queues:
  general: {pools: [local]}
  urgent: {pools: [local], priority: 5}
start: hello
steps:
  hello: {say: 您好。, then: main}
  main:
    menu: 请按键。
    keys: {1: {enqueue: general}, 2: {enqueue: urgent}}
    silence: {then: {enqueue: general}}
    wrong: {then: {enqueue: general}}
"""
RECALL = """
crisis: recall
start: hello
two people: true
lasts: 4h
seats: 200%
queues:
  urgent: {priority: 90, target: 10s, script: 请问批号, most waiting: 50}
pools:
  local: {answer within: 9s}
tags: [recall-tag]
waiting: {say: 召回专线已开通。, over: 召回专线已关闭。, move: {general: urgent}}
deflect: {general: {wait: 60s, then: main}}
levels:
  general: {tell: [duty], clocks: {verify: {within: 10m, do: 核实情况}}}
  major: {seats: 300%, tell: [leaders], clocks: {notice: {within: 30m, do: 发布公告}}}
steps:
  hello: {say: 您好，召回专线。, then: main}
"""
OUTAGE = """
crisis: outage
precedence: 200
start: down
queues:
  urgent: {priority: 50}
steps:
  down: {say: 系统故障。, then: main}
"""


@pytest.fixture
def story(tmp_path: Path) -> Story:
    (tmp_path / "hotline.yaml").write_text(HOTLINE)
    (tmp_path / "crisis").mkdir()
    (tmp_path / "crisis" / "recall.yaml").write_text(RECALL)
    (tmp_path / "crisis" / "outage.yaml").write_text(OUTAGE)
    return Story(load(tmp_path, NODE_TYPES))


def ask(story: Story, profile: str | None, by: str = "张伟", *, on: bool = True, **more: object) -> DryRun:
    board = story.board
    now = Now(board.versions, board.crisis.active, tuple(board.calls.values()), story.now)
    return dry_run(now, Switch(profile, on, **more), by)  # type: ignore[arg-type]


def switch(story: Story, profile: str | None, *, on: bool = True, level: Level = "general", **more: object) -> None:
    story.tell(CrisisOrdered(profile, "ourselves", "why", on, level, **more))  # type: ignore[arg-type]


def test_it_says_all_that_would_be_otherwise_old_and_new(story: Story) -> None:
    assert ask(story, "recall", level="major").would == (
        "crisis recall comes on for all calls, level major (较大)",
        "it goes off by itself at 2027-01-15 20:00",
        "nothing changes before another person has said yes: `ivr crisis confirm`",
        "new callers (all calls): crisis recall, from step hello: “您好，召回专线。”",
        "0 of 0 callers in menus go on there when their word is over",
        "0 of 0 callers who wait are told",
        "queue urgent: priority 5 → 90",
        "queue urgent: most waiting none → 50",
        "queue urgent: target 80% within 20 s → 80% within 10 s",
        "queue urgent: script none → 请问批号",
        "pool local: answer within 15 → 9",
        "pool chengdu: seats 10 → 30",
        "pool standby: takes part",
        "calls are tagged recall-tag",
        "who would wait longer than 60 s for queue general is first led to main",
        "told: duty, leaders",
        "clock verify: 核实情况, within 10 min",
        "clock notice: 发布公告, within 30 min",
    )


def test_it_counts_the_calls_that_then_follow_are_told_and_wait_elsewhere(story: Story) -> None:
    story.only_agents()
    in_menus = [story.dial(), story.dial()]
    story.enqueue("1")
    story.enqueue("1")
    story.enqueue("2")
    found = ask(story, "recall")
    assert (found.follow, found.told, found.moved) == (2, 3, 2)
    assert "2 callers go on waiting in queue urgent instead of general, and keep their places" in found.would

    switch(story, "recall")
    for call in in_menus:
        story.listen(call)
    assert sum(isinstance(one, Announced) for one in story.notices) == found.told
    assert sum(isinstance(one, Moved) for one in story.notices) == found.follow
    assert story.board.dispatch.queues["urgent"].figures(story.now).waiting == 3  # type: ignore[index]

    back = ask(story, "recall", on=False)
    assert (back.told, back.moved) == (3, 2)
    assert "2 callers go on waiting in queue general instead of urgent, and keep their places" in back.would
    switch(story, "recall", on=False)
    assert story.board.dispatch.queues["general"].figures(story.now).waiting == 2  # type: ignore[index]


def test_a_call_it_is_not_for_is_not_counted(story: Story) -> None:
    story.only_agents()
    story.dial()
    story.enqueue("1")
    found = ask(story, "recall", scope=Scope(regions=("西藏",)))
    assert (found.follow, found.told, found.moved) == (0, 0, 0)
    assert "new callers (西藏): crisis recall, from step hello: “您好，召回专线。”" in found.would
    assert "new callers (all others): the ordinary menu, from step hello: “您好。”" in found.would


def test_which_of_two_counts_first_is_said(story: Story) -> None:
    switch(story, "outage")
    would = ask(story, "recall").would
    assert "outage counts before it: calls of both are led by outage, which has the last word" in would
    assert not any(line.startswith("queue urgent: priority") for line in would)  # outage has the last word
    switch(story, "outage", on=False)
    switch(story, "recall")
    assert (
        "it counts before recall: calls of both are led by it, and it has the last word" in ask(story, "outage").would
    )


def test_of_a_higher_level_it_says_what_that_adds(story: Story) -> None:
    switch(story, "recall")
    would = ask(story, "recall", level="major").would
    assert "crisis recall: level general → major (较大)" in would
    assert "pool chengdu: seats 20 → 30" in would
    assert [line for line in would if line.startswith(("told", "clock"))] == [
        "told: leaders",
        "clock notice: 发布公告, within 30 min",
    ]


def test_off_says_what_comes_back(story: Story) -> None:
    switch(story, "recall", level="major")
    would = ask(story, None, on=False).would
    assert would[0] == "crisis recall goes off; it is on for all calls, by ourselves: why"
    assert "new callers (all calls): the ordinary menu, from step hello: “您好。”" in would
    assert "queue urgent: priority 90 → 5" in would
    assert "pool chengdu: seats 30 → 10" in would
    assert "pool standby: does not take part any more" in would


def test_what_would_be_refused_is_refused_with_the_same_words(story: Story) -> None:
    with pytest.raises(RefusedError, match="li-wei may not switch"):
        ask(story, "recall", "li-wei")
    with pytest.raises(RefusedError, match="'flood' is not in the dialplan"):
        ask(story, "flood")
    with pytest.raises(RefusedError, match="there is nothing to switch off"):
        ask(story, None, on=False)


def test_asking_changes_nothing(story: Story) -> None:
    story.only_agents()
    story.dial()
    story.enqueue("1")
    facts, orders, notices = len(story.log), len(story.orders), len(story.notices)
    before = (story.board.crisis.state, story.board.timers, story.board.versions.plan(story.board.crisis.active))
    ask(story, "recall", level="critical")
    assert (len(story.log), len(story.orders), len(story.notices)) == (facts, orders, notices)
    assert before == (
        story.board.crisis.state,
        story.board.timers,
        story.board.versions.plan(story.board.crisis.active),
    )
    assert story.board.leftovers() == []
