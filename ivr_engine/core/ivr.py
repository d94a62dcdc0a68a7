"""This file decides what a caller hears and where his keys lead. It does not know queues, seats or any single word.

It drives a call through the nodes of its flow, and returns how the call leaves the dialplan, if it does.
"""

from collections.abc import Mapping

from ivr_engine.core.call import Call
from ivr_engine.core.crisis import Crisis
from ivr_engine.core.outbox import NodeWait, NothingToSay, Outbox
from ivr_engine.dialplan.hotline import Text
from ivr_engine.dialplan.steps import RETURN
from ivr_engine.model.commands import AskSystem, HideCaller, Play, RecordMessage, StopMessage, StopPlay
from ivr_engine.model.events import MessageRecorded, SystemAnswered
from ivr_engine.model.ids import QueueName, StepName
from ivr_engine.model.notices import ArmTaken, CallBackRequested, KeyPressed, Moved, StepEntered, TroubleKind
from ivr_engine.nodes._node import (
    Answer,
    Caller,
    CallFlow,
    GoTo,
    HangUp,
    Hush,
    JoinQueue,
    Keep,
    KeyUse,
    LookedUp,
    LookUp,
    MessageTaken,
    Order,
    Pressed,
    Private,
    Reply,
    RequestCallBack,
    Say,
    Signal,
    Speak,
    Spoken,
    TakeArm,
    TakeMessage,
    Transfer,
    Wait,
    Waited,
)

# More steps than this without the caller doing anything is a circle that `ivr check` should have refused.
MOST_STEPS_AT_ONCE = 100
# A flow that calls itself, deeper than any hotline is meant to be.
MOST_CALLED = 20

Leaving = JoinQueue | Transfer | HangUp


