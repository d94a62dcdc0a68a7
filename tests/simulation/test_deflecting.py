"""Who would wait for long in a crisis is offered something else first: once a call, and only while it is on for him."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr_engine.core.call import CallState
from ivr_engine.core.kept import revived, saved_of
from ivr_engine.core.pace import FEWEST
from ivr_engine.dialplan.load import load
from ivr_engine.model.events import CrisisOrdered
from ivr_engine.model.ids import CallId
from ivr_engine.model.notices import Queued, StepEntered
from ivr_engine.nodes import NODE_TYPES
from tests.simulation.stories import Story

HOTLINE = """
hotline: long
numbers: ["4000000400"]
languages: [zh-CN]
fallback: {say: 您好。, agents: [1001]}
pools: {local: {agents: [1001]}}
queues: {general: {pools: [local], after call: 0s}, other: {pools: [local]}}
start: main
steps:
  main: {menu: 请按键。, keys: {1: {enqueue: general, keys: {9: main}}, 2: {enqueue: other}}}
  otherwise: {enqueue: general}
"""
OUTAGE = """
crisis: outage
deflect: {general: {wait: 3m, then: ways}}
start: {enqueue: general, keys: {1: ways}}
steps:
  ways: {menu: 您可以到门店购买，继续等待请按1。, keys: {1: {enqueue: general, keys: {1: ways}}}}
"""
TALK_SECONDS = 400.0


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    folder = tmp_path / "long"
    (folder / "crisis").mkdir(parents=True)
    (folder / "hotline.yaml").write_text(HOTLINE, "utf-8")
    (folder / "crisis" / "outage.yaml").write_text(OUTAGE, "utf-8")
    told = Story(load(folder, NODE_TYPES))
    told.exchange.look_at_phones()
    told.deliver_all()
    yield told
    told.end()


def switch(story: Story, *, on: bool) -> None:
    story.tell(CrisisOrdered("outage", "tester", "because", on))
    story.deliver_all()


def busy(story: Story, talk: float = TALK_SECONDS) -> None:
    """Calls take so long, as far as is known, and the only agent has just begun one."""
    for _ in range(FEWEST):
        call = _talk(story)
        story.pass_time(talk)
        story.hang_up(call)
    _talk(story)


def _talk(story: Story) -> CallId:
    call = story.dial()
    story.press(call, "1")
    story.pick_up(call)
    assert story.state(call) is CallState.TALKING
    return call


def steps(story: Story, call: CallId) -> list[str]:
    return [one.step for one in story.all(StepEntered) if one.call == call]


def test_who_would_wait_for_long_hears_first_what_else_there_is_and_then_waits(story: Story) -> None:
    busy(story)
    switch(story, on=True)
    call = story.dial()
    assert steps(story, call) == ["flow.start", "ways"]
    assert story.state(call) is CallState.MENU
    assert [one for one in story.all(Queued) if one.call == call] == []
    story.listen(call)
    story.press(call, "1")
    assert story.state(call) is CallState.WAITING, "once a call: he has heard it"


def test_who_waits_for_a_short_time_is_not_led_away(story: Story) -> None:
    busy(story, talk=60.0)
    switch(story, on=True)
    assert story.state(story.dial()) is CallState.WAITING


def test_where_nobody_knows_how_long_calls_take_nobody_is_led_away(story: Story) -> None:
    switch(story, on=True)
    call = story.dial()
    story.pick_up(call)
    assert story.state(story.dial()) is CallState.WAITING


def test_on_ordinary_days_nobody_is_led_away(story: Story) -> None:
    busy(story)
    call = story.dial()
    story.listen(call)
    story.press(call, "1")
    assert story.state(call) is CallState.WAITING
    switch(story, on=True)
    switch(story, on=False)
    assert story.state(call) is CallState.WAITING


def test_who_waits_already_keeps_his_place(story: Story) -> None:
    busy(story)
    call = story.dial()
    story.press(call, "1")
    switch(story, on=True)
    story.press(call, "9")
    assert story.call(call).flow.name == "outage"
    assert story.state(call) is CallState.WAITING


def test_another_engine_knows_that_he_was_led_away(story: Story) -> None:
    busy(story)
    switch(story, on=True)
    call = story.call(story.dial())
    saved = saved_of(call, None, None)
    assert saved.deflected
    assert revived(call.id, saved, call.hotline, 99).deflected
