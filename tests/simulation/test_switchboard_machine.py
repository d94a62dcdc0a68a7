"""Callers, agents, link losses, refused orders and killed engines in any order: the invariants of world.py hold."""

from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Literal, get_args

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.dialplan.load import load
from ivr_engine.model import commands as c
from ivr_engine.model.agents import OrderWord
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.crises import EVERYWHERE, LEVELS, Level, Scope
from ivr_engine.model.events import (
    CanaryOrdered,
    CrisisOrdered,
    LinkLost,
    ProposalAnswered,
    StatusOrdered,
    SystemAnswered,
)
from ivr_engine.model.ids import AskId, CallId, LegId
from ivr_engine.nodes import NODE_TYPES, Node
from tests.simulation.invariants import belief_is_reality
from tests.simulation.lossy import LOSABLE, SWALLOWED, LossyExchange
from tests.simulation.variants import careful, prepared, variants_of
from tests.simulation.world import NUMBER, World, acme

HOTLINE = acme()
VERSIONS = (prepared(HOTLINE), HOTLINE, *variants_of(HOTLINE))
EVERY_WORD = load(Path(__file__).parent / "hotlines" / "every-word.yaml", NODE_TYPES)
TALKING = (c.AddLine, c.TakeOut, c.PutBack, c.Listen)
REFUSABLE = [
    *(c.RingSeat, c.Join, c.Play, c.StopPlay, c.Answer, c.StartMusic, c.StopMusic, c.SaveState),
    *(c.HangUpLeg, c.HangUpCall, c.RecordMessage, c.StopMessage, c.HideCaller, c.SpeakToSeat, *TALKING),
]
AGENTS = st.sampled_from(["1001", "1001", "1002", "1003", "1009", "chengdu#1", "nobody"])
PICK = st.integers(min_value=0, max_value=7)
WAYS = st.sampled_from(["", "1", "2", "3", "4", "5", "*1", "*2", "*3", "*31", "*4", "*5", "**", "12", "13", "412#"])