class Ivr:
    """Walks callers through the dialplan."""

    def __init__(self, out: Outbox, crisis: Crisis) -> None:
        self._out = out
        self._crisis = crisis

    def enter(self, call: Call, step: StepName) -> Leaving | None:
        """Bring a caller to a step."""
        return self._walk(call, Reply(exit=GoTo(step)))

    def pressed(self, call: Call, digit: str) -> Leaving | None:
        """The caller pressed a key."""
        self.stop_waiting(call)
        if call.step is None:
            return None
        reply, is_for_a_person = self._reply_to(call, call.step, digit)
        if is_for_a_person:
            call.returns.clear()  # he leaves the flows he was called into for good
        self._note_key(call, call.step, reply, digit)
        return self._walk(call, reply, may_move=False)  # he is in the middle of a word

    def reply_to(self, call: Call, digit: str) -> Reply:
        """What his step makes of a key, and the hotline's own keys for a person. Nothing comes of asking."""
        return Reply() if call.step is None else self._reply_to(call, call.step, digit)[0]

    def _reply_to(self, call: Call, step: StepName, digit: str) -> tuple[Reply, bool]:
        """And whether it is the hotline's own key that counts."""
        reply = call.flow.steps[step].handle(call.node_state, Pressed(digit), self._caller(call))
        human = call.flow.human
        if human is not None and digit in human.keys and reply.key not in (KeyUse.CHOICE, KeyUse.PART):
            return Reply(call.node_state, exit=GoTo(human.to), key=KeyUse.CHOICE), True
        return reply, False

    def _note_key(self, call: Call, step: StepName, reply: Reply, digit: str = "") -> None:
        """Remember what was chosen, by a key or because no further one came."""
        if reply.key is KeyUse.CHOICE:
            call.keys += reply.chosen or digit
        if reply.key in (KeyUse.CHOICE, KeyUse.WRONG):
            self._out.tell(KeyPressed(call.id, self._out.now, step, understood=reply.key is KeyUse.CHOICE))

    def spoken(self, call: Call) -> Leaving | None:
        """What the step said has ended."""
        return self._signal(call, Spoken())

    def waited(self, call: Call) -> Leaving | None:
        """The step's wait is over."""
        call.wait = None
        return self._signal(call, Waited())

    def answered(self, call: Call, told: SystemAnswered) -> Leaving | None:
        """Another system has answered."""
        if told.answer == "failed":
            self._out.trouble(TroubleKind.LOOKUP_FAILED, f"a lookup failed at step {call.step!r}: {told.why}", call.id)
        if call.query != told.query:
            return None
        call.query = None
        return self._signal(call, LookedUp(Answer(told.answer), told.values))

    def message_recorded(self, call: Call, told: MessageRecorded) -> Leaving | None:
        """A message is over."""
        if call.message != told.message:
            return None
        call.message = None
        return self._signal(call, MessageTaken(told.seconds))

    def say(self, call: Call, texts: tuple[Text, ...], more: Mapping[str, str] | None = None) -> None:
        """Let a caller hear texts in his language, instead of what he hears now; `more` values may be in them."""
        self.hush(call)
        call.play = call.mint.play()
        call.sounding.add(call.play)
        values, default = {**call.known_values(), **(more or {})}, call.hotline.languages[0]
        prompts = tuple(prompt for text in texts for prompt in text.said(call.language, default, values))
        if prompts:
            self._out.send(Play(call.id, call.play, prompts))
        else:
            self._out.start_timer(0.0, NothingToSay(call.id, call.play))

    def hush(self, call: Call) -> None:
        """Stop what a caller hears, and what he says being kept."""
        if call.play is not None:
            self._out.send(StopPlay(call.id, call.play))
            call.play = None
        if call.message is not None:
            self._out.send(StopMessage(call.id, call.message))

    def silence(self, call: Call) -> None:
        """Stop all that may still sound, when it is not known what does; each end will be told.

        Nor is it known whether he is hidden: an agent who cannot hear him would be worse than a word too many recorded.
        """
        call.play, call.private = None, False
        self._out.send(*(StopPlay(call.id, play) for play in sorted(call.sounding)), HideCaller(call.id, on=False))
        if call.message is not None:
            self._out.send(StopMessage(call.id, call.message))
            call.message = None

    def stop_waiting(self, call: Call) -> None:
        """Forget the step's wait."""
        self._out.cancel(call.wait)
        call.wait = None

    def end_visit(self, call: Call) -> None:
        """End everything that was begun for the step a caller leaves."""
        self.stop_waiting(call)
        self.hush(call)
        call.query = None
        call.message = None
        self._be_private(call, on=False)

    def wish_at(self, call: Call) -> JoinQueue | Transfer | None:
        """What the step asks for through which a caller came to a queue, or to somebody outside."""
        reply = call.flow.steps[call.step].enter(self._caller(call)) if call.step else Reply()
        return reply.exit if isinstance(reply.exit, JoinQueue | Transfer) else None

    def _caller(self, call: Call) -> Caller:
        return Caller(
            call=call.id,
            now=self._out.now,
            number=call.number,
            caller=call.caller,
            language=call.language,
            arrived_at=call.arrived_at,
            region=call.region,
            tags=call.tags,
            values=call.known_values(),
            keys=call.keys,
            calls_in_24h=call.calls_in_24h,
            facilities=call.flow.facilities,
            live_status=self._crisis.live_status(call),
            stopped_arms=self._crisis.arms.closed,
        )

    def _signal(self, call: Call, signal: Signal) -> Leaving | None:
        if call.step is None:
            return None
        reply = call.flow.steps[call.step].handle(call.node_state, signal, self._caller(call))
        self._note_key(call, call.step, reply)
        return self._walk(call, reply)

    def _walk(self, call: Call, reply: Reply, *, may_move: bool = True) -> Leaving | None:
        for _ in range(MOST_STEPS_AT_ONCE):
            if reply.exit is None and may_move and self._is_elsewhere(call):
                self.end_visit(call)
                reply = self._move(call)
            call.node_state = reply.state
            for order in reply.orders:
                self._carry_out(call, order)
            if reply.exit is None:
                return None
            self.end_visit(call)
            onward = self._onward(call, reply.exit)
            if not isinstance(onward, str):
                return onward
            reply, may_move = self._reach(call, onward), True
        self._out.trouble(TroubleKind.DIALPLAN_CIRCLE, f"the dialplan runs in a circle at step {call.step!r}", call.id)
        return HangUp()

    def _onward(self, call: Call, leaving: GoTo | CallFlow | Leaving) -> StepName | Leaving:
        """The step to go on at, or how the caller leaves the dialplan."""
        match leaving:
            case GoTo(step) if step == RETURN:
                return call.returns.pop() if call.returns else HangUp()
            case GoTo(step):
                return step
            case CallFlow(step, back):
                if back != RETURN:  # else its way back is the one of the flow it is called from
                    call.returns.append(back)
                if len(call.returns) > MOST_CALLED:  # or he left them by other ways, which is no reason to lose him
                    what = f"steps call each other without end at {call.step!r}: the first ways back are forgotten"
                    self._out.trouble(TroubleKind.DIALPLAN_CIRCLE, what, call.id)
                    del call.returns[:-MOST_CALLED]
                return step
        return leaving

    def _reach(self, call: Call, step: StepName) -> Reply:
        reply = call.flow.steps[step].enter(self._caller(call))
        if reply.exit is None and self._is_elsewhere(call):
            return self._move(call)
        call.step = step
        call.steps.append(step)
        self._out.tell(StepEntered(call.id, self._out.now, step))
        return reply

    def _is_elsewhere(self, call: Call) -> bool:
        """Whether a crisis has come on or gone off for him. Who has had what he came for finishes as he began."""
        done = call.settled or call.talk is not None or call.transferred_at is not None
        return not done and self._crisis.flow_of(call).name != call.flow.name

    def _move(self, call: Call) -> Reply:
        """He goes on where callers begin who come now: only where he would stay, so that no choice of his is lost."""
        was, call.flow = call.flow.name, self._crisis.flow_of(call)
        call.returns.clear()
        call.tag(*(call.flow.plan.tags if call.flow.plan else ()))
        self._out.tell(Moved(call.id, self._out.now, call.flow.name, was))
        return self._reach(call, call.flow.start)

    def _carry_out(self, call: Call, order: Order) -> None:
        match order:
            case Say(texts):
                self.say(call, texts)
            case Hush():
                self.hush(call)
            case Wait(seconds):
                self.stop_waiting(call)
                call.wait = self._out.start_timer(seconds, NodeWait(call.id))
            case LookUp(lookup):
                call.query = call.mint.query()
                self._out.send(AskSystem(call.id, call.query, lookup, call.known_values()))
            case TakeMessage(queue, longest, quiet):
                call.message = call.mint.message(queue, drill=call.drill)
                call.settled = True
                self._out.send(RecordMessage(call.id, call.message, longest, quiet))
            case _:
                self._note(call, order)

    def _note(self, call: Call, order: Keep | Speak | Private | RequestCallBack | TakeArm) -> None:
        match order:
            case Keep(values, tags, secret):
                call.values.update(values)
                call.secrets.update(values) if secret else call.secrets.difference_update(values)
                call.tag(*tags)
            case Speak(language):
                call.language = language
            case Private(on):
                self._be_private(call, on=on)
            case RequestCallBack(queue, number):
                self._wish(call, queue, number)
            case TakeArm(split, arm) if call.arms.get(split) != arm:  # who comes by again is not counted again
                call.arms[split] = arm
                self._out.tell(ArmTaken(call.id, self._out.now, split, arm))

    def _wish(self, call: Call, queue: QueueName, number: str) -> None:
        call.settled = True
        since = call.arrived_at if call.enqueued_at is None else call.enqueued_at
        self._out.tell(CallBackRequested(call.id, self._out.now, queue, number, call.mint.wish(), since))

    def _be_private(self, call: Call, *, on: bool) -> None:
        if call.private != on:
            call.private = on
            self._out.send(HideCaller(call.id, on))
