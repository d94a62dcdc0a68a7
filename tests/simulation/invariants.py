"""What must hold after every single fact, whatever came before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ivr_engine.core.admission import refusal
from ivr_engine.core.call import Call, CallState
from ivr_engine.core.oddities import LATE_SECONDS, Odd
from ivr_engine.core.offer import Role, Stage
from ivr_engine.core.onward import MOST_TRANSFERS
from ivr_engine.core.outbox import ContentWithLess, NodeWait, NothingToSay, PutBackAgain, WaitedTooLong
from ivr_engine.core.queue import Queue
from ivr_engine.core.seat import ABSENT, NO_POOL, Seat, SeatState
from ivr_engine.dialplan.hotline import QueuePlan
from ivr_engine.model import commands as c
from ivr_engine.model.events import CallerLeft, LegEnded, MessageRecorded, PromptFinished, SeatHeard
from ivr_engine.model.ids import LegId, PoolName, call_of
from ivr_engine.model.notices import (
    AnyNotice,
    CallShown,
    CallStage,
    Ended,
    Offered,
    OverflowChanged,
    Trouble,
    TroubleKind,
)
from ivr_engine.model.skills import meets
from ivr_engine.nodes.briefing import Briefing

if TYPE_CHECKING:
    from tests.simulation.world import World

WAITING = (CallState.WAITING, CallState.DIALLING, CallState.OFFERED, CallState.JOINING)
HAS_A_LINE = (CallState.OFFERED, CallState.JOINING, CallState.TALKING)
ENDS = (CallerLeft, LegEnded, PromptFinished, SeatHeard, MessageRecorded)
BUSY = (SeatState.RINGING, SeatState.TALKING)


def check(world: World) -> None:
    """Look at everybody. Raises AssertionError with what is wrong."""
    world.lost_timers = {timer: due for timer, due in world.lost_timers.items() if timer in world.board.timers}
    assert {*world.timers, *world.lost_timers} == set(world.board.timers), "a timer was forgotten"
    assert not world.board.dispatch.departures(), "somebody left his queue and was brought nowhere"
    for call in world.board.calls.values():
        _in_one_place(world, call)
        _not_left_hanging(world, call)
        _not_where_nobody_can_come(world, call)
        _wants_no_more_than_he_may(world, call)
        _saved_where_he_is(world, call)
        _private_only_where_it_is_asked_for(call)
        _in_the_company_he_is_believed_in(world, call)
        assert call.transfers <= MOST_TRANSFERS
    _nobody_waits_for_a_ready_seat(world)
    _nobody_stays_for_a_call_he_left(world)
    _one_person_takes_a_call(world)
    _no_music_over_words(world)
    _each_seat_on_one_call(world)
    _each_agent_as_he_was_told(world)


def look_at(world: World, notice: AnyNotice) -> None:
    """What must hold when something is told."""
    if isinstance(notice, Offered):
        seat = world.board.dispatch.seats.by_id[notice.seat]
        _nobody_overtaken(world, notice, seat)
        assert seat.duty.word == "on duty", f"{seat.id} is rung, and is {seat.duty.word}"
        queue = world.board.dispatch.queues[notice.queue].plan
        assert notice.directed or is_open_to(world, queue, notice.pool), "rung where it is closed to his queue"
    if isinstance(notice, Trouble) and notice.kind is TroubleKind.REPAIRED:
        assert not world.faultless or _its_end_is_told(world, notice), f"a repair without a fault: {notice.what}"
    if isinstance(notice, OverflowChanged):
        assert ((notice.queue, notice.pool) in world.opened) != notice.open, "opened or closed twice"
        (world.opened.add if notice.open else world.opened.discard)((notice.queue, notice.pool))
    if isinstance(notice, Ended):
        assert sum(isinstance(n, Ended) and n.call == notice.call for n in world.notices) == 1, "ended twice"
        record = notice.record
        if record.connected_at is not None:
            assert record.enqueued_at is not None
            assert record.enqueued_at <= record.connected_at <= record.ended_at


def _its_end_is_told(world: World, notice: Trouble) -> bool:
    """Whether the fact of an end is under way.

    What began after one look and ended before the next is gone from both, and nothing tells this from a beginning that
    never came to be. To wait for a third look would leave that caller in silence for longer; the repair does what the
    fact will do. A caller who is there is another matter: who is taken for a new one, and is not, is counted twice.
    """
    ends = [fact for fact in world.exchange.facts if isinstance(fact, ENDS)]
    owners = {call_of(fact.leg) if isinstance(fact, LegEnded | SeatHeard) else fact.call for fact in ends}
    return notice.call in owners and not notice.what.startswith(Odd.CALL_UNKNOWN.value)


def is_told_apart(world: World, notice: AnyNotice, *, drill: bool) -> None:
    """What is told of a drill, and nothing else, is told as of a drill."""
    call = notice.call if isinstance(notice, CallStage | Trouble) else None
    assert drill == (call in world.drills), f"a drill, or none: {notice}"
    if isinstance(notice, Ended):
        assert notice.record.drill == drill
    if isinstance(notice, CallShown) and notice.call is not None:
        assert notice.call.drill == (notice.call.call in world.drills), "the agent does not know what he is rung for"


def belief_is_reality(world: World) -> None:
    """When everything has been told and carried out: what is believed is what there is."""
    board, exchange = world.board, world.exchange
    assert set(board.calls) == set(exchange.callers)
    assert set(board.dispatch.offers) == set(exchange.seats)
    assert {call.bridge for call in board.calls.values() if call.bridge} == set(exchange.bridges)
    for leg, offer in board.dispatch.offers.items():
        assert offer.call is not None, f"nobody wants {leg} any more"
        assert exchange.seats[leg].answered == (offer.seat.state is SeatState.TALKING)
    for call in board.calls.values():
        listens = call.state is CallState.JOINING and exchange.callers[call.id].plays  # the order to stop was refused
        goes_on = call.state not in (CallState.JOINING, CallState.LEAVING)
        assert goes_on or listens, f"{call.id} is still {call.state.value}"
        talks = call.state is CallState.TALKING
        second = board.dispatch.company.second(call)
        here = {call.leg, None if call.held else call.id, second.leg if second and second.is_there else None} - {None}
        found = exchange.bridges.get(call.bridge, set()) if call.bridge else set()
        assert found == (here if talks else set()), f"{call.id} talks to somebody else"
    assert all(due > world.now - LATE_SECONDS - 2 * world.LOOK_SECONDS for due in world.lost_timers.values())


def is_open_to(world: World, queue: QueuePlan, pool: PoolName) -> bool:
    """Whether a pool has no condition for a queue, or was told to be open."""
    use = next(use for turn in queue.turns for use in turn if use.pool == pool)
    return use.when is None or (queue.name, pool) in world.opened


def names_in(order: c.AnyCommand) -> list[str]:
    """What an order gives a name to: no name may ever be given twice."""
    match order:
        case c.Play() | c.SpeakToSeat():
            return [order.play]
        case c.RingSeat():
            return [order.leg]
        case c.Join() | c.Listen():
            return [order.bridge, order.ear] if isinstance(order, c.Listen) else [order.bridge]
        case c.RecordMessage():
            return [order.message]
        case c.AskSystem():
            return [order.query]
    return []


def _nobody_overtaken(world: World, notice: Offered, seat: Seat) -> None:
    """Of all who could be offered this seat, nobody stands before him; unless he is back at his own agent."""
    queues = world.board.dispatch.queues
    queue = queues[notice.queue]
    call = next(one for one in queue if one.id == notice.call)  # who is called back is no live call yet
    wants, his = queue.wants_of(call), _rank(call, queue)
    assert meets(seat.skills, wants.needs), f"{seat.id} has not what {call.id} needs"
    assert wants.agent in (None, seat.id), f"{call.id} waits for {wants.agent} alone"
    for other in queues.values() if wants.agent is None else ():
        for rival in other if _has_the_same_right(world, seat.pool, queue, other) else ():
            theirs = other.wants_of(rival)
            waits = rival.state is CallState.WAITING and theirs.agent is None and meets(seat.skills, theirs.needs)
            assert not waits or _rank(rival, other) >= his, f"{rival.id} was overtaken by {call.id}"


def _has_the_same_right(world: World, pool: PoolName, one: Queue, other: Queue) -> bool:
    """Whether a pool may be rung for another queue as well, and keeps no seats from it alone."""
    plan, lanes = world.board.dispatch.seats.pools[pool].plan, (one.plan.lane, other.plan.lane)
    kept = plan.keep_free.number and one.plan.is_overflow(pool) != other.plan.is_overflow(pool)
    is_open = pool in other.opened and is_open_to(world, other.plan, pool)  # it may have been opened after that offer
    return is_open and not kept and (not plan.reserve or lanes[0] == lanes[1])


def _rank(call: Call, queue: Queue) -> tuple[float, float]:
    priority, since = queue.plan.priority + call.priority, call.enqueued_at or 0.0
    return (-priority, since) if queue.ageing is None else (0.0, since - priority * queue.ageing)


def _in_one_place(world: World, call: Call) -> None:
    dispatch = world.board.dispatch
    lines = [name for name, queue in dispatch.queues.items() if call in queue]
    expected = 1 if call.state in WAITING and call.transfer is None else 0
    assert len(lines) == expected or (call.state is CallState.LEAVING and not lines), f"{call.id}: {call.state} {lines}"
    assert not lines or lines == [call.queue]
    may_or_not = (CallState.LEAVING, CallState.DIALLING)
    assert (call.leg in dispatch.offers) == (call.state in HAS_A_LINE) or call.state in may_or_not
    assert call.transfer is None or call.state in HAS_A_LINE or call.state is CallState.LEAVING
    if call.leg in dispatch.offers:
        assert dispatch.offers[call.leg].call is call or call.state is CallState.LEAVING


def _not_left_hanging(world: World, call: Call) -> None:
    timers = world.board._out.timers.values()
    match call.state:
        case CallState.MENU:
            assert call.step is not None
            waits = NodeWait(call.id) in timers
            assert waits == (call.wait is not None)
            assert call.play or waits or call.query or call.message, f"{call.id} is left hanging at {call.step}"
            assert not call.music
            assert call.patience is None
        case CallState.WAITING | CallState.OFFERED:
            assert call.music or call.sounding, f"{call.id} waits in silence"
        case CallState.JOINING:
            assert call.bridge or call.sounding, f"{call.id} is never joined"
    if call.state in WAITING and call.endings.longest is not None:
        is_rung = call.state is not CallState.WAITING and world.board.dispatch.waiting.is_overdue(call)
        assert WaitedTooLong(call.id) in timers or is_rung, f"{call.id} may wait for ever"
    if call.play is not None and _all_is_told(world):
        line = world.exchange.callers.get(call.id)
        ends = line is not None and call.play in line.plays
        assert ends or NothingToSay(call.id, call.play) in timers, f"{call.id} waits for words that are over"


def _all_is_told(world: World) -> bool:
    """Whether every order has been carried out and every fact been taken in."""
    sees = world.exchange.linked and world.seeing and not world.overflowed and not world.lost
    return sees and not world.lanes and not world.exchange.facts


def _not_where_nobody_can_come(world: World, call: Call) -> None:
    dispatch = world.board.dispatch
    if call.state is CallState.WAITING and call.endings.no_seats and not dispatch.waiting.paused and call.queue:
        pools = dispatch.queues[call.queue].plan.pools
        queue = dispatch.queues[call.queue]
        needs = dispatch.waiting.fitting.in_the_end(call, queue.plan, call.needs)
        assert not all(dispatch.seats.pools[name].lacks(needs) for name in pools), f"{call.id} waits for nobody"


def _wants_no_more_than_he_may(world: World, call: Call) -> None:
    """Who waits for one agent alone, or will be content with less, is looked at again; nobody waits for who is gone."""
    dispatch = world.board.dispatch
    queue = dispatch.queues.get(call.queue) if call.queue else None
    if queue is None or call not in queue:
        return
    wants, will_be_seen = queue.wants_of(call), ContentWithLess(call.id) in world.board._out.timers.values()
    if wants.agent is not None:
        assert will_be_seen, f"{call.id} waits for {wants.agent} for ever"
        assert dispatch.seats.by_id[wants.agent].state not in ABSENT, f"{call.id} waits for {wants.agent}, who is gone"
    assert will_be_seen or wants.needs == dispatch.waiting.fitting.in_the_end(call, queue.plan, call.needs)
    assert call.wish is not None or call.needs == world.saved[call.id].needs


def _nobody_waits_for_a_ready_seat(world: World) -> None:
    """Seats are kept from a queue for a reason: none is kept from all of them."""
    dispatch = world.board.dispatch
    for queue in dispatch.queues.values() if not dispatch.waiting.paused else ():
        pools = [dispatch.seats.pools[name] for name in dispatch.overflow.open_to(queue)]
        for wants in queue.lines:
            ready = wants.agent is None and any(pool.able(wants.needs).ready for pool in pools)
            assert not ready or queue.first(wants) is None, f"somebody waits in {queue.plan.name} beside a ready seat"
    for pool in dispatch.seats.pools.values():
        lanes = {queue.plan.lane for queue in dispatch.queues.values() if pool.plan.name in queue.opened}
        if pool.ready and pool.plan.reserve and lanes >= pool.plan.reserve.keys():
            assert not all(refusal(pool, lane, is_overflow=False) for lane in lanes), "a ready seat is kept from all"


def _saved_where_he_is(world: World, call: Call) -> None:
    """Another engine, if it came now, would find him where he is."""
    saved = world.saved.get(call.id)
    if call.state is CallState.LEAVING or call.away:
        return
    if saved is None:
        assert call.state is CallState.MENU
        assert call.step == call.flow.start
        return
    assert saved.step == call.step, f"{call.id} is at {call.step}, and {saved.step} is written on his line"
    in_queue = saved.queue is not None and not saved.left_queue
    assert in_queue == call.is_of_queue
    assert not in_queue or saved.queue == call.queue
    assert saved.destination == (call.transfer.destination if call.transfer else None)
    if call.state is CallState.TALKING:
        assert (saved.leg, saved.bridge) == (call.leg, call.bridge)
        assert (saved.connected_at or saved.transferred_at) is not None
    assert saved.priority == call.priority
    assert list(saved.returns) == call.returns


def _private_only_where_it_is_asked_for(call: Call) -> None:
    if call.private:
        assert call.state is CallState.MENU
        node: Any = call.flow.steps[call.step] if call.step else None
        assert isinstance(node, Briefing) or node.sensitive


def _in_the_company_he_is_believed_in(world: World, call: Call) -> None:
    """Who is held hears music, and who is not is where his agent is; nobody's line is forgotten."""
    offers = world.board.dispatch.offers
    assert not call.held or (call.state is CallState.TALKING and call.music), f"{call.id} is on hold in silence"
    for leg, role in ((call.second, Role.JOINS), (call.listener, Role.LISTENS)):
        assert leg is None or (offers[leg].call is call and offers[leg].role is role), f"{leg} is not there"
        assert leg is None or call.state is CallState.TALKING
    if call.state is not CallState.TALKING or not _all_is_told(world) or call.id not in world.exchange.callers:
        return
    if PutBackAgain(call.id) in world.board._out.timers.values() or call.leg not in world.exchange.seats:
        return
    is_there = world.exchange.bridging.bridge_of.get(call.id) == call.bridge
    assert is_there != call.held, f"{call.id} is held: {call.held}, and in the bridge: {is_there}"


