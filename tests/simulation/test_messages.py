"""Callers leave messages and wishes, and hang up at every moment of it; engines die, links are lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr_engine.core.call import CallState
from ivr_engine.dialplan.load import load
from ivr_engine.model import commands as c
from ivr_engine.model.causes import Outcome
from ivr_engine.model.events import MessageKept, MessageRecorded
from ivr_engine.model.ids import CallId, MessageId, QueueName, WishId, queue_of
from ivr_engine.model.notices import CallBackRequested, MessageLeft
from ivr_engine.nodes import NODE_TYPES
from tests.simulation.stories import Story

HOTLINE = load(Path(__file__).parent / "hotlines" / "messages.yaml", NODE_TYPES)
MOBILE = "13800000000"
ASKED, AGAIN, THANKS, GOODBYE = "请在提示音后留言。", "没有听到。", "谢谢。", "我们会尽快回电。"


@pytest.fixture
def story() -> Iterator[Story]:
    told = Story(HOTLINE)
    yield told
    told.end()


def speaking(story: Story, key: str = "2") -> CallId:
    call = story.dial(caller=MOBILE)
    story.press(call, key)
    story.listen(call)
    return call


def message_of(story: Story, call: CallId) -> MessageId:
    message = story.exchange.callers[call].message
    assert message is not None, "nothing is being kept of what he says"
    return message


def say(story: Story, call: CallId, seconds: float) -> None:
    story.exchange.end_message(call, seconds)
    story.deliver_all()


def test_a_caller_hears_what_to_do_speaks_is_thanked_and_the_call_ends(story: Story) -> None:
    call = story.dial()
    story.press(call, "2")
    assert story.hears(call) == ASKED
    story.listen(call)
    (order,) = story.ordered(c.RecordMessage)
    assert (order.longest, order.quiet, queue_of(order.message)) == (60, 4, "complaint")
    say(story, call, 12)
    assert story.hears(call) == THANKS
    story.listen(call)
    assert story.outcome(call) is Outcome.COMPLETED_IN_MENU


def test_the_key_ends_a_message_at_once(story: Story) -> None:
    call = speaking(story)
    story.press(call, "5")
    assert message_of(story, call)
    story.press(call, "#")
    assert story.hears(call) == THANKS
    assert len(story.ordered(c.StopMessage)) == 1


def test_who_says_nothing_is_asked_once_more(story: Story) -> None:
    call = speaking(story)
    say(story, call, 1)
    assert story.exchange.callers[call].plays
    story.listen(call)
    say(story, call, 0)
    assert story.outcome(call) is Outcome.COMPLETED_IN_MENU


def test_who_hangs_up_during_his_message_did_not_give_up(story: Story) -> None:
    before, during, after = story.dial(), speaking(story), speaking(story)
    say(story, after, 9)
    story.press(before, "2")
    for call in (before, during, after):
        story.hang_up(call)
    assert story.outcome(before) is Outcome.ABANDONED_IN_MENU
    assert [story.outcome(call) for call in (during, after)] == [Outcome.COMPLETED_IN_MENU] * 2


def test_what_is_sealed_is_told_whenever_that_is(story: Story) -> None:
    call = speaking(story)
    message = message_of(story, call)
    story.hang_up(call)
    assert not story.all(MessageLeft)
    kept = MessageKept(call, message, QueueName("complaint"), 4.5, 1_700_000_000.0)
    story.after(kept)
    assert story.all(MessageLeft) == [MessageLeft(call, 1_700_000_000.0, QueueName("complaint"), message, 4.5)]


def test_a_person_can_be_asked_for_during_a_message_and_what_was_said_is_kept(story: Story) -> None:
    call = speaking(story)
    message = message_of(story, call)
    story.press(call, "*")
    assert story.ordered(c.StopMessage) == [c.StopMessage(call, message)]
    assert story.state(call) is CallState.OFFERED


def test_the_message_is_written_on_the_line_before_it_begins(story: Story) -> None:
    call = speaking(story, "3")
    saved = story.exchange.callers[call].saved
    assert saved is not None
    assert saved.message == message_of(story, call)
    say(story, call, 9)
    saved = story.exchange.callers[call].saved
    assert saved is not None
    assert (saved.message, saved.step) == (None, "main")


def test_a_new_engine_ends_the_message_and_asks_again(story: Story) -> None:
    call = speaking(story)
    message = message_of(story, call)
    story.replace_engine()
    assert c.StopMessage(call, message) in story.ordered(c.StopMessage)
    assert story.hears(call) == ASKED
    story.listen(call)
    assert message_of(story, call) != message


def test_after_a_lost_link_the_message_is_ended_and_asked_for_again(story: Story) -> None:
    call = speaking(story)
    message = message_of(story, call)
    story.lose_link()
    story.restore_link()
    assert c.StopMessage(call, message) in story.ordered(c.StopMessage)
    assert story.hears(call) == ASKED


def test_a_message_that_cannot_be_taken_is_asked_for_again(story: Story) -> None:
    call = story.dial()
    story.press(call, "2")
    story.exchange.refuse.add(c.RecordMessage)
    story.listen(call)
    assert [fact for _, fact in story.log if isinstance(fact, MessageRecorded)] == [
        MessageRecorded(call, story.ordered(c.RecordMessage)[0].message, 0.0)
    ]
    story.listen(call)
    assert message_of(story, call)


# --- wishes -------------------------------------------------------------------------------------------------


def test_a_caller_agrees_to_be_called_back_and_keeps_his_place(story: Story) -> None:
    call = story.dial(caller=MOBILE)
    came = story.now
    story.pass_time(2)
    story.press(call, "4")
    story.press(call, "1")
    (wanted,) = story.all(CallBackRequested)
    assert (wanted.queue, wanted.to, wanted.since, wanted.at) == ("general", MOBILE, came, came + 2)
    assert wanted.wish == WishId(f"{call}.wish{wanted.wish.rpartition('wish')[2]}")
    assert story.hears(call) == GOODBYE
    story.hang_up(call)
    assert story.outcome(call) is Outcome.COMPLETED_IN_MENU


def test_who_waited_before_he_wished_keeps_the_place_he_had(story: Story) -> None:
    call = story.dial(caller=MOBILE)
    story.pass_time(1)
    story.press(call, "0")
    queued = story.now
    story.pass_time(5)
    story.press(call, "9", "1")
    assert [wanted.since for wanted in story.all(CallBackRequested)] == [queued]


@pytest.mark.parametrize("caller", ["", "anonymous", "+8821612345678"])
def test_a_caller_without_a_number_leaves_a_message(story: Story, caller: str) -> None:
    call = story.dial(caller=caller)
    story.press(call, "4")
    assert story.hears(call) == "请说出您的号码。"
    assert not story.all(CallBackRequested)


# --- at any moment ------------------------------------------------------------------------------------------

CALLERS_ACTS = ["2", "3", "4", "1", "#", "*", "0", "heard", "said", "hang up"]
ACTS = ["dial", "wait", "refuse", *CALLERS_ACTS]
BLIND = ["deaf", "link", "kill"]


def act(story: Story, what: str, pick: int) -> None:
    match what:
        case "dial":
            story.dial(caller=MOBILE)
        case "wait":
            story.pass_time(6)
        case "refuse":
            story.exchange.refuse |= {c.RecordMessage, c.StopMessage} if pick % 2 else {c.SaveState}
        case "deaf":
            story.lose_link()
        case "link":
            story.restore_link()
        case "kill":
            story.replace_engine()
        case _ if callers := sorted(story.exchange.callers):
            act_as(story, callers[pick % len(callers)], what, pick)


def act_as(story: Story, call: CallId, what: str, pick: int) -> None:
    match what:
        case "heard":
            story.listen(call)
        case "said":
            say(story, call, pick)
        case "hang up":
            story.hang_up(call)
        case _:
            story.press(call, what)


def play(acts: list[tuple[str, int]]) -> Story:
    story = Story(HOTLINE)
    for what, pick in [("dial", 0), *acts]:
        act(story, what, pick)
    story.end()
    return story


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 5)), max_size=40))
def test_whenever_he_hangs_up_each_message_ends_exactly_once(acts: list[tuple[str, int]]) -> None:
    story = play(acts)
    ended = [fact.message for _, fact in story.log if isinstance(fact, MessageRecorded)]
    assert sorted(ended) == sorted(order.message for order in story.ordered(c.RecordMessage))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(ACTS + BLIND), st.integers(0, 5)), max_size=40))
def test_whatever_happens_nothing_is_left_and_no_message_ends_twice(acts: list[tuple[str, int]]) -> None:
    story = play(acts)
    ended = [fact.message for _, fact in story.log if isinstance(fact, MessageRecorded)]
    assert len(ended) == len(set(ended))
    wishes = story.all(CallBackRequested)
    assert {wanted.to for wanted in wishes} <= {MOBILE}
    assert len({wanted.wish for wanted in wishes}) == len(wishes)
