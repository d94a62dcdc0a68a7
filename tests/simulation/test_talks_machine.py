"""Orders about talks in any order, in every state, with everybody hanging up: the invariants of world.py hold."""

from typing import ClassVar, get_args

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.model.agents import ListenOrder, TalkOrder
from ivr_engine.model.causes import LegEnd
from ivr_engine.nodes import Node
from tests.simulation.test_switchboard_machine import PICK, HotlineMachine
from tests.simulation.variants import supervised, with_agents
from tests.simulation.world import NUMBER, acme

PARTIES = st.sampled_from(
    ["1001", "1002", "1003", "1900", "queue general", "urgent", "leads", "chengdu", "police", "police", "nobody", ""]
)
KEYS = st.sampled_from(["*1", "*3", "*4", "*5", "*0", "*21002#", "*61003#", "*71#", "*72#", "*2", "#", "9", "*9"])
SUPERVISED = supervised(acme())


class TalksMachine(HotlineMachine):
    """A hotline with supervisors and somebody outside; most callers come to talk."""

    versions: ClassVar[tuple[Hotline[Node], ...]] = (
        SUPERVISED,
        supervised(with_agents(acme(), "1001", "1009", version="other people")),
    )

    @rule(digit=st.sampled_from("123"))
    def comes_to_talk(self, digit: str) -> None:
        """A caller comes to a queue, and whoever is rung picks up."""
        world = self.world
        call = world.exchange.dial(NUMBER)
        world.deliver_all()
        for key in ("", digit):
            for _ in range(2):
                world.exchange.end_play(call)
                world.deliver_all()
            if key:
                world.exchange.press(call, key)
                world.deliver_all()
        for leg in list(world.exchange.seats):
            world.exchange.pick_up(leg)
            world.deliver_all()

    def _seats_on_line(self) -> list[str]:
        return [offer.seat.id for offer in self.world.board.dispatch.offers.values()]

    @precondition(lambda self: self.world.board.dispatch.offers)
    @rule(
        pick=PICK, word=st.sampled_from(get_args(TalkOrder)), to=PARTIES, code=st.sampled_from(["1", "complaint", "9"])
    )
    def somebody_orders_about_a_talk(self, pick: int, word: TalkOrder, to: str, code: str) -> None:
        seats = self._seats_on_line()
        takes_to = word in ("transfer", "consult")
        more = {"to": to if takes_to else "", "code": code if word == "dispose" else ""}
        self.world.order(seats[pick % len(seats)], word, **more)

    @rule(who=st.sampled_from(["1900", "1901", "1002"]), how=st.sampled_from(get_args(ListenOrder)), to=PARTIES)
    def somebody_wants_to_listen(self, who: str, how: ListenOrder, to: str) -> None:
        self.world.order(who, how, to=to)

    @precondition(HotlineMachine._has_legs)
    @rule(pick=PICK, keys=KEYS)
    def agent_presses(self, pick: int, keys: str) -> None:
        for digit in keys:
            self.world.exchange.at_seats.press(self._leg(pick), digit)

    @precondition(HotlineMachine._has_legs)
    @rule(pick=PICK, first=st.booleans())
    def agent_picks_up_and_it_is_told(self, pick: int, first: bool) -> None:
        leg = self._leg(pick)
        self.world.exchange.pick_up(leg)
        if first:
            self.world.deliver_all()

    @precondition(HotlineMachine._has_legs)
    @rule(pick=PICK)
    def somebody_in_a_talk_hangs_up(self, pick: int) -> None:
        self.world.exchange.end_leg(self._leg(pick), LegEnd.HUNG_UP)
        self.world.deliver_all()


TalksMachine.TestCase.settings = settings(
    max_examples=130, stateful_step_count=70, deadline=None, print_blob=True, report_multiple_bugs=False
)
TestTalks = TalksMachine.TestCase
