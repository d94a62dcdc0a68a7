"""A switchboard beside a simulated exchange, in virtual time, with every invariant looked at after every fact."""

from collections import deque
from pathlib import Path

from ivr_engine.core import Switchboard
from ivr_engine.core.outbox import HoursDue, OfCrisis, TriggersDue
from ivr_engine.core.seat import SeatState
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.dialplan.load import load
from ivr_engine.model import commands as c
from ivr_engine.model.agents import AgentOrder, Duty, OrderWord
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.crises import CrisisState
from ivr_engine.model.events import (
    AgentOrdered,
    AgentsRemembered,
    AnyEvent,
    CallArrived,
    CanaryOrdered,
    CrisisRemembered,
    DialplanSwitched,
    LegPressed,
    LinkLost,
    Resynced,
    TimerFired,
)
from ivr_engine.model.ids import AskId, CallId, LegId, PlayId, PoolName, QueryId, QueueName, SeatId, TimerId, call_of
from ivr_engine.model.notices import AgentAnswered, AgentChanged, AnyNotice, CrisisStateChanged
from ivr_engine.model.saved import SavedCall
from ivr_engine.nodes import NODE_TYPES, Node
from ivr_engine.simulator.exchange import Exchange
from tests.simulation import crisis_invariants, invariants

ACME = Path(__file__).parents[2] / "dialplans" / "acme"
NUMBER = "4000000400"
REQUEST_SECONDS = 5.0  # no order waits longer: its request would have timed out


def acme() -> Hotline[Node]:
    return load(ACME, NODE_TYPES)


