"""This file decides what became of everybody while nobody was looking. It does not know why nobody was.

Asterisk replays nothing. So what it has now (Resynced) is compared with what we believe, in four steps: forget what
is gone, take up what only Asterisk knows (a former engine's calls), end what belongs to nobody, and let every call
go on from a point that is certain. The same code serves a lost link and a killed engine: there, we believe nothing.
"""

from ivr_engine.core.call import Call, CallState, CallTrigger
from ivr_engine.core.dispatch import Dispatch
from ivr_engine.core.offer import Offer, Role, Stage
from ivr_engine.core.outbox import Outbox
from ivr_engine.core.seat import NO_POOL, Seat, SeatState, SeatTrigger, outside_seat
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.commands import DropBridge, HangUpLeg
from ivr_engine.model.events import Lines
from ivr_engine.model.found import FoundLeg
from ivr_engine.model.ids import BridgeId, CallId, DestinationName, LegId, StepName, call_of, count_of
from ivr_engine.model.saved import SavedCall, SavedSecond, Talk
from ivr_engine.nodes._node import JoinQueue, Transfer

HAS_OR_HAD_A_LINE = (SeatState.RINGING, SeatState.TALKING, SeatState.WRAP_UP)


def ids_in_use(found: Lines) -> dict[CallId, int]:
    """How many ids each call had minted at least, by what is there: more than was saved, if saving failed."""
    used: dict[CallId, int] = {}
    for part in (*(line.leg for line in found.legs), *found.bridges):
        used[call_of(part)] = max(used.get(call_of(part), 0), count_of(part))
    return used


def end_lost_legs(dispatch: Dispatch, out: Outbox, found: Lines) -> None:
    """Lines to seats that ended unseen; one whose order was still on its way must not ring afterwards."""
    alive = {leg.leg for leg in found.legs}
    for leg in [leg for leg in dispatch.offers if leg not in alive]:
        out.send(HangUpLeg(call_of(leg), leg))
        dispatch.leg_ended(leg, LegEnd.LOST, unseen=True)


def take_up(
    dispatch: Dispatch, call: Call, saved: SavedCall, found: Lines, wish: JoinQueue | Transfer | None
) -> StepName | None:
    """Go on with a call another engine saved: None if it is waiting or talking, else the step it goes on at.

    `wish` is what its step asks for.
    """
    if _talks(dispatch, call, saved, found) or _talks_outside(dispatch, call, saved, found, wish):
        return None
    here = call.step or call.flow.start
    if saved.destination is not None:
        outside = wish if isinstance(wish, Transfer) else None
        return outside.ended if outside and outside.ended and saved.bridge else here
    if saved.queue is None or saved.left_queue or saved.queue not in call.hotline.queues or saved.enqueued_at is None:
        return here
    if saved.connected_at is not None and isinstance(wish, JoinQueue) and wish.endings.answered is not None:
        call.enqueued_at = None
        return wish.endings.answered
    call.happens(CallTrigger.QUEUE)
    dispatch.waiting.join(call, saved.queue, saved.enqueued_at)
    dispatch.prompt_ended(call)
    return None


def _talks(dispatch: Dispatch, call: Call, saved: SavedCall, found: Lines) -> bool:
    queue, since = saved.queue, saved.connected_at
    if queue is None or since is None or saved.leg is None:
        return False
    seat = _seat_of(dispatch, saved)
    if seat is not None:
        call.talk = Talk(queue, since if saved.enqueued_at is None else saved.enqueued_at, since, seat.pool, seat.id)
    if not _are_joined(saved, found) or queue not in call.hotline.queues:
        return False
    if seat is None or seat.state in HAS_OR_HAD_A_LINE:
        return False
    call.happens(CallTrigger.QUEUE)
    call.happens(CallTrigger.OFFER)
    _take_up_talk(dispatch, call, saved.leg, saved.bridge, Offer(saved.leg, seat, call.hotline.queues[queue], call))
    return True


def _talks_outside(
    dispatch: Dispatch, call: Call, saved: SavedCall, found: Lines, wish: JoinQueue | Transfer | None
) -> bool:
    name = saved.destination
    if name is None or saved.leg is None or not _are_joined(saved, found):
        return False
    call.transfer = wish if isinstance(wish, Transfer) else Transfer(name, call.flow.start)
    call.happens(CallTrigger.TRANSFER)
    _take_up_talk(dispatch, call, saved.leg, saved.bridge, Offer(saved.leg, outside_seat(name), None, call))
    return True


