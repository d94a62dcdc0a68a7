"""This file decides how a crisis comes on and goes off. It does not know what that means for a caller or a seat.

All state of crises is here and in the parts named below, and leaves as one (`CrisisStateChanged`), before any order
that follows from it: an engine that is killed in between finds either all of a switch, or nothing of it.
"""

from collections.abc import Iterable

import msgspec

from ivr_engine.core.call import Call
from ivr_engine.core.crisis import alerts
from ivr_engine.core.crisis.active import ending, flow_among, in_order, plan_in, switched
from ivr_engine.core.crisis.arms import Arms
from ivr_engine.core.crisis.clocks import Clocks
from ivr_engine.core.crisis.permission import why_not_answer, why_not_he, why_not_so
from ivr_engine.core.crisis.proposals import Proposals
from ivr_engine.core.crisis.statuses import Statuses
from ivr_engine.core.crisis.triggers import Triggers, Wish
from ivr_engine.core.outbox import (
    ClockDue,
    CrisisEnds,
    OfCrisis,
    Outbox,
    ProposalLapses,
    StatusEnds,
    StatusStale,
    TriggersDue,
)
from ivr_engine.core.versions import Versions
from ivr_engine.dialplan.crises import PersonMay
from ivr_engine.dialplan.hotline import Flow, Hotline, Text
from ivr_engine.model.alarms import CrisisAnswered, CrisisChanged, CrisisStateChanged
from ivr_engine.model.crises import ActiveCrisis, CrisisState, Proposal, Scope, Switch
from ivr_engine.model.events import (
    ArmOrdered,
    ClockAnswered,
    CrisisOrdered,
    CrisisRemembered,
    ProposalAnswered,
    SignalSeen,
    StatusOrdered,
    UsualSeen,
)
from ivr_engine.model.ids import AskId, TimerId
from ivr_engine.model.notices import AnyNotice, TroubleKind
from ivr_engine.nodes import Node

OfPeopleInCrisis = CrisisOrdered | ProposalAnswered | StatusOrdered | ClockAnswered | ArmOrdered
OfCrises = OfPeopleInCrisis | CrisisRemembered | SignalSeen | UsualSeen