class World:
    LOOK_SECONDS = 5.0  # from one look at Asterisk to the next

    def __init__(self, hotline: Hotline[Node], exchange: Exchange | None = None) -> None:
        self.hotline = hotline
        self.versions = {hotline.version: hotline}  # all that were ever there
        self.now = 1_800_000_000.0
        self.opened: set[tuple[QueueName, PoolName]] = set()  # pools with conditions, as told
        self.exchange = exchange or Exchange()
        self.board = Switchboard(hotline)
        self.timers: dict[TimerId, float] = {}
        self.at_seats: dict[PlayId, LegId] = {}  # what was ever said there
        self.confirmed: set[LegId] = set()  # where it was ever said, by a key, that the call is taken
        self.notices: list[AnyNotice] = []
        self.drills: set[CallId] = set()  # calls that came by the drills' endpoint
        self.started: set[TimerId] = set()
        self.crises = CrisisState()  # as told last: what outlives an engine
        self.begun: tuple[int, Hotline[Node], tuple[Hotline[Node], ...]] = (0, hotline, ())  # this engine, in `log`
        self.log: list[tuple[float, AnyEvent]] = []
        self.orders: list[list[c.AnyCommand]] = []  # beside `log`: what each fact led to
        self.slow = False  # orders wait in their lanes until they are carried out on purpose
        self.lanes: dict[str, deque[c.AnyCommand]] = {}
        self.waiting_since = self.now  # since there is an order in any lane
        self.named: set[str] = set()  # what orders gave a name to
        self.saved: dict[CallId, SavedCall] = {}  # as last ordered, whether it was written or not
        self.asked: dict[QueryId, c.AskSystem] = {}  # and not yet answered
        self.seeing = True  # what happens is told, and all that happened was
        self.duties: dict[SeatId, Duty] = {}  # of agents, as told last: what outlives an engine
        self.agents: dict[SeatId, AgentChanged] = {}
        self.asks = 0
        self.at_last_look: list[AnyEvent] = []  # facts that had not arrived then
        self.faultless = True  # no fact was ever lost while the link was up, no order refused or swallowed
        self.lost = False  # one was, and belief has not been reconciled with reality since
        self.lost_timers: dict[TimerId, float] = {}  # that will never tell that they ran out, and when they do
        self.overflowed = False  # a fact was lost on our side, and nobody has looked at everything anew
        self.exchange.agents.update(SeatId(a) for pool in hotline.pools.values() for a in pool.agents)
        self.exchange.trunks.update(hotline.trunks)
        self.exchange.restore_link()
        self.deliver_all()

    # --- driving --------------------------------------------------------------------------------------------

    def deliver_all(self) -> None:
        while self.exchange.facts:
            self.deliver()

    def deliver(self, which: int = 0) -> None:
        """Deliver the oldest fact of one call: facts of a call keep their order, those of different calls may not."""
        facts = list(self.exchange.facts)
        if not facts:
            return
        fact = facts[which % len(facts)]
        if any(isinstance(other, LinkLost | Resynced) for other in facts):
            fact = facts[0]  # what the link says is not overtaken
        owner = _owner(fact)
        fact = next(other for other in facts if _owner(other) == owner)
        self.exchange.facts.remove(fact)
        self.tell(fact)

    def tell(self, fact: AnyEvent) -> None:
        if isinstance(fact, LinkLost | Resynced):
            self.seeing = isinstance(fact, Resynced)
        if isinstance(fact, LegPressed) and fact.digit == "1":
            self.confirmed.add(fact.leg)
        if isinstance(fact, CallArrived) and fact.drill:
            self.drills.add(fact.call)
        self.drills.update(line.call for line in self.exchange.callers.values() if line.drill)
        self.log.append((self.now, fact))
        if isinstance(fact, CrisisRemembered):
            self.crises = fact.state
        elsewhere = crisis_invariants.in_the_middle(self)
        purpose = self.board.purpose(fact.timer) if isinstance(fact, TimerFired) else None
        self.orders.append(self.board.handle(fact, self.now))
        crisis_invariants.of_one_decision(fact, self.orders[-1])
        crisis_invariants.follow(self, elsewhere, fact, purpose)
        if not self.lanes:
            self.waiting_since = self.now
        for command in self.orders[-1]:
            self._keep(command)
        if not self.slow:
            self.carry_out_all()
        self.check()

    def order(
        self, agent: str, word: OrderWord, seconds: float | None = None, reason: str = "", **more: str
    ) -> AgentAnswered:
        """Somebody tells an agent what to do; exactly one answer comes."""
        self.asks += 1
        ask, known = AskId(f"ask-{self.asks}"), len(self.notices)
        self.tell(AgentOrdered(ask, SeatId(agent), AgentOrder(word, "tester", reason, seconds, **more)))
        answers = [notice for notice in self.notices[known:] if isinstance(notice, AgentAnswered)]
        assert [answer.ask for answer in answers] == [ask], "an order is answered once"
        assert answers[0].ok == (not answers[0].why)
        return answers[0]

    def carry_out(self, which: int = 0) -> None:
        """Carry out the next order of one lane: those of a lane keep their order, those of different ones may not."""
        if not self.lanes:
            return
        lane = list(self.lanes)[which % len(self.lanes)]
        command = self.lanes[lane].popleft()
        if not self.lanes[lane]:
            del self.lanes[lane]
        self.exchange.execute(command)

    def carry_out_all(self) -> None:
        while self.lanes:
            self.carry_out()

    def advance(self, seconds: float) -> None:
        """Let time pass: timers fire when they are due, in order."""
        if self.now + seconds >= self.waiting_since + REQUEST_SECONDS:
            self.carry_out_all()
        until = self.now + seconds
        while self.timers:
            timer, due = min(self.timers.items(), key=lambda item: (item[1], item[0]))
            if due > until:
                break
            self.now = due
            del self.timers[timer]
            self.tell(TimerFired(timer))
        self.now = until

    def look(self) -> None:
        """It is time to look at Asterisk. No fact is under way from one look to the next."""
        self.advance(self.LOOK_SECONDS)
        while any(fact is early for fact in self.exchange.facts for early in self.at_last_look):
            self.deliver()
        self.exchange.look_at_lines(frozenset(self.lanes))
        self.at_last_look = list(self.exchange.facts)

    def reconcile(self) -> None:
        """What is wrong in two looks is put right, and what comes of that as well."""
        for _ in range(4):
            self.look()
            self.deliver_all()
        self.lost = False

    def lose_timer(self, timer: TimerId) -> None:
        """A timer will not tell that it has run out."""
        self.lost_timers[timer] = self.timers.pop(timer)
        self.lost, self.faultless = True, False

    def reload(self, hotline: Hotline[Node]) -> None:
        """New calls get another version."""
        self._offer(hotline)
        self.tell(DialplanSwitched(hotline.version, "admin"))

    def canary(self, hotline: Hotline[Node], percent: int = 50) -> None:
        """Another version goes on trial."""
        self._offer(hotline)
        self.tell(CanaryOrdered(hotline.version, percent, "admin"))

    def _offer(self, hotline: Hotline[Node]) -> None:
        pools = [pool for version in self.versions.values() for pool in version.pools.values()]
        self.versions[hotline.version] = hotline
        self.board.offer_version(hotline)
        agents = {SeatId(agent) for pool in hotline.pools.values() for agent in pool.agents}
        self.exchange.agents.update(agents - {agent for pool in pools for agent in pool.agents})
        self.exchange.look_at_phones()

    def kill_engine(self, *, remembers: bool = True) -> None:
        """A new engine takes over the lines as they are; it remembers nothing, but earlier versions if it has them."""
        self.exchange.facts.clear()
        self.lanes.clear()  # what had not been sent never will be
        self.exchange.linked = True
        for seat in self.exchange.seats.values():
            seat.plays.clear()
            seat.untold.clear()
        for line in self.exchange.callers.values():
            # What was begun after the last save cannot be known to the next engine; here it ends by itself.
            line.plays = {play: heard for play, heard in line.plays.items() if line.saved and play == line.saved.play}
            line.untold.clear()
            line.message = line.message if line.saved and line.message == line.saved.message else None
            if line.saved is None or line.saved.message != line.message:
                line.message = None
            line.untold_messages.clear()
        self.agents.clear()
        self.opened.clear()
        self.timers.clear()
        self.lost_timers.clear()
        self.started.clear()  # timers live and die with their engine
        self.asked.clear()
        for line in self.exchange.callers.values():
            if line.saved != self.saved.get(line.call):  # what was not written, nobody can know
                self.named = {name for name in self.named if call_of(name) != line.call}
        self.saved = {line.call: line.saved for line in self.exchange.callers.values() if line.saved}
        running, crises = self.board.hotline, self.crises
        self.crises = CrisisState()
        self.begun = (len(self.log), running, tuple(self.versions.values()) if remembers else ())
        self.board = Switchboard(running)
        for version in self.versions.values() if remembers else ():
            self.board.offer_version(version)
        if remembers:
            self.tell(AgentsRemembered(dict(self.duties)))
            self.tell(CrisisRemembered(crises))
        self.exchange.restore_link()

    def end_everything(self) -> None:
        """All callers hang up, the link is up, time passes: nothing may be left."""
        self.exchange.refuse.clear()
        self.slow = False
        self.carry_out_all()
        if not self.exchange.linked:
            self.exchange.restore_link()
        self.deliver_all()
        for call in list(self.exchange.callers):
            self.exchange.hang_up_caller(call)
        self.deliver_all()
        for leg in list(self.exchange.seats):
            assert leg in self.exchange.spared, f"line {leg} goes on and nobody ordered its end"
            self.exchange.end_leg(leg, LegEnd.NO_ANSWER)  # Asterisk gives up by itself, or the agent does
        self.deliver_all()
        self.advance(3600)
        self.deliver_all()

    def _keep(self, command: c.AnyCommand) -> None:
        for name in invariants.names_in(command):
            assert name not in self.named, f"{name} was given twice"
            self.named.add(name)
        match command:
            case c.AskSystem():
                self.asked[command.query] = command
            case c.SaveState(call, state):
                self.saved[call] = state
                self.lanes.setdefault(call, deque()).append(command)
            case c.StartTimer(timer, after):
                assert timer not in self.started, "a timer's id was used twice"
                assert after >= 0
                self.started.add(timer)
                self.timers[timer] = self.now + after
            case c.CancelTimer(timer):
                is_running = timer in self.timers or timer in self.lost_timers
                assert is_running, "a timer was cancelled that was not running"
                self.timers.pop(timer, None)
                self.lost_timers.pop(timer, None)
            case c.Publish(notice, drill):
                invariants.is_told_apart(self, notice, drill=drill)
                self.notices.append(notice)
                if isinstance(notice, AgentChanged):
                    self.agents[notice.agent] = notice
                    self.duties[notice.agent] = notice.duty
                if isinstance(notice, CrisisStateChanged):
                    self.crises = notice.state
                invariants.look_at(self, notice)
            case _:
                self.lanes.setdefault(self._lane(command), deque()).append(command)

    def _lane(self, command: c.AnyCommand) -> str:
        match command:
            case c.SpeakToSeat(_, leg, play):
                self.at_seats[play] = leg
                return leg
            case c.RingSeat(_, leg) | c.HangUpLeg(_, leg):
                return leg
            case c.StopPlay(call, play):
                return self.at_seats.get(play, call)
            case c.CallCommand(call):
                return call
        raise AssertionError(f"{command} is of no call")

    def check(self) -> None:
        invariants.check(self)
        crisis_invariants.check(self)

    def check_nothing_left(self) -> None:
        assert not self.board.calls
        assert not self.board.dispatch.offers
        purposes = self.board._out.timers.items()
        hours = {timer for timer, purpose in purposes if purpose == HoursDue()}
        looks = {timer for timer, purpose in purposes if purpose == TriggersDue()}
        of_crises = {timer for timer, purpose in purposes if isinstance(purpose, OfCrisis)} - looks
        assert not self.timers.keys() - hours - of_crises - looks
        assert len(looks) == bool(self.board.hotline.triggers), "triggers are looked at, once at a time"
        assert not of_crises or self.board.crisis.state != CrisisState(), "a crisis is over, and its clocks go on"
        assert len(hours) <= 1, "the next hours of a pool, and nothing else"
        assert not self.exchange.seats, "a line outlives its call"
        assert not self.exchange.bridges, "a bridge outlives its calls"
        assert all(not len(queue) for queue in self.board.dispatch.queues.values())
        self._nothing_left_of_earlier_versions()
        idle = {SeatState.READY, SeatState.OFFLINE, SeatState.PAUSED, SeatState.SIGNED_OUT}
        assert all(seat.state in idle for seat in self.board.dispatch.seats.by_id.values())

    def _nothing_left_of_earlier_versions(self) -> None:
        versions, dispatch = self.board.versions, self.board.dispatch
        current = [versions.running, *([versions.canary.hotline] if versions.canary else [])]
        assert set(dispatch.queues) == {queue for version in current for queue in version.queues}
        assert set(dispatch.seats.pools) == {pool for version in current for pool in version.pools}
        local = versions.running.pools.values()
        assert {seat for pool in local for seat in pool.seats} <= set(dispatch.seats.by_id)
        if len(current) == 1:
            plan = versions.plan(self.board.crisis.active)
            assert set(dispatch.seats.by_id) == {seat for pool in plan.pools.values() for seat in pool.seats}


def _owner(fact: AnyEvent) -> CallId | None:
    name = getattr(fact, "call", None) or getattr(fact, "leg", None)
    return call_of(name) if name else None
