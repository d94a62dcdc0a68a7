"""What can be done with a call while it is talked: holding, asking somebody, handing it on, listening to it."""

from collections.abc import Iterator
from typing import Any

import pytest

from ivr_engine.core.call import CallState
from ivr_engine.core.seat import SeatState
from ivr_engine.model import commands as c
from ivr_engine.model.agents import OrderWord
from ivr_engine.model.causes import LegEnd, Outcome
from ivr_engine.model.ids import CallId, LegId, QueueName, SeatId
from ivr_engine.model.notices import CallRecord, Connected, Disposed, Ended, HandedOn, Held, Listened, SecondLine
from tests.simulation.stories import Story
from tests.simulation.variants import supervised
from tests.simulation.world import acme

HOTLINE = supervised(acme())


@pytest.fixture
def story() -> Iterator[Story]:
    told = Story(HOTLINE)
    yield told
    told.end()


def talk(story: Story, digit: str = "2") -> CallId:
    """A caller talks to 1001."""
    call = story.enqueue(digit)
    story.pick_up(call)
    assert story.seat(call) == "1001"
    assert story.joined(call)
    return call


def second(story: Story, call: CallId) -> LegId:
    leg = story.call(call).second
    assert leg is not None
    return leg


def consult(story: Story, call: CallId, to: str = "1002") -> LegId:
    """1001 asks somebody, who picks up."""
    assert story.order("1001", "consult", to=to).ok
    leg = second(story, call)
    story.exchange.pick_up(leg)
    story.deliver_all()
    return leg


def state_of(story: Story, seat: str) -> SeatState:
    return story.board.dispatch.seats.by_id[SeatId(seat)].state


def record(story: Story, call: CallId) -> CallRecord:
    (ended,) = [notice for notice in story.all(Ended) if notice.call == call]
    return ended.record


# --- hold ---------------------------------------------------------------------------------------------------


def test_who_is_on_hold_hears_music_and_nobody_until_he_is_taken_back(story: Story) -> None:
    call = talk(story)
    assert story.order("1001", "hold").ok
    assert story.hears(call) == "music"
    assert story.together(story.leg(call))
    assert story.order("1001", "hold").ok, "the same order twice changes nothing"
    assert story.order("1001", "resume").ok
    assert story.order("1001", "resume").ok
    assert story.hears(call) == "silence"
    assert story.joined(call)
    assert [(held.seat, held.on) for held in story.all(Held)] == [("1001", True), ("1001", False)]


def test_an_agent_who_hangs_up_on_a_caller_on_hold_leaves_him_at_the_head_of_his_queue(story: Story) -> None:
    call = talk(story)
    story.only_agents("1001")
    story.pass_time(30)
    later = story.enqueue("2")
    story.order("1001", "hold")
    story.end_leg(call)
    assert story.state(call) is CallState.WAITING
    assert story.hears(call) == "music"
    story.pass_time(10)
    assert story.seat(call) == "1001", "he came before the other, and is served before him"
    assert story.state(later) is CallState.WAITING


def test_a_refused_hold_leaves_caller_and_agent_together(story: Story) -> None:
    call = talk(story)
    story.exchange.refuse.add(c.TakeOut)
    story.order("1001", "hold")
    assert story.joined(call)
    assert story.hears(call) == "silence"


def test_a_caller_who_cannot_be_taken_back_is_tried_again(story: Story) -> None:
    call = talk(story)
    story.order("1001", "hold")
    story.exchange.refuse.add(c.PutBack)
    story.order("1001", "resume")
    assert not story.joined(call)
    story.pass_time(2)
    assert story.joined(call)


def test_music_that_was_refused_is_begun_again_while_he_is_on_hold(story: Story) -> None:
    call = talk(story)
    story.exchange.refuse.add(c.StartMusic)
    story.order("1001", "hold")
    assert story.hears(call) == "silence"
    story.pass_time(2)
    assert story.hears(call) == "music"


# --- handing on at once -------------------------------------------------------------------------------------


