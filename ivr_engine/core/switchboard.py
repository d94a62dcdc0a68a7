"""This file decides in which order decisions are made. It does not know Asterisk, YAML or the clock.

It is the only owner of live state: facts come in by one door (`handle`), orders go out, nothing is awaited.
"""

from collections.abc import Mapping, Sequence

from ivr_engine.core import outbox
from ivr_engine.core.agents import Agents
from ivr_engine.core.call import Call
from ivr_engine.core.callbacks import CallBacks
from ivr_engine.core.callers import Callers
from ivr_engine.core.crisis import Crisis
from ivr_engine.core.crisis.crisis import OfCrises
from ivr_engine.core.dispatch import Dispatch
from ivr_engine.core.following import Following
from ivr_engine.core.ivr import Ivr
from ivr_engine.core.onward import Onward
from ivr_engine.core.reconcile import Reconciliation
from ivr_engine.core.seats import Seats
from ivr_engine.core.takeover import Takeover
from ivr_engine.core.telling import tell_changes
from ivr_engine.core.versions import Versions
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.model.commands import AnyCommand, HangUpCall
from ivr_engine.model.crises import ActiveCrisis
from ivr_engine.model.events import (
    AgentOrdered,
    AgentsRemembered,
    AnyEvent,
    ArmOrdered,
    CallArrived,
    CallerLeft,
    CallerPickedUp,
    CanaryOrdered,
    ClockAnswered,
    CommandFailed,
    CrisisOrdered,
    CrisisRemembered,
    DialplanSwitched,
    DigitPressed,
    Joined,
    JoinFailed,
    LegAnswered,
    LegEnded,
    LegPressed,
    LegRinging,
    LinesSeen,
    LinkLost,
    MessageKept,
    MessageRecorded,
    PhonesSeen,
    PromptFinished,
    ProposalAnswered,
    Resynced,
    SeatHeard,
    SignalSeen,
    StatusOrdered,
    SystemAnswered,
    TimerFired,
    UsualSeen,
    WishesSeen,
)
from ivr_engine.model.ids import StepName, TimerId
from ivr_engine.model.notices import LinkChanged, MessageLeft, TroubleKind
from ivr_engine.nodes._node import Node

OfLeg = LegRinging | LegAnswered | LegPressed | SeatHeard | LegEnded | Joined | JoinFailed
OfPeople = OfCrises | AgentOrdered | AgentsRemembered | DialplanSwitched | CanaryOrdered