def _nobody_stays_for_a_call_he_left(world: World) -> None:
    for leg, offer in world.board.dispatch.offers.items():
        if offer.call is not None and offer.role is not Role.TAKES:
            assert leg in (offer.call.second, offer.call.listener), f"{leg} stays, and nobody knows what for"
    for bridge, members in world.exchange.bridges.items():
        for member in members:
            assert world.exchange.bridging.bridge_of[member] == bridge, f"{member} is in two bridges"


def _one_person_takes_a_call(world: World) -> None:
    """However many ring for him, a caller gets one of them; and one who was to confirm it only after he did."""
    offers = world.board.dispatch.offers
    taking: dict[str, str] = {}
    for leg, offer in offers.items():
        if offer.call is None or offer.role is not Role.TAKES:
            continue
        rings = [offer.call.leg, *offer.call.beside]
        assert rings.count(leg) == 1 or offer.call.state is CallState.LEAVING, f"{leg} rings, and its caller knows not"
        if offer.stage in (Stage.TOLD, Stage.TAKEN) and offer.call.state is not CallState.LEAVING:
            assert offer.call.id not in taking, f"{leg} and {taking[offer.call.id]} have both taken {offer.call.id}"
            taking[offer.call.id] = leg
            assert not offer.call.beside, "others ring on for a caller who is taken"
    for bridge, members in world.exchange.bridges.items():
        legs = [offers[leg] for member in members if (leg := LegId(member)) in offers]
        for offer in legs:
            assert offer.confirm is None or offer.leg in world.confirmed, f"a mailbox at {offer.leg} is in {bridge}"
        believed = [offer.leg for offer in legs if offer.role is Role.TAKES and offer.call is not None]
        assert len(believed) <= 1, f"{believed} are all joined with one caller"


