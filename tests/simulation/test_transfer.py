"""A caller is connected to somebody outside, over a trunk and to a number that stand in the file and nowhere else."""

from collections.abc import Iterator

import msgspec
import pytest

from ivr_engine.core.call import CallState
from ivr_engine.model import commands as c
from ivr_engine.model.causes import LegEnd, Outcome
from ivr_engine.model.ids import CallId, DestinationName, PoolName, StepName
from ivr_engine.model.notices import Connected, Ended, Offered, PoolChanged, Transferred
from tests.simulation.stories import Story
from tests.simulation.test_endings import CLOSED, HOTLINE, SURVEY

GREETED, PLAIN = "5", "7"  # keys of the menu
CARRIER = PoolName("carrier")


@pytest.fixture
def story() -> Iterator[Story]:
    told = Story(HOTLINE)
    yield told
    told.end()


def transfer(story: Story, key: str = GREETED) -> CallId:
    call = story.dial()
    story.press(call, key)
    return call


def told(story: Story) -> list[bool]:
    return [notice.ok for notice in story.all(Transferred)]


def outcomes(story: Story) -> list[Outcome]:
    return [notice.record.outcome for notice in story.all(Ended)]


def test_he_hears_words_then_music_while_it_rings_there_and_then_talks(story: Story) -> None:
    call = transfer(story)
    (ring,) = story.ordered(c.RingSeat)
    assert (ring.to, ring.caller, ring.give_up) == (c.TrunkLine(CARRIER, "110"), "138****0000", 40.0)
    assert story.hears(call) == "正在为您转接。"
    story.listen(call)
    assert story.hears(call) == "music"
    story.ring(call)
    story.pick_up(call)
    assert story.joined(call)
    assert story.hears(call) == "silence"
    assert told(story) == [True]
    assert not story.all(Connected)  # that is nobody of ours
    assert not story.all(Offered)


def test_who_answers_at_once_cuts_the_words_short(story: Story) -> None:
    call = transfer(story)
    story.pick_up(call)
    assert story.joined(call)


def test_after_the_talk_the_caller_goes_on_or_his_call_ends(story: Story) -> None:
    goes_on, ends = transfer(story), transfer(story, PLAIN)
    for call in (goes_on, ends):
        story.pick_up(call)
        story.end_leg(call)
    assert story.hears(goes_on) == SURVEY
    assert outcomes(story) == [Outcome.TRANSFERRED]
    story.hang_up(goes_on)
    assert outcomes(story) == [Outcome.TRANSFERRED] * 2
    assert not story.exchange.bridges


def test_a_caller_who_hangs_up_ends_the_line_outside(story: Story) -> None:
    ringing, talking = transfer(story), transfer(story)
    story.pick_up(talking)
    for call in (ringing, talking):
        story.hang_up(call)
    assert not story.exchange.seats
    assert outcomes(story) == [Outcome.ABANDONED_IN_MENU, Outcome.TRANSFERRED]


@pytest.mark.parametrize("cause", [LegEnd.BUSY, LegEnd.REJECTED, LegEnd.UNREACHABLE, LegEnd.FAILED])
def test_when_nobody_takes_the_call_he_goes_where_his_step_says(story: Story, cause: LegEnd) -> None:
    call = transfer(story)
    story.listen(call)
    story.end_leg(call, cause)
    assert story.hears(call) == CLOSED
    assert told(story) == [False]


def test_when_nobody_answers_in_time_too(story: Story) -> None:
    call = transfer(story, PLAIN)
    assert story.hears(call) == "music"
    story.pass_time(29.9)
    assert story.state(call) is CallState.OFFERED
    story.pass_time(0.1)
    assert story.hears(call) == CLOSED
    assert not story.exchange.seats


def test_over_a_trunk_that_is_down_nobody_is_rung(story: Story) -> None:
    story.exchange.trunks.discard(CARRIER)
    story.exchange.look_at_phones()
    story.deliver_all()
    call = transfer(story)
    assert story.hears(call) == CLOSED
    assert story.ordered(c.RingSeat) == []
    assert told(story) == [False]


@pytest.mark.parametrize("refused", [c.RingSeat, c.Join])
def test_a_refused_order_is_a_transfer_that_failed(story: Story, refused: type) -> None:
    story.exchange.refuse = {refused}
    call = transfer(story)
    if refused is c.Join:
        story.pick_up(call)
    assert story.hears(call) == CLOSED
    assert told(story) == [False]


