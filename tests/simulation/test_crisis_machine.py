"""Crises of every kind, in any order of events: ordered, proposed, triggered, told, timed, forgotten and remembered."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from ivr_engine.dialplan.crises import CrisisPlan
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.dialplan.load import load
from ivr_engine.model.crises import EVERYWHERE, LEVELS, Level, Scope
from ivr_engine.model.events import (
    ArmOrdered,
    ClockAnswered,
    CrisisOrdered,
    ProposalAnswered,
    SignalSeen,
    StatusOrdered,
    UsualSeen,
)
from ivr_engine.model.ids import AskId, StepName
from ivr_engine.nodes import NODE_TYPES, Node
from tests.simulation import crisis_invariants
from tests.simulation.test_switchboard_machine import PICK, HotlineMachine
from tests.simulation.variants import with_agents

FIRST, SECOND = "4000000400", "4000000401"
CRISES = load(Path(__file__).parent / "hotlines" / "crises", NODE_TYPES)
PEOPLE = st.sampled_from(["tester", "tester", "another", "old", "nobody"])
ASKS = st.sampled_from(["", "a", "a"])
PROFILES = st.sampled_from(["recall", "recall", "outage"])
SCOPES = (EVERYWHERE, EVERYWHERE, Scope(numbers=(SECOND,)), Scope(numbers=("999",)), Scope(drill=True))
TEXTS: tuple[Mapping[str, str], ...] = (
    {},
    {"zh-CN": "正在抢修。"},
    {"zh-CN": "修好了80%。", "en": "80% is done."},
    {"en": "Soon."},
    {"zh-CN": "全额退款"},
)
LASTS = st.sampled_from([None, None, 0.5, 20.0, 60.0, -1.0])


def without(hotline: Hotline[Node], *profiles: str) -> Hotline[Node]:
    """A version that lacks crises; triggers that start them go with them."""
    crises = {name: flow for name, flow in hotline.crises.items() if name not in profiles}
    triggers = {name: plan for name, plan in hotline.triggers.items() if plan.crisis in {None, *crises}}
    return replace(hotline, version=f"without {profiles}", crises=crises, triggers=triggers)


def by_anybody(hotline: Hotline[Node]) -> Hotline[Node]:
    """Nobody is named, nothing is triggered, other profiles count first, and nobody is moved."""
    crises = {
        name: replace(
            flow, plan=replace(flow.plan or CrisisPlan(name=name), precedence=100 if name == "recall" else 200)
        )
        for name, flow in hotline.crises.items()
    }
    return replace(hotline, version="by anybody", people={}, triggers={}, crises=crises)


class CrisisMachine(HotlineMachine):
    versions: ClassVar[tuple[Hotline[Node], ...]] = (
        CRISES,
        by_anybody(CRISES),
        without(CRISES, "recall"),
        without(CRISES, "recall", "outage"),
        with_agents(CRISES, "1001"),
    )

    @rule(
        number=st.sampled_from([FIRST, SECOND]),
        drill=st.booleans(),
        digits=st.sampled_from(["1", "2", "3", "4", "6", "32"]),
    )
    def goes_straight_there(self, number: str, drill: bool, digits: str) -> None:
        """A caller presses keys as he knows them, and each is taken in before the next."""
        call = self.world.exchange.dial(number, drill=drill)
        self.world.deliver_all()
        for digit in digits:
            self.world.exchange.end_play(call)
            self.world.deliver_all()
            self.world.exchange.press(call, digit)
            self.world.deliver_all()

    @rule(
        profile=PROFILES,
        on=st.sampled_from([True, True, False]),
        level=st.sampled_from(LEVELS),
        scope=st.sampled_from(SCOPES),
        lasts=LASTS,
        by=PEOPLE,
        ask=ASKS,
    )
    def switch(  # noqa: PLR0917 - what hypothesis draws
        self, profile: str, on: bool, level: Level, scope: Scope, lasts: float | None, by: str, ask: str
    ) -> None:
        until = None if lasts is None else self.world.now + lasts
        self.world.tell(CrisisOrdered(profile, by, "because", on, level, scope, until, AskId(ask)))

    @rule()
    def all_off(self) -> None:
        self.world.tell(CrisisOrdered(None, "tester", "over", ask=AskId("a")))

    @precondition(lambda self: self.world.crises.proposals)
    @rule(pick=PICK, yes=st.booleans(), by=PEOPLE, ask=ASKS)
    def somebody_answers_what_is_proposed(self, pick: int, yes: bool, by: str, ask: str) -> None:
        proposals = self.world.crises.proposals
        proposal = proposals[pick % len(proposals)].id
        self.world.tell(ProposalAnswered(proposal, yes, by, "", AskId(ask)))

    @rule(profile=PROFILES, clock=st.sampled_from(["verify", "progress", "coffee"]), by=PEOPLE, ask=ASKS)
    def somebody_says_that_it_is_done(self, profile: str, clock: str, by: str, ask: str) -> None:
        self.world.tell(ClockAnswered(profile, clock, by, ask=AskId(ask)))

    @rule(
        flow=st.sampled_from(["normal", "recall", "recall", "outage", "no such flow"]),
        texts=st.sampled_from(TEXTS),
        by=PEOPLE,
        refresh=LASTS,
        lasts=LASTS,
        override=st.sampled_from(["", "another"]),
        waiting_only=st.booleans(),
        ask=ASKS,
    )
    def status(  # noqa: PLR0917 - what hypothesis draws
        self,
        flow: str,
        texts: Mapping[str, str],
        by: str,
        refresh: float | None,
        lasts: float | None,
        override: str,
        waiting_only: bool,
        ask: str,
    ) -> None:
        refresh_by, until = (None if after is None else self.world.now + after for after in (refresh, lasts))
        self.world.tell(StatusOrdered(flow, texts, by, refresh_by, until, override, waiting_only, AskId(ask)))

    @rule(
        split=st.sampled_from(["arms", "arms", "main"]),
        arm=st.sampled_from("abc"),
        stop=st.booleans(),
        by=PEOPLE,
        ask=ASKS,
    )
    def an_arm_is_stopped_or_resumed(self, split: str, arm: str, stop: bool, by: str, ask: str) -> None:
        self.world.tell(ArmOrdered(StepName(split), arm, stop, by, "", AskId(ask)))

    @rule(signal=st.sampled_from(["posts", "posts", "other"]), name=PICK, count=st.sampled_from([1, 2]))
    def another_system_tells(self, signal: str, name: int, count: int) -> None:
        self.world.tell(SignalSeen(signal, str(name), "monitor", count, "着火了"))

    @rule(calls=st.sampled_from([0, 1, 5]), days=st.integers(1, 8))
    def former_days_are_known(self, calls: int, days: int) -> None:
        self.world.tell(UsualSeen(dict.fromkeys(map(str, range(1, days + 1)), (calls,) * 288), closed=(2,)))

    @rule(seconds=st.sampled_from([30.0, 130.0, 700.0]))
    def much_time_passes(self, seconds: float) -> None:
        self.world.advance(seconds)

    @rule(seconds=st.sampled_from([20.0, 90.0, 7200.0]))
    def the_clock_is_set(self, seconds: float) -> None:
        """An engine goes by the clock it had when it began: only the next one knows that it was set."""
        self.world.now += seconds
        self.world.kill_engine()
        self.world.deliver_all()

    @precondition(HotlineMachine._has_callers)
    @rule(pick=PICK)
    def engine_is_killed_before_it_saved(self, pick: int) -> None:
        """What was on is remembered; what was written on a caller's line is not."""
        self.world.exchange.callers[self._caller(pick)].saved = None
        self.world.kill_engine()
        self.world.deliver_all()

    def teardown(self) -> None:
        self.world.exchange.restore_link()
        self.world.deliver_all()
        if self.world.board.crisis.active:
            self.world.tell(CrisisOrdered(None, "tester", "over"))
        assert self.world.crises.active == ()
        crisis_invariants.nothing_is_changed(self.world)
        super().teardown()
        left = self.world.crises
        assert (left.active, left.proposals, left.clocks) == ((), (), ()), "an hour later something goes on"
        crisis_invariants.lives_through_again(self.world)


CrisisMachine.TestCase.settings = settings(
    max_examples=100, stateful_step_count=60, deadline=None, print_blob=True, report_multiple_bugs=False
)
TestCrisis = CrisisMachine.TestCase
