"""This file decides what a caller hears and where his keys lead. It does not know queues, seats or any single word.

It drives a call through the nodes of its flow, and returns how the call leaves the dialplan, if it does.
"""

from ivr_engine.core.call import Call
from ivr_engine.core.outbox import NodeWait, Outbox
from ivr_engine.dialplan.hotline import Text
from ivr_engine.model.commands import Play, StopPlay
from ivr_engine.model.ids import StepName
from ivr_engine.model.notices import KeyPressed, StepEntered, TroubleKind
from ivr_engine.nodes._node import (
    GoTo,
    HangUp,
    Hush,
    JoinQueue,
    Order,
    Pressed,
    Reply,
    Say,
    Signal,
    Spoken,
    Wait,
    Waited,
)

# More steps than this without the caller doing anything is a circle that `ivr check` should have refused.
MOST_STEPS_AT_ONCE = 100

Leaving = JoinQueue | HangUp


class Ivr:
    """Walks callers through the dialplan."""

    def __init__(self, out: Outbox, default_language: str) -> None:
        self._out = out
        self._default_language = default_language

    def enter(self, call: Call, step: StepName) -> Leaving | None:
        """Bring a caller to a step."""
        return self._walk(call, Reply(exit=GoTo(step)))

    def pressed(self, call: Call, digit: str) -> Leaving | None:
        """The caller pressed a key."""
        self.stop_waiting(call)
        return self._signal(call, Pressed(digit))

    def spoken(self, call: Call) -> Leaving | None:
        """What the step said has ended."""
        return self._signal(call, Spoken())

    def waited(self, call: Call) -> Leaving | None:
        """The step's wait is over."""
        call.wait = None
        return self._signal(call, Waited())

    def say(self, call: Call, texts: tuple[Text, ...]) -> None:
        """Let a caller hear texts in his language, instead of what he hears now."""
        self.hush(call)
        call.play = call.mint.play()
        call.sounding.add(call.play)
        prompts = tuple(text.prompt(call.language, self._default_language) for text in texts)
        self._out.send(Play(call.id, call.play, prompts))

    def hush(self, call: Call) -> None:
        """Stop what a caller hears."""
        if call.play is not None:
            self._out.send(StopPlay(call.id, call.play))
            call.play = None

    def silence(self, call: Call) -> None:
        """Stop all that may still sound, when it is not known what does; each end will be told."""
        call.play = None
        self._out.send(*(StopPlay(call.id, play) for play in sorted(call.sounding)))

    def stop_waiting(self, call: Call) -> None:
        """Forget the step's wait."""
        self._out.cancel(call.wait)
        call.wait = None

    def _signal(self, call: Call, signal: Signal) -> Leaving | None:
        if call.step is None:
            return None
        reply = call.flow.steps[call.step].handle(call.node_state, signal)
        if reply.understood is not None:
            self._out.tell(KeyPressed(call.id, self._out.now, call.step, reply.understood))
        return self._walk(call, reply)

    def _walk(self, call: Call, reply: Reply) -> Leaving | None:
        for _ in range(MOST_STEPS_AT_ONCE):
            call.node_state = reply.state
            for order in reply.orders:
                self._carry_out(call, order)
            if reply.exit is None:
                return None
            self.stop_waiting(call)
            if not isinstance(reply.exit, GoTo):
                return reply.exit
            reply = self._reach(call, reply.exit.step)
        self._out.trouble(TroubleKind.DIALPLAN_CIRCLE, f"the dialplan runs in a circle at step {call.step!r}", call.id)
        return HangUp()

    def _reach(self, call: Call, step: StepName) -> Reply:
        self.hush(call)
        call.step = step
        call.steps.append(step)
        self._out.tell(StepEntered(call.id, self._out.now, step))
        return call.flow.steps[step].enter()

    def _carry_out(self, call: Call, order: Order) -> None:
        match order:
            case Say(texts):
                self.say(call, texts)
            case Hush():
                self.hush(call)
            case Wait(seconds):
                self.stop_waiting(call)
                call.wait = self._out.start_timer(seconds, NodeWait(call.id))