class Switchboard:
    """All live calls, seats and queues of one hotline. `language` is a new caller's, the hotline's first otherwise."""

    def __init__(self, hotline: Hotline[Node], language: str | None = None) -> None:
        self._out = outbox.Outbox()
        self.versions = Versions(self._out, hotline)
        self.crisis = Crisis(self._out, self.versions)
        self.ivr = Ivr(self._out, self.crisis)
        self.dispatch = Dispatch(self._out, self.ivr, Seats(self._out))
        onward = Onward(self._out, self.ivr, self.dispatch, self.crisis.flow_of)
        self.callers = Callers(self._out, self.crisis, onward, self._replan, language)
        self.calls = self.callers.calls
        self.following = Following(self._out, self.crisis, self.dispatch, self.calls)
        self.agents = Agents(self._out, self.dispatch, self.calls)
        self.call_backs = CallBacks(self._out, self.crisis, self.callers, self.dispatch)
        self.takeover = Takeover(self._out, self.callers, self.call_backs)
        self.reconciliation = Reconciliation(self._out, self.callers, self._timer_fired, self.takeover.adopt)
        self._replan()

    @property
    def hotline(self) -> Hotline[Node]:
        """The version that new calls get."""
        return self.versions.running

    def offer_version(self, hotline: Hotline[Node]) -> None:
        """Let a version be known, so that it can be switched to; nothing changes by that."""
        self.versions.offer(hotline)

    @property
    def timers(self) -> frozenset[str]:
        """The timers that are running."""
        return frozenset(self._out.timers)

    def is_endless(self, timer: TimerId) -> bool:
        """Whether a timer may follow another for ever: for hours of pools, clocks of crises, looks of triggers."""
        return isinstance(self._out.timers.get(timer), outbox.Endless)

    def purpose(self, timer: TimerId) -> outbox.Purpose | None:
        """What a timer is for; None if it does not run."""
        return self._out.timers.get(timer)

    def is_private(self, event: AnyEvent) -> bool:
        """Whether a fact tells what nobody may read: keys of a caller for a card number, say, or of an agent's PIN."""
        if isinstance(event, LegPressed):
            return not self.dispatch.accepting.is_asked(event.leg)
        call = self.calls.get(event.call) if isinstance(event, DigitPressed) else None
        return call is not None and call.private

    def arms_of(self, event: AnyEvent) -> Mapping[StepName, str]:
        """The arm a new caller has in each experiment by his number, which a journal does not tell."""
        if not isinstance(event, CallArrived) or not event.caller:
            return {}
        return {name: split.arm_of(event.caller) for name, split in self.versions.splits.items()}

    def handle(self, event: AnyEvent, now: float) -> list[AnyCommand]:
        """Take in one fact, at time `now` in seconds since 1970; return the orders it leads to, in order."""
        self._out.now = now
        self.reconciliation.note(event)
        self._take_in(event)
        self.callers.onward.send_on(self.calls)
        self.following.hear(self._out.told())
        if self.versions.judge():
            self._replan()
        self.dispatch.filling.fill_seats()
        self.call_backs.ring_who_is_next()
        tell_changes(self._out, self.dispatch)
        self.crisis.hear(self._out.told_of_callers())
        return self.dispatch.saves.placed(self._out.take())

    def leftovers(self) -> list[AnyCommand]:
        """After `handle` raised: the orders made until then. What they belong to is believed, so they must go out."""
        return self.dispatch.saves.placed(self._out.take())

    def _take_in(self, event: AnyEvent) -> None:
        match event:
            case CallArrived():
                self.callers.arrive(event)
            case (
                CallerLeft()
                | DigitPressed()
                | CommandFailed()
                | PromptFinished()
                | MessageRecorded()
                | SystemAnswered()
            ):
                self.callers.take(event)
            case MessageKept(call, message, queue, seconds, left_at):
                self._out.tell(MessageLeft(call, left_at, queue, message, seconds))
            case LegRinging() | LegAnswered() | LegPressed() | SeatHeard() | LegEnded() | Joined() | JoinFailed():
                self._of_leg(event)
            case TimerFired(timer):
                self._timer_fired(timer)
            case WishesSeen() | CallerPickedUp():
                self.call_backs.take(event)
            case PhonesSeen():
                self.dispatch.seats.seen(event)
            case (
                AgentOrdered()
                | AgentsRemembered()
                | DialplanSwitched()
                | CanaryOrdered()
                | CrisisOrdered()
                | ProposalAnswered()
                | StatusOrdered()
                | ClockAnswered()
                | ArmOrdered()
                | CrisisRemembered()
                | SignalSeen()
                | UsualSeen()
            ):
                self._ordered(event)
            case LinkLost() | Resynced() | LinesSeen():
                self._of_link(event)

    def _follow(self, before: Sequence[ActiveCrisis]) -> None:
        """Let everybody follow the crises that are on, if they are others than before."""
        if before == self.crisis.active:
            return
        self.dispatch.waiting.forget_flows()
        self._replan()  # a canary without that profile has ended by it
        self.following.switched()

    def _ordered(self, order: OfPeople) -> None:
        match order:
            case AgentOrdered() | AgentsRemembered():
                self.agents.take(order)
            case DialplanSwitched() | CanaryOrdered():
                self.versions.ordered(order, self.crisis.profiles)
                self._replan()
            case _:
                before = self.crisis.active
                self.crisis.take(order)
                self._follow(before)
                self.following.status()

    def _replan(self) -> None:
        self.dispatch.replan(self.versions.plan(self.crisis.active))

    # --- lines to seats, timers -----------------------------------------------------------------------------

    def _of_leg(self, event: OfLeg) -> None:
        match event:
            case LegRinging(leg):
                self.dispatch.offering.ringing(leg)
            case LegAnswered(leg):
                self.dispatch.answered(leg)
            case LegPressed(leg, digit):
                self.agents.pressed(leg, digit)
            case SeatHeard(leg, play):
                self.dispatch.accepting.heard(leg, play)
            case LegEnded(leg, cause):
                self.dispatch.leg_ended(leg, cause)
            case Joined(call_id, bridge):
                if call_id in self.calls:
                    self.dispatch.talks.joined(self.calls[call_id], bridge)
            case JoinFailed(call_id, bridge, why):
                self._out.trouble(TroubleKind.JOIN_FAILED, f"join failed: {why}", call_id)
                if call_id in self.calls:
                    self.dispatch.talks.join_failed(self.calls[call_id], bridge)

    def _timer_fired(self, timer: TimerId) -> None:
        match self._out.ran_out(timer):
            case outbox.NodeWait(call_id):
                call = self.calls[call_id]
                self.callers.onward.go_on(call, self.ivr.waited(call))
            case outbox.NothingToSay(call_id, play):
                if call_id in self.calls:
                    self.callers.prompt_finished(self.calls[call_id], play)
            case outbox.HangUpAgain(call_id) | outbox.PutBackAgain(call_id) as what:
                if call_id in self.calls:
                    self._again(self.calls[call_id], what)
            case outbox.WaitedTooLong() | outbox.ContentWithLess() | outbox.AnnouncementDue() as over:
                self.dispatch.waited(self.calls.get(over.call) or self.call_backs.away(over.call), over)
            case outbox.OfferExpires(leg):
                self.dispatch.offering.expired(leg)
            case outbox.RestEnds(seat):
                self.dispatch.seats.rested(seat)
            case over if isinstance(over, outbox.OfCrisis):
                before = self.crisis.active
                self.crisis.ran_out(over)
                self._follow(before)

    def _again(self, call: Call, what: outbox.HangUpAgain | outbox.PutBackAgain) -> None:
        if isinstance(what, outbox.HangUpAgain):
            self._out.send(HangUpCall(call.id))
        else:
            self.dispatch.company.set_right(call)

    # --- what there is on Asterisk ---------------------------------------------------------------------------

    def in_short(self, event: AnyEvent, now: float) -> AnyEvent:
        """The same fact; without what is in it, if that is just what is believed."""
        self._out.now = now
        return self.reconciliation.in_short(event) if isinstance(event, LinesSeen) else event

    def _of_link(self, event: LinkLost | Resynced | LinesSeen) -> None:
        match event:
            case LinesSeen():
                self.reconciliation.look(event)
                return
            case LinkLost():
                self.dispatch.waiting.paused = True
                self._out.tell(LinkChanged(up=False, at=self._out.now))
            case Resynced():
                self.takeover.resync(event)
                self.following.catch_up()
        self.reconciliation.forget()
