"""Pools of every kind under every condition, in any order of events: the invariants of world.py hold."""

from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.dialplan.load import load
from ivr_engine.dialplan.shares import SomeSeats
from ivr_engine.dialplan.turns import in_turn
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.events import ClockAnswered
from ivr_engine.model.ids import PoolName, QueueName
from ivr_engine.nodes import NODE_TYPES, Node
from tests.simulation.test_switchboard_machine import PICK, HotlineMachine

MANY = load(Path(__file__).parent / "hotlines" / "many-pools", NODE_TYPES)
LOCAL, DONOR, GENERAL = PoolName("local"), PoolName("donor"), QueueName("general")


def without_conditions(hotline: Hotline[Node]) -> Hotline[Node]:
    """What was open under conditions is always open, or gone."""
    general = replace(hotline.queues[GENERAL], turns=in_turn(LOCAL, DONOR))
    return replace(hotline, version="plain", queues={**hotline.queues, GENERAL: general})


def other_reserves(hotline: Hotline[Node]) -> Hotline[Node]:
    """More seats are reserved than are often there, and more kept free."""
    local = replace(hotline.pools[LOCAL], reserve={"crisis": SomeSeats(60, is_share=True), "routine": SomeSeats(1)})
    donor = replace(hotline.pools[DONOR], keep_free=SomeSeats(40, is_share=True))
    return replace(hotline, version="reserves", pools={**hotline.pools, LOCAL: local, DONOR: donor})


class PoolsMachine(HotlineMachine):
    versions: ClassVar[tuple[Hotline[Node], ...]] = (MANY, without_conditions(MANY), other_reserves(MANY))

    @rule(agent=st.sampled_from(["1101", "1102", "1201", "1301"]), here=st.booleans())
    def helper_comes_or_goes(self, agent: str, here: bool) -> None:
        agents = self.world.exchange.agents
        (agents.add if here else agents.discard)(agent)  # type: ignore[arg-type]
        self.world.exchange.look_at_phones()

    @precondition(HotlineMachine._has_legs)
    @rule(count=st.integers(1, 4), cause=st.sampled_from([LegEnd.UNREACHABLE, LegEnd.FAILED]))
    def lines_fail(self, count: int, cause: LegEnd) -> None:
        """One after the other, each as soon as it is opened."""
        for _ in range(count):
            legs = list(self.world.exchange.seats)
            if not legs:
                return
            self.world.exchange.end_leg(legs[-1], cause)
            self.world.deliver_all()

    @precondition(HotlineMachine._has_legs)
    @rule(pick=PICK, seconds=st.sampled_from([0.0, 8.0, 130.0]))
    def agent_talks_and_hangs_up_first(self, pick: int, seconds: float) -> None:
        leg = self._leg(pick)
        self.world.exchange.pick_up(leg)
        self.world.deliver_all()
        self.world.advance(seconds)
        self.world.exchange.end_leg(leg, LegEnd.HUNG_UP)

    @rule(clock=st.sampled_from(["verify", "verify", "coffee"]))
    def somebody_says_that_it_is_done(self, clock: str) -> None:
        self.world.tell(ClockAnswered("recall", clock, "tester"))


PoolsMachine.TestCase.settings = settings(
    max_examples=100, stateful_step_count=70, deadline=None, print_blob=True, report_multiple_bugs=False
)
TestPools = PoolsMachine.TestCase