def test_a_call_handed_to_an_agent_rings_there_and_the_first_is_free_after_his_rest(story: Story) -> None:
    call = talk(story)
    since = story.call(call).enqueued_at
    assert story.order("1001", "transfer", to="1003").ok
    assert story.seat(call) == "1003"
    assert story.hears(call) == "music"
    assert state_of(story, "1001") is SeatState.WRAP_UP
    story.pass_time(7)
    story.pick_up(call)
    assert story.joined(call)
    story.hang_up(call)
    kept = record(story, call)
    assert (kept.seat, kept.enqueued_at, kept.outcome) == ("1003", since, Outcome.ANSWERED)
    assert kept.connected_at is not None
    assert kept.connected_at < story.now - 6, "he was first answered long ago"
    assert [(told.seat, told.whom) for told in story.all(HandedOn)] == [("1001", "1003")]
    assert [(told.seat, told.waited, told.again) for told in story.all(Connected)] == [
        ("1001", 0.0, False),
        ("1003", 7.0, True),
    ]


def test_who_does_not_take_a_call_that_is_handed_to_him_leaves_it_to_the_queue(story: Story) -> None:
    call = talk(story)
    since = story.call(call).enqueued_at
    story.order("1001", "transfer", to="1003")
    story.end_leg(call, LegEnd.REJECTED)
    assert story.seat(call) == "1002", "others come before him who has handed it on, and him who would not take it"
    assert story.call(call).enqueued_at == since


def test_a_call_handed_to_a_queue_keeps_its_first_time(story: Story) -> None:
    call = talk(story, "2")
    since = story.call(call).enqueued_at
    story.pass_time(60)
    assert story.order("1001", "transfer", to="urgent").ok
    assert (story.call(call).queue, story.call(call).enqueued_at) == ("urgent", since)
    assert story.seat(call) == "1002"
    story.pick_up(call)
    story.hang_up(call)
    assert (record(story, call).queue, record(story, call).seat) == ("urgent", "1002")


@pytest.mark.parametrize("to", ["leads", "pool leads"])
def test_a_call_handed_to_a_pool_rings_whoever_is_ready_there(story: Story, to: str) -> None:
    call = talk(story)
    assert story.order("1001", "transfer", to=to).ok
    assert story.seat(call) == "1900"


def test_a_call_handed_outside_goes_on_there_and_comes_back_when_nobody_answers(story: Story) -> None:
    call = talk(story)
    assert story.order("1001", "transfer", to="police").ok
    assert story.hears(call) == "music"
    story.end_leg(call, LegEnd.NO_ANSWER)
    assert story.call(call).is_of_queue
    story.pick_up(call)
    again = story.board.dispatch.offers[story.leg(call)].seat.id
    assert story.order(again, "transfer", to="police").ok
    story.pick_up(call)
    assert story.joined(call)
    story.hang_up(call)
    assert record(story, call).transferred_at is not None


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("1001", "1001 is himself"),
        ("nobody", "nobody is called 'nobody'"),
        ("13800000000", "nobody is called"),
        ("1009", "nobody is called"),
    ],
)
def test_nobody_is_handed_to_who_cannot_take_him(story: Story, to: str, why: str) -> None:
    call = talk(story)
    answer = story.order("1001", "transfer", to=to)
    assert why in answer.why
    assert story.joined(call)


@pytest.mark.parametrize(
    ("word", "more", "why"),
    [
        ("transfer", {}, "does not say to whom"),
        ("hold", {"to": "1002"}, "`to` does not belong to `hold`"),
        ("hold", {"code": "1"}, "`code` does not belong to `hold`"),
        ("dispose", {}, "does not say how the call went"),
        ("hold", {"seconds": 5.0}, "`seconds` does not belong"),
    ],
)
def test_an_order_that_does_not_fit_together_is_refused(
    story: Story, word: OrderWord, more: dict[str, Any], why: str
) -> None:
    call = talk(story)
    assert why in story.order("1001", word, **more).why
    assert story.joined(call)


def test_nobody_is_handed_to_a_busy_agent_or_over_a_dead_trunk(story: Story) -> None:
    call = talk(story)
    other = story.enqueue("2")
    story.pick_up(other)
    assert "1002 is talking" in story.order("1001", "transfer", to="1002").why
    story.only_agents("1001", "1002")
    assert "is down" in story.order("1001", "consult", to="police").why
    assert story.joined(call)


# --- consulting ---------------------------------------------------------------------------------------------


def test_agent_and_third_talk_alone_while_the_caller_hears_music(story: Story) -> None:
    call = talk(story)
    third = consult(story, call)
    assert story.hears(call) == "music"
    assert story.together(story.leg(call), third)
    assert [told.state for told in story.all(SecondLine)] == ["rung", "there"]