class HotlineMachine(RuleBasedStateMachine):
    versions: ClassVar[tuple[Hotline[Node], ...]] = VERSIONS  # the first is there at the beginning

    def __init__(self) -> None:
        super().__init__()
        self.world = self.new_world()

    def new_world(self) -> World:
        return World(self.versions[0])

    def _caller(self, pick: int) -> CallId:
        callers = list(self.world.exchange.callers)
        return callers[pick % len(callers)]

    def _leg(self, pick: int) -> LegId:
        legs = list(self.world.exchange.seats)
        return legs[pick % len(legs)]

    def _has_callers(self) -> bool:
        return bool(self.world.exchange.callers)

    def _has_legs(self) -> bool:
        return bool(self.world.exchange.seats)

    @rule(number=st.sampled_from([NUMBER, NUMBER, NUMBER, "999"]), drill=st.sampled_from([False, False, True]))
    def dial(self, number: str, drill: bool) -> None:
        self.world.exchange.dial(number, drill=drill)

    @rule(count=st.integers(2, 5), digit=st.sampled_from("123"))
    def rush(self, count: int, digit: str) -> None:
        """Several callers go straight to a queue, so that seats run out."""
        calls = [self.world.exchange.dial(NUMBER) for _ in range(count)]
        self.world.deliver_all()
        for call in calls:
            for _ in range(3):
                self.world.exchange.end_play(call)
                self.world.deliver_all()
            self.world.exchange.press(call, digit)
            self.world.deliver_all()

    @precondition(_has_callers)
    @rule(pick=PICK, digit=st.sampled_from("0123459*#"))
    def press(self, pick: int, digit: str) -> None:
        self.world.exchange.press(self._caller(pick), digit)

    @precondition(_has_callers)
    @rule(pick=PICK, digits=st.text("0123459*#", min_size=5, max_size=12))
    def keys_flood(self, pick: int, digits: str) -> None:
        """A caller leans on his phone: many keys before we have taken in the first."""
        for digit in digits:
            self.world.exchange.press(self._caller(pick), digit)

    @precondition(_has_callers)
    @rule(pick=PICK)
    def caller_hangs_up(self, pick: int) -> None:
        self.world.exchange.hang_up_caller(self._caller(pick))

    @precondition(_has_callers)
    @rule(pick=PICK)
    def prompt_ends(self, pick: int) -> None:
        self.world.exchange.end_play(self._caller(pick))

    @precondition(_has_legs)
    @rule(pick=PICK)
    def phone_rings(self, pick: int) -> None:
        self.world.exchange.ring(self._leg(pick))

    @precondition(_has_legs)
    @rule(pick=PICK)
    def agent_picks_up(self, pick: int) -> None:
        self.world.exchange.pick_up(self._leg(pick))

    @precondition(_has_legs)
    @rule(pick=PICK)
    def agent_picks_up_too_late(self, pick: int) -> None:
        """He picks up while the order to stop ringing is on its way."""
        self.world.exchange.pick_up(self._leg(pick))
        self.world.advance(15.0)

    @precondition(_has_legs)
    @rule(pick=PICK, cause=st.sampled_from(list(LegEnd)))
    def seat_line_ends(self, pick: int, cause: LegEnd) -> None:
        self.world.exchange.end_leg(self._leg(pick), cause)

    @precondition(_has_legs)
    @rule(pick=PICK, digit=st.sampled_from("1115*"))
    def seat_presses(self, pick: int, digit: str) -> None:
        self.world.exchange.at_seats.press(self._leg(pick), digit)

    @precondition(_has_legs)
    @rule(pick=PICK)
    def seat_has_listened(self, pick: int) -> None:
        self.world.exchange.at_seats.end(self._leg(pick))

    @precondition(_has_legs)
    @rule()
    def all_pick_up_at_once(self) -> None:
        for leg in list(self.world.exchange.seats):
            self.world.exchange.pick_up(leg)
            self.world.exchange.at_seats.press(leg, "1")

    @rule(count=st.integers(1, 4), which=PICK)
    def facts_arrive(self, count: int, which: int) -> None:
        for _ in range(count):
            self.world.deliver(which)

    @rule()
    def all_facts_arrive(self) -> None:
        self.world.deliver_all()

    @rule(seconds=st.sampled_from([0.1, 1.0, 6.0, 20.0]))
    def time_passes(self, seconds: float) -> None:
        self.world.advance(seconds)

    @rule()
    def somebody_looks(self) -> None:
        self.world.look()

    @rule(kind=st.sampled_from(REFUSABLE))
    def an_order_will_be_refused(self, kind: type) -> None:
        self.world.exchange.refuse.add(kind)
        self.world.faultless = False

    @rule(agent=st.sampled_from(sorted(HOTLINE.pools["local"].agents)), here=st.booleans())  # type: ignore[index]
    def phone_comes_or_goes(self, agent: str, here: bool) -> None:
        agents = self.world.exchange.agents
        (agents.add if here else agents.discard)(agent)  # type: ignore[arg-type]
        self.world.exchange.look_at_phones()

    @rule(trunk=st.sampled_from(["chengdu", "carrier"]), up=st.booleans())
    def trunk_comes_or_goes(self, trunk: str, up: bool) -> None:
        trunks = self.world.exchange.trunks
        (trunks.add if up else trunks.discard)(trunk)  # type: ignore[arg-type]
        self.world.exchange.look_at_phones()

    @rule()
    def all_phones_vanish(self) -> None:
        self.world.exchange.agents.clear()
        self.world.exchange.look_at_phones()

    @rule(agent=AGENTS, word=st.sampled_from(get_args(OrderWord)), seconds=st.sampled_from([None, None, 0.5, 60.0]))
    def somebody_orders_an_agent(self, agent: str, word: OrderWord, seconds: float | None) -> None:
        self.world.order(agent, word, 60.0 if word == "extend rest" and seconds is None else seconds)

    @rule(
        profile=st.sampled_from(["recall", "outage", None, "no such profile"]),
        on=st.sampled_from([True, True, False]),
        level=st.sampled_from(LEVELS),
        scope=st.sampled_from([EVERYWHERE, EVERYWHERE, Scope(numbers=("999",)), Scope(drill=True)]),
        lasts=st.sampled_from([None, 0.5, 60.0]),
        ask=st.sampled_from(["", "a"]),
    )
    def crisis(  # noqa: PLR0917 - what hypothesis draws
        self, profile: str | None, on: bool, level: Level, scope: Scope, lasts: float | None, ask: str
    ) -> None:
        until = None if lasts is None else self.world.now + lasts
        self.world.tell(CrisisOrdered(profile, "tester", "because", on, level, scope, until, AskId(ask)))

    @rule(proposal=st.sampled_from(["1", "2", "3"]), yes=st.booleans(), by=st.sampled_from(["tester", "another"]))
    def somebody_answers_a_proposal(self, proposal: str, yes: bool, by: str) -> None:
        self.world.tell(ProposalAnswered(proposal, yes, by, "", AskId("b")))

    @rule(flow=st.sampled_from(["recall", "normal"]), words=st.sampled_from(["在修。", ""]), once=st.booleans())
    def somebody_tells_how_it_stands(self, flow: str, words: str, once: bool) -> None:
        texts = {"zh-CN": words} if words else {}
        self.world.tell(StatusOrdered(flow, texts, "tester", until=self.world.now + 60.0, waiting_only=once))

    @rule(pick=PICK)
    def reload(self, pick: int) -> None:
        self.world.reload(self.versions[pick % len(self.versions)])

    @rule(pick=PICK, percent=st.sampled_from([10, 50]))
    def canary(self, pick: int, percent: int) -> None:
        self.world.canary(self.versions[pick % len(self.versions)], percent)

    @rule()
    def canary_stops(self) -> None:
        self.world.tell(CanaryOrdered(None, 0, "tester"))

    @rule(slow=st.booleans())
    def requests_are_slow_or_quick(self, slow: bool) -> None:
        self.world.slow = slow

    @precondition(lambda self: self.world.lanes)
    @rule(count=st.integers(1, 4), which=PICK)
    def requests_arrive(self, count: int, which: int) -> None:
        for _ in range(count):
            self.world.carry_out(which)

    @rule(deaf=st.booleans())
    def link_is_lost(self, deaf: bool) -> None:
        """Only the events are lost, or requests fail as well."""
        self.world.exchange.lose_link()
        self.world.exchange.deaf = deaf
        self.world.faultless &= not deaf

    @precondition(lambda self: not self.world.exchange.linked)
    @rule()
    def link_is_back(self) -> None:
        self.world.exchange.restore_link()

    @precondition(lambda self: self.world.exchange.linked and self.world.exchange.facts)
    @rule()
    def inbox_overflows(self) -> None:
        """The newest fact is lost on our side; the rest is taken in before everything is looked at anew."""
        self.world.exchange.facts.pop()
        self.world.overflowed, self.world.faultless = True, False
        self.world.deliver_all()
        self.world.overflowed = False
        self.world.exchange.facts.append(LinkLost())
        self.world.exchange.restore_link()

    @rule(remembers=st.booleans())
    def engine_is_killed(self, remembers: bool) -> None:
        self.world.kill_engine(remembers=remembers)
        self.world.deliver_all()

    @invariant()
    def holds(self) -> None:
        self.world.check()

    def teardown(self) -> None:
        self.world.end_everything()
        self.world.check_nothing_left()


