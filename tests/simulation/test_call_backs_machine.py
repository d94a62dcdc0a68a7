"""People are called back in any order of events, off a list that may be old: the invariants of world.py hold."""

from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from ivr_engine.dialplan.accepting import ConfirmPlan, WhisperPlan
from ivr_engine.dialplan.hotline import Hotline, WhileWaiting
from ivr_engine.dialplan.load import load
from ivr_engine.dialplan.skills import AgentPlan, SameAgent, Widening
from ivr_engine.dialplan.text import Text
from ivr_engine.model import commands as c
from ivr_engine.model.causes import CalledBack
from ivr_engine.model.events import WishesSeen
from ivr_engine.model.ids import QueueName, SeatId, WishId
from ivr_engine.model.notices import CallBackTried
from ivr_engine.model.wishes import Wish
from ivr_engine.nodes import NODE_TYPES, Node
from tests.simulation.test_switchboard_machine import PICK, HotlineMachine

BACK = load(Path(__file__).parent / "hotlines" / "call-backs.yaml", NODE_TYPES)
QUEUES = st.sampled_from([QueueName(name) for name in ("general", "sales", "sales", "plain")])


def by_people(hotline: Hotline[Node]) -> Hotline[Node]:
    """People call back, not the engine."""
    queues = {name: replace(queue, call_back=None) for name, queue in hotline.queues.items()}
    return replace(hotline, version="by people", queues=queues)


def with_all(hotline: Hotline[Node]) -> Hotline[Node]:
    """All that may happen to somebody who waits happens to who is away too."""
    words, agent = Text({"zh-CN": "请等候。"}), AgentPlan(skills={"repair": 3})
    queues = {
        name: replace(
            queue,
            needs={"repair": 2},
            widen=(Widening(7.0, {}),),
            same_agent=SameAgent(wait=6.0),
            while_waiting=WhileWaiting(5.0, 5.0, words),
            whisper=WhisperPlan(words),
            ring_several=2,
        )
        for name, queue in hotline.queues.items()
    }
    pools = {name: replace(pool, confirm=ConfirmPlan(words, words)) for name, pool in hotline.pools.items()}
    return replace(hotline, version="with all", queues=queues, pools=pools, agents={SeatId("1001"): agent})


class CallBacksMachine(HotlineMachine):
    versions: ClassVar[tuple[Hotline[Node], ...]] = (with_all(BACK), BACK, by_people(BACK))

    def __init__(self) -> None:
        super().__init__()
        self.wishes: dict[WishId, Wish] = {}  # as they stand in the list
        self.written = 0  # how many tries have got into it
        self.made = 0

    @rule(queue=QUEUES, age=st.sampled_from([0.0, 30.0, 3600.0]))
    def somebody_wants_to_be_called(self, queue: QueueName, age: float) -> None:
        self.made += 1
        name = WishId(f"sim-{self.made}.9.wish1")
        self.wishes[name] = Wish(name, queue, f"1380000{self.made:04}", self.world.now - age)

    @rule(up_to_date=st.booleans())
    def the_list_is_looked_at(self, up_to_date: bool) -> None:
        if up_to_date:
            self._write()
        self.world.tell(WishesSeen(tuple(self.wishes.values())))

    @precondition(lambda self: self.wishes)
    @rule(pick=PICK)
    def people_have_called(self, pick: int) -> None:
        del self.wishes[list(self.wishes)[pick % len(self.wishes)]]

    @precondition(HotlineMachine._has_callers)
    @rule(pick=PICK)
    def one_who_is_called_picks_up(self, pick: int) -> None:
        self.world.exchange.pick_up_caller(self._caller(pick))

    @rule()
    def calling_out_will_be_refused(self) -> None:
        self.world.exchange.refuse.add(c.CallOut)
        self.world.faultless = False

    @rule(remembers=st.booleans())
    def engine_is_killed(self, remembers: bool) -> None:
        self.world.now += 1.0  # calls are named by the millisecond, and no engine is back at once
        super().engine_is_killed(remembers)

    def teardown(self) -> None:
        self.world.tell(WishesSeen(()))
        super().teardown()

    def _write(self) -> None:
        tried = [notice for notice in self.world.notices if isinstance(notice, CallBackTried)]
        for one in tried[self.written :]:
            if one.result is not CalledBack.NOT_REACHED:
                self.wishes.pop(one.wish, None)
            elif one.wish in self.wishes:
                self.wishes[one.wish] = msgspec.structs.replace(self.wishes[one.wish], attempts=one.attempt)
        self.written = len(tried)


CallBacksMachine.TestCase.settings = settings(
    max_examples=100, stateful_step_count=60, deadline=None, print_blob=True, report_multiple_bugs=False
)
TestCallBacks = CallBacksMachine.TestCase
