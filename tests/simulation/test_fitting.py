"""Whose seat fits him: skills, needs that widen with time, the same agent again, and which of several is rung."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr_engine.core.call import CallState
from ivr_engine.dialplan.load import load
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.ids import CallId, PoolName, QueueName, SeatId
from ivr_engine.model.saved import LastTalk
from ivr_engine.nodes import NODE_TYPES
from tests.simulation.stories import Story
from tests.simulation.world import NUMBER

HOTLINE = load(Path(__file__).with_name("hotlines") / "skills.yaml", NODE_TYPES)
LOCAL = PoolName("local")


@pytest.fixture
def story() -> Iterator[Story]:
    told = Story(HOTLINE)
    told.only_agents("1001", "1002", "1003", "1004")
    told.exchange.trunks = {PoolName("wuhan")}
    told.exchange.look_at_phones()
    told.deliver_all()
    yield told
    told.end()


def caller(story: Story, digit: str, *, served: str | None = None, ago: float = 60.0) -> CallId:
    """Somebody calls and presses one key; `served` talked to him some time ago."""
    last = LastTalk(SeatId(served), story.now - ago) if served else None
    call = story.exchange.dial(NUMBER, "13812345678", served=last)
    story.deliver_all()
    story.press(call, digit)
    return call


def talk(story: Story, digit: str) -> str:
    """Somebody calls and talks. Returns who took his call."""
    call = caller(story, digit)
    seat = story.seat(call)
    story.pick_up(call)
    return seat


def busy(story: Story, *agents: str) -> None:
    """These agents are paused: they are there, and cannot be rung."""
    for agent in agents:
        story.order(agent, "pause")


# --- skills -------------------------------------------------------------------------------------------------


def test_who_needs_nothing_is_served_by_whoever_is_idle_longest(story: Story) -> None:
    assert [talk(story, "1") for _ in range(4)] == ["1001", "1002", "1003", "1004"]


def test_a_caller_is_offered_only_to_who_has_what_he_needs(story: Story) -> None:
    assert talk(story, "2") == "1001"
    waits = caller(story, "2")
    assert story.state(waits) is CallState.WAITING, "1002 speaks it, and not well enough"
    assert talk(story, "1") == "1002", "who is less choosy is not behind him"


def test_queue_and_step_ask_together(story: Story) -> None:
    assert talk(story, "4") == "1002"
    assert story.state(caller(story, "4")) is CallState.WAITING
    assert talk(story, "3") == "1001"


def test_a_pools_skills_are_those_of_every_line_of_it(story: Story) -> None:
    assert [talk(story, "8") for _ in range(3)] == ["wuhan#1", "wuhan#2", "1001"]


def test_needs_widen_with_time_and_he_keeps_his_place(story: Story) -> None:
    busy(story, "1001", "1003", "1004")
    first = caller(story, "2")
    later = caller(story, "1")
    assert story.seat(later) == "1002"
    story.pick_up(later)
    story.pass_time(59.0)
    second = caller(story, "1")
    story.end_leg(later)
    assert (story.state(first), story.seat(second)) == (CallState.WAITING, "1002")
    story.end_leg(second, LegEnd.UNREACHABLE)
    story.pass_time(10.0)
    assert story.seat(first) == "1002", "he came first, and is content with less by now"


def test_in_the_end_anybody_will_do(story: Story) -> None:
    busy(story, "1001", "1002")
    call = caller(story, "2")
    story.pass_time(119.0)
    assert story.state(call) is CallState.WAITING
    story.pass_time(1.0)
    assert story.seat(call) == "1003"


def test_widening_goes_on_where_it_was_in_the_next_engine(story: Story) -> None:
    busy(story, "1001", "1003", "1004")
    call = caller(story, "2")
    story.pass_time(50.0)
    story.replace_engine()
    assert story.state(call) is CallState.WAITING
    story.pass_time(10.0)
    assert story.seat(call) == "1002"


def test_what_his_step_asks_for_survives_the_engine(story: Story) -> None:
    busy(story, "1002")
    call = caller(story, "4")
    story.replace_engine()
    assert story.state(call) is CallState.WAITING
    story.order("1002", "ready")
    assert story.seat(call) == "1002"


def test_nobody_is_there_only_when_nobody_is_who_will_do_in_the_end(story: Story) -> None:
    story.only_agents("1003")
    call = caller(story, "2")
    assert story.state(call) is CallState.WAITING, "in two minutes anybody will do"
    story.only_agents()
    assert story.hears(call) == "Nobody is here."


def test_a_seat_without_the_skill_is_nobody_where_needs_never_widen(story: Story) -> None:
    story.only_agents("1003", "1004")
    assert story.hears(caller(story, "4")) == "无人接听。"


# --- ageing -------------------------------------------------------------------------------------------------


def test_a_point_of_priority_is_worth_so_much_waiting_and_no_more(story: Story) -> None:
    story.only_agents("1001")
    taken = caller(story, "1")
    story.pick_up(taken)
    first = caller(story, "1")
    story.pass_time(40.0)
    second = caller(story, "9")  # worth a minute
    story.pass_time(30.0)
    third = caller(story, "9")
    assert [call.id for call in story.board.dispatch.queues[QueueName("general")]] == [second, first, third]
    story.end_leg(taken)
    assert story.seat(second) == "1001"


# --- the same agent -----------------------------------------------------------------------------------------


def test_who_called_lately_goes_back_to_his_agent(story: Story) -> None:
    assert story.seat(caller(story, "1", served="1003")) == "1003"


def test_he_waits_for_him_for_a_while_and_then_takes_anybody(story: Story) -> None:
    taken = caller(story, "1", served="1003")
    story.pick_up(taken)
    call = caller(story, "1", served="1003")
    story.pass_time(29.0)
    assert story.state(call) is CallState.WAITING
    story.pass_time(1.0)
    assert story.seat(call) == "1001"


def test_his_agent_is_his_before_those_who_came_earlier(story: Story) -> None:
    story.only_agents("1003")
    taken = caller(story, "1")
    story.pick_up(taken)
    earlier, call = caller(story, "1"), caller(story, "1", served="1003")
    higher = caller(story, "9")
    story.end_leg(taken)
    assert story.seat(higher) == "1003", "a higher priority is one"
    story.hang_up(higher)
    story.pass_time(5.0)
    assert (story.seat(call), story.state(earlier)) == ("1003", CallState.WAITING)


def test_an_agent_who_is_gone_is_not_waited_for(story: Story) -> None:
    taken = caller(story, "1", served="1003")
    story.pick_up(taken)
    call = caller(story, "1", served="1003")
    story.order("1003", "pause")
    assert story.state(call) is CallState.WAITING, "he talks, and is there still"
    story.end_leg(taken)
    assert story.seat(call) == "1001"
    assert story.seat(caller(story, "1", served="1003")) == "1002"


def test_an_agent_who_does_not_answer_is_not_waited_for(story: Story) -> None:
    call = caller(story, "1", served="1003")
    story.end_leg(call, LegEnd.NO_ANSWER)
    assert story.seat(call) == "1001"


@pytest.mark.parametrize(("served", "ago"), [("1003", 86401.0), ("9999", 60.0), ("wuhan#1", 60.0)])
def test_a_talk_too_long_ago_or_with_nobody_of_the_queue_counts_for_nothing(
    story: Story, served: str, ago: float
) -> None:
    assert story.seat(caller(story, "1", served=served, ago=ago)) == "1001"


def test_his_agent_must_have_what_he_needs(story: Story) -> None:
    assert story.seat(caller(story, "2", served="1003")) == "1001"


def test_he_waits_for_his_agent_in_the_next_engine_too(story: Story) -> None:
    taken = caller(story, "1", served="1003")
    story.pick_up(taken)
    call = caller(story, "1", served="1003")
    story.pass_time(20.0)
    story.replace_engine()
    assert story.state(call) is CallState.WAITING
    story.pass_time(10.0)
    assert story.call(call).leg is not None


# --- which of several ---------------------------------------------------------------------------------------


def test_the_most_skilled_are_rung_first(story: Story) -> None:
    assert [talk(story, "3") for _ in range(2)] == ["1002", "1001"]


def test_experts_are_spared(story: Story) -> None:
    assert [talk(story, "5") for _ in range(4)] == ["1004", "1003", "1001", "1002"]


def test_in_turns_whoever_got_ready_last(story: Story) -> None:
    rung = []
    for _ in range(6):
        call = caller(story, "6")
        rung.append(story.seat(call))
        story.hang_up(call)
        story.pass_time(5.0)
    assert rung == ["1001", "1002", "1003", "1004", "1001", "1002"]


def test_fewest_calls_first_and_nobody_makes_up_for_his_break(story: Story) -> None:
    busy(story, "1003", "1004")
    for _ in range(4):
        call = caller(story, "7")
        story.pick_up(call)
        story.end_leg(call)
    story.order("1003", "ready")
    rung = []
    for _ in range(4):
        call = caller(story, "7")
        rung.append(story.seat(call))
        story.pick_up(call)
        story.end_leg(call)
    assert sorted(rung[:3]) == ["1001", "1002", "1003"]


# --- lanes, reloads -----------------------------------------------------------------------------------------


def test_it_is_known_how_many_seats_a_lane_has_taken(story: Story) -> None:
    call = caller(story, "5")
    pool = story.board.dispatch.seats.pools[LOCAL]
    assert (pool.busy_with("crisis"), pool.busy_with("routine")) == (1, 0)
    story.pick_up(call)
    story.replace_engine()
    pool = story.board.dispatch.seats.pools[LOCAL]
    assert (pool.busy_with("crisis"), pool.busy_with("routine")) == (1, 0)
    story.end_leg(call)
    assert pool.busy_with("crisis") == 0