class EveryWordMachine(HotlineMachine):
    """A hotline of every word and every ending; other systems answer late, or never, and messages are long."""

    versions = (EVERY_WORD, replace(EVERY_WORD, version="the same again"))

    @rule(way=WAYS, more=WAYS)
    def goes_straight_there(self, way: str, more: str) -> None:
        """A caller presses keys as he knows them, and each is taken in before the next."""
        call = self.world.exchange.dial(NUMBER)
        self.world.deliver_all()
        for digit in way + more:
            self.world.exchange.press(call, digit)
            self.world.deliver_all()

    @precondition(HotlineMachine._has_legs)
    @rule(pick=PICK, seconds=st.sampled_from([0.0, 8.0]))
    def agent_talks_and_hangs_up_first(self, pick: int, seconds: float) -> None:
        leg = self._leg(pick)
        self.world.exchange.pick_up(leg)
        self.world.deliver_all()
        self.world.advance(seconds)
        self.world.exchange.end_leg(leg, LegEnd.HUNG_UP)

    @precondition(HotlineMachine._has_callers)
    @rule(pick=PICK, said=st.sampled_from([0.0, 1.0, 20.0]))
    def message_ends(self, pick: int, said: float) -> None:
        self.world.exchange.end_message(self._caller(pick), said)

    @precondition(lambda self: self.world.asked)
    @rule(pick=PICK, answer=st.sampled_from(["found", "not found", "failed"]), tier=st.sampled_from(["gold", "tin"]))
    def system_answers(self, pick: int, answer: Literal["found", "not found", "failed"], tier: str) -> None:
        """In time, or when its caller has long gone."""
        query, asked = list(self.world.asked.items())[pick % len(self.world.asked)]
        del self.world.asked[query]
        values = {"tier": tier} if answer == "found" else {}
        self.world.tell(SystemAnswered(asked.call, query, answer, values))


