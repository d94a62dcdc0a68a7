"""Who is rung for whom, and what becomes of both when it comes to nothing."""

import pytest

from ivr_engine.core.call import CallState
from ivr_engine.core.seat import SeatState
from ivr_engine.model import commands as c
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.events import LegAnswered, LegEnded, PromptFinished
from ivr_engine.model.ids import PlayId, SeatId
from ivr_engine.model.notices import Offered, OfferEnded, PoolChanged, QueueChanged, Ringing
from tests.simulation.stories import Story


def state_of(story: Story, seat: str) -> SeatState:
    return story.board.dispatch.seats.by_id[SeatId(seat)].state


# --- whose turn it is ---------------------------------------------------------------------------------------


def test_the_seat_idle_longest_is_rung_round_after_round(story: Story) -> None:
    rung = []
    for talk in (30, 10, 20, 5, 5, 5):
        call = story.enqueue()
        rung.append(story.seat(call))
        story.pick_up(call)
        story.pass_time(talk)
        story.end_leg(call)
        story.pass_time(5)  # wrap-up
    assert rung == ["1001", "1002", "1003", "1001", "1002", "1003"]


def test_who_was_busy_longest_is_rung_last(story: Story) -> None:
    first, second = story.enqueue(), story.enqueue()
    for call in (first, second):
        story.pick_up(call)
    story.end_leg(second)
    story.pass_time(6)
    story.end_leg(first)
    story.pass_time(6)
    assert [story.seat(story.enqueue()) for _ in range(3)] == ["1003", "1002", "1001"]


def test_callers_of_one_queue_are_served_in_the_order_they_came(story: Story) -> None:
    story.only_agents()
    callers = []
    for _ in range(4):
        callers.append(story.enqueue())
        story.pass_time(1)
    story.only_agents("1001")
    for call in callers:
        assert story.seat(call) == "1001"
        assert [c for c in callers if c in story.board.calls and story.state(c) is CallState.OFFERED] == [call]
        story.pick_up(call)
        story.end_leg(call)
        story.pass_time(5)


def test_urgent_comes_before_complaint_before_general_whoever_waits_longer(story: Story) -> None:
    story.only_agents()
    general = story.enqueue("2")
    story.pass_time(60)
    complaint = story.enqueue("3")
    story.pass_time(60)
    urgent = story.enqueue("1")
    story.only_agents("1001")
    for call in (urgent, complaint, general):
        assert story.seat(call) == "1001"
        story.pick_up(call)
        story.end_leg(call)
        story.pass_time(10)


def test_nobody_is_offered_while_no_seat_is_ready_and_all_are_once_they_are(story: Story) -> None:
    story.only_agents()
    callers = [story.enqueue() for _ in range(4)]
    assert story.offers() == []
    story.only_agents("1001", "1002", "1003")
    assert story.offers() == list(zip(callers, ["1001", "1002", "1003"], strict=False))


# --- overflow -----------------------------------------------------------------------------------------------


def test_the_other_site_is_rung_only_when_no_local_seat_is_ready(story: Story) -> None:
    for _ in range(4):
        story.enqueue()
    offered = story.all(Offered)
    assert [(notice.pool, notice.seat, notice.overflow) for notice in offered] == [
        ("local", "1001", False),
        ("local", "1002", False),
        ("local", "1003", False),
        ("chengdu", "chengdu#1", True),
    ]
    assert [order.to for order in story.ordered(c.RingSeat)][-1] == c.TrunkLine(offered[-1].pool, "8001")


def test_when_all_ten_lines_to_the_other_site_are_busy_the_next_caller_waits(story: Story) -> None:
    callers = [story.enqueue() for _ in range(14)]
    assert [story.state(call) for call in callers] == [CallState.OFFERED] * 13 + [CallState.WAITING]
    for call in callers[:13]:
        story.pick_up(call)
    assert story.all(QueueChanged)[-1].waiting == 1
    story.hang_up(callers[7])  # a trunk's line needs no rest
    assert story.seat(callers[13]) == "chengdu#5"


def test_without_a_trunk_the_fourth_caller_waits_for_a_local_seat(story: Story) -> None:
    story.only_agents("1001", "1002", "1003")
    callers = [story.enqueue() for _ in range(4)]
    assert story.state(callers[3]) is CallState.WAITING
    story.pick_up(callers[0])
    story.end_leg(callers[0])
    story.pass_time(5)
    assert story.seat(callers[3]) == "1001"


