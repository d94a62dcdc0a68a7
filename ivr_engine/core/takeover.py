"""This file decides how calls go on after a time in which nobody looked. It does not know why nobody did.

What became of everybody meanwhile is worked out in resync.py.
"""

from ivr_engine.core import resync
from ivr_engine.core.call import Call, CallState
from ivr_engine.core.callbacks import CallBacks
from ivr_engine.core.callers import Callers
from ivr_engine.core.kept import revived
from ivr_engine.core.outbox import Outbox
from ivr_engine.model.commands import HangUpCall, HideCaller, StopMusic
from ivr_engine.model.events import Lines, Resynced
from ivr_engine.model.found import FoundCall
from ivr_engine.model.ids import is_call_back
from ivr_engine.model.notices import LinkChanged
from ivr_engine.nodes._node import JoinQueue

# Ids a former engine may have minted after it last saved a call's state; skipped, so that none is used twice.
UNSAVED_IDS = 1000


class Takeover:
    """Goes on with the calls there are."""

    def __init__(self, out: Outbox, callers: Callers, call_backs: CallBacks) -> None:
        self._out = out
        self._callers = callers
        self._calls = callers.calls
        self._ivr, self._dispatch = callers.onward.ivr, callers.onward.dispatch
        self._versions = callers.versions
        self._call_backs = call_backs

    def resync(self, found: Resynced) -> None:
        """Compare what there is with what is believed, after a time of blindness."""
        here = {line.call: line for line in found.calls}
        gone = [call for call in self._calls.values() if call.id not in here]
        for call in gone:
            if call.away:  # his phone may ring still
                self._out.send(HangUpCall(call.id))
            self._callers.leave(call)
        resync.end_lost_legs(self._dispatch, self._out, found)
        for call in list(self._calls.values()):
            if here[call.id].is_there:
                self._go_on_blindly(call)
        unknown = [line for line in found.calls if line.call not in self._calls]
        used = resync.ids_in_use(found)
        for line in unknown:
            self.adopt(line, found, used.get(line.call, 0))
        self._dispatch.waiting.paused = False
        resync.settle_offers(self._dispatch, found)
        resync.end_strays(self._dispatch, self._out, found, {c.bridge for c in self._calls.values() if c.bridge})
        self._out.tell(LinkChanged(up=True, at=self._out.now, adopted=len(unknown), lost=len(gone)))

    def _go_on_blindly(self, call: Call) -> None:
        # A playback may have ended unseen: stop it, and say again what a step was saying.
        self._ivr.silence(call)
        call.music = False
        if call.state not in (CallState.TALKING, CallState.LEAVING) and (call.queue is not None or call.transfers):
            self._out.send(StopMusic(call.id))  # whether he hears some is not known
        if self._dispatch.departs(call):
            return
        if call.state is CallState.DIALLING:
            self._call_backs.picked_up(call)
        elif call.state is CallState.MENU and call.step is not None:
            self._ivr.end_visit(call)
            self._callers.onward.go_on(call, self._ivr.enter(call, call.step))
        elif call.state is CallState.LEAVING:
            self._out.send(HangUpCall(call.id))
        elif call.moved or call.second or call.listener:
            self._dispatch.company.go_on_blindly(call)
        else:
            self._dispatch.prompt_ended(call)

    def adopt(self, line: FoundCall, found: Lines, minted: int) -> None:
        """Take up a call that we do not know; `minted` ids of it are in use at least."""
        saved = line.saved
        if saved is None and is_call_back(line.call):
            self._out.send(HangUpCall(line.call))  # we do not know whom he waits for: he is still on the list
            return
        if saved is None:
            # He may have been hidden, or have come to a queue, and nobody could write that down.
            self._out.send(HideCaller(line.call, on=False), StopMusic(line.call))
            call = self._callers.new(
                line.call, line.number, line.caller, minted + UNSAVED_IDS, region=line.region, drill=line.drill
            )
            call.calls_in_24h, call.served = line.calls_in_24h, line.served
            self._callers.begin(call)
            return
        hotline = self._versions.named(saved.version) or self._versions.running
        call = revived(line.call, saved, hotline, max(saved.minted, minted) + UNSAVED_IDS)
        self._ivr.silence(call)
        if saved.bridge is None:
            self._out.send(StopMusic(call.id))  # whether he hears some is not known, whatever was written down last
        self._callers.keep(call)
        wish = self._ivr.wish_at(call)
        onward = resync.take_up(self._dispatch, call, saved, found, wish)
        if onward is not None:
            self._callers.onward.go_on(call, self._ivr.enter(call, onward))
        elif isinstance(wish, JoinQueue):
            self._dispatch.waiting.mind_endings(call, wish.endings)
        resync.take_up_company(self._dispatch, call, saved, found)
        self._dispatch.saves.add(call)  # so that a third engine goes on from our ids
