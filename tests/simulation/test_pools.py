"""Whose seats a queue may have: kept free, reserved, in hours, near the caller, cheap, grown in a crisis, working."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ivr_engine.core.call import CallState
from ivr_engine.core.seat import SeatState
from ivr_engine.dialplan.load import load
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.commands import RingSeat, TrunkLine
from ivr_engine.model.events import CallArrived, CrisisOrdered
from ivr_engine.model.ids import CallId, PoolName, SeatId
from ivr_engine.model.notices import PoolChanged, PoolHealthChanged
from ivr_engine.nodes import NODE_TYPES
from tests.simulation.stories import Story
from tests.simulation.world import NUMBER

Tell = Callable[..., Story]
HEAD = """
hotline: seats
numbers: ["4000000400"]
languages: [zh-CN]
fallback: {say: 您好。, agents: [1001]}
start: main
shifts: {night: [{from: "22:00", to: "06:00"}], day: [{from: "06:00", to: "22:00"}]}
steps:
  main: {menu: 请按键。, keys: {1: {enqueue: first}, 2: {enqueue: second}}}
  otherwise: {enqueue: first}
"""


@pytest.fixture
def tell(tmp_path: Path) -> Iterator[Tell]:
    """A hotline with these pools and queues; the trunks are up, and everybody is there."""
    stories: list[Story] = []

    def begin(pools: str, first: str, second: str = "{pools: [local]}", **crises: str) -> Story:
        folder = tmp_path / "seats"
        (folder / "crisis").mkdir(parents=True)
        queues = f"queues:\n  first: {first}\n  second: {second}\n"
        (folder / "hotline.yaml").write_text(f"{HEAD}pools:\n{pools}\n{queues}", "utf-8")
        for name, seats in crises.items():
            steps = "start: main\nsteps: {hello: {say: 您好。, then: main}}\n"
            (folder / "crisis" / f"{name}.yaml").write_text(f"crisis: {name}\nseats: {seats}\n{steps}", "utf-8")
        stories.append(Story(load(folder, NODE_TYPES)))
        stories[-1].exchange.look_at_phones()
        stories[-1].deliver_all()
        return stories[-1]

    yield begin
    for story in stories:
        story.end()


def wait(story: Story, queue: str = "1", region: str = "") -> CallId:
    if not region:
        call = story.dial()
    else:
        story.held = True
        call = story.dial()
        story.held = False
        story.exchange.facts.clear()
        story.tell(CallArrived(call, NUMBER, "138****0000", region))
        story.deliver_all()
    story.press(call, queue)
    return call


def talk(story: Story, queue: str = "1") -> CallId:
    call = wait(story, queue)
    story.pick_up(call)
    return call


def seats_of(story: Story, pool: str) -> dict[str, SeatState]:
    return {seat.id: seat.state for seat in story.board.dispatch.seats.pools[PoolName(pool)].seats.values()}


# --- donors and lanes ---------------------------------------------------------------------------------------


def test_overflow_leaves_so_many_seats_to_the_queues_a_pool_belongs_to(tell: Tell) -> None:
    story = tell(
        "  local: {agents: [1001]}\n  donor: {agents: [2001, 2002, 2003], keep free: 2}",
        "{pools: [local, donor]}",
        "{pools: [donor]}",
    )
    assert [story.seat(talk(story)) for _ in range(2)] == ["1001", "2001"]
    waiting = wait(story)
    assert story.state(waiting) is CallState.WAITING, "two are left, and kept free"
    assert [story.seat(talk(story, "2")) for _ in range(2)] == ["2002", "2003"]


def test_a_share_to_be_kept_free_is_of_those_on_duty(tell: Tell) -> None:
    story = tell(
        "  local: {agents: [1001]}\n  donor: {agents: [2001, 2002, 2003, 2004], keep free: 50%}",
        "{pools: [local, donor]}",
        "{pools: [donor]}",
    )
    story.exchange.agents -= {SeatId("2003"), SeatId("2004"), SeatId("1001")}
    story.exchange.look_at_phones()
    story.deliver_all()
    assert story.seat(talk(story)) == "2001"
    assert story.state(wait(story)) is CallState.WAITING


LANES = "  local: {agents: [1001, 1002, 1003, 1004, 1005], reserve: {crisis: 2, routine: 2}}"


def test_each_lane_has_its_reserved_seats_and_the_rest_is_for_all(tell: Tell) -> None:
    story = tell(LANES, "{pools: [local]}", "{pools: [local], lane: crisis}")
    routine = [wait(story) for _ in range(5)]
    assert [story.state(call) for call in routine].count(CallState.OFFERED) == 3, "two seats are kept for the crisis"
    crisis = [wait(story, "2") for _ in range(3)]
    assert [story.state(call) for call in crisis].count(CallState.OFFERED) == 2
    story.pick_up(routine[0])
    story.hang_up(routine[0])
    story.pass_time(5)
    assert story.state(routine[3]) is CallState.OFFERED, "he has waited longest for the seat that is for all"
    story.hang_up(routine[4])
    for call in (routine[1], routine[2]):
        story.pick_up(call)
        story.hang_up(call)
        story.pass_time(5)
    assert story.state(crisis[2]) is CallState.OFFERED
    last = wait(story, "2")
    assert story.state(last) is CallState.WAITING, "one more is for routine calls"
    assert story.state(wait(story)) is CallState.OFFERED


def test_with_fewer_people_than_reserved_seats_nobody_waits_while_one_is_ready(tell: Tell) -> None:
    story = tell(LANES, "{pools: [local]}", "{pools: [local], lane: crisis}")
    story.exchange.agents = {SeatId("1001"), SeatId("1002"), SeatId("1003")}
    story.exchange.look_at_phones()
    story.deliver_all()
    calls = [wait(story, queue) for queue in ("1", "2", "1", "2")]
    assert [story.state(call) for call in calls].count(CallState.OFFERED) == 3


# --- hours, regions, cost, numbers --------------------------------------------------------------------------


def test_a_pool_is_rung_in_its_hours_only_and_a_timer_looks(tell: Tell) -> None:
    story = tell("  local: {agents: [1001], hours: night}\n  other: {agents: [2001]}", "{pools: [local]}")
    assert story.now % 86400 == 8 * 3600, "four in the afternoon in Shanghai"
    call = wait(story)
    assert story.state(call) is CallState.WAITING
    told = [notice.shut for notice in story.all(PoolChanged) if notice.pool == "local"]
    assert told[-1] == "outside its hours, night"
    story.pass_time(6 * 3600)  # and nothing else happens
    assert story.seat(call) == "1001"
    assert story.board.dispatch.seats.pools[PoolName("local")].shut == ""
    story.pick_up(call)
    story.pass_time(8 * 3600)
    assert story.state(call) is CallState.TALKING, "who talks finishes his call"
    assert story.state(wait(story)) is CallState.WAITING


def test_callers_of_a_region_try_its_pool_first(tell: Tell) -> None:
    pools = "  local: {agents: [1001]}\n  south: {agents: [2001, 2002], regions: [广东, 广西]}"
    story = tell(pools, "{pools: [local, south]}")
    assert story.seat(wait(story, region="广东深圳")) == "2001"
    assert story.seat(wait(story, region="北京")) == "1001"
    assert story.seat(wait(story)) == "2002", "the others come there last"


def test_pools_tried_as_one_share_by_weight_and_the_cheaper_comes_first(tell: Tell) -> None:
    story = tell(
        "  local: {agents: [1001]}\n"
        "  big: {trunk: true, number: 8001, capacity: 50, cost: 2, weight: 3}\n"
        "  small: {trunk: true, number: 8002, capacity: 50, cost: 2}\n"
        "  dear: {trunk: true, number: 8003, capacity: 50, cost: 3}\n"
        "  cheap: {trunk: true, number: 8004, capacity: 1, cost: 1}",
        "{pools: [local, [dear, small, big, cheap]]}",
    )
    talk(story)
    rung = [story.seat(talk(story)).partition("#")[0] for _ in range(9)]
    assert rung == ["cheap", "big", "small", "big", "big", "big", "small", "big", "big"]


def test_a_person_at_an_ordinary_number_is_a_seat_of_his_own(tell: Tell) -> None:
    story = tell(
        "  local: {agents: [1001]}\n"
        "  home: {trunk: carrier, numbers: {13800138000: 张主任, 13800138001: 李工}}\n"
        "  lines: {trunk: carrier, number: 8001, capacity: 1}",
        "{pools: [home, lines], after call: 10s}",
    )
    first = talk(story)
    assert (story.seat(first), story.ordered(RingSeat)[-1].to) == (
        "home#张主任",
        TrunkLine(PoolName("carrier"), "13800138000"),
    )
    assert story.board.dispatch.seats.pools[PoolName("home")].plan.confirm is not None, "what answers may be a mailbox"
    assert [story.seat(talk(story)) for _ in range(2)] == ["home#李工", "lines#1"]
    story.end_leg(first)
    assert seats_of(story, "home")["home#张主任"] is SeatState.WRAP_UP, "people rest"


# --- crisis -------------------------------------------------------------------------------------------------


def test_in_a_crisis_there_are_more_lines_in_the_same_decision_and_fewer_when_it_is_over(tell: Tell) -> None:
    pools = "  local: {agents: [1001]}\n  far: {trunk: true, number: 8001, capacity: 2, most: 5}"
    story = tell(pools, "{pools: [far]}", recall="300%", outage="200%")
    calls = [wait(story) for _ in range(6)]
    assert [story.state(call) for call in calls].count(CallState.OFFERED) == 2
    story.tell(CrisisOrdered("recall", "tester", "because"))
    assert [story.state(call) for call in calls].count(CallState.OFFERED) == 5, "three times two, at most five"
    for call in calls[:5]:
        story.pick_up(call)
    story.tell(CrisisOrdered("outage", "tester", "because"))
    story.tell(CrisisOrdered(None, "tester", "because"))
    assert len(seats_of(story, "far")) == 5, "who has a line keeps it"
    for call in calls[:5]:
        story.hang_up(call)
    story.deliver_all()
    assert len(seats_of(story, "far")) == 2
    story.pick_up(calls[5])
    assert story.state(calls[5]) is CallState.TALKING


def test_a_standby_pool_takes_part_in_its_crisis_only(tell: Tell) -> None:
    pools = "  some: {agents: [2001], only in: recall}\n  any: {agents: [3001], only in: crisis}"
    first = "{pools: [local, some, any]}"
    story = tell(f"  local: {{agents: [1001]}}\n{pools}", first, recall="100%", outage="100%")
    calls = [wait(story) for _ in range(3)]
    assert [story.state(call) for call in calls].count(CallState.OFFERED) == 1
    story.tell(CrisisOrdered("outage", "tester", "because"))
    assert story.seat(calls[1]) == "3001"
    story.tell(CrisisOrdered("recall", "tester", "because"))
    assert story.seat(calls[2]) == "2001"


# --- health -------------------------------------------------------------------------------------------------

FAR = "  local: {agents: [1001]}\n  far: {trunk: true, number: 8001, capacity: 9}\n  next: {agents: [2001, 2002]}"


def healthy(story: Story) -> list[bool]:
    return [notice.healthy for notice in story.all(PoolHealthChanged)]


def fail(story: Story, call: CallId, cause: LegEnd = LegEnd.UNREACHABLE) -> str:
    """The line that rings for him fails; the seat it was."""
    seat = story.seat(call)
    story.end_leg(call, cause)
    return seat


def test_a_pool_whose_lines_fail_is_skipped_and_the_caller_offered_next_at_once(tell: Tell) -> None:
    story = tell(FAR, "{pools: [far, next]}")
    call = wait(story)
    assert [fail(story, call) for _ in range(3)] == ["far#1", "far#2", "far#3"]
    assert (story.seat(call), healthy(story)) == ("2001", [False])
    assert "unreachable" in story.all(PoolHealthChanged)[0].why
    assert story.seat(wait(story)) == "2002", "others are not even offered there"


def test_it_is_tried_with_one_caller_after_pauses_that_grow_and_trusted_when_a_line_rings(tell: Tell) -> None:
    story = tell(FAR, "{pools: [far]}")
    call, other = wait(story), wait(story)
    for one in (call, call, call):
        fail(story, one)
    fail(story, other)
    for pause in (5, 10, 20, 40, 60, 60):
        story.pass_time(pause - 0.5)
        assert [story.state(one) for one in (call, other)] == [CallState.WAITING] * 2
        story.pass_time(0.5)
        assert [story.state(one) for one in (call, other)] == [CallState.OFFERED, CallState.WAITING], "one alone"
        fail(story, call, LegEnd.FAILED)
    assert healthy(story) == [False]
    story.pass_time(60)
    story.ring(call)
    assert healthy(story) == [False, True]
    assert story.state(other) is CallState.OFFERED


def test_what_people_do_is_not_the_lines_fault(tell: Tell) -> None:
    story = tell(FAR, "{pools: [far]}")
    call = wait(story)
    for cause in (LegEnd.UNREACHABLE, LegEnd.UNREACHABLE, LegEnd.BUSY, LegEnd.UNREACHABLE, LegEnd.FAILED):
        fail(story, call, cause)
        story.pass_time(6)
    for _ in range(4):
        fail(story, call, LegEnd.NO_ANSWER)
        story.pass_time(6)
    assert healthy(story) == []


def test_one_phone_out_of_order_does_not_make_its_pool_suspect(tell: Tell) -> None:
    story = tell("  local: {agents: [1001, 1002, 1003]}", "{pools: [local]}")
    talk(story)
    talk(story)
    call = wait(story)
    for _ in range(6):
        fail(story, call)
        story.pass_time(6)
    assert healthy(story) == []


def test_a_trial_that_says_nothing_is_made_again(tell: Tell) -> None:
    story = tell(FAR, "{pools: [far]}")
    call = wait(story)
    for _ in range(3):
        fail(story, call)
    story.pass_time(5)
    other = wait(story)
    story.hang_up(call)
    story.exchange.end_leg(next(iter(story.exchange.seats)), LegEnd.HUNG_UP)
    story.deliver_all()
    assert story.state(other) is CallState.OFFERED


def test_a_pool_with_a_condition_opens_when_the_lines_before_it_fail(tell: Tell) -> None:
    story = tell(FAR, "{pools: [far, {pool: next, when: {wait: 10m}}]}")
    call = wait(story)
    for _ in range(3):
        fail(story, call)
    assert story.seat(call) == "2001"