def test_complete_leaves_the_caller_to_the_third_and_the_agent_rests(story: Story) -> None:
    call = talk(story)
    third = consult(story, call)
    assert story.order("1001", "complete").ok
    assert story.together(call, third)
    assert story.hears(call) == "silence"
    assert state_of(story, "1001") is SeatState.WRAP_UP
    assert story.order("1002", "hold").ok, "the third has the call, and all that comes with it"
    story.order("1002", "resume")
    story.hang_up(call)
    assert record(story, call).seat == "1002"


def test_cancel_brings_caller_and_agent_together_again(story: Story) -> None:
    call = talk(story)
    consult(story, call)
    assert story.order("1001", "cancel").ok
    assert story.joined(call)
    assert story.hears(call) == "silence"
    assert story.call(call).second is None
    assert not story.order("1001", "cancel").ok


@pytest.mark.parametrize("answers", [True, False])
def test_a_third_who_goes_leaves_caller_and_agent_together(story: Story, answers: bool) -> None:
    call = talk(story)
    story.order("1001", "consult", to="1002")
    if answers:
        story.exchange.pick_up(second(story, call))
        story.deliver_all()
    story.exchange.end_leg(second(story, call), LegEnd.HUNG_UP if answers else LegEnd.REJECTED)
    story.deliver_all()
    assert story.joined(call)
    assert story.hears(call) == "silence"


def test_a_third_who_does_not_answer_in_time_is_rung_no_longer(story: Story) -> None:
    call = talk(story)
    story.order("1001", "consult", to="1002")
    story.pass_time(15)
    assert story.joined(call)
    assert story.call(call).second is None


def test_complete_is_refused_until_the_third_has_picked_up(story: Story) -> None:
    call = talk(story)
    story.order("1001", "consult", to="1002")
    assert "has not picked up" in story.order("1001", "complete").why
    assert "has not picked up" in story.order("1001", "conference").why
    assert story.hears(call) == "music"


def test_an_agent_who_hangs_up_in_a_consult_completes_it(story: Story) -> None:
    call = talk(story)
    third = consult(story, call)
    story.end_leg(call)
    assert story.together(call, third)
    assert story.call(call).leg == third


def test_an_agent_who_hangs_up_while_the_third_rings_leaves_the_caller_to_the_queue(story: Story) -> None:
    call = talk(story)
    story.order("1001", "consult", to="1002")
    ringing = second(story, call)
    story.end_leg(call)
    assert ringing not in story.exchange.seats
    assert story.call(call).is_of_queue
    assert story.hears(call) == "music"
    story.pass_time(10)
    story.pick_up(call)
    assert story.joined(call)


@pytest.mark.parametrize("to", ["queue general", "pool local", "local"])
def test_a_queue_or_a_pool_can_be_consulted(story: Story, to: str) -> None:
    call = talk(story)
    third = consult(story, call, to)
    assert story.board.dispatch.offers[third].seat.id in ("1002", "1003")
    story.order("1001", "complete")
    assert story.together(call, third)


def test_somebody_outside_can_be_consulted_and_have_the_call(story: Story) -> None:
    call = talk(story)
    third = consult(story, call, "police")
    story.order("1001", "complete")
    assert story.together(call, third)
    story.exchange.end_leg(third, LegEnd.HUNG_UP)
    story.deliver_all()
    assert (record(story, call).outcome, record(story, call).seat) == (Outcome.ANSWERED, "1001")
    assert record(story, call).transferred_at is not None


def test_a_caller_who_hangs_up_on_hold_ends_all_lines(story: Story) -> None:
    call = talk(story)
    consult(story, call)
    story.hang_up(call)
    assert not story.exchange.seats
    assert not story.exchange.bridges


# --- conferences and supervisors ----------------------------------------------------------------------------


def test_in_a_conference_all_three_are_together_and_the_last_two_stay(story: Story) -> None:
    call = talk(story)
    agent, third = story.leg(call), consult(story, call)
    assert story.order("1001", "conference").ok
    assert story.together(call, agent, third)
    story.exchange.end_leg(agent, LegEnd.HUNG_UP)
    story.deliver_all()
    assert story.together(call, third)


def test_one_order_brings_a_supervisor_in(story: Story) -> None:
    call = talk(story)
    agent = story.leg(call)
    assert story.order("1001", "escalate").ok
    assert story.joined(call), "they go on talking while he is rung"
    third = second(story, call)
    story.exchange.pick_up(third)
    story.deliver_all()
    assert story.together(call, agent, third)
    assert story.board.dispatch.offers[third].seat.id == "1900"
    assert "escalated" in story.call(call).tags