def take_up_company(dispatch: Dispatch, call: Call, saved: SavedCall, found: Lines) -> None:
    """Go on with whoever was there beside the agent, and with a caller on hold; or have agent and caller alone."""
    second = saved.second
    if call.state is not CallState.TALKING or not (saved.moved or second):
        return
    call.moved = saved.moved
    if second is not None and any(line.leg == second.leg and line.answered for line in found.legs):
        seat = _beside(dispatch, second)
        if seat is not None and seat.state not in HAS_OR_HAD_A_LINE:
            queue = dispatch.queues[call.talk.queue].plan if call.talk and call.talk.queue in dispatch.queues else None
            _ring(dispatch, seat, second.leg)
            dispatch.seats.happens(seat, SeatTrigger.PICKED_UP)
            dispatch.offers[second.leg] = Offer(second.leg, seat, queue, call, role=Role.JOINS, stage=Stage.TAKEN)
            call.second = second.leg
    call.held = saved.held and (call.second is not None or saved.second is None)
    dispatch.company.go_on_blindly(call)


def _beside(dispatch: Dispatch, second: SavedSecond) -> Seat | None:
    if second.pool == NO_POOL:
        return outside_seat(DestinationName(second.seat))
    return dispatch.seats.by_id.get(second.seat) or dispatch.seats.guest(second.seat, second.pool)


def _take_up_talk(dispatch: Dispatch, call: Call, leg: LegId, bridge: BridgeId | None, offer: Offer) -> None:
    call.happens(CallTrigger.PICKED_UP)
    call.happens(CallTrigger.JOINED)
    call.leg, call.bridge = leg, bridge
    _ring(dispatch, offer.seat, leg, offer.queue.lane if offer.queue else "")
    dispatch.seats.happens(offer.seat, SeatTrigger.PICKED_UP)
    dispatch.offers[leg], offer.stage = offer, Stage.TAKEN
    dispatch.offering.show(offer, call)


def _are_joined(saved: SavedCall, found: Lines) -> bool:
    return saved.bridge in found.bridges and any(line.leg == saved.leg and line.answered for line in found.legs)


def _seat_of(dispatch: Dispatch, saved: SavedCall) -> Seat | None:
    if saved.seat is None or saved.pool is None:
        return None
    return dispatch.seats.by_id.get(saved.seat) or dispatch.seats.guest(saved.seat, saved.pool)


def _ring(dispatch: Dispatch, seat: Seat, leg: LegId, lane: str = "") -> None:
    # Whether its phone can be reached for another call is for the phones to tell.
    dispatch.seats.rung(seat, lane)
    seat.leg = leg


def end_strays(dispatch: Dispatch, out: Outbox, found: Lines, bridges: set[BridgeId]) -> None:
    """Lines and bridges that belong to nobody: `bridges` are those that do."""
    for line in found.legs:
        if line.leg not in dispatch.offers:
            end_stray(dispatch, out, line)
    for bridge in sorted(found.bridges - bridges):
        out.send(DropBridge(call_of(bridge), bridge))


def end_stray(dispatch: Dispatch, out: Outbox, line: FoundLeg) -> None:
    """End a line that belongs to nobody. Its seat must not be rung for somebody else before that has ended."""
    out.send(HangUpLeg(call_of(line.leg), line.leg))
    seat = dispatch.seats.by_id.get(line.agent) if line.agent else None
    if seat is not None and seat.state not in HAS_OR_HAD_A_LINE:
        _ring(dispatch, seat, line.leg)
        dispatch.offers[line.leg] = Offer(line.leg, seat, queue=None, call=None)


def settle_offers(dispatch: Dispatch, found: Lines) -> None:
    """Offers whose answer, or whose joining, we may have missed; and lines whose end was ordered, perhaps in vain."""
    answered = {line.leg for line in found.legs if line.answered}
    for leg, offer in list(dispatch.offers.items()):
        if offer.call is None or offer.expired:
            dispatch.offering.end_again(offer)
        elif leg not in answered:
            continue
        elif offer.seat.state is SeatState.RINGING:
            dispatch.answered(leg)
        elif offer.stage is Stage.TOLD:
            dispatch.accepting.tell_again(offer, offer.call)
        elif offer.call.state is CallState.JOINING and offer.role is Role.TAKES:
            dispatch.talks.join_again(offer.call)
