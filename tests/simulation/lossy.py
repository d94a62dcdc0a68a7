"""A simulated exchange that loses facts and swallows orders, as a real one never should."""

from collections.abc import Iterator
from contextlib import contextmanager

from ivr_engine.model import commands as c
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.events import (
    CallArrived,
    CallerLeft,
    Joined,
    JoinFailed,
    LegAnswered,
    LegEnded,
    MessageRecorded,
    PromptFinished,
)
from ivr_engine.model.ids import CallId, LegId, PlayId
from ivr_engine.model.saved import LastTalk
from ivr_engine.runtime.ports import PhoneCommand
from ivr_engine.simulator.exchange import Exchange
from ivr_engine.simulator.lines import SAID_SECONDS, CallerLine

LOSABLE = (CallArrived, CallerLeft, PromptFinished, MessageRecorded, LegAnswered, LegEnded, Joined, JoinFailed)
SWALLOWED = (c.RingSeat, c.HangUpLeg, c.Join, c.DropBridge, c.HangUpCall, c.Play, c.RecordMessage, c.SpeakToSeat)


class LossyExchange(Exchange):
    """Loses the next fact of each kind in `lose`, and does nothing on the next order of each kind in `swallow`."""

    def __init__(self) -> None:
        super().__init__()
        self.lose: set[type] = set()
        self.swallow: set[type] = set()
        self.lost = 0  # facts and orders, altogether

    def dial(
        self,
        number: str,
        caller: str = "13800000000",
        region: str = "",
        calls_in_24h: int = 1,
        served: LastTalk | None = None,
        *,
        drill: bool = False,
    ) -> CallId:
        with self._unseen(CallArrived):
            return super().dial(number, caller, region, calls_in_24h, served, drill=drill)

    def hang_up_caller(self, call: CallId, said: float = SAID_SECONDS) -> None:
        with self._unseen(CallerLeft, when=call in self.callers):
            super().hang_up_caller(call, said)

    def end_message(self, call: CallId, said: float) -> None:
        line = self.callers.get(call)
        with self._unseen(MessageRecorded, when=line is not None and line.message is not None):
            super().end_message(call, said)

    def pick_up(self, leg: LegId) -> None:
        with self._unseen(LegAnswered, when=leg in self.seats and not self.seats[leg].answered):
            super().pick_up(leg)

    def end_leg(self, leg: LegId, cause: LegEnd) -> None:
        with self._unseen(LegEnded, when=leg in self.seats):
            super().end_leg(leg, cause)

    def execute(self, order: PhoneCommand) -> None:
        if type(order) in self.swallow:
            self.swallow.discard(type(order))
            self.lost += 1
            self._only_written_down(order)
            return
        before = len(self.facts)
        super().execute(order)
        if isinstance(order, c.Join) and len(self.facts) > before and type(self.facts[-1]) in self.lose:
            self.lose.discard(type(self.facts.pop()))
            self.lost += 1

    def _only_written_down(self, order: PhoneCommand) -> None:
        """What the border keeps of an order before it goes out."""
        if isinstance(order, c.RingSeat):
            self._untold_legs.add(order.leg)
        elif isinstance(order, c.SpeakToSeat) and order.leg in self.seats:
            self.seats[order.leg].untold.add(order.play)
        elif isinstance(order, c.Play) and order.call in self.callers:
            self.callers[order.call].untold.add(order.play)
        elif isinstance(order, c.RecordMessage) and order.call in self.callers:
            self.callers[order.call].untold_messages.add(order.message)

    def _end(self, order: c.CallCommand) -> None:
        # The end that an order brings about comes as a fact like any other: it may be lost as well.
        match order:
            case c.HangUpLeg(_, leg) if leg in self.seats:
                self.end_leg(leg, LegEnd.HUNG_UP)
            case c.HangUpCall(call) if call in self.callers:
                self.hang_up_caller(call)
            case _:
                super()._end(order)

    def _end_play(self, line: CallerLine, play: PlayId, *, heard: bool) -> None:
        with self._unseen(PromptFinished):
            super()._end_play(line, play, heard=heard)

    @contextmanager
    def _unseen(self, kind: type, *, when: bool = True) -> Iterator[None]:
        """If the next fact of that kind is to be lost, nothing that happens in here is told."""
        if not when or kind not in self.lose or not self.linked:
            yield
            return
        self.lose.discard(kind)
        self.lost += 1
        self.linked = False
        try:
            yield
        finally:
            self.linked = True
