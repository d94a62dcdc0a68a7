"""What the machine of every word found, each as the story it was: these must not come back."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from ivr_engine.core.callers import HANG_UP_AGAIN_SECONDS
from ivr_engine.model import commands as c
from ivr_engine.model.causes import LegEnd
from tests.simulation.stories import Story
from tests.simulation.test_switchboard_machine import EVERY_WORD


@pytest.fixture
def story() -> Iterator[Story]:
    told = Story(EVERY_WORD)
    yield told
    told.end()


def test_music_that_nobody_is_sure_of_is_ended_before_words(story: Story) -> None:
    # Its end was not ordered: after a time of blindness the music was believed to be off already.
    story.exchange.refuse = {c.StopPlay}
    call = story.dial()
    story.press(call, "3")
    assert story.exchange.callers[call].music
    story.lose_link()
    story.exchange.trunks.discard("chengdu")
    story.exchange.end_leg(story.leg(call), LegEnd.LOST)
    story.restore_link()
    assert story.hears(call) == "请留言。"
    assert not story.exchange.callers[call].music


def test_a_language_chosen_and_the_same_menu_again_is_written_down(story: Story) -> None:
    # The step was the same as before, so nothing was written, and the next engine spoke the first language.
    call = story.dial()
    story.press(call, "*", "4")
    assert story.hears(call) == "Press a key."
    story.replace_engine()
    assert story.hears(call) == "Press a key."


def test_a_caller_of_whom_nothing_was_written_hears_words_of_new_names_from_each_engine(story: Story) -> None:
    call = story.dial()
    for _ in range(3):
        story.replace_engine()  # the world sees to it that no name is given twice
        assert story.hears(call) == "请按键。"


def test_what_is_written_down_is_written_before_the_music_begins(story: Story) -> None:
    # Killed in between, the next engine found him in his menu, with music over its words.
    call = story.dial()
    story.press(call, "1")
    (kinds,) = [[type(order) for order in orders] for orders in story.orders if c.StartMusic in map(type, orders)]
    assert kinds.index(c.SaveState) < kinds.index(c.StartMusic)


def test_who_heard_music_while_somebody_outside_was_rung_hears_only_words_from_the_next_engine(story: Story) -> None:
    call = story.dial()
    story.press(call, "*", "1")
    story.listen(call)
    assert story.hears(call) == "music"
    story.replace_engine()
    assert story.hears(call) == "正在转接。"
    assert not story.exchange.callers[call].music


def test_a_hang_up_that_is_refused_is_ordered_again(story: Story) -> None:
    # Nobody asked twice: his line stayed up, silent, for as long as he held on.
    call = story.dial("999")
    assert call not in story.exchange.callers
    story.exchange.refuse = {c.HangUpCall}
    call = story.dial("999")
    assert call in story.exchange.callers
    story.exchange.refuse = {c.HangUpCall}
    story.pass_time(HANG_UP_AGAIN_SECONDS)
    assert call in story.exchange.callers
    story.pass_time(HANG_UP_AGAIN_SECONDS)
    assert call not in story.exchange.callers


def test_whoever_presses_keys_for_an_hour_is_written_down_all_the_same(story: Story) -> None:
    # Each key that chose something was written on his line; Asterisk takes only so much at once.
    call = story.dial()
    story.press(call, *"*4" * 100)
    saved = story.exchange.callers[call].saved
    assert saved is not None
    assert saved.keys == "*4" * 25
    story.replace_engine()
    assert story.call(call).keys == "*4" * 25


def test_who_is_to_come_back_to_a_step_that_is_gone_begins_anew(story: Story) -> None:
    # The next engine did not know his version any more. Where he was to return to was looked for in vain, with every
    # key: he heard nothing more.
    call = story.dial()
    story.press(call, "*", "3")
    assert story.call(call).returns == ["number"]
    steps = {name: step for name, step in EVERY_WORD.normal.steps.items() if name != "number"}
    story.reload(replace(EVERY_WORD, version="without it", normal=replace(EVERY_WORD.normal, steps=steps)))
    story.kill_engine(remembers=False)
    story.deliver_all()
    story.press(call, "1")
    assert story.hears(call) == "请按键。"
