"""This file decides what becomes of a caller from his arrival to his leaving. It does not know seats or queues.

Of these `dispatch` knows; what a step leads to `onward` carries out.
"""

from collections.abc import Callable

from ivr_engine.core.call import Call, CallState
from ivr_engine.core.crisis import Crisis
from ivr_engine.core.kept import record_of, tried_of
from ivr_engine.core.onward import Onward
from ivr_engine.core.outbox import HangUpAgain, Outbox
from ivr_engine.model.commands import Answer, HangUpCall
from ivr_engine.model.events import (
    CallArrived,
    CallerLeft,
    CommandFailed,
    DigitPressed,
    MessageRecorded,
    PromptFinished,
    SystemAnswered,
)
from ivr_engine.model.ids import CallId, IdMint
from ivr_engine.model.notices import Arrived, Ended, TroubleKind

HANG_UP_AGAIN_SECONDS = 5.0  # after the order was refused, or not answered
OfCaller = CallerLeft | DigitPressed | CommandFailed | PromptFinished | MessageRecorded | SystemAnswered


class Callers:
    """All live calls. `language` is a new caller's, the hotline's first otherwise.

    `replan` is called when a version of the hotline begins or ends to be in use.
    """

    def __init__(
        self, out: Outbox, crisis: Crisis, onward: Onward, replan: Callable[[], None], language: str | None
    ) -> None:
        self.calls: dict[CallId, Call] = {}
        self._out = out
        self._crisis, self.versions = crisis, crisis.versions
        self.onward, self._ivr, self._dispatch = onward, onward.ivr, onward.dispatch
        self._replan = replan
        self._language = language

    def take(self, event: OfCaller) -> None:
        """Take in a fact about a caller; he may have left while it was on its way."""
        call = self.calls.get(event.call)
        if call is None:
            return  # he left while this fact was on its way
        match event:
            case CallerLeft():
                self.leave(call)
            case DigitPressed(_, digit):
                if call.state is CallState.MENU:
                    self.onward.go_on(call, self._ivr.pressed(call, digit))
                else:
                    self._dispatch.pressed(call, digit)
            case PromptFinished(_, play):
                self.prompt_finished(call, play)
            case MessageRecorded():
                self.onward.go_on(call, self._ivr.message_recorded(call, event))
            case SystemAnswered():
                self.onward.go_on(call, self._ivr.answered(call, event))
            case CommandFailed(_, command, why):
                self._out.trouble(TroubleKind.ORDER_REFUSED, f"{command} failed: {why}", call.id)
                if command == HangUpCall.__name__:
                    self._out.start_timer(HANG_UP_AGAIN_SECONDS, HangUpAgain(call.id))
                self._dispatch.company.failed(call, command)

    def arrive(self, event: CallArrived) -> None:
        """A caller is here, for the first time or found again."""
        if event.call in self.calls:
            return  # the link came back just now, and Resynced has told of him already
        call = self.new(event.call, event.number, event.caller, region=event.region, drill=event.drill)
        call.saved_steps = 1  # where all begin, he begins as well who has nothing written on his line
        call.calls_in_24h, call.served = event.calls_in_24h, event.served
        self.begin(call)

    def new(  # noqa: PLR0913 - what is known of a call as it begins
        self,
        call_id: CallId,
        number: str,
        caller: str,
        minted: int = 0,
        *,
        region: str = "",
        drill: bool = False,
    ) -> Call:
        """A call that begins now; `minted` ids of it may be in use already."""
        hotline = self.versions.for_call(call_id, number, is_judged=not drill)
        now, flow = self._out.now, self._crisis.flow(hotline, number, region, drill=drill)
        language = self._language or hotline.languages[0]
        call = Call(call_id, number, caller, now, flow, language, IdMint(call_id, minted), hotline, drill)
        call.region = region
        call.tag(*(flow.plan.tags if flow.plan else ()))
        self.keep(call)
        self._out.tell(Arrived(call_id, now, number, caller, flow.name, drill))
        return call

    def keep(self, call: Call) -> None:
        """A call is live from now on."""
        self.calls[call.id] = call
        if call.drill:
            self._out.keep_apart(call.id)
        if self.versions.begins(call.hotline):
            self._replan()

    def begin(self, call: Call) -> None:
        """Answer a caller, and bring him to the first step; or turn him away whose number is not in the dialplan."""
        if call.number not in call.hotline.numbers:
            call.refused = True
            self._out.trouble(TroubleKind.UNKNOWN_NUMBER, "a call to a number that is not in the dialplan", call.id)
            self._dispatch.hang_up(call)
            return
        self._out.send(Answer(call.id))
        self.onward.go_on(call, self._ivr.enter(call, call.flow.start))

    def prompt_finished(self, call: Call, play: str) -> None:
        """A caller has heard something, or was stopped hearing it."""
        call.sounding = {other for other in call.sounding if other != play}
        meant = call.play == play
        if meant:
            call.play = None
        if call.state is CallState.MENU:
            if meant:
                self.onward.go_on(call, self._ivr.spoken(call))
        elif call.state is not CallState.LEAVING:
            self._dispatch.prompt_ended(call)

    def leave(self, call: Call) -> None:
        """A caller's line is gone: nothing of him stays but his record."""
        self._ivr.stop_waiting(call)
        call.query = None
        self._dispatch.waiting.gave_up(call)
        self._dispatch.caller_left(call)
        del self.calls[call.id]
        if self.versions.ends(call.hotline):
            self._replan()
        tried = tried_of(call, self._out.now)
        if tried is not None:
            self._out.tell(tried)
        record = record_of(call, self._out.now)
        if record.seat in self._dispatch.seats.by_id:
            self._dispatch.seats.by_id[record.seat].note_ended(record)
        self._out.tell(Ended(call.id, self._out.now, record))
