"""How a caller leaves his queue other than by talking and hanging up: where he goes, once, whatever happens then."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr_engine.core.call import CallState
from ivr_engine.core.seat import SeatState
from ivr_engine.dialplan.load import load
from ivr_engine.model import commands as c
from ivr_engine.model.causes import LegEnd, Outcome
from ivr_engine.model.ids import CallId, SeatId
from ivr_engine.model.notices import Ended, KeyPressed, QueueChanged, Queued
from ivr_engine.nodes import NODE_TYPES
from tests.simulation.stories import Story

HOTLINE = load(Path(__file__).parent / "hotlines" / "endings.yaml", NODE_TYPES)
ASK, BY_PRIORITY, VIP, LAST, ALWAYS = "1", "2", "3", "4", "8"  # keys of the menu
MENU, FULL, CLOSED, SORRY, SURVEY = "请按键。", "线路忙。", "无人接听。", "抱歉。", "请评价。"
MESSAGE = "请留言。"


@pytest.fixture
def story() -> Iterator[Story]:
    told = Story(HOTLINE)
    yield told
    told.end()


def enqueue(story: Story, key: str = ASK) -> CallId:
    call = story.dial()
    story.press(call, key)
    return call


def all_busy(story: Story) -> CallId:
    """The only agent there is talks to somebody."""
    story.only_agents("1001")
    other = enqueue(story, ALWAYS)
    story.pick_up(other)
    return other


def waits(story: Story, call: CallId) -> bool:
    return story.state(call) in (CallState.WAITING, CallState.OFFERED)


def kinds(story: Story) -> list[type[c.AnyCommand]]:
    return [type(order) for order in story.last_orders()]


# --- full ---------------------------------------------------------------------------------------------------


def test_who_finds_the_queue_full_goes_where_his_step_says_and_others_wait_all_the_same(story: Story) -> None:
    all_busy(story)
    first, second = enqueue(story), enqueue(story)
    assert waits(story, first)
    assert waits(story, second)
    third = enqueue(story)
    assert story.hears(third) == FULL
    assert waits(story, enqueue(story, ALWAYS))  # his step says nothing of a full queue
    story.hang_up(first)
    story.hang_up(second)
    assert waits(story, enqueue(story))


def test_who_is_being_rung_for_counts_among_the_waiting_and_who_talks_does_not(story: Story) -> None:
    story.only_agents("1001")
    first, second = enqueue(story), enqueue(story)
    assert story.state(first) is CallState.OFFERED
    assert story.hears(enqueue(story)) == FULL
    story.pick_up(first)
    assert waits(story, enqueue(story))
    assert waits(story, second)


# --- no seats -----------------------------------------------------------------------------------------------


def test_who_finds_nobody_at_all_goes_where_his_step_says(story: Story) -> None:
    story.only_agents("1101")  # sits in none of the queue's pools
    assert story.hears(enqueue(story)) == CLOSED
    story.only_agents("1001")
    assert waits(story, enqueue(story))


def test_when_the_last_phone_vanishes_those_who_wait_go_where_their_step_says(story: Story) -> None:
    story.only_agents("1001")
    offered, waiting, patient = enqueue(story), enqueue(story), enqueue(story, ALWAYS)
    story.only_agents()
    assert story.state(offered) is CallState.OFFERED  # that phone rings still
    assert waits(story, waiting)
    story.end_leg(offered, LegEnd.UNREACHABLE)
    assert story.hears(offered) == story.hears(waiting) == CLOSED
    assert waits(story, patient)
    assert story.all(QueueChanged)[-1].waiting == 1


def test_a_seat_that_rests_or_talks_is_somebody(story: Story) -> None:
    story.only_agents("1001")
    talking = enqueue(story)
    story.pick_up(talking)
    waiting = enqueue(story)
    story.only_agents()
    assert waits(story, waiting)  # who talks now may come back
    story.end_leg(talking)
    assert story.hears(waiting) == CLOSED


def test_phones_that_vanished_while_nobody_looked_are_found_out_afterwards(story: Story) -> None:
    story.only_agents()
    stays = enqueue(story, ALWAYS)
    story.only_agents("1001")
    story.pick_up(stays)
    waiting = enqueue(story)
    story.hang_up(stays)
    for again in (story.restore_link, story.replace_engine):
        story.only_agents("1002")
        assert waits(story, waiting)
        story.lose_link()
        story.exchange.agents = set()
        again()
        story.deliver_all()
        story.end_leg(waiting, LegEnd.UNREACHABLE) if story.call(waiting).leg else None
        assert story.hears(waiting) == CLOSED
        waiting = _again(story)


def _again(story: Story) -> CallId:
    story.only_agents("1002")
    story.pass_time(10)
    return enqueue(story)


def test_who_was_taken_over_while_he_waited_for_nobody_goes_where_his_step_says(story: Story) -> None:
    story.only_agents("1001")
    busy = enqueue(story)
    waiting = enqueue(story)
    assert story.state(waiting) is CallState.WAITING
    story.hang_up(busy)
    story.exchange.agents = set()  # the next engine never sees them
    story.replace_engine()
    assert story.hears(waiting) == CLOSED


# --- too long -----------------------------------------------------------------------------------------------


def test_who_has_waited_too_long_goes_on(story: Story) -> None:
    all_busy(story)
    call = enqueue(story)
    story.pass_time(59.9)
    assert waits(story, call)
    story.pass_time(0.1)
    assert story.hears(call) == SORRY
    assert not story.timers
    story.listen(call)
    record = story.all(Ended)[-1].record
    assert (record.outcome, record.queue, record.connected_at) == (Outcome.COMPLETED_IN_MENU, "general", None)


@pytest.mark.parametrize("picks_up", [False, True])
def test_who_has_waited_too_long_goes_on_when_the_seat_that_rings_does_not_answer(story: Story, picks_up: bool) -> None:
    # With seats enough there is always another that could ring: he would be kept for as long as nobody answers.
    story.only_agents("1001", "1002")
    call = enqueue(story)
    story.pass_time(59)
    assert story.state(call) is CallState.OFFERED
    story.pass_time(1)
    assert story.state(call) is CallState.OFFERED
    if picks_up:
        story.pick_up(call)
        assert story.state(call) is CallState.TALKING
        return
    offers = story.call(call).offers
    story.end_leg(call, LegEnd.BUSY)
    assert story.hears(call) == SORRY
    assert story.call(call).offers == offers
    assert not any(isinstance(order, c.RingSeat) for order in story.last_orders())


def test_a_join_that_fails_after_his_time_leaves_nobody_waiting_for_ever(story: Story) -> None:
    story.only_agents("1001")
    call = enqueue(story, VIP)
    story.listen(call)
    story.pass_time(50)
    while story.state(call) is not CallState.OFFERED:
        story.pass_time(1)
    story.slow = True  # the bridge is long in coming
    story.exchange.pick_up(story.leg(call))
    story.deliver_all()
    assert story.state(call) is CallState.JOINING
    for _ in range(20):
        story.waiting_since = story.now
        story.pass_time(1)
    story.exchange.refuse = {c.Join}
    story.slow = False
    story.carry_out_all()
    story.deliver_all()
    story.only_agents()
    story.pass_time(3)
    assert story.hears(call) == SORRY


def test_the_next_engine_counts_only_the_time_that_is_left(story: Story) -> None:
    all_busy(story)
    call = enqueue(story)
    story.pass_time(40)
    story.replace_engine()
    story.pass_time(19.9)
    assert waits(story, call)
    story.pass_time(0.1)
    assert story.hears(call) == SORRY


def test_time_in_an_earlier_queue_counts_for_his_place_and_not_for_his_patience(story: Story) -> None:
    all_busy(story)
    call = enqueue(story)
    since = story.call(call).enqueued_at
    story.pass_time(50)
    story.press(call, "2")
    story.listen(call)
    assert (story.call(call).queue, story.call(call).enqueued_at) == ("vip", since)
    story.pass_time(30)
    assert waits(story, call)


# --- keys ---------------------------------------------------------------------------------------------------


def test_a_key_leads_out_of_the_queue(story: Story) -> None:
    all_busy(story)
    call = enqueue(story)
    assert story.hears(call) == "music"
    story.press(call, "9", "#")
    assert story.hears(call) == "music"  # those mean nothing
    story.press(call, "1")
    assert story.hears(call) == MESSAGE
    assert not story.exchange.callers[call].music
    assert story.call(call).keys == "11"
    assert [notice.step for notice in story.all(KeyPressed)] == ["main", "main", "ask"]
    assert story.exchange.callers[call].saved.left_queue  # type: ignore[union-attr]


def test_a_key_withdraws_the_seat_that_rings_and_frees_it_when_its_line_has_ended(story: Story) -> None:
    story.only_agents("1001")
    call = enqueue(story)
    leg = story.leg(call)
    story.slow = True
    story.press(call, "1")
    assert c.HangUpLeg(call, leg) in story.last_orders()
    assert kinds(story).index(c.SaveState) < kinds(story).index(c.Play)
    assert story.board.dispatch.seats.by_id[SeatId("1001")].state is SeatState.RINGING
    story.exchange.pick_up(leg)  # too late
    story.deliver_all()
    assert c.Join not in kinds(story)
    story.slow = False
    story.carry_out_all()
    story.deliver_all()
    assert story.hears(call) == MESSAGE
    assert not story.exchange.seats


def test_a_key_during_the_greeting_hushes_it(story: Story) -> None:
    call = enqueue(story, VIP)
    assert story.hears(call) == "请稍候。"
    story.press(call, "#")
    assert story.hears(call) == MENU
    assert list(story.exchange.callers[call].plays) == [story.call(call).play]


def test_a_key_means_nothing_once_a_seat_has_answered(story: Story) -> None:
    call = enqueue(story)
    story.slow = True
    story.exchange.pick_up(story.leg(call))
    story.deliver_all()
    assert story.state(call) is CallState.JOINING
    story.press(call, "1")
    story.slow = False
    story.carry_out_all()
    story.deliver_all()
    assert story.joined(call)
    story.press(call, "1")
    assert story.joined(call)


def test_a_caller_who_goes_back_and_comes_again_keeps_his_first_place(story: Story) -> None:
    story.only_agents("1101")
    story.pick_up(enqueue(story, LAST))
    first = enqueue(story, VIP)
    story.pass_time(5)
    second = enqueue(story, VIP)
    story.press(first, "#")
    assert story.hears(first) == MENU
    story.press(first, VIP)
    assert [call.id for call in story.board.dispatch.queues[HOTLINE.queues["vip"].name]] == [first, second]  # type: ignore[index]
    assert story.all(Queued)[-1].ahead == 0


def test_the_key_for_a_person_leaves_the_called_steps_for_good(story: Story) -> None:
    call = story.dial()
    story.press(call, "6")
    assert story.call(call).returns
    story.press(call, "0")
    assert story.call(call).queue == "vip"
    assert story.call(call).returns == []


# --- priority -----------------------------------------------------------------------------------------------


def test_a_caller_with_priority_stands_before_the_others_and_the_figures_know_it(story: Story) -> None:
    story.only_agents("1101")
    first = enqueue(story, ALWAYS)
    story.pass_time(10)
    urgent = enqueue(story, BY_PRIORITY)
    assert [notice.ahead for notice in story.all(Queued)] == [0, 0]
    assert story.all(QueueChanged)[-1].oldest_since == story.call(first).enqueued_at
    story.replace_engine()
    assert story.call(urgent).priority == 50
    last = enqueue(story, BY_PRIORITY)
    assert story.all(Queued)[-1].ahead == 1
    story.only_agents("1001")
    for call in (urgent, last, first):
        assert story.seat(call) == "1001"
        story.pick_up(call)
        story.end_leg(call)
        story.pass_time(5)


# --- after the talk -----------------------------------------------------------------------------------------


def test_when_the_agent_hangs_up_first_the_caller_goes_on_and_the_agent_rests(story: Story) -> None:
    story.only_agents("1001")
    call = enqueue(story)
    story.pass_time(3)
    story.pick_up(call)
    story.pass_time(30)
    story.end_leg(call)
    assert story.hears(call) == SURVEY
    assert not story.exchange.bridges
    assert story.board.dispatch.seats.by_id[SeatId("1001")].state is SeatState.WRAP_UP
    story.pass_time(5)
    assert story.board.dispatch.seats.by_id[SeatId("1001")].state is SeatState.READY
    story.press(call, "1")
    story.listen(call)
    record = story.all(Ended)[-1].record
    assert (record.outcome, record.queue, record.seat) == (Outcome.ANSWERED, "general", "1001")
    assert record.enqueued_at is not None
    assert record.connected_at == record.enqueued_at + 3


def test_who_hangs_up_first_is_asked_nothing(story: Story) -> None:
    call = enqueue(story)
    story.pick_up(call)
    story.hang_up(call)
    assert not story.exchange.callers
    assert not story.exchange.seats


def test_what_is_asked_after_the_talk_is_asked_again_by_the_next_engine_and_the_talk_counts(story: Story) -> None:
    call = enqueue(story)
    story.pick_up(call)
    story.end_leg(call)
    for _ in range(2):
        story.replace_engine()
        assert story.hears(call) == SURVEY
    story.hang_up(call)
    record = story.all(Ended)[-1].record
    assert (record.outcome, record.queue, record.seat) == (Outcome.ANSWERED, "general", "1001")


@pytest.mark.parametrize("replaced", [False, True])
def test_an_agent_who_hung_up_unseen_sends_his_caller_on_once(story: Story, replaced: bool) -> None:
    call = enqueue(story)
    story.pick_up(call)
    story.lose_link()
    story.end_leg(call)
    if replaced:
        story.replace_engine()
    else:
        story.restore_link()
    assert story.hears(call) == SURVEY
    assert story.call(call).steps[-2:] == ["ask", "survey"]
    assert not story.exchange.bridges
    assert story.call(call).outcome() is Outcome.ANSWERED


def test_who_comes_to_a_queue_again_after_his_talk_waits_anew_and_is_on_record_as_answered(story: Story) -> None:
    story.only_agents("1001")
    call = enqueue(story)
    story.pick_up(call)
    story.pass_time(20)
    story.end_leg(call)
    story.press(call, "2")
    assert story.state(call) is CallState.WAITING
    assert story.call(call).enqueued_at == story.now
    story.replace_engine()
    story.hang_up(call)
    record = story.all(Ended)[-1].record
    assert (record.outcome, record.queue, record.seat) == (Outcome.ANSWERED, "general", "1001")
    assert record.connected_at is not None
    assert record.connected_at >= (record.enqueued_at or record.ended_at)


def test_a_takeover_in_the_middle_of_leaving_finds_the_step_and_not_the_queue(story: Story) -> None:
    story.only_agents("1101")
    call = enqueue(story, VIP)
    story.press(call, "#")  # back to the step where all calls begin
    assert story.hears(call) == MENU
    story.replace_engine()
    assert story.hears(call) == MENU
    assert story.state(call) is CallState.MENU
