"""This file decides what is kept of a call: its record, and what another engine needs. It does not know where."""

from ivr_engine.core.call import Call, CallState
from ivr_engine.core.seat import NO_POOL, Seat
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.model.causes import CalledBack
from ivr_engine.model.ids import CallId, IdMint
from ivr_engine.model.notices import CallBackTried, CallRecord
from ivr_engine.model.saved import SavedCall, SavedSecond, Talk
from ivr_engine.nodes import Node

# A caller may go round a menu for long; what is written on his line stays short.
MOST_STEPS_SAVED = 50
MOST_KEYS_SAVED = 50  # no rule looks further back than 20


def record_of(call: Call, now: float) -> CallRecord:
    """What is kept of a call that ends now."""
    talk = call.talk
    return CallRecord(
        call=call.id,
        number=call.number,
        caller=call.caller,
        flow=call.flow.name,
        outcome=call.outcome(),
        arrived_at=call.arrived_at,
        ended_at=now,
        queue=talk.queue if talk else call.queue,
        enqueued_at=talk.enqueued_at if talk else call.enqueued_at,
        connected_at=talk.connected_at if talk else None,
        pool=talk.pool if talk else None,
        seat=talk.seat if talk else None,
        offers=call.offers,
        tags=call.tags,
        steps=tuple(call.steps),
        region=call.region,
        arms=dict(call.arms),
        disposition=call.disposition,
        wish=call.wish.wish if call.wish else None,
        talk_ended_at=talk.ended_at if talk else None,
        transferred_at=call.transferred_at,
        overflow=talk is not None and _overflowed(talk, call.hotline),
        drill=call.drill,
    )


def _overflowed(talk: Talk, hotline: Hotline[Node]) -> bool:
    queue = hotline.queues.get(talk.queue)
    return queue is not None and talk.pool != queue.pools[0]


def tried_of(call: Call, now: float) -> CallBackTried | None:
    """How calling somebody back went, whose call ends now; None if it was he who called."""
    if call.wish is None or call.queue is None:
        return None
    plan = call.hotline.queues[call.queue].call_back if call.queue in call.hotline.queues else None
    attempt = call.wish.attempts + 1
    result = CalledBack.REACHED if call.talk else CalledBack.NOT_REACHED
    if call.talk is None and (plan is None or attempt >= plan.attempts):
        result = CalledBack.GIVEN_UP
    return CallBackTried(call.id, now, call.queue, call.wish.wish, attempt, result)


def saved_of(call: Call, seat: Seat | None, second: SavedSecond | None) -> SavedCall:
    """What another engine needs to go on with a call; `seat` is the one that rings or talks, or None."""
    talks = call.state is CallState.TALKING and call.transfer is None
    inside = seat if seat and seat.pool != NO_POOL else None
    return SavedCall(
        number=call.number,
        caller=call.caller,
        arrived_at=call.arrived_at,
        minted=call.mint.minted,
        language=call.language,
        flow=call.flow.name,
        step=call.step,
        queue=call.queue,
        enqueued_at=call.enqueued_at,
        tags=call.tags,
        seat=inside.id if inside else None,
        pool=inside.pool if inside else None,
        leg=call.leg,
        bridge=call.bridge,
        connected_at=call.talk.connected_at if call.talk and talks else None,
        offers=call.offers,
        steps=tuple(call.steps[-MOST_STEPS_SAVED:]),
        play=call.play,
        region=call.region,
        calls_in_24h=call.calls_in_24h,
        served=call.served,
        needs=call.needs,
        values={name: value for name, value in call.values.items() if name not in call.secrets},
        returns=tuple(call.returns),
        priority=call.priority,
        keys=call.keys[-MOST_KEYS_SAVED:],
        arms=dict(call.arms),
        version=call.hotline.version,
        queued_at=call.queued_at,
        left_queue=call.queue is not None and not call.is_of_queue,
        talked=None if talks else call.talk,
        destination=call.transfer.destination if call.transfer else None,
        transferred_at=call.transferred_at,
        wish=call.wish,
        message=call.message,
        held=call.held,
        moved=call.moved,
        second=second,
        disposition=call.disposition,
        drill=call.drill,
        followed=call.followed,
        sorted_from=call.sorted_from,
        deflected=call.deflected,
    )


def revived(call_id: CallId, saved: SavedCall, hotline: Hotline[Node], minted: int) -> Call:
    """A call as another engine saved it, so far as that does not depend on what is found beside it."""
    flow, mint = hotline.flow(saved.flow), IdMint(call_id, minted)
    call = Call(call_id, saved.number, saved.caller, saved.arrived_at, flow, saved.language, mint, hotline, saved.drill)
    call.tags, call.offers, call.steps, call.wish = saved.tags, saved.offers, list(saved.steps), saved.wish
    call.region, call.calls_in_24h, call.served = saved.region, saved.calls_in_24h, saved.served
    call.values, call.keys, call.needs = dict(saved.values), saved.keys, saved.needs
    call.arms, call.priority = dict(saved.arms), saved.priority
    call.returns = [step if step in flow.steps else flow.start for step in saved.returns]
    call.deflected = saved.deflected
    call.followed, call.sorted_from = saved.followed, saved.sorted_from
    call.queue, call.enqueued_at, call.queued_at = saved.queue, saved.enqueued_at, saved.queued_at
    call.talk, call.transferred_at, call.disposition = saved.talked, saved.transferred_at, saved.disposition
    call.step = saved.step if saved.step in flow.steps else None
    call.sounding, call.message = {saved.play} if saved.play else set(), saved.message
    return call
