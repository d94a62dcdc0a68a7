"""Orders about talks in any order, in every state, with everybody hanging up: the invariants of world.py hold."""

from collections.abc import Sequence
from typing import ClassVar, get_args

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from ivr_engine.core.call import Call, CallState
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.model.agents import ListenOrder, TalkOrder
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.ids import LegId
from ivr_engine.nodes import Node
from tests.simulation.test_switchboard_machine import PICK, HotlineMachine
from tests.simulation.variants import supervised, with_agents
from tests.simulation.world import NUMBER, acme

PARTIES = st.sampled_from(
    ["1001", "1002", "1003", "1900", "queue general", "urgent", "leads", "chengdu", "police", "police", "nobody"]
)
CODES = st.sampled_from(["1", "complaint", "9"])
KEYS = st.sampled_from(["*1", "*3", "*4", "*5", "*0", "*21002#", "*61003#", "*71#", "*72#", "*2", "#", "9", "*9"])
THEN = st.lists(st.sampled_from(["complete", "cancel", "conference", "hold", "resume", "escalate"]), max_size=3)
SUPERVISED = supervised(acme())


class TalksMachine(HotlineMachine):
    """A hotline with supervisors and somebody outside; most callers come to talk, and nothing else is new."""

    versions: ClassVar[tuple[Hotline[Node], ...]] = (
        SUPERVISED,
        supervised(with_agents(acme(), "1001", "1009", version="other people")),
    )
    rush = press = keys_flood = crisis = canary = canary_stops = all_phones_vanish = None  # type: ignore[assignment]
    dial = somebody_orders_an_agent = trunk_comes_or_goes = requests_are_slow_or_quick = None  # type: ignore[assignment]

    def _talks(self) -> list[Call]:
        return [call for call in self.world.board.calls.values() if call.state is CallState.TALKING]

    def _has_talks(self) -> bool:
        return bool(self._talks())

    def _agent(self, pick: int) -> str:
        talks = self._talks()
        leg = talks[pick % len(talks)].leg
        assert leg is not None
        return self.world.board.dispatch.offers[leg].seat.id

    def _legs_of(self, pick: int) -> Sequence[LegId]:
        talks = self._talks()
        call = talks[pick % len(talks)]
        return [leg for leg in (call.leg, call.second, call.listener) if leg in self.world.exchange.seats]

    def _calm(self) -> bool:
        return self.world.exchange.linked and not self.world.slow and len(self.world.board.calls) < 3

    @initialize(slow=st.sampled_from([False, False, False, True]))
    def begins_with_a_talk(self, slow: bool) -> None:
        self.comes_to_talk("2")
        self.world.slow = slow

    @precondition(_calm)
    @rule(digit=st.sampled_from("123"))
    def another_comes_to_talk(self, digit: str) -> None:
        self.comes_to_talk(digit)

    def comes_to_talk(self, digit: str) -> None:
        """A caller comes to a queue, and whoever is rung picks up."""
        world = self.world
        call = world.exchange.dial(NUMBER)
        world.deliver_all()
        for key in ("", digit):
            if key:
                world.exchange.press(call, key)
            for _ in range(2):
                world.deliver_all()
                world.exchange.end_play(call)
            world.deliver_all()
        for leg in list(world.exchange.seats):
            world.exchange.pick_up(leg)
            world.deliver_all()

    @precondition(_has_talks)
    @rule(pick=PICK, word=st.sampled_from(get_args(TalkOrder)), to=PARTIES, code=CODES)
    def agent_orders(self, pick: int, word: TalkOrder, to: str, code: str) -> None:
        takes_to = word in ("transfer", "consult")
        to, code = to if takes_to else "", code if word == "dispose" else ""
        self.world.order(self._agent(pick), word, to=to, code=code)

    @precondition(_has_talks)
    @rule(pick=PICK, to=PARTIES, told=st.booleans(), then=THEN)
    def agent_consults(self, pick: int, to: str, told: bool, then: list[TalkOrder]) -> None:
        """He asks somebody who picks up, and goes on from there, before he knows it or after."""
        agent = self._agent(pick)
        self.world.order(agent, "consult", to=to)
        for leg in self._legs_of(pick):
            self.world.exchange.pick_up(leg)
        if told:
            self.world.deliver_all()
        for word in then:
            self.world.order(agent, word)

    @precondition(_has_talks)
    @rule(
        pick=PICK,
        who=st.sampled_from(["1900", "1901", "1002"]),
        hows=st.lists(st.sampled_from(get_args(ListenOrder)), min_size=1, max_size=3),
    )
    def supervisor_listens(self, pick: int, who: str, hows: list[ListenOrder]) -> None:
        agent = self._agent(pick)
        for how in hows:
            self.world.order(who, how, to=agent)
            for leg in list(self.world.exchange.seats):
                self.world.exchange.pick_up(leg)
            self.world.deliver_all()

    @precondition(_has_talks)
    @rule(pick=PICK, keys=st.lists(KEYS, min_size=1, max_size=3))
    def agent_presses(self, pick: int, keys: list[str]) -> None:
        for leg in self._legs_of(pick)[:1]:
            for digit in "".join(keys):
                self.world.exchange.at_seats.press(leg, digit)

    @precondition(_has_talks)
    @rule(pick=PICK, who=PICK, cause=st.sampled_from([LegEnd.HUNG_UP, LegEnd.REJECTED]))
    def somebody_in_a_talk_hangs_up(self, pick: int, who: int, cause: LegEnd) -> None:
        legs = self._legs_of(pick)
        if legs:
            self.world.exchange.end_leg(legs[who % len(legs)], cause)

    @precondition(_has_talks)
    @rule(pick=PICK)
    def caller_in_a_talk_hangs_up(self, pick: int) -> None:
        talks = self._talks()
        self.world.exchange.hang_up_caller(talks[pick % len(talks)].id)


TalksMachine.TestCase.settings = settings(
    max_examples=130, stateful_step_count=70, deadline=None, print_blob=True, report_multiple_bugs=False
)
TestTalks = TalksMachine.TestCase
