"""What people are told of the live hotline."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ivr_engine.agent_desk import AgentDesk
from ivr_engine.arm_desk import ArmDesk
from ivr_engine.crisis_desk import CrisisDesk
from ivr_engine.crisis_front import CrisisFront
from ivr_engine.desk import EngineDesk
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.errors import RefusedError
from ivr_engine.model.crisis_orders import CrisisNow, CrisisOrder
from ivr_engine.model.events import AnyEvent
from ivr_engine.model.ids import StepName
from ivr_engine.model.notices import AnyNotice, LinkChanged
from ivr_engine.model.past import FiguresAsked
from ivr_engine.nodes import Node
from ivr_engine.nodes.split import Arm, Split
from ivr_engine.prompts import PromptBook
from ivr_engine.reload import DialplanFiles, Reloader
from ivr_engine.situation import SituationRoom
from ivr_engine.status_desk import StatusDesk
from ivr_engine.versions import Shelf
from ivr_engine.web.desk import ArmOrder
from tests.simulation.stories import Story
from tests.simulation.world import ACME, acme
from tests.unit.reload.front import Counted, nothing_unready

HOTLINE = acme()


class Clock:
    def now(self) -> float:
        return 1_800_000_060.0


async def no_figures(asked: FiguresAsked) -> msgspec.Struct:
    return asked


class Front:
    """A desk on a simulated hotline. What it orders is `ordered`; `pass_on` lets the core take it in."""

    def __init__(self, file: Path, hotline: Hotline[Node] = HOTLINE) -> None:
        self.story = Story(hotline)
        self.ordered: list[AnyEvent] = []
        self.degraded: tuple[str, ...] = ()
        files = DialplanFiles(ACME, PromptBook(file.parent), Shelf(file.parent / "versions"), Clock().now)
        reloader = Reloader(files, self.story.board, self.ordered.append, Counted(), nothing_unready)
        degraded = lambda: self.degraded  # noqa: E731
        agents = AgentDesk(self.story.board, self.ordered.append, file.parent / "agents.json")
        self.crises = CrisisDesk(self.ordered.append, file)
        self.published: list[AnyNotice] = []
        self.front = CrisisFront(
            *(self.story.board, self.crises, Clock().now),
            tell=self.ordered.append,
            publish=self.published.append,
            store=f"sqlite:///{file.parent / 'calls.db'}",
        )
        self.desk = EngineDesk(
            *(self.story.board, Clock(), self.front, degraded),
            reloader=reloader,
            agents=agents,
            reports=no_figures,
            situation=SituationRoom(self.story.board, Clock().now).report,
            arms=ArmDesk(self.story.board, self.crises),
            statuses=StatusDesk(self.story.board, self.crises, PromptBook(file.parent / "prompts"), Clock().now),
        )

    def pass_on(self) -> None:
        known = len(self.story.notices)
        for order in self.ordered:
            self.story.tell(order)
        self.ordered.clear()
        for notice in self.story.notices[known:]:
            self.crises.hear(notice)
            self.desk.hear(notice)

    async def order(self, profile: str | None, by: str = "duty", reason: str = "why", **more: Any) -> CrisisNow:
        waiting = asyncio.create_task(self.front.order(CrisisOrder(profile, by, reason, **more)))
        await asyncio.sleep(0)
        self.pass_on()
        return await waiting


@pytest.fixture
def front(tmp_path: Path) -> Front:
    return Front(tmp_path / "state" / "crisis.json")


# --- what is going on ---------------------------------------------------------------------------------------


def test_live_calls_tell_what_each_caller_is_doing_and_with_whom(front: Front) -> None:
    story = front.story
    menu, talking, waiting = story.dial(), story.enqueue("1"), None
    story.pick_up(talking)
    story.only_agents("1001")
    waiting = story.enqueue("3")
    live = {call.call: call for call in front.desk.live_calls()}
    assert [live[call].doing for call in (menu, talking, waiting)] == ["menu", "talking", "waiting"]
    story.order(story.seat(talking), "hold")
    assert {call.call: call.doing for call in front.desk.live_calls()}[talking] == "on hold"
    assert (live[talking].queue, live[talking].pool, live[talking].seat) == ("urgent", "local", "1001")
    assert (live[menu].step, live[menu].queue, live[menu].seat) == ("hello", None, None)
    assert (live[waiting].queue, live[waiting].seat) == ("complaint", None)


def test_queues_and_pools_are_told_as_they_are_now(front: Front) -> None:
    story = front.story
    story.only_agents()
    story.enqueue("1")
    assert {queue.queue: queue.waiting for queue in front.desk.queues()} == {"urgent": 1, "complaint": 0, "general": 0}
    assert {queue.at for queue in front.desk.queues()} == {Clock().now()}
    story.only_agents("1001")
    local = next(pool for pool in front.desk.pools() if pool.pool == "local")
    assert (local.ready, local.ringing, local.offline) == (0, 1, 2)


def test_the_next_call_can_be_taken_only_while_asterisk_tells_us(front: Front) -> None:
    blocked = ("the event link to Asterisk is down",)
    assert front.desk.readiness().blocking == blocked
    front.desk.hear(LinkChanged(up=True, at=1.0))
    assert front.desk.readiness().blocking == ()
    front.degraded = ("the database cannot be written",)
    assert (front.desk.readiness().blocking, front.desk.readiness().degraded) == ((), front.degraded)
    front.desk.hear(LinkChanged(up=False, at=2.0))
    assert front.desk.readiness().blocking == blocked


async def test_an_arm_is_stopped_by_the_core_or_not_at_all(tmp_path: Path) -> None:
    arms = {"short": Arm(50, StepName("main")), "long": Arm(50, StepName("main"))}
    split = Split(arms=arms, step=StepName("greeting"))
    steps = {**HOTLINE.normal.steps, split.step: split}
    front = Front(tmp_path / "state" / "crisis.json", replace(HOTLINE, normal=replace(HOTLINE.normal, steps=steps)))
    assert [(one.arm, one.state) for one in front.desk.arms()] == [("short", "on"), ("long", "on")]

    async def order(arm: str) -> list[tuple[str, str]]:
        waiting = asyncio.create_task(front.desk.order_arm(ArmOrder("greeting", arm, "Li", "complaints")))
        await asyncio.sleep(0)
        front.pass_on()
        return [(one.arm, one.state) for one in await waiting]

    assert await order("long") == [("short", "on"), ("long", "stopped")]
    with pytest.raises(RefusedError, match="short is the last arm that goes on: resume another first"):
        await order("short")
