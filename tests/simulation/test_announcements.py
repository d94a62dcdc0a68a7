"""What callers are told while they wait: their place, a wait that never grows, and nothing that is not honest."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ivr_engine.core.announcing import announcement
from ivr_engine.core.call import Call, CallState
from ivr_engine.core.wait_estimate import Estimate
from ivr_engine.dialplan.hotline import Text, WhileWaiting
from ivr_engine.dialplan.load import load
from ivr_engine.model.crises import EVERYWHERE, ActiveCrisis
from ivr_engine.model.events import CrisisOrdered
from ivr_engine.model.ids import CallId, IdMint
from ivr_engine.nodes import NODE_TYPES
from tests.simulation.stories import Story
from tests.simulation.world import acme

SAY, OTHERWISE = Text({"en": "<ahead as number> <wait as duration>"}), Text({"en": "Please hold."})
PLAN = WhileWaiting(say=SAY, otherwise=OTHERWISE)
HOTLINE = """\
hotline: small
numbers: ["4000000400"]
languages: [en]
fallback: {say: Hello., agents: [1001]}
pools: {local: {agents: [1001]}}
queues:
  general:
    pools: [local]
    after call: 0s
    while waiting:
      after: 20s
      every: 30s
      say: There are <ahead as number> callers before you. You will wait <wait as duration>.
      otherwise: Please hold.
start: {enqueue: general, keys: {1: {hangup: }}}
"""
Tell = Callable[[float, float], tuple[str, str | None]]


@pytest.fixture
def tell() -> Tell:
    """Tells one caller again and again: by the words, which, and the wait in them."""
    hotline = acme()
    call = Call(CallId("h.1"), "4", "1", 0.0, hotline.normal, "en", IdMint(CallId("h.1")), hotline)

    def told(mean: float, spread: float) -> tuple[str, str | None]:
        found = announcement(PLAN, call, 3, Estimate(mean, spread))
        assert found is not None
        text, values = found
        assert values["ahead"] == "3"
        return ("say" if text is SAY else "otherwise"), values.get("wait")

    return told


def test_a_wait_is_told_in_whole_minutes_from_and_to(tell: Tell) -> None:
    assert tell(250, 40) == ("say", "3-5 min")
    assert tell(100, 10) == ("say", "1-2 min")
    assert tell(20, 5) == ("say", "1 min")


def test_what_was_told_once_never_grows(tell: Tell) -> None:
    assert tell(170, 5) == ("say", "2-3 min")
    assert tell(290, 5) == ("otherwise", None), "five minutes now would be a broken promise"
    assert tell(100, 5) == ("say", "1-2 min")
    assert tell(170, 5) == ("otherwise", None)


def test_nothing_is_told_that_nobody_can_know() -> None:
    hotline = acme()
    call = Call(CallId("h.1"), "4", "1", 0.0, hotline.normal, "en", IdMint(CallId("h.1")), hotline)
    assert announcement(PLAN, call, 0, None) == (OTHERWISE, {"ahead": "0"})
    assert announcement(PLAN, call, 0, Estimate(5000, 10)) == (OTHERWISE, {"ahead": "0"})
    assert announcement(WhileWaiting(say=SAY), call, 0, None) is None


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    (tmp_path / "hotline.yaml").write_text(HOTLINE, "utf-8")
    told = Story(load(tmp_path, NODE_TYPES))
    yield told
    told.end()


def heard(story: Story, call: CallId) -> str:
    return " ".join(prompt.text for prompts in story.exchange.callers[call].plays.values() for prompt in prompts)


def test_a_waiting_caller_is_told_between_music_and_then_served(story: Story) -> None:
    talking, waiting = story.dial(), story.dial()
    story.pick_up(talking)
    assert story.hears(waiting) == "music"
    story.pass_time(20)
    assert heard(story, waiting) == "Please hold."
    assert not story.exchange.callers[waiting].music
    story.listen(waiting)
    assert story.hears(waiting) == "music"
    for _ in range(15):  # calls whose lengths teach the engine its pace
        story.pass_time(60)
        story.end_leg(talking)
        talking = waiting
        waiting = story.dial()
        if story.state(talking) is CallState.OFFERED:
            story.pick_up(talking)
        while story.exchange.callers[talking].plays:
            story.listen(talking)
    story.pass_time(21)
    assert heard(story, waiting).startswith("There are zero callers before you. You will wait")
    story.end_leg(talking)
    story.pick_up(waiting)
    assert story.state(waiting) in (CallState.JOINING, CallState.TALKING)


def test_nobody_is_told_anything_any_more_who_has_left_the_queue(story: Story) -> None:
    talking, waiting, gone = story.dial(), story.dial(), story.dial()
    story.pick_up(talking)
    story.press(waiting, "1")
    story.hang_up(gone)
    story.pass_time(120)
    assert not story.board.calls or set(story.board.calls) == {talking}


def test_who_is_taken_over_by_another_engine_is_told_on(story: Story) -> None:
    talking, waiting = story.dial(), story.dial()
    story.pick_up(talking)
    story.replace_engine()
    story.pass_time(20)
    assert heard(story, waiting) == "Please hold."


def test_who_may_wait_for_so_long_only_is_told_no_more(tmp_path: Path) -> None:
    limited = HOTLINE.replace("keys: {1: {hangup: }}", "too long: {after: 60s, then: sorry}")
    (tmp_path / "hotline.yaml").write_text(limited + "steps: {sorry: {hangup: }}\n", "utf-8")
    story = Story(load(tmp_path, NODE_TYPES))
    for _ in range(12):  # talks of ten minutes, one after the other: a wait would be ten minutes as well
        talking = story.dial()
        if story.state(talking) is CallState.OFFERED:
            story.pick_up(talking)
        story.pass_time(600)
        story.end_leg(talking)
    talking = story.dial()
    story.pick_up(talking)
    waiting = story.dial()
    story.pass_time(20)
    assert heard(story, waiting).endswith("one minute"), "he goes elsewhere after forty seconds"
    story.end()


def test_what_came_before_a_switch_says_nothing_of_what_comes_after_it(story: Story) -> None:
    flow = next(iter(story.board.dispatch.queues.values())).coming
    for _ in range(3):
        story.hang_up(story.dial())
    assert flow.rate(story.now + 1) > 0
    story.board.crisis.active = (ActiveCrisis("none", "general", EVERYWHERE, "tester", "", 0.0, 0.0),)
    story.tell(CrisisOrdered(None, "tester", "over"))
    assert next(iter(story.board.dispatch.queues.values())).coming.rate(story.now + 1) == 0.0
