"""What was found of crises by playing at random, each as the story it was: these must not come back."""

from dataclasses import replace
from pathlib import Path

from ivr_engine.core.call import CallState
from ivr_engine.dialplan.load import load
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.crises import EVERYWHERE, ActiveCrisis, CrisisState
from ivr_engine.model.events import CrisisOrdered, CrisisRemembered
from ivr_engine.model.ids import CallId
from ivr_engine.model.notices import CrisisStateChanged
from ivr_engine.nodes import NODE_TYPES
from tests.simulation.stories import Story

CRISES = load(Path(__file__).parent / "hotlines" / "crises", NODE_TYPES)


def on(story: Story, profile: str | None, *, on: bool = True) -> None:
    story.tell(CrisisOrdered(profile, "tester", "because", on))
    story.deliver_all()


def waits(story: Story, key: str) -> CallId:
    """A caller who waits, as every phone is off."""
    story.only_agents()
    call = story.dial()
    story.listen(call)
    story.press(call, key)
    assert story.state(call) is CallState.WAITING
    return call


def test_who_was_moved_by_two_crises_is_back_in_his_queue_when_both_are_off() -> None:
    story = Story(CRISES)
    call = waits(story, "2")
    queues = []
    for profile, is_on in (("recall", True), ("outage", True), ("recall", False), ("outage", False)):
        on(story, profile, on=is_on)
        queues.append(story.call(call).queue)
    assert queues == ["urgent", "general", "general", "general"]  # it was `urgent` in the end
    story.end()


def test_what_a_later_crisis_moves_is_reckoned_anew_when_an_earlier_one_is_off() -> None:
    story = Story(CRISES)
    call = waits(story, "3")
    queues = []
    for profile, is_on in (("outage", True), ("recall", True), ("outage", False), ("recall", False)):
        on(story, profile, on=is_on)
        queues.append(story.call(call).queue)
    assert queues == ["general", "urgent", "complaint", "complaint"]
    story.end()


def test_who_chose_another_queue_since_he_was_moved_stays_there_when_the_crisis_is_off() -> None:
    story = Story(CRISES)
    call = waits(story, "2")
    on(story, "recall")
    story.press(call, "1")  # back to the menu, which is that of the crisis now
    story.listen(call)
    story.press(call, "1")
    assert story.call(call).queue == "urgent"
    on(story, None)
    assert story.call(call).queue == "urgent"  # it was `general`, where he had been before
    story.end()


def test_whom_a_seat_rang_for_in_vain_while_his_crisis_went_off_is_told_and_moved_back() -> None:
    story = Story(CRISES)
    call = waits(story, "2")
    on(story, "recall")
    story.only_agents("1001")
    assert story.state(call) is CallState.OFFERED
    on(story, None)
    story.only_agents()
    story.end_leg(call, LegEnd.NO_ANSWER)
    assert (story.state(call), story.call(call).queue) == (CallState.WAITING, "general")
    assert story.hears(call) == "召回结束。"
    story.end()


def test_what_is_gone_at_a_restart_is_told_or_the_next_one_brings_it_back() -> None:
    story = Story(replace(CRISES, crises={}, triggers={}))
    known = ActiveCrisis("recall", "general", EVERYWHERE, "duty", "", 1.0, 1.0)
    story.tell(CrisisRemembered(CrisisState((known,))))
    assert [one.state for one in story.all(CrisisStateChanged)] == [CrisisState()]


def test_what_is_remembered_is_told_also_if_it_is_all_there_still() -> None:
    story = Story(CRISES)
    on(story, "recall")
    before = story.board.crisis.state
    story.replace_engine()
    assert story.all(CrisisStateChanged)[-1].state == before
    assert len(story.all(CrisisStateChanged)) == 2
