"""Skills, widening needs, the same agent again and ageing, with everything else that happens: invariants hold."""

from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.dialplan.load import load
from ivr_engine.dialplan.skills import AgentPlan, Widening
from ivr_engine.model.ids import QueueName, SeatId
from ivr_engine.model.saved import LastTalk
from ivr_engine.nodes import NODE_TYPES, Node
from tests.simulation.test_switchboard_machine import HotlineMachine
from tests.simulation.world import NUMBER

SKILLS = load(Path(__file__).parent / "hotlines" / "skills.yaml", NODE_TYPES)
GENERAL = QueueName("general")
SERVED = st.sampled_from([None, None, "1001", "1002", "1003", "9999", "wuhan#1"])


def _with_general(version: str, **other: object) -> Hotline[Node]:
    general = replace(SKILLS.queues[GENERAL], **other)  # type: ignore[arg-type]
    return replace(SKILLS, version=version, queues={**SKILLS.queues, GENERAL: general})


NOBODY_LEARNT = {SeatId("1003"): AgentPlan(skills={"en": 9}), SeatId("1001"): AgentPlan(skills={"repair": 1})}
VERSIONS = (
    SKILLS,
    replace(SKILLS, version="no ageing", ageing=None),
    replace(SKILLS, version="other skills", agents=NOBODY_LEARNT),
    replace(SKILLS, version="no skills", agents={}),
    _with_general("quick", widen=(Widening(5.0, {}),), same_agent=None),
    _with_general("never", widen=(), priority=4),
)


class FittingMachine(HotlineMachine):
    """A hotline in which not every seat fits every caller; nothing else is new."""

    versions: ClassVar[tuple[Hotline[Node], ...]] = VERSIONS
    dial = keys_flood = crisis = canary = canary_stops = None  # type: ignore[assignment]

    @rule(count=st.integers(1, 4), digits=st.text("12345678", min_size=4, max_size=4), served=SERVED)
    def rush(self, count: int, digits: str, served: str | None) -> None:
        """Several callers go straight to queues, so that seats run out; somebody has talked to them before."""
        for digit in digits[:count]:
            last = LastTalk(SeatId(served), self.world.now - 60) if served else None
            call = self.world.exchange.dial(NUMBER, served=last)
            self.world.deliver_all()
            self.world.exchange.press(call, digit)
            self.world.deliver_all()

    @rule(seconds=st.sampled_from([29.0, 31.0, 61.0, 120.0]))
    def much_time_passes(self, seconds: float) -> None:
        self.world.advance(seconds)


FittingMachine.TestCase.settings = settings(
    max_examples=100, stateful_step_count=60, deadline=None, print_blob=True, report_multiple_bugs=False
)
TestFitting = FittingMachine.TestCase