def _no_music_over_words(world: World) -> None:
    for line in world.exchange.callers.values():
        if line.music and line.plays.keys() - line.unstopped and not line.music_spared:
            raise AssertionError(f"{line.call} hears words and music")


def _each_seat_on_one_call(world: World) -> None:
    dispatch = world.board.dispatch
    believed: dict[str, str] = {}
    for leg, offer in dispatch.offers.items():
        assert offer.seat.state in BUSY
        if offer.seat.pool == NO_POOL:
            continue  # somebody outside is rung for as many as want him
        assert offer.seat.id not in believed, "a seat has two offers"
        believed[offer.seat.id] = leg
    for seat in dispatch.seats.by_id.values():
        assert dispatch.seats.pools[seat.pool].seats[seat.id] is seat
        assert (seat.state in BUSY) == (seat.id in believed), f"seat {seat.id} leaked in {seat.state}"
    for pool in dispatch.seats.pools.values():
        ready = {seat.id for seat in pool.seats.values() if seat.state is SeatState.READY}
        can_be_rung = {place[-1].id for place in pool.able(())._lines["longest idle"]}
        assert can_be_rung == ready, "who can be rung is not who is ready"
    phones = [line.to.agent for line in world.exchange.seats.values() if isinstance(line.to, c.AgentPhone)]
    assert len(set(phones)) == len(phones), f"one phone rings for two calls: {phones}"


def _each_agent_as_he_was_told(world: World) -> None:
    """Who has no call and no rest does what he was told, as far as his phone lets him; and no rest is for ever."""
    for seat in world.board.dispatch.seats.by_id.values():
        told = (seat.duty.word, seat.reachable)
        match seat.state:
            case SeatState.READY:
                assert told == ("on duty", True)
            case SeatState.PAUSED:
                assert told == ("paused", True)
            case SeatState.SIGNED_OUT:
                assert seat.duty.word == "signed out"
            case SeatState.OFFLINE:
                assert seat.duty.word != "signed out"
                assert not seat.reachable
            case SeatState.WRAP_UP:
                assert seat.rest in world.board.timers, f"{seat.id} rests for ever"
        if seat.is_agent and not world.board.dispatch.offers:
            assert world.agents[seat.id].state == seat.state.value, "an agent is not told as he is"
