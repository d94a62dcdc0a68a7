"""When pools are opened to a queue and closed again, and whose seats are left alone meanwhile."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ivr_engine.core.call import CallState
from ivr_engine.dialplan.load import load
from ivr_engine.model.ids import CallId, PoolName, SeatId
from ivr_engine.model.notices import Offered, OverflowChanged
from ivr_engine.nodes import NODE_TYPES
from tests.simulation.stories import Story

HOTLINE = load(Path(__file__).parent / "hotlines" / "pools.yaml", NODE_TYPES)
WUHAN, CHENGDU = PoolName("wuhan"), PoolName("chengdu")


@pytest.fixture
def story() -> Iterator[Story]:
    told = Story(HOTLINE)
    yield told
    told.end()


def wait(story: Story) -> CallId:
    call = story.dial()
    story.press(call, "2")
    return call


def talk(story: Story, many: int = 1) -> list[CallId]:
    calls = [wait(story) for _ in range(many)]
    for call in calls:
        story.pick_up(call)
    return calls


def reach(story: Story, *, agents: bool = True, trunks: tuple[PoolName, ...] = (WUHAN, CHENGDU)) -> None:
    story.exchange.agents = {SeatId("1001"), SeatId("1002")} if agents else set()
    story.exchange.trunks = set(trunks)
    story.exchange.look_at_phones()
    story.deliver_all()


def turns(story: Story, pool: PoolName) -> list[bool]:
    return [notice.open for notice in story.all(OverflowChanged) if notice.pool == pool]


def why(story: Story) -> str:
    return story.all(OverflowChanged)[-1].why


# --- conditions ---------------------------------------------------------------------------------------------


def test_a_pool_with_a_condition_is_left_alone_until_the_first_caller_has_waited_so_long(story: Story) -> None:
    reach(story, trunks=(WUHAN,))
    talk(story, 2)
    call = wait(story)
    story.pass_time(59)
    assert (story.state(call), turns(story, WUHAN)) == (CallState.WAITING, [])
    story.pass_time(1)  # nothing else happens then: a timer looks
    assert story.seat(call) == "wuhan#1"
    assert why(story) == "the first caller has waited 60 s, the bound is 60 s"


def test_it_opens_at_once_when_too_many_wait(story: Story) -> None:
    reach(story, trunks=(WUHAN,))
    talk(story, 2)
    first, second = wait(story), wait(story)
    assert story.state(second) is CallState.WAITING
    third = wait(story)
    assert [story.state(call) for call in (first, second, third)] == [
        CallState.OFFERED,
        CallState.OFFERED,
        CallState.WAITING,
    ]
    assert why(story) == "3 callers wait, the bound is 3"


def test_it_stays_open_for_the_time_named_and_closes_only_when_all_is_clearly_below(story: Story) -> None:
    reach(story, trunks=(WUHAN,))
    busy = talk(story, 2)
    waiting = [wait(story) for _ in range(4)]
    story.pick_up(waiting[0])
    story.pick_up(waiting[1])
    story.pass_time(30)
    story.hang_up(waiting[2])
    story.pass_time(18)  # the one left has waited for 48 s, four fifths of the bound: the time begins anew
    story.hang_up(waiting[3])
    story.pass_time(100)
    again = wait(story)  # one of three is calm: the time goes on
    story.pass_time(19)
    assert turns(story, WUHAN) == [True]
    story.pass_time(1)
    assert turns(story, WUHAN) == [True, False]
    assert why(story) == "all is below its bounds again"
    story.hang_up(waiting[0])
    assert story.state(again) is CallState.WAITING, "a line is free there, and closed to him"
    story.hang_up(busy[0])
    assert story.seat(again) == "1001"


def test_a_bound_may_have_to_be_reached_for_some_time(story: Story) -> None:
    reach(story, trunks=(CHENGDU,))
    first = talk(story, 2)
    story.pass_time(20)
    story.hang_up(first[0])
    story.pass_time(1)
    talk(story)
    waiting = wait(story)
    story.pass_time(29)
    assert turns(story, CHENGDU) == []
    story.pass_time(1)
    assert story.seat(waiting) == "chengdu#1"
    assert why(story) == "100 % of the seats before it are taken, the bound is 90 %"


def test_it_is_open_while_nobody_before_it_can_be_reached(story: Story) -> None:
    reach(story, agents=False, trunks=(WUHAN,))
    assert turns(story, WUHAN) == [True]
    (call,) = talk(story)
    assert story.seat(call) == "wuhan#1"
    assert turns(story, CHENGDU) == [], "somebody is before it"
    reach(story)
    story.pass_time(119)
    assert turns(story, WUHAN) == [True]
    story.pass_time(1)
    assert turns(story, WUHAN) == [True, False]


def test_what_is_not_its_first_pool_is_overflow(story: Story) -> None:
    reach(story, agents=False)
    wait(story)
    (offer,) = story.all(Offered)
    assert (offer.pool, offer.overflow) == (WUHAN, True)


def test_a_new_version_without_the_condition_closes_what_was_open(story: Story) -> None:
    reach(story, agents=False, trunks=(WUHAN,))
    queues = {name: replace(queue, turns=queue.turns[:1]) for name, queue in HOTLINE.queues.items()}
    story.reload(replace(HOTLINE, version="without", queues=queues))
    story.deliver_all()
    assert turns(story, WUHAN) == [True, False]
    assert story.state(wait(story)) is CallState.WAITING
