"""An executive calls in, types his PIN, and hears how it stands; whoever has none hears nothing of it."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from ivr_engine.dialplan.load import load
from ivr_engine.model import commands as c
from ivr_engine.model.events import SystemAnswered
from ivr_engine.model.ids import CallId
from ivr_engine.nodes import NODE_TYPES
from ivr_engine.nodes.briefing import PIN, VALUES
from ivr_engine.simulator.rehearsal import Rehearsal
from tests.simulation.stories import Story
from tests.simulation.world import NUMBER

HOTLINE = f"""
hotline: briefing
numbers: ["{NUMBER}"]
languages: [zh-CN]
fallback: {{say: 您好。, agents: [1001]}}
pools: {{local: {{agents: [1001]}}}}
queues: {{general: {{pools: [local]}}}}
start: how
steps:
  how:
    briefing: 请输入密码。
    wrong: 不对。
    report:
      - 级别<briefing.level as level>。
      - 持续<briefing.since as duration>。
      - 来电<briefing.calls as number>通。
      - 结束请按井号键。
    failed: otherwise
    then: {{hangup: 再见。}}
  otherwise: {{enqueue: general}}
"""
FOUND = {**dict.fromkeys(VALUES, ""), "briefing.level": "critical", "briefing.calls": "128"}


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    (tmp_path / "hotline.yaml").write_text(HOTLINE, "utf-8")
    story = Story(load(tmp_path, NODE_TYPES))
    yield story
    story.end()


def heard(story: Story, call: CallId) -> list[str]:
    (prompts,) = story.exchange.callers[call].plays.values()
    return [prompt.text for prompt in prompts]


def answer(story: Story, answer: str, **values: str) -> None:
    ((query, asked),) = story.asked.items()
    del story.asked[query]
    story.tell(SystemAnswered(asked.call, query, answer, values))  # type: ignore[arg-type]


def test_he_hears_each_sentence_of_which_all_is_known_and_the_pin_is_nowhere(story: Story) -> None:
    call = story.dial()
    assert story.ordered(c.HideCaller) == [c.HideCaller(call, on=True)]
    story.press(call, *"123456")
    (asked,) = story.asked.values()
    assert asked.values[PIN] == "123456"
    answer(story, "found", **FOUND)
    assert heard(story, call) == ["级别", "重大", "。来电", "一百", "二十八", "通。结束请按井号键。"] or heard(
        story, call
    ) == ["级别", "重大", "来电", "一百", "二十八", "通。", "结束请按井号键。"]
    assert story.ordered(c.HideCaller)[-1] == c.HideCaller(call, on=False)
    first = heard(story, call)
    story.listen(call)
    story.press(call, "*")
    assert heard(story, call) == first
    given = [order for orders in story.orders for order in orders if not isinstance(order, c.AskSystem)]
    assert "123456" not in msgspec.json.encode(given).decode()
    assert "123456" not in repr(story.call(call).known_values())
    story.press(call, "#")
    assert story.hears(call) == "再见。"


def test_three_wrong_pins_and_he_is_led_on(story: Story) -> None:
    call = story.dial()
    for _ in range(2):
        story.press(call, *"000000")
        answer(story, "not found")
        assert heard(story, call) == ["不对。", "请输入密码。"]
    story.press(call, *"000000")
    answer(story, "not found")
    assert story.call(call).queue == "general"
    assert not story.call(call).private


def test_keys_of_a_pin_are_nobodys_business(story: Story) -> None:
    call = story.dial()
    assert story.call(call).private
    story.press(call, *"123456")
    answer(story, "failed")
    assert story.call(call).queue == "general"
    assert not story.call(call).private


def test_in_a_rehearsal_whoever_types_six_keys_is_told_something(story: Story) -> None:
    rehearsal = Rehearsal(story.hotline, 1_800_000_000.0)
    call = rehearsal.dial(NUMBER, "13800000001")
    for digit in "123456":
        rehearsal.press(call, digit)
    rehearsal.advance(2.0)
    said = [one.words for one in rehearsal.moments if hasattr(one, "words")]
    assert "一般" in said[-1]