def test_a_supervisor_is_called_in_by_who_has_one(story: Story) -> None:
    call = talk(story)
    story.only_agents("1001")
    assert "nobody of leads is ready" in story.order("1001", "escalate").why
    assert "escalated" not in story.call(call).tags
    assert "has no caller" in story.order("1002", "escalate").why


def listen(story: Story, call: CallId, how: str = "listen") -> LegId:
    assert story.order("1900", how, to="1001").ok  # type: ignore[arg-type]
    leg = story.call(call).listener
    assert leg is not None
    story.exchange.pick_up(leg)
    story.deliver_all()
    return leg


def test_a_supervisor_hears_an_agent_in_a_bridge_of_his_own(story: Story) -> None:
    call = talk(story)
    agent = story.leg(call)
    leg = listen(story, call)
    bridging = story.exchange.bridging
    (ear,) = bridging.ears
    assert bridging.ears[ear] == agent
    assert story.together(leg, ear)
    assert story.together(call, agent)
    assert not bridging.whispers
    assert story.order("1900", "whisper").ok
    (ear,) = bridging.ears
    assert bridging.whispers == {ear}
    assert story.together(leg, ear)
    assert story.order("1900", "barge").ok
    assert story.together(call, agent, leg)
    assert not bridging.ears
    assert [told.how for told in story.all(Listened)] == ["listen", "whisper", "barge"]
    assert all((told.seat, told.supervisor) == ("1001", "1900") for told in story.all(Listened))
    assert "listened" in story.call(call).tags


def test_listening_ends_with_the_supervisor_and_with_the_agent(story: Story) -> None:
    call = talk(story)
    leg = listen(story, call)
    story.exchange.end_leg(leg, LegEnd.HUNG_UP)
    story.deliver_all()
    assert not story.exchange.bridging.ears
    assert story.joined(call)
    assert [told.how for told in story.all(Listened)] == ["listen", "ended"]
    story.pass_time(10)
    leg = listen(story, call, "whisper")
    story.hang_up(call)
    assert leg not in story.exchange.seats
    assert not story.exchange.bridges


def test_only_a_supervisor_of_the_queue_may_listen_and_one_at_a_time(story: Story) -> None:
    call = talk(story)
    assert "1002 is no supervisor" in story.order("1002", "listen", to="1001").why
    assert "talks to no caller" in story.order("1900", "listen", to="1003").why
    assert "talks to no caller" in story.order("1900", "listen").why
    listen(story, call)
    assert "somebody is there already" in story.order("1901", "listen", to="1001").why
    assert "has no caller" in story.order("1900", "hold").why


def test_who_listens_to_a_consult_goes_with_the_agent_who_leaves(story: Story) -> None:
    call = talk(story)
    leg = listen(story, call)
    third = consult(story, call)
    story.order("1001", "complete")
    assert leg not in story.exchange.seats
    assert story.together(call, third)


# --- what an agent says of a call ---------------------------------------------------------------------------


def test_an_agent_says_in_the_talk_how_it_goes(story: Story) -> None:
    call = talk(story)
    assert story.order("1001", "dispose", code="2").ok
    story.hang_up(call)
    kept = record(story, call)
    assert kept.disposition == "complaint"
    assert "complaint" in kept.tags


def test_an_agent_says_in_his_rest_how_it_went_and_the_record_is_kept_anew(story: Story) -> None:
    call = talk(story)
    story.hang_up(call)
    assert state_of(story, "1001") is SeatState.WRAP_UP
    assert story.order("1001", "dispose", code="solved").ok
    assert story.order("1001", "dispose", code="2").ok, "he may change his mind"
    last = story.all(Disposed)[-1].record
    assert last is not None
    assert (last.call, last.disposition, last.tags[-2:]) == (call, "complaint", ("solved", "complaint"))
    story.pass_time(10)
    assert "has no call" in story.order("1001", "dispose", code="1").why


def test_what_no_queue_knows_is_not_said_of_a_call(story: Story) -> None:
    talk(story)
    assert "1 (solved), 2 (complaint)" in story.order("1001", "dispose", code="9").why


# --- keys ---------------------------------------------------------------------------------------------------


