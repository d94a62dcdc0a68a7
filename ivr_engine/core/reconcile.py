"""This file decides what is put right when a look at Asterisk shows other than we believe. It does not know who looks.

A look is a snapshot that facts and orders may have crossed. So only what did not fit in two looks running is acted
upon, and what orders are on their way to is not judged at all. Every repair is told as trouble: while the link is up
facts are not lost, so one that was needed means a bug.
"""

from collections.abc import Callable, Iterator

from ivr_engine.core import resync
from ivr_engine.core.call import Call, CallState
from ivr_engine.core.callers import Callers
from ivr_engine.core.oddities import Odd, Oddity, oddities
from ivr_engine.core.outbox import Outbox
from ivr_engine.core.seat import outside_seat
from ivr_engine.errors import IllegalTransition
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.commands import DropBridge, HangUpCall, HangUpLeg
from ivr_engine.model.events import AnyEvent, CallerLeft, Lines, LinesSeen, MessageRecorded
from ivr_engine.model.found import FoundCall
from ivr_engine.model.ids import BridgeId, CallId, DestinationName, LegId, MessageId, PlayId, SeatId, TimerId, call_of
from ivr_engine.model.notices import TroubleKind

AS_BELIEVED = LinesSeen((), (), frozenset(), as_believed=True)

Adopt = Callable[[FoundCall, Lines, int], None]  # takes up a caller nobody knows, who had that many ids minted
RanOut = Callable[[TimerId], None]


