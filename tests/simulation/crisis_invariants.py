"""What must hold of crises after every single fact. It does not know what is drawn."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from ivr_engine.core import Switchboard
from ivr_engine.core.call import Call, CallState
from ivr_engine.core.crisis.active import plan_in
from ivr_engine.core.outbox import ClockDue, CrisisEnds, NodeWait, ProposalLapses, StatusEnds, StatusStale
from ivr_engine.model import commands as c
from ivr_engine.model.events import (
    AnyEvent,
    ArmOrdered,
    CanaryOrdered,
    ClockAnswered,
    CrisisOrdered,
    DialplanSwitched,
    PromptFinished,
    ProposalAnswered,
    StatusOrdered,
    TimerFired,
)
from ivr_engine.model.ids import CallId
from ivr_engine.model.notices import CrisisAnswered, CrisisStateChanged
from ivr_engine.nodes._node import JoinQueue

if TYPE_CHECKING:
    from tests.simulation.world import World

OF_PEOPLE = (CrisisOrdered, ProposalAnswered, StatusOrdered, ClockAnswered, ArmOrdered)


def check(world: World) -> None:
    """Look at all crises. Raises AssertionError with what is wrong."""
    crisis = world.board.crisis
    assert crisis.state == world.crises, "something has changed, and nobody was told"
    for call in world.board.calls.values():
        _waits_where_he_belongs(world, call)
    _no_timer_too_many(world)


def of_one_decision(fact: AnyEvent, orders: list[c.AnyCommand]) -> None:
    """What must hold of a fact and what it led to."""
    told = [order.notice if isinstance(order, c.Publish) else None for order in orders]
    states = [place for place, notice in enumerate(told) if isinstance(notice, CrisisStateChanged)]
    assert states in ([], [0]), "something follows from a switch that was not written down yet"
    answers = [notice.ask for notice in told if isinstance(notice, CrisisAnswered)]
    ask = getattr(fact, "ask", "") if type(fact) in OF_PEOPLE else ""
    assert answers == ([ask] if ask else []), f"{ask!r} is answered by {answers}"
    refused = any(isinstance(notice, CrisisAnswered) and not notice.ok for notice in told)
    assert not refused or not states, "refused, and something came of it"


def in_the_middle(world: World) -> dict[CallId, str]:
    """Who is in a menu that is not his any more, and what he hears or waits for there."""
    return {call.id: call.play or "" for call in world.board.calls.values() if _is_elsewhere(world, call)}


def follow(world: World, before: dict[CallId, str], fact: AnyEvent, purpose: object) -> None:
    """Who was in a menu that is not his any more leaves it as soon as his word is over."""
    if isinstance(fact, TimerFired):
        over = purpose.call if isinstance(purpose, NodeWait) else None
    elif isinstance(fact, PromptFinished):
        over = fact.call if before.get(fact.call) == fact.play else None
    else:
        return
    call = world.board.calls.get(over) if over is not None and over in before else None
    assert call is None or not _is_elsewhere(world, call), f"{over} stays in a menu that is not his any more"


def lives_through_again(world: World) -> None:
    """The facts since the engine began, written and read, lead to the same orders in another."""
    begun, running, known = world.begun
    board = Switchboard(running)
    for version in known:
        board.offer_version(version)
    for (now, fact), orders in zip(world.log[begun:], world.orders[begun:], strict=True):
        read = msgspec.json.decode(msgspec.json.encode(fact), type=AnyEvent)
        assert read == fact, "a fact is another when it was written and read"
        if isinstance(fact, DialplanSwitched | CanaryOrdered) and fact.version is not None:
            board.offer_version(world.versions[fact.version])
        assert board.handle(read, now) == orders, f"another decision: {fact}"


def _is_elsewhere(world: World, call: Call) -> bool:
    if call.state is not CallState.MENU or call.settled or call.talk is not None or call.transferred_at is not None:
        return False
    return world.board.crisis.flow_of(call).name != call.flow.name


def _waits_where_he_belongs(world: World, call: Call) -> None:
    if call.state is not CallState.WAITING or world.board.dispatch.waiting.paused:
        return
    names = tuple(dict.fromkeys(one.profile for one in world.board.crisis.covering(call)))
    assert call.followed == names, f"{call.id} has heard of {call.followed}, and on is {names}"
    if call.away:
        return
    movers = [profile for profile, _ in call.sorted_from]
    assert set(movers) <= set(names), f"{call.id} was moved by {movers}, and on is {names}"
    assert len(set(movers)) == len(movers)
    wish = world.board.ivr.wish_at(call)
    if not movers and isinstance(wish, JoinQueue):
        assert call.queue == wish.queue, f"{call.id} is not back in his queue"
    queue = wish.queue if isinstance(wish, JoinQueue) else None
    for profile, before in call.sorted_from:
        assert before == queue, f"{call.id} came from {queue}, not {before}"
        queue = plan_in(call.hotline, profile).waiting.move[before]
    assert call.queue == queue or not isinstance(wish, JoinQueue)


def _no_timer_too_many(world: World) -> None:
    crisis = world.board.crisis
    purposes = Counter(world.board._out.timers.values())
    expected: Counter[object] = Counter(ProposalLapses(name) for name in crisis.proposals.open)
    expected.update(CrisisEnds(one.profile, one.scope.drill) for one in crisis.active if one.until is not None)
    expected.update(StatusEnds(flow) for flow, one in crisis.statuses.live.items() if one.until is not None)
    live = crisis.statuses.live.items()
    expected.update(StatusStale(flow) for flow, one in live if one.refresh_by is not None and not one.stale)
    kinds = (ProposalLapses, CrisisEnds, StatusEnds, StatusStale)
    assert Counter({key: many for key, many in purposes.items() if isinstance(key, kinds)}) == expected
    running = {(one.profile, one.clock) for one in crisis.clocks.all if one.done_at is None}
    on = {one.profile for one in crisis.active}
    for purpose, many in purposes.items():
        if isinstance(purpose, ClockDue):
            assert many == 1
            assert (purpose.profile, purpose.clock) in running, f"{purpose} runs on"
            assert purpose.profile in on


def nothing_is_changed(world: World) -> None:
    """No crisis is on, and all is as the dialplan says."""
    dispatch, plan = world.board.dispatch, world.board.versions.plan(())
    assert {name: queue.plan for name, queue in dispatch.queues.items()} == plan.queues
    assert {name: pool.plan for name, pool in dispatch.seats.pools.items()} == plan.pools