# --- offers that come to nothing ----------------------------------------------------------------------------


def test_a_seat_that_does_not_answer_is_followed_by_another_and_the_caller_keeps_his_place(story: Story) -> None:
    first = story.enqueue()
    story.only_agents("1001", "1002")
    second, third = story.enqueue(), story.enqueue()
    assert (story.seat(first), story.seat(second)) == ("1001", "1002")
    story.pass_time(15)
    ended = [(notice.call, notice.seat, notice.cause) for notice in story.all(OfferEnded)]
    assert ended == [(first, "1001", LegEnd.NO_ANSWER), (second, "1002", LegEnd.NO_ANSWER)]
    story.pass_time(5)  # both seats were left alone a moment
    assert story.offers()[2:] == [(first, "1001"), (second, "1002")]  # and neither was overtaken by the third
    assert story.state(third) is CallState.WAITING


def test_only_the_first_ring_is_measured_from_the_queue(story: Story) -> None:
    call = story.enqueue()
    story.pass_time(1)
    story.ring(call)
    story.end_leg(call, LegEnd.REJECTED)
    story.ring(call)
    assert [notice.since_queued for notice in story.all(Ringing)] == [1.0, None]


@pytest.mark.parametrize("cause", [LegEnd.BUSY, LegEnd.REJECTED, LegEnd.UNREACHABLE, LegEnd.FAILED, LegEnd.HUNG_UP])
def test_a_seat_that_refuses_is_left_alone_a_moment_whatever_cause_it_gave(story: Story, cause: LegEnd) -> None:
    story.only_agents("1001")
    call = story.enqueue()
    story.end_leg(call, cause)
    assert story.state(call) is CallState.WAITING
    story.pass_time(4.9)
    assert state_of(story, "1001") is SeatState.WRAP_UP
    story.pass_time(0.1)
    assert story.seat(call) == "1001"


def test_a_far_end_that_picks_up_and_drops_at_once_is_not_rung_without_end(story: Story) -> None:
    story.only_agents(trunk=True)
    call = story.enqueue()
    for _ in range(10):
        story.exchange.pick_up(story.leg(call))
        story.exchange.end_leg(story.leg(call), LegEnd.HUNG_UP)
        story.deliver_all()
    assert story.state(call) is CallState.WAITING
    assert len({seat for _, seat in story.offers()}) == len(story.offers()) == 10
    story.pass_time(5)
    assert story.state(call) is CallState.OFFERED


def test_a_seat_rests_after_a_talk_as_long_as_its_queue_says_and_one_called_in_vain_for_a_withdrawn_call_not(
    story: Story,
) -> None:
    story.only_agents("1001")
    complaint = story.enqueue("3")
    story.pick_up(complaint)
    story.end_leg(complaint)
    story.pass_time(9.9)
    assert state_of(story, "1001") is SeatState.WRAP_UP
    story.pass_time(0.1)
    assert state_of(story, "1001") is SeatState.READY
    story.hang_up(story.enqueue())
    assert state_of(story, "1001") is SeatState.READY


def test_a_phone_that_vanishes_in_its_rest_is_offline_and_comes_back_ready(story: Story) -> None:
    story.only_agents("1001")
    call = story.enqueue()
    story.pick_up(call)
    story.only_agents()
    assert state_of(story, "1001") is SeatState.TALKING  # a talk goes on, whatever is seen of the phone
    story.end_leg(call)
    assert state_of(story, "1001") is SeatState.OFFLINE
    story.only_agents("1001")
    assert state_of(story, "1001") is SeatState.READY
    call = story.enqueue()
    story.pick_up(call)
    story.end_leg(call)
    story.only_agents()
    assert not story.timers
    assert story.all(PoolChanged)[-1].offline == 3


# --- facts that come late -----------------------------------------------------------------------------------


def test_a_seat_that_answers_a_caller_who_has_just_left_is_hung_up_and_not_joined(story: Story) -> None:
    call = story.enqueue()
    leg = story.leg(call)
    story.slow = True
    story.hang_up(call)
    assert [type(order) for order in story.last_orders()] == [c.CancelTimer, c.HangUpLeg]
    story.exchange.pick_up(leg)
    story.deliver()
    assert story.last_orders() == [c.HangUpLeg(call, leg)]
    assert story.ordered(c.Join) == []
    story.carry_out_all()
    assert not story.exchange.seats