class Reconciliation:
    """Compares what is believed with what is, look by look."""

    def __init__(self, out: Outbox, callers: Callers, ran_out: RanOut, adopt: Adopt) -> None:
        self._out = out
        self._callers, self._calls = callers, callers.calls
        self._onward, self._ivr, self._dispatch = callers.onward, callers.onward.ivr, callers.onward.dispatch
        self._ran_out = ran_out
        self._adopt = adopt
        self._before: set[Oddity] = set()  # what did not fit at the last look
        self._left: set[str] = set()  # callers who have gone since: an older look may show them still
        self._repairs: dict[Odd, Callable[[str, LinesSeen], None]] = {
            Odd.TIMER_LATE: lambda of, _: self._ran_out(TimerId(of)),
            Odd.CALL_GONE: lambda of, _: self._callers.leave(self._calls[CallId(of)]),
            Odd.CALL_UNKNOWN: self._take_up,
            Odd.CALL_NOT_ENDED: lambda of, _: self._out.send(HangUpCall(CallId(of))),
            Odd.LEG_GONE: self._end_lost_leg,
            Odd.LEG_UNKNOWN: self._end_stray,
            Odd.LEG_ANSWERED: lambda of, _: self._dispatch.answered(LegId(of)),
            Odd.LEG_NOT_ENDED: lambda of, _: self._out.send(HangUpLeg(call_of(of), LegId(of))),
            Odd.LEG_WITHOUT_END: lambda of, _: self._dispatch.offering.expired(LegId(of)),
            Odd.SEAT_WITHOUT_LINE: self._free,
            Odd.SEAT_RESTS_ON: lambda of, _: self._dispatch.seats.rested(SeatId(of)),
            Odd.CALL_WITHOUT_LINE: self._lose_line,
            Odd.CALL_OUT_OF_LINE: self._stand_in_line_again,
            Odd.NOT_JOINED: self._join_again,
            Odd.WORDS_OVER: lambda of, _: self._dispatch.accepting.words_over(PlayId(of)),
            Odd.PLAY_OVER: lambda of, _: self._callers.prompt_finished(self._call_of(of), of),
            Odd.MESSAGE_OVER: self._end_message,
            Odd.CALL_STUCK: self._begin_step_again,
            Odd.BRIDGE_UNKNOWN: lambda of, _: self._out.send(DropBridge(call_of(of), BridgeId(of))),
        }

    def in_short(self, seen: LinesSeen) -> LinesSeen:
        """The same fact; without what is in it, if nothing is odd. The journal keeps every look, and most are so."""
        return seen if any(self._odd(seen)) else AS_BELIEVED

    def look(self, seen: LinesSeen) -> None:
        """Take in what there is, and put right what did not fit before either."""
        if self._dispatch.waiting.paused:
            return  # the link was lost meanwhile: what there is will be told anew
        odd = set() if seen.as_believed else {one for one in self._odd(seen) if one.of not in self._left}
        again = odd & self._before
        self._before = odd - again
        self._left = set()
        for kind in [kind for kind in Odd if any(one.kind is kind for one in again)]:
            # Looked at anew each time: what was put right before may have put this right as well.
            for one in [one for one in self._odd(seen) if one.kind is kind and one in again]:
                self._repair(one, seen)

    def note(self, event: AnyEvent) -> None:
        """Keep up with who leaves. Who came after one look and left before the next was unknown at both, rightly."""
        if isinstance(event, CallerLeft):
            self._left.add(event.call)

    def forget(self) -> None:
        """The looks before do not count any more."""
        self._before, self._left = set(), set()

    def _odd(self, seen: LinesSeen) -> Iterator[Oddity]:
        return oddities(seen, self._calls, self._dispatch, self._out)

    def _repair(self, odd: Oddity, seen: LinesSeen) -> None:
        call = self._calls.get(_first(odd.of)) or self._calls.get(call_of(odd.of))
        what = f"{odd.kind.value}: {odd.of}{_belief(call)}"
        self._out.trouble(TroubleKind.REPAIRED, what, call.id if call else None)
        try:
            self._repairs[odd.kind](odd.of, seen)
        except IllegalTransition as error:  # the others are put right all the same
            self._out.trouble(TroubleKind.ILLEGAL_TRANSITION, str(error), call.id if call else None)

    # --- callers --------------------------------------------------------------------------------------------

    def _take_up(self, of: str, seen: LinesSeen) -> None:
        line = next(line for line in seen.calls if line.call == of)
        self._adopt(line, seen, resync.ids_in_use(seen).get(line.call, 0))

    def _stand_in_line_again(self, of: str, _: LinesSeen) -> None:
        call = self._calls[CallId(of)]
        since = self._out.now if call.enqueued_at is None else call.enqueued_at
        assert call.queue is not None
        self._dispatch.waiting.join(call, call.queue, since)

    def _end_message(self, of: str, _: LinesSeen) -> None:
        # How long it was, nobody was told: what is in it is sealed and told all the same.
        call, message = self._call_of(of), MessageId(of)
        self._onward.go_on(call, self._ivr.message_recorded(call, MessageRecorded(call.id, message, 0.0)))

    def _begin_step_again(self, of: str, _: LinesSeen) -> None:
        call = self._calls[_first(of)]
        if not self._dispatch.departs(call):
            self._ivr.end_visit(call)
            self._onward.go_on(call, self._ivr.enter(call, call.step or call.flow.start))

    # --- lines to seats, seats ------------------------------------------------------------------------------

    def _end_lost_leg(self, of: str, _: LinesSeen) -> None:
        leg = LegId(of)
        call = self._dispatch.offers[leg].call
        self._out.send(HangUpLeg(call_of(leg), leg))  # should it come to be after all, it must not ring
        self._dispatch.leg_ended(leg, LegEnd.LOST, unseen=True)
        if call is not None:
            self._dispatch.prompt_ended(call)  # if he is rung for anew: he was silent, to be joined

    def _end_stray(self, of: str, seen: LinesSeen) -> None:
        line = next(line for line in seen.legs if line.leg == of)
        resync.end_stray(self._dispatch, self._out, line)

    def _free(self, of: str, _: LinesSeen) -> None:
        seat = self._dispatch.seats.by_id[SeatId(of)]
        self._dispatch.seats.free(seat, 0.0, in_vain=True, missed=False)

    def _lose_line(self, of: str, _: LinesSeen) -> None:
        call, nobody = self._calls[CallId(of)], outside_seat(DestinationName(""))
        self._dispatch.lost_line(call, nobody, LegEnd.LOST, unseen=True)
        self._dispatch.prompt_ended(call)

    def _join_again(self, of: str, _: LinesSeen) -> None:
        call = self._calls[_first(of)]
        self._dispatch.talks.join_again(call)
        if call.state is CallState.TALKING:
            self._dispatch.company.go_on_blindly(call)
            self._dispatch.saves.add(call)

    def _call_of(self, part: str) -> Call:
        return self._calls[call_of(part)]


def _first(of: str) -> CallId:
    return CallId(of.partition(" ")[0])


def _belief(call: Call | None) -> str:
    return f" (the call is believed {call.state.value}, line {call.leg}, bridge {call.bridge})" if call else ""