def test_keys_order_what_a_supervisor_or_a_screen_would(story: Story) -> None:
    call = talk(story)
    agent = story.leg(call)
    story.type_keys(agent, "*1")
    assert story.hears(call) == "music"
    story.type_keys(agent, "*1")
    assert story.joined(call)
    story.type_keys(agent, "*21002#")
    story.exchange.pick_up(second(story, call))
    story.deliver_all()
    story.type_keys(agent, "*4")
    assert story.together(call, agent, second(story, call))
    story.type_keys(agent, "*5")
    assert story.together(call, agent)
    story.type_keys(agent, "*72#")
    assert story.call(call).disposition == "complaint"
    story.type_keys(agent, "*0")
    assert story.board.dispatch.offers[second(story, call)].seat.id == "1900"
    story.type_keys(agent, "*5*61003#")
    assert story.seat(call) == "1003"


def test_keys_that_are_no_code_do_nothing_and_a_code_left_alone_is_forgotten(story: Story) -> None:
    call = talk(story)
    agent = story.leg(call)
    story.type_keys(agent, "12#*9*21")
    story.pass_time(9)
    story.type_keys(agent, "002#")
    assert story.call(call).second is None
    assert story.joined(call)
    story.type_keys(agent, "*3")
    assert any("nobody else is on the line" in what for what in story.troubles())


# --- after we were blind ------------------------------------------------------------------------------------


@pytest.mark.parametrize("killed", [True, False])
def test_a_caller_on_hold_is_on_hold_after_a_restart(story: Story, killed: bool) -> None:
    call = talk(story)
    story.order("1001", "hold")
    blind(story, killed=killed)
    assert story.hears(call) == "music"
    assert story.order("1001", "resume").ok
    assert story.joined(call)


@pytest.mark.parametrize("killed", [True, False])
def test_a_consult_goes_on_after_a_restart(story: Story, killed: bool) -> None:
    call = talk(story)
    third = consult(story, call)
    blind(story, killed=killed)
    assert story.hears(call) == "music"
    assert story.together(story.leg(call), third)
    assert story.order("1001", "complete").ok
    assert story.together(call, third)


def test_a_consult_that_still_rings_is_over_after_a_restart(story: Story) -> None:
    call = talk(story)
    story.order("1001", "consult", to="1002")
    blind(story, killed=True)
    assert len(story.exchange.seats) == 1
    assert story.joined(call)
    assert story.hears(call) == "silence"


@pytest.mark.parametrize("killed", [True, False])
def test_a_third_who_picks_up_while_nobody_sees_it_is_there_after_a_restart(story: Story, killed: bool) -> None:
    call = talk(story)
    story.order("1001", "consult", to="1002")
    third = second(story, call)
    if killed:
        story.exchange.pick_up(third)  # and nobody is told in time
        story.replace_engine()
    else:
        story.lose_link()
        story.exchange.pick_up(third)
        story.restore_link()
    assert story.together(story.leg(call), third)
    assert story.hears(call) == "music"


@pytest.mark.parametrize("killed", [True, False])
def test_a_conference_goes_on_after_a_restart(story: Story, killed: bool) -> None:
    call = talk(story)
    agent, third = story.leg(call), consult(story, call)
    story.order("1001", "conference")
    blind(story, killed=killed)
    assert story.together(call, agent, third)
    assert story.call(call).second == third


@pytest.mark.parametrize("killed", [True, False])
def test_nobody_listens_after_a_restart(story: Story, killed: bool) -> None:
    call = talk(story)
    leg = listen(story, call)
    blind(story, killed=killed)
    assert leg not in story.exchange.seats
    assert not story.exchange.bridging.ears
    assert story.joined(call)


@pytest.mark.parametrize("killed", [True, False])
def test_a_call_handed_on_rings_its_agent_or_waits_after_a_restart(story: Story, killed: bool) -> None:
    call = talk(story)
    since = story.call(call).enqueued_at
    story.order("1001", "transfer", to="1003")
    blind(story, killed=killed)
    story.pass_time(20)
    assert story.call(call).is_of_queue
    assert story.call(call).enqueued_at == since


def test_an_agent_lost_while_blind_leaves_the_caller_to_the_third(story: Story) -> None:
    call = talk(story)
    third = consult(story, call)
    story.lose_link()
    story.exchange.end_leg(story.leg(call), LegEnd.HUNG_UP)
    story.restore_link()
    assert story.together(call, third)


def test_orders_about_a_talk_are_refused_while_we_are_blind(story: Story) -> None:
    call = talk(story)
    story.lose_link()
    assert "cannot be reached" in story.order("1001", "hold").why
    story.restore_link()
    assert story.joined(call)
    assert QueueName("general") == story.call(call).queue


def blind(story: Story, *, killed: bool) -> None:
    if killed:
        story.replace_engine()
    else:
        story.lose_link()
        story.restore_link()
