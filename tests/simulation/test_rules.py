"""Callers led by rules, by the clock and by chance: what is known of them survives the engine, and is told once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr_engine.dialplan.load import load
from ivr_engine.model.causes import Outcome
from ivr_engine.model.ids import CallId
from ivr_engine.model.notices import ArmTaken, Ended
from ivr_engine.nodes import NODE_TYPES
from tests.simulation.stories import Story
from tests.simulation.world import NUMBER

HOTLINE = """
hotline: small
numbers: ["4000000400"]
languages: [zh-CN]
shifts: {always: {from: 00:00, to: 24:00}, never: {days: holidays}}
fallback: {say: 您好。, agents: [1001]}
pools: {local: {agents: [1001]}}
queues: {general: {pools: [local]}, vip: {pools: [local]}, south: {pools: [local]}}
start: closed
steps:
  closed: {hours: never, inside: {enqueue: general}, outside: open}
  open: {hours: always, inside: main, outside: {enqueue: general}}
  main:
    menu: 请按键。
    keys: {1: {set: {tier: gold}, then: sort}, 2: sort, 3: greeting}
    silence: {then: sort}
    wrong: {then: sort}
  sort:
    classify:
      - {when: {value: {tier: gold}, keys: "1"}, then: {enqueue: vip, priority: 5, tag: gold}}
      - {when: {region: 广东, calls in 24h: {at least: 3}}, then: {enqueue: south}}
    otherwise: {enqueue: general}
  greeting: {split: {short: {share: 50, then: main}, long: {share: 50, then: {say: 您好。, then: main}}}}
"""


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    (tmp_path / "hotline.yaml").write_text(HOTLINE, "utf-8")
    story = Story(load(tmp_path, NODE_TYPES))
    yield story
    story.end()


def dial(story: Story, caller: str, region: str = "", calls: int = 1) -> CallId:
    call = story.exchange.dial(NUMBER, caller, region, calls)
    story.deliver_all()
    return call


def test_callers_are_sorted_by_what_is_known_of_them(story: Story) -> None:
    gold, south, seldom = dial(story, "1"), dial(story, "2", "广东省深圳市", 3), dial(story, "3", "广东省深圳市", 2)
    story.press(gold, "1")
    story.press(south, "2")
    story.press(seldom, "2")
    assert [story.call(call).queue for call in (gold, south, seldom)] == ["vip", "south", "general"]
    assert (story.call(gold).tags, story.call(gold).priority) == (("gold",), 5)


def test_what_rules_ask_for_survives_the_engine(story: Story) -> None:
    south = dial(story, "2", "广东省深圳市", 3)
    story.press(south, "3")
    arm = story.call(south).arms
    story.replace_engine()
    story.press(south, "2")
    assert (story.call(south).queue, story.call(south).arms) == ("south", arm)


def test_who_comes_by_an_experiment_again_is_in_it_once(story: Story) -> None:
    calls = [dial(story, str(13_800_000_000 + number)) for number in range(12)]
    for call in calls:
        story.press(call, "3")
        if story.hears(call) == "您好。":
            story.listen(call)
        story.press(call, "3")
        story.hang_up(call)
    taken = [(notice.call, notice.split, notice.arm) for notice in story.all(ArmTaken)]
    assert [call for call, _, _ in taken] == calls
    assert {arm for _, _, arm in taken} == {"short", "long"}
    ended = [(notice.call, *one) for notice in story.all(Ended) for one in notice.record.arms.items()]
    assert ended == taken
    assert {notice.record.outcome for notice in story.all(Ended)} == {Outcome.ABANDONED_IN_MENU}
