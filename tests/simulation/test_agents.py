"""What agents are told, by themselves or others, and by the engine when they do not answer."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from ivr_engine.core.call import CallState
from ivr_engine.core.seat import SeatState
from ivr_engine.model import commands as c
from ivr_engine.model.agents import Duty, OrderWord
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.events import AgentsRemembered
from ivr_engine.model.ids import CallId, PoolName, SeatId
from ivr_engine.model.notices import AgentChanged, CallsMissed, OfferEnded, PoolChanged
from tests.simulation.stories import Story
from tests.simulation.world import acme

HOTLINE, LOCAL = acme(), PoolName("local")
MUST_SIGN_IN = replace(
    HOTLINE, version="sign-in", pools={**HOTLINE.pools, LOCAL: replace(HOTLINE.pools[LOCAL], sign_in=True)}
)


@pytest.fixture
def guarded() -> Iterator[Story]:
    """A hotline whose agents must sign in."""
    told = Story(MUST_SIGN_IN)
    yield told
    told.end()


def state_of(story: Story, agent: str = "1001") -> SeatState:
    return story.board.dispatch.seats.by_id[SeatId(agent)].state


def talked(story: Story, digit: str = "3") -> CallId:
    """A call to 1001, which is over; he rests for 10 s."""
    story.only_agents("1001")
    call = story.enqueue(digit)
    story.pick_up(call)
    story.end_leg(call)
    assert state_of(story) is SeatState.WRAP_UP
    return call


# --- pause and ready ----------------------------------------------------------------------------------------


def test_who_is_paused_is_not_rung_and_who_is_ready_again_is(story: Story) -> None:
    story.only_agents("1001")
    assert story.order("1001", "pause", reason="午餐").ok
    told = story.agents[SeatId("1001")]
    assert (told.state, told.duty.reason, told.duty.by, told.at) == ("paused", "午餐", "tester", story.now)
    call = story.enqueue()
    story.pass_time(60)
    assert story.offers() == []
    assert story.order("1001", "ready").ok
    assert story.seat(call) == "1001"


def test_a_pause_while_ringing_offers_the_caller_to_another_at_once(story: Story) -> None:
    call = story.enqueue()
    story.ring(call)
    assert story.seat(call) == "1001"
    story.order("1001", "pause")
    assert story.seat(call) == "1002"
    assert state_of(story) is SeatState.PAUSED
    assert [(end.seat, end.cause) for end in story.all(OfferEnded)] == [("1001", LegEnd.REJECTED)]
    story.order("1002", "sign out")
    assert story.seat(call) == "1003"
    assert state_of(story, "1002") is SeatState.SIGNED_OUT


def test_a_seat_paused_while_it_rings_is_free_only_when_its_line_has_ended(story: Story) -> None:
    call = story.enqueue()
    story.slow = True
    story.order("1001", "pause")
    assert state_of(story) is SeatState.RINGING
    story.exchange.pick_up(story.leg(call))
    story.slow = False
    story.carry_out_all()
    story.deliver_all()
    assert state_of(story) is SeatState.PAUSED


def test_a_pause_during_a_talk_holds_when_the_call_and_its_rest_are_over(story: Story) -> None:
    story.only_agents("1001")
    call = story.enqueue("3")
    story.pick_up(call)
    assert story.order("1001", "pause").ok
    assert (story.state(call), state_of(story)) == (CallState.TALKING, SeatState.TALKING)
    waiting = story.enqueue()
    story.end_leg(call)
    story.pass_time(9.9)
    assert state_of(story) is SeatState.WRAP_UP
    story.pass_time(0.1)
    assert state_of(story) is SeatState.PAUSED
    assert story.state(waiting) is CallState.WAITING


def test_a_pause_asked_for_and_taken_back_during_a_talk_leaves_no_trace(story: Story) -> None:
    story.only_agents("1001")
    call = story.enqueue()
    story.pick_up(call)
    story.order("1001", "pause")
    story.order("1001", "ready")
    story.end_leg(call)
    story.pass_time(5)
    assert state_of(story) is SeatState.READY


def test_who_is_paused_and_loses_his_phone_is_paused_when_it_is_back(story: Story) -> None:
    story.order("1001", "pause", reason="training")
    story.only_agents("1002")
    assert story.agents[SeatId("1001")].state == "offline"
    story.only_agents("1001", "1002")
    assert (state_of(story), story.agents[SeatId("1001")].duty.reason) == (SeatState.PAUSED, "training")


def test_the_same_order_again_is_done_already_and_another_reason_is_taken(story: Story) -> None:
    for word in ("ready", "pause", "sign out"):
        assert story.order("1001", word).ok
        told = len(story.all(AgentChanged))
        assert story.order("1001", word).ok
        assert len(story.all(AgentChanged)) == told
    story.order("1002", "pause", reason="lunch")
    story.order("1002", "pause", reason="training")
    assert story.agents[SeatId("1002")].duty.reason == "training"


# --- sign in and out ----------------------------------------------------------------------------------------


def test_an_agent_whose_phone_registers_is_ready_unless_his_pool_wants_him_to_sign_in(guarded: Story) -> None:
    call = guarded.enqueue()
    assert guarded.seat(call) == "chengdu#1"
    assert guarded.all(PoolChanged)[0].signed_out == 3
    assert guarded.order("1001", "sign in").ok
    assert guarded.seat(guarded.enqueue()) == "1001"
    assert guarded.order("1002", "ready").ok
    assert guarded.seat(guarded.enqueue()) == "1002"


def test_who_signs_out_in_a_talk_is_out_after_it_whatever_his_phone_does(story: Story) -> None:
    story.only_agents("1001")
    call = story.enqueue()
    story.pick_up(call)
    story.order("1001", "sign out")
    assert story.joined(call)
    story.end_leg(call)
    story.pass_time(5)
    assert state_of(story) is SeatState.SIGNED_OUT
    story.only_agents()
    story.only_agents("1001")
    assert state_of(story) is SeatState.SIGNED_OUT
    story.only_agents()
    story.order("1001", "sign in")
    assert state_of(story) is SeatState.OFFLINE


# --- the rest after a call ----------------------------------------------------------------------------------


def test_a_rest_is_made_longer_again_and_again_or_ended_at_once(story: Story) -> None:
    talked(story)
    story.pass_time(5)
    assert story.order("1001", "extend rest", 60).ok
    assert story.order("1001", "extend rest", 60).ok
    story.pass_time(124.9)
    assert state_of(story) is SeatState.WRAP_UP
    story.pass_time(0.1)
    assert state_of(story) is SeatState.READY


@pytest.mark.parametrize("word", ["end rest", "ready"])
def test_a_rest_that_is_ended_is_over(story: Story, word: OrderWord) -> None:
    talked(story)
    waiting = story.enqueue()
    assert story.order("1001", word).ok
    assert story.seat(waiting) == "1001"


def test_a_pause_wanted_during_the_rest_begins_when_the_rest_is_ended(story: Story) -> None:
    talked(story)
    story.order("1001", "pause")
    assert state_of(story) is SeatState.WRAP_UP
    story.order("1001", "end rest")
    assert state_of(story) is SeatState.PAUSED
    assert not story.timers


def test_a_rest_of_more_than_an_hour_is_a_pause(story: Story) -> None:
    talked(story)
    assert "order `pause` instead" in story.order("1001", "extend rest", 3599).why
    story.pass_time(10)
    assert state_of(story) is SeatState.READY


# --- what cannot be -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agent", "word", "seconds", "why"),
    [
        ("7777", "pause", None, "there is no agent '7777'"),
        ("chengdu#1", "pause", None, "there is no agent 'chengdu#1'"),
        ("1001", "sign in", None, "1001 is signed in already, on duty: order `ready`"),
        ("1001", "end rest", None, "1001 is ready and does not rest"),
        ("1001", "extend rest", 60.0, "1001 is ready and does not rest"),
        ("1001", "extend rest", None, "does not say by how much"),
        ("1001", "end rest", 60.0, "`seconds` does not belong to `end rest`"),
        ("1002", "pause", None, "1002 is signed out, and cannot pause"),
    ],
)
def test_an_order_that_cannot_be_is_answered_with_the_remedy_and_changes_nothing(
    story: Story, agent: str, word: OrderWord, seconds: float | None, why: str
) -> None:
    story.order("1002", "sign out")
    before = dict(story.agents)
    answer = story.order(agent, word, seconds)
    assert why in answer.why
    assert why in story.troubles()[-1]
    assert story.agents == before


def test_two_who_order_at_once_are_both_answered_and_the_later_order_holds(story: Story) -> None:
    story.order("1001", "pause")
    story.order("1001", "ready")
    assert state_of(story) is SeatState.READY
    assert story.order("1001", "pause").ok
    assert not story.order("1001", "sign in").ok  # a second login does not undo the first one's pause
    assert state_of(story) is SeatState.PAUSED


# --- calls nobody takes -------------------------------------------------------------------------------------


def miss(story: Story, agent: str, cause: LegEnd = LegEnd.REJECTED) -> None:
    """An agent rings alone, and does not take the call; the caller is gone afterwards."""
    call = story.enqueue()
    assert story.seat(call) == agent
    story.end_leg(call, cause)
    if call in story.board.calls:
        story.hang_up(call)
    story.pass_time(5)


@pytest.mark.parametrize("cause", [LegEnd.REJECTED, LegEnd.BUSY, LegEnd.NO_ANSWER])
def test_who_does_not_take_three_calls_in_a_row_is_paused(story: Story, cause: LegEnd) -> None:
    for number in range(3):
        assert story.all(CallsMissed) == []
        for other in ("1002", "1003"):
            story.order(other, "pause")
        story.order("1002", "ready")  # somebody else is there, and has been idle for less long
        miss(story, "1001", cause)
        assert (state_of(story) is SeatState.PAUSED) == (number == 2)
    missed = story.all(CallsMissed)
    assert [(notice.agent, notice.pool, notice.calls) for notice in missed] == [("1001", "local", 3)]
    duty = story.agents[SeatId("1001")].duty
    assert (duty.word, duty.reason, duty.by) == ("paused", "missed 3 calls", "the engine")
    story.order("1001", "ready")
    assert state_of(story) is SeatState.READY


def test_the_last_who_could_take_a_call_is_never_paused_by_the_engine(story: Story) -> None:
    story.only_agents("1001", "1002")
    story.order("1002", "pause")
    for _ in range(5):
        miss(story, "1001")
    assert (state_of(story), story.all(CallsMissed)) == (SeatState.READY, [])


@pytest.mark.parametrize("cause", [LegEnd.UNREACHABLE, LegEnd.FAILED, LegEnd.LOST, LegEnd.HUNG_UP])
def test_a_line_that_failed_is_no_call_that_was_missed(story: Story, cause: LegEnd) -> None:
    for _ in range(4):
        story.order("1002", "pause")
        story.order("1003", "pause")
        story.order("1002", "ready")
        miss(story, "1001", cause)
    assert story.all(CallsMissed) == []


def test_an_answer_makes_up_for_what_was_missed(story: Story) -> None:
    for answered in (False, False, True, False, False):
        for other in ("1002", "1003"):
            story.order(other, "pause")
        story.order("1002", "ready")
        if answered:
            call = story.enqueue()
            story.pick_up(call)
            story.end_leg(call)
            story.pass_time(5)
        else:
            miss(story, "1001")
    assert story.all(CallsMissed) == []


@pytest.mark.parametrize("cause", [LegEnd.BUSY, LegEnd.NO_ANSWER])
@pytest.mark.parametrize("answered", [True, False], ids=["he had answered", "its caller was gone"])
def test_an_odd_cause_does_not_make_a_missed_call_of_one_that_was_none(
    story: Story, cause: LegEnd, answered: bool
) -> None:
    for _ in range(4):
        story.order("1002", "pause")
        story.order("1003", "pause")
        story.order("1002", "ready")
        call = story.enqueue()
        leg = story.leg(call)
        if answered:
            story.pick_up(call)
        else:
            story.exchange.refuse = {c.HangUpLeg}
            story.hang_up(call)
        story.exchange.end_leg(leg, cause)
        story.deliver_all()
        story.pass_time(5)
    assert {seat for _, seat in story.offers()} == {"1001"}
    assert story.all(CallsMissed) == []


def test_nobody_waits_for_people_who_are_all_signed_out_but_for_those_who_are_paused(story: Story) -> None:
    story.only_agents("1001")
    pool = story.board.dispatch.seats.pools[LOCAL]
    story.order("1001", "pause")
    assert not pool.is_deserted
    assert pool.on_duty == 0
    for agent in ("1001", "1002"):  # the others are out of reach
        story.order(agent, "sign out")
    assert pool.is_deserted


def test_the_caller_of_who_is_paused_keeps_his_place(story: Story) -> None:
    first = story.enqueue()
    story.only_agents("1001", "1002")
    story.enqueue()
    third = story.enqueue()
    for _ in range(12):
        story.pass_time(5)
    (missed,) = story.all(CallsMissed)
    assert story.offers()[-1][0] == first
    assert story.offers()[-1][1] not in (missed.agent, "1003")
    assert story.state(third) is CallState.WAITING


# --- another engine -----------------------------------------------------------------------------------------


def test_the_next_engine_knows_who_is_paused_and_signed_out_before_the_first_caller(story: Story) -> None:
    story.order("1001", "pause", reason="午餐")
    story.order("1002", "sign out")
    story.replace_engine()
    assert (state_of(story), state_of(story, "1002")) == (SeatState.PAUSED, SeatState.SIGNED_OUT)
    assert story.agents[SeatId("1001")].duty.reason == "午餐"
    assert story.seat(story.enqueue()) == "1003"


def test_who_talks_with_a_pause_before_him_talks_on_through_a_new_engine_and_is_paused_then(story: Story) -> None:
    story.only_agents("1001")
    call = story.enqueue()
    story.pick_up(call)
    story.order("1001", "pause")
    story.replace_engine()
    assert (story.joined(call), state_of(story)) == (True, SeatState.TALKING)
    story.end_leg(call)
    story.pass_time(5)
    assert state_of(story) is SeatState.PAUSED


def test_who_signed_in_where_it_is_asked_for_is_still_signed_in_for_the_next_engine(guarded: Story) -> None:
    guarded.order("1001", "sign in")
    guarded.replace_engine()
    assert guarded.seat(guarded.enqueue()) == "1001"


def test_what_is_remembered_of_somebody_who_is_gone_is_passed_over(story: Story) -> None:
    story.tell(AgentsRemembered({SeatId("7777"): Duty("paused"), SeatId("chengdu#1"): Duty("signed out")}))
    assert story.troubles() == []
    assert story.all(PoolChanged)[-1].signed_out == 0
