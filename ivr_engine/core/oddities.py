"""This file decides which of our beliefs do not fit what a look at Asterisk shows. It does not know what follows.

It asks the offers for all lines to seats, the calls for all bridges, and knows nothing of what they are for. Whoever
lets a line go through more than ringing and talking bounds that by the offer's timer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from ivr_engine.core.call import Call, CallState
from ivr_engine.core.dispatch import Dispatch
from ivr_engine.core.offer import Offer, Role, Stage
from ivr_engine.core.outbox import HangUpAgain, Outbox
from ivr_engine.core.seat import Seat, SeatState
from ivr_engine.model.events import LinesSeen
from ivr_engine.model.found import FoundLeg
from ivr_engine.model.ids import CallId, LegId, call_of

# A timer that has not told that it ran out so long after it should have never will.
LATE_SECONDS = 5.0

_HAS_A_LINE = (CallState.OFFERED, CallState.JOINING, CallState.TALKING)
_IN_LINE = (CallState.WAITING, CallState.OFFERED, CallState.JOINING)


class Odd(Enum):
    """What does not fit, as people read it: the belief, then the reality."""

    TIMER_LATE = "a timer should have run out, and did not tell"
    CALL_GONE = "the caller is believed to be here, and has no line"
    CALL_UNKNOWN = "a caller's line is there, and nobody knows of him"
    CALL_NOT_ENDED = "the end of the caller's line was ordered, and it is there"
    LEG_GONE = "a line to a seat is believed to be open, and is not there"
    LEG_UNKNOWN = "a line to a seat is there, and nobody opened it"
    LEG_ANSWERED = "a seat is believed to ring, and has picked up"
    LEG_NOT_ENDED = "the end of a line to a seat was ordered, and it is there"
    LEG_WITHOUT_END = "a seat rings, and no timer ends that"
    SEAT_WITHOUT_LINE = "a seat is believed to have a call, and has no line"
    SEAT_RESTS_ON = "a seat rests, and no timer ends that"
    CALL_WITHOUT_LINE = "a seat is believed to ring for the caller or to talk to him, and none does"
    CALL_OUT_OF_LINE = "the caller is believed to wait, and stands in no queue"
    NOT_JOINED = "two people should be joined, and are not"
    WORDS_OVER = "somebody at a seat is believed to hear something, and it is over"
    PLAY_OVER = "the caller is believed to hear something, and it is over"
    MESSAGE_OVER = "the caller is believed to leave a message, and it is over"
    CALL_STUCK = "the caller is in a step that waits for nothing"
    BRIDGE_UNKNOWN = "a bridge is there, and nobody is joined by it"


@dataclass(frozen=True, slots=True)
class Oddity:
    """One thing that does not fit. `of` names it so that the same words in two looks mean the same fault."""

    kind: Odd
    of: str


def oddities(seen: LinesSeen, calls: Mapping[CallId, Call], dispatch: Dispatch, out: Outbox) -> Iterator[Oddity]:
    """Everything that does not fit, in the order in which it is to be put right."""
    yield from (Oddity(Odd.TIMER_LATE, timer) for timer in out.late(LATE_SECONDS))
    here = {line.call for line in seen.calls}
    yield from (Oddity(Odd.CALL_GONE, call) for call in calls if call not in here and call not in seen.busy)
    yield from (Oddity(Odd.CALL_UNKNOWN, line.call) for line in seen.calls if line.call not in calls)
    yield from _of_legs(seen, dispatch.offers, out)
    for seat in dispatch.seats.by_id.values():
        yield from _of_seat(seat, dispatch.offers, out)
    takes = (offer.call for offer in dispatch.offers.values() if offer.role is Role.TAKES)
    served = {call.id for call in takes if call is not None}
    again = {purpose.call for purpose in out.timers.values() if isinstance(purpose, HangUpAgain)}
    for call in [call for call in calls.values() if call.id in here and call.id not in again]:
        yield from _of_call(call, seen, dispatch, out, is_served=call.id in served)
    known = {call.bridge for call in calls.values()}
    known |= {offer.ear.bridge for offer in dispatch.offers.values() if offer.ear is not None}
    for bridge in sorted(seen.bridges - known):
        if call_of(bridge) not in seen.busy:
            yield Oddity(Odd.BRIDGE_UNKNOWN, bridge)


def _of_legs(seen: LinesSeen, offers: Mapping[LegId, Offer], out: Outbox) -> Iterator[Oddity]:
    here = {line.leg: line for line in seen.legs}
    for leg, offer in offers.items():
        kind = _of_offer(offer, here.get(leg), out)
        if kind is not None and leg not in seen.busy:
            yield Oddity(kind, leg)
        elif leg in here and offer.play is not None and offer.play not in seen.sounding and leg not in seen.busy:
            yield Oddity(Odd.WORDS_OVER, offer.play)
    for leg in here:
        if leg not in offers and leg not in seen.busy:
            yield Oddity(Odd.LEG_UNKNOWN, leg)


def _of_offer(offer: Offer, line: FoundLeg | None, out: Outbox) -> Odd | None:
    if line is None:
        return Odd.LEG_GONE
    if offer.call is None or offer.expired:
        return Odd.LEG_NOT_ENDED
    if offer.seat.state is SeatState.RINGING and line.answered and offer.stage is Stage.RUNG:
        return Odd.LEG_ANSWERED
    if offer.seat.state is SeatState.RINGING and offer.timer not in out.timers:
        return Odd.LEG_WITHOUT_END
    return None


def _of_seat(seat: Seat, offers: Mapping[LegId, Offer], out: Outbox) -> Iterator[Oddity]:
    if seat.state in (SeatState.RINGING, SeatState.TALKING):
        offer = offers.get(seat.leg) if seat.leg else None
        if offer is None or offer.seat is not seat:
            yield Oddity(Odd.SEAT_WITHOUT_LINE, seat.id)
    elif seat.state is SeatState.WRAP_UP and seat.rest not in out.timers:
        yield Oddity(Odd.SEAT_RESTS_ON, seat.id)


def _of_call(call: Call, seen: LinesSeen, dispatch: Dispatch, out: Outbox, *, is_served: bool) -> Iterator[Oddity]:
    if call.state is CallState.LEAVING:
        if call.id not in seen.busy:
            yield Oddity(Odd.CALL_NOT_ENDED, call.id)
        return
    if call.state in _HAS_A_LINE and not is_served:
        yield Oddity(Odd.CALL_WITHOUT_LINE, call.id)
    elif call.id not in seen.busy and _is_not_joined(call, seen, dispatch.offers, out):
        yield Oddity(Odd.NOT_JOINED, f"{call.id} {call.bridge}")
    if call.state in _IN_LINE and call.transfer is None and not _is_in_line(call, dispatch):
        yield Oddity(Odd.CALL_OUT_OF_LINE, call.id)
    if call.id not in seen.busy:
        yield from (Oddity(Odd.PLAY_OVER, play) for play in sorted(call.sounding - seen.sounding))
        if call.message is not None and call.message not in seen.sounding:
            yield Oddity(Odd.MESSAGE_OVER, call.message)
    if _is_stuck(call, out):
        yield Oddity(Odd.CALL_STUCK, f"{call.id} {len(call.steps)}")


def _is_not_joined(call: Call, seen: LinesSeen, offers: Mapping[LegId, Offer], out: Outbox) -> bool:
    if call.state is CallState.TALKING:
        return call.bridge is not None and (call.bridge not in seen.bridges or call.bridge in seen.deserted)
    if call.state is not CallState.JOINING:
        return False
    if call.bridge is not None:
        return True  # ordered, carried out, and not told of: whatever has become of it
    offer = offers.get(call.leg) if call.leg else None
    return not call.sounding and (offer is None or offer.timer not in out.timers)


def _is_in_line(call: Call, dispatch: Dispatch) -> bool:
    return call.queue in dispatch.queues and call in dispatch.queues[call.queue]


def _is_stuck(call: Call, out: Outbox) -> bool:
    waits = call.play or call.query or call.message or call.wait in out.timers
    return call.state is CallState.MENU and not waits