def test_a_line_nobody_knows_is_hung_up_when_it_answers(story: Story) -> None:
    call = story.enqueue()
    leg = story.leg(call)
    story.end_leg(call, LegEnd.BUSY)
    assert story.after(LegAnswered(leg)) == [c.HangUpLeg(call, leg)]


def test_an_answer_that_crosses_the_end_of_its_offer_is_no_conversation(story: Story) -> None:
    # Found by simulation: joined all the same, the caller lost his call when the order to stop ringing arrived.
    call = story.enqueue()
    leg = story.leg(call)
    story.slow = True
    story.advance(15)
    assert story.last_orders() == [c.HangUpLeg(call, leg)]
    story.exchange.pick_up(leg)  # while that order is on its way
    story.deliver_all()
    assert story.ordered(c.Join) == []
    story.slow = False
    story.carry_out_all()
    story.deliver_all()
    assert call in story.exchange.callers
    assert story.offers() == [(call, "1001"), (call, "1002")]


def test_an_offers_end_told_twice_counts_once(story: Story) -> None:
    call = story.enqueue()
    leg = story.leg(call)
    story.end_leg(call, LegEnd.BUSY)
    second = story.leg(call)
    assert story.after(LegEnded(leg, LegEnd.HUNG_UP)) == []
    assert story.leg(call) == second


def test_the_end_of_a_prompt_that_is_told_twice_builds_one_bridge(story: Story) -> None:
    call = story.enqueue()
    story.held = True
    story.exchange.pick_up(story.leg(call))
    story.deliver()
    assert story.after(PromptFinished(call, PlayId(f"{call}.play1"), heard=False)) == []
    assert len(story.ordered(c.Join)) == 1


# --- orders that are refused --------------------------------------------------------------------------------


def test_a_refused_ring_leads_to_the_next_seat(story: Story) -> None:
    story.exchange.refuse = {c.RingSeat}
    call = story.enqueue()
    assert story.offers() == [(call, "1001"), (call, "1002")]


def test_a_refused_join_ends_the_seats_line_and_the_caller_is_offered_again(story: Story) -> None:
    call = story.enqueue()
    leg = story.leg(call)
    story.exchange.refuse = {c.Join}
    story.pick_up(call)
    assert leg not in story.exchange.seats
    assert story.troubles() == ["join failed: refused"]
    assert story.offers() == [(call, "1001"), (call, "1002")]
    assert story.hears(call) == "music"
    story.pick_up(call)
    assert story.joined(call)
    assert len(story.exchange.bridges) == 1


def test_a_refused_order_of_little_weight_is_told_and_the_call_goes_on(story: Story) -> None:
    story.exchange.refuse = {c.Answer, c.SaveState, c.StartMusic}
    call = story.enqueue()
    story.pick_up(call)
    assert story.joined(call)
    assert story.troubles() == [f"{order} failed: refused" for order in ("Answer", "SaveState", "StartMusic")]


def test_a_seat_whose_hang_up_was_refused_is_hung_up_when_it_answers(story: Story) -> None:
    call = story.enqueue()
    story.exchange.refuse = {c.HangUpLeg}
    leg = story.leg(call)
    story.hang_up(call)
    assert state_of(story, "1001") is SeatState.RINGING  # what we ordered is not what has happened
    story.exchange.pick_up(leg)
    story.deliver_all()
    assert leg not in story.exchange.seats
    assert state_of(story, "1001") is not SeatState.TALKING


def test_a_caller_among_phones_nobody_answers_comes_to_the_next_pool(story: Story) -> None:
    call = story.enqueue()
    for _ in range(3):
        assert story.seat(call) in ("1001", "1002", "1003")
        story.pass_time(15.0)
    assert story.seat(call) == "chengdu#1", "though a local seat is ready again by now"
    story.exchange.end_leg(story.leg(call), LegEnd.BUSY)
    story.deliver_all()
    rung = [seat for _, seat in story.offers()]
    assert len(set(rung)) == len(rung) == 5, "nobody is rung twice while somebody else has not been"