def test_an_answer_that_crosses_the_end_of_the_ringing_is_no_conversation(story: Story) -> None:
    call = transfer(story, PLAIN)
    leg = story.leg(call)
    story.slow = True
    story.pass_time(30)
    story.exchange.pick_up(leg)
    story.deliver_all()
    story.slow = False
    story.carry_out_all()
    story.deliver_all()
    assert story.ordered(c.Join) == []
    assert story.hears(call) == CLOSED


def test_two_callers_may_be_transferred_to_one_destination_and_seats_know_nothing_of_it(story: Story) -> None:
    before = len(story.all(PoolChanged))
    first, second = transfer(story), transfer(story)
    story.pick_up(first)
    story.pick_up(second)
    assert story.joined(first)
    assert story.joined(second)
    assert len(story.all(PoolChanged)) == before


def test_keys_do_nothing_while_it_rings_outside(story: Story) -> None:
    call = transfer(story)
    story.press(call, "0", "1", "#")
    assert story.state(call) is CallState.OFFERED


# --- while nobody looks -------------------------------------------------------------------------------------


def test_the_next_engine_rings_again_and_no_line_is_left(story: Story) -> None:
    call = transfer(story)
    old = story.leg(call)
    story.replace_engine()
    assert old not in story.exchange.seats
    story.pick_up(call)
    assert story.joined(call)
    assert len(story.exchange.seats) == 1


def test_a_talk_with_somebody_outside_does_not_notice_that_its_engine_was_killed(story: Story) -> None:
    call = transfer(story)
    story.pick_up(call)
    bridges = {bridge: set(members) for bridge, members in story.exchange.bridges.items()}
    for _ in range(2):
        story.pass_time(60)
        story.replace_engine()
        assert story.exchange.bridges == bridges
        assert story.state(call) is CallState.TALKING
    story.end_leg(call)
    assert story.hears(call) == SURVEY
    story.replace_engine()
    story.hang_up(call)
    assert outcomes(story) == [Outcome.TRANSFERRED]


def test_a_talk_goes_on_although_the_next_engine_does_not_know_the_destination_any_more(story: Story) -> None:
    call = transfer(story)
    story.pick_up(call)
    line = story.exchange.callers[call]
    assert line.saved is not None
    line.saved = msgspec.structs.replace(line.saved, step=StepName("gone"), destination=DestinationName("gone"))
    story.replace_engine()
    assert story.joined(call)
    story.end_leg(call)
    assert call not in story.exchange.callers


@pytest.mark.parametrize("talked", [False, True])
def test_a_line_outside_that_ended_unseen(story: Story, talked: bool) -> None:
    call = transfer(story)
    if talked:
        story.pick_up(call)
    story.lose_link()
    story.end_leg(call)
    story.restore_link()
    if talked:
        assert story.hears(call) == SURVEY
    else:
        assert story.state(call) is CallState.OFFERED  # perhaps he was never rung: once more
        story.pick_up(call)
        assert story.joined(call)


def test_a_line_outside_that_ended_while_no_engine_was_there(story: Story) -> None:
    goes_on, alone = transfer(story), transfer(story, PLAIN)
    for call in (goes_on, alone):
        story.pick_up(call)
    story.held = True
    for call in (goes_on, alone):
        story.exchange.end_leg(story.leg(call), LegEnd.HUNG_UP)
    story.held = False
    story.replace_engine()
    assert story.hears(goes_on) == SURVEY
    assert story.state(alone) is CallState.OFFERED  # nobody knows who hung up: he is not left alone


def test_an_answer_from_outside_that_was_not_seen_leads_to_a_conversation(story: Story) -> None:
    call = transfer(story)
    story.lose_link()
    story.pick_up(call)
    story.restore_link()
    assert story.joined(call)


def test_a_number_outside_is_not_rung_without_end(story: Story) -> None:
    call = transfer(story)
    story.call(call).transfers = 10
    story.end_leg(call, LegEnd.BUSY)
    other = story.dial()
    story.call(other).transfers = 10
    story.press(other, PLAIN)
    assert "again and again" in story.troubles()[-1]
    assert other not in story.exchange.callers