class Crisis:
    """The crises that are on, the one that counts first comes first. Asked before any step of a call."""

    def __init__(self, out: Outbox, versions: Versions) -> None:
        self._out = out
        self.versions = versions
        self.active: tuple[ActiveCrisis, ...] = ()
        self.proposals = Proposals(out, versions)
        self.statuses = Statuses(out, versions, lambda: self.active)
        self.clocks = Clocks(out, versions)
        self.triggers = Triggers(out, versions)
        self.arms = Arms(out, versions)
        self._ends: dict[tuple[str | None, bool], TimerId] = {}
        self._told = CrisisState()

    @property
    def profiles(self) -> tuple[str, ...]:
        """Those that are on for real calls, the one that counts first comes first."""
        return tuple(one.profile for one in self.active if not one.scope.drill)

    def flow(self, hotline: Hotline[Node], number: str = "", region: str = "", *, drill: bool = False) -> Flow[Node]:
        """The flow of a call to `number` from `region` with that version."""
        return flow_among(self.active, hotline, number, region, drill=drill)

    def covering(self, call: Call) -> tuple[ActiveCrisis, ...]:
        """The crises that are on for a call, the one that counts first comes first."""
        return tuple(
            one
            for one in self.active
            if one.profile in call.hotline.crises and one.scope.covers(call.number, call.region, drill=call.drill)
        )

    def flow_of(self, call: Call) -> Flow[Node]:
        """The flow a caller would be in who came now as he did."""
        return self.flow(call.hotline, call.number, call.region, drill=call.drill)

    def live_status(self, call: Call) -> Text | None:
        """What a caller is told in place of what a step of his flow says of how a matter stands."""
        return self.statuses.text(call.flow.name, call.hotline)

    @property
    def state(self) -> CrisisState:
        """All that must survive the engine."""
        return CrisisState(
            active=self.active,
            proposals=tuple(self.proposals.open.values()),
            statuses=tuple(self.statuses.live.values()),
            clocks=self.clocks.all,
            stopped_arms=tuple(self.arms.stopped.values()),
            numbered=self.proposals.numbered,
            triggers=dict(self.triggers.memory),
        )

    # --- what comes in --------------------------------------------------------------------------------------

    def take(self, event: OfCrises) -> None:
        """Take in what people order, and what was before a restart."""
        match event:
            case CrisisOrdered():
                self._ordered(event)
            case ProposalAnswered():
                self._proposal_answered(event)
            case StatusOrdered():
                self._status_ordered(event)
            case ClockAnswered():
                self._clock_answered(event)
            case ArmOrdered():
                self._arm_ordered(event)
            case CrisisRemembered(state):
                self._remember(state)
            case SignalSeen():
                self.triggers.see(event)
            case UsualSeen():
                self.triggers.learn(event)
        # Nobody was told yet what was remembered; and what of it is gone, the next restart would bring back.
        self._tell_state(always=isinstance(event, CrisisRemembered))

    def hear(self, notices: Iterable[AnyNotice]) -> None:
        """Keep up with what was decided of callers."""
        changed = [self.triggers.hear(notices), self.arms.hear(notices)]
        if any(changed):
            self._tell_state()

    def ran_out(self, timer: OfCrisis) -> None:
        """A time of a crisis is over."""
        match timer:
            case CrisisEnds(profile, drill):
                self._carry_out(Switch(profile, on=False, scope=Scope(drill=drill)), "its expiry", "its time was over")
            case ProposalLapses(name):
                self._lapsed(name)
            case StatusStale() | StatusEnds():
                self.statuses.ran_out(timer)
            case ClockDue(profile, clock):
                self.clocks.fell_due(profile, clock)
            case TriggersDue():
                for wish in self.triggers.look(self.active):
                    self._fulfil(wish)
        self._tell_state()

    # --- switching ------------------------------------------------------------------------------------------

    def _ordered(self, order: CrisisOrdered) -> None:
        hotline, now = self.versions.running, self._out.now
        on = order.on and order.profile is not None
        switch = Switch(order.profile, on, order.level, order.scope, order.until)
        if self._is_the_yes(order, switch):
            return
        what = str(switch)
        why = self._why_not_he(order.by, "switch", order.ask) or why_not_so(hotline, self.active, switch, now)
        if why is not None:
            if not order.ask and switch.profile not in {None, *hotline.crises}:
                self._out.trouble(TroubleKind.UNKNOWN_PROFILE, why)
            self._answer(order.ask, order.by, what, why)
        elif on and order.ask and plan_in(hotline, order.profile or "").two_people and not order.scope.drill:
            proposal = self.proposals.make(switch, order.by, order.reason, other=True)
            self._answer(order.ask, order.by, what, proposal=proposal.id)
        else:
            self._carry_out(switch, order.by, order.reason)
            self._answer(order.ask, order.by, what)

    def _is_the_yes(self, order: CrisisOrdered, switch: Switch) -> bool:
        """Who orders what somebody else, or a trigger, has proposed says yes to it, if he may."""
        alike = self.proposals.alike(switch, order.by) if order.ask and switch.on else None
        if alike is None:
            return False
        yes = ProposalAnswered(alike.id, True, order.by, "", order.ask)
        if self._why_not_answer(yes) is not None:
            return False
        self._proposal_answered(yes)
        return True

    def _arm_ordered(self, order: ArmOrdered) -> None:
        why = self._why_not_he(order.by, "switch", order.ask) or self.arms.why_not(order)
        if why is None:
            self.arms.take(order)
        what = f"{'stop' if order.stop else 'resume'} arm {order.arm} of {order.split}"
        self._answer(order.ask, order.by, what, why or "")

    def _status_ordered(self, order: StatusOrdered) -> None:
        why = self.why_not_told(order) if order.ask else self.statuses.why_not(order)
        if why is None:
            self.statuses.take(order)
        what = "status" if order.texts else "no status"
        self._answer(order.ask, order.by, f"{what} of {order.flow}", why or "")

    def why_not_told(self, order: StatusOrdered) -> str | None:
        """Why callers may not be told that, with the remedy; None if they may. Nothing comes of asking."""
        hotline, now = self.versions.running, self._out.now
        why = why_not_he(hotline, order.by, "switch", now)
        if why is not None and why_not_he(hotline, order.by, "promise", now) is None:
            why = None  # who may promise may also tell
        return why or self.statuses.why_not(order)

    def _proposal_answered(self, answer: ProposalAnswered) -> None:
        proposal = self.proposals.open.get(answer.proposal)
        yes = "confirm" if answer.yes else "reject"
        what = f"{yes} proposal {answer.proposal}"
        why, second = self._why_not_answer(answer), ""
        if why is None and proposal is not None:
            self.proposals.close(proposal, "confirmed" if answer.yes else "rejected", answer.by, answer.reason)
            if answer.yes:
                second = self._confirmed(proposal, answer)
        self._answer(answer.ask, answer.by, what, why or "", second)

    def _confirmed(self, proposal: Proposal, answer: ProposalAnswered) -> str:
        """Carry out what was proposed. A trigger is no person: where it takes two, the proposal for the second one."""
        switch, reason = proposal.switch, answer.reason or proposal.reason
        if not proposal.other and switch.on and plan_in(self.versions.running, switch.profile or "").two_people:
            return self.proposals.make(switch, answer.by, reason, other=True).id
        by = f"{proposal.by} and {answer.by}" if proposal.other else answer.by
        self._carry_out(switch, by, reason)
        return ""

    def _clock_answered(self, answer: ClockAnswered) -> None:
        why = self._why_not_he(answer.by, "confirm", answer.ask) or self.clocks.why_not(answer)
        if why is None:
            self.clocks.done(answer)
        self._answer(answer.ask, answer.by, f"clock {answer.clock} of crisis {answer.profile} done", why or "")

    def _why_not_answer(self, answer: ProposalAnswered) -> str | None:
        return why_not_answer(self.versions.running, self.active, self.proposals.open, answer, self._out.now)

    def _why_not_he(self, by: str, may: PersonMay, ask: AskId) -> str | None:
        return why_not_he(self.versions.running, by, may, self._out.now) if ask else None

    def _carry_out(self, switch: Switch, by: str, reason: str) -> None:
        hotline, now, before = self.versions.running, self._out.now, {one.key: one for one in self.active}
        if switch.on and switch.profile is not None:
            switch = ending(self.active, switch, hotline, now)
            self.versions.end_canary_without(switch.profile or "")
        self.active = in_order(switched(self.active, switch, by, reason, now), hotline)
        self._mind_ends()
        self.statuses.switched()
        after = {one.key: one for one in self.active}
        for crisis in before.values():
            if crisis.key not in after:
                self._tell(crisis, by, reason, on=False)
                off = msgspec.structs.replace(crisis, by=by, reason=reason)
                alerts.switched(self._out, hotline, off, on=False)
        for crisis in after.values():
            if crisis != before.get(crisis.key):
                self._tell(crisis, by, reason, on=True)
                alerts.switched(self._out, hotline, crisis, on=True)
        self.clocks.follow(self.active)

    def _lapsed(self, name: str) -> None:
        """Nobody answered. While a trigger still asks for it, it is proposed again: somebody may look by now."""
        proposal = self.proposals.open.get(name)
        self.proposals.lapse(name)
        if proposal is None or not self.triggers.still_asks(proposal.by, proposal.switch):
            return
        if why_not_so(self.versions.running, self.active, proposal.switch, self._out.now) is None:
            self.proposals.make(proposal.switch, proposal.by, proposal.reason, other=False)

    def _fulfil(self, wish: Wish) -> None:
        """What a trigger asks for. What it proposed before is out of date by it."""
        for proposal in [one for one in self.proposals.open.values() if one.by == wish.by]:
            self.proposals.close(proposal, "lapsed", wish.by, wish.words)
        if wish.switch is None:
            return
        if wish.at_once:
            self._carry_out(wish.switch, wish.by, wish.words)
        else:
            self.proposals.make(wish.switch, wish.by, wish.words, other=False)

    def _remember(self, state: CrisisState) -> None:
        known = [one for one in state.active if one.profile in self.versions.running.crises]
        for lost in (one for one in state.active if one not in known):
            what = f"crisis profile {lost.profile!r} was on before the restart, and is not in the dialplan any more"
            self._out.trouble(TroubleKind.UNKNOWN_PROFILE, what)
        self.active = in_order(known, self.versions.running)
        self._mind_ends()
        self.proposals.remember(state.proposals, state.numbered)
        self.statuses.remember(state.statuses)
        self.triggers.remember(state.triggers)
        self.arms.remember(state.stopped_arms)
        for crisis in self.active:
            self._tell(crisis, crisis.by, crisis.reason, on=True)
        self.clocks.remember(state.clocks, self.active)

    def _mind_ends(self) -> None:
        for timer in self._ends.values():
            self._out.cancel(timer)
        self._ends = {
            one.key: self._out.start_timer(
                max(0.0, one.until - self._out.now), CrisisEnds(one.profile, one.scope.drill)
            )
            for one in self.active
            if one.until is not None
        }

    # --- what is told ---------------------------------------------------------------------------------------

    def _tell(self, crisis: ActiveCrisis, by: str, reason: str, *, on: bool) -> None:
        active = tuple(one.profile for one in self.active)
        level, scope, since = crisis.level, crisis.scope, crisis.since
        notice = CrisisChanged(crisis.profile, self._out.now, by, reason, on, level, scope, since, crisis.until, active)
        self._out.tell(notice)

    def _answer(self, ask: AskId, by: str, what: str, why: str = "", proposal: str = "") -> None:
        if ask:
            self._out.tell(CrisisAnswered(ask, self._out.now, by, what, not why, why, proposal))

    def _tell_state(self, *, always: bool = False) -> None:
        state = self.state
        if state != self._told or always:
            self._told = state
            self._out.tell_first(CrisisStateChanged(self._out.now, state))