class CarefulMachine(HotlineMachine):
    """Seats ring together, are asked whether they take the call, and are told what it is about."""

    versions = (careful(HOTLINE), *VERSIONS[:3])


class LossyMachine(EveryWordMachine):
    """Facts are lost and orders come to nothing while the link is up: two looks put it right."""

    def new_world(self) -> World:
        self.exchange = LossyExchange()
        return World(self.versions[0], self.exchange)

    @rule(kind=st.sampled_from(LOSABLE))
    def a_fact_will_be_lost(self, kind: type) -> None:
        self._lossy()
        self.exchange.lose.add(kind)

    @rule(kind=st.sampled_from(SWALLOWED))
    def an_order_will_come_to_nothing(self, kind: type) -> None:
        self._lossy()
        self.exchange.swallow.add(kind)

    @precondition(lambda self: self.world.timers)
    @rule(pick=PICK)
    def a_timer_is_lost(self, pick: int) -> None:
        self.world.lose_timer(list(self.world.timers)[pick % len(self.world.timers)])

    @precondition(lambda self: self.world.exchange.bridges)
    @rule(pick=PICK)
    def a_bridge_is_taken_down_behind_our_back(self, pick: int) -> None:
        self._lossy()
        bridges = list(self.exchange.bridges)
        del self.exchange.bridges[bridges[pick % len(bridges)]]

    @precondition(HotlineMachine._has_legs)
    @rule()
    def all_seats_pick_up(self) -> None:
        for leg in list(self.exchange.seats):
            self.exchange.pick_up(leg)
            self.world.deliver_all()

    def _lossy(self) -> None:
        self.world.lost, self.world.faultless = True, False

    def teardown(self) -> None:
        self.exchange.lose.clear()
        self.exchange.swallow.clear()
        self.exchange.refuse.clear()
        self.world.slow = False
        self.world.carry_out_all()
        if not self.exchange.linked:
            self.exchange.restore_link()
        self.world.deliver_all()
        self.world.reconcile()
        belief_is_reality(self.world)
        self.world.advance(max([0.0, *(due - self.world.now for due in self.world.lost_timers.values())]))
        self.world.reconcile()
        belief_is_reality(self.world)
        super().teardown()


for machine, examples in ((HotlineMachine, 130), (EveryWordMachine, 130), (LossyMachine, 130), (CarefulMachine, 90)):
    machine.TestCase.settings = settings(
        max_examples=examples, stateful_step_count=70, deadline=None, print_blob=True, report_multiple_bugs=False
    )
TestHotline = HotlineMachine.TestCase
TestEveryWord = EveryWordMachine.TestCase
TestLossy = LossyMachine.TestCase
TestCareful = CarefulMachine.TestCase
