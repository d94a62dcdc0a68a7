"""Orders to agents find their answers; and who is paused stays paused through a restart."""

import asyncio
from pathlib import Path

import pytest

from ivr_engine import agent_desk
from ivr_engine.agent_desk import AgentDesk
from ivr_engine.errors import HotlineError, RefusedError
from ivr_engine.model.agents import AgentOrder, OrderWord
from ivr_engine.model.events import AgentsRemembered, AnyEvent
from ivr_engine.model.ids import SeatId
from ivr_engine.model.notices import AgentChanged
from tests.simulation.stories import Story
from tests.simulation.variants import with_agents
from tests.simulation.world import acme

HOTLINE, AGENT = acme(), SeatId("1001")


class Front:
    """A desk on a simulated hotline; what it tells is taken in by `pass_on`."""

    def __init__(self, file: Path) -> None:
        self.story = Story(HOTLINE)
        self.told: list[AnyEvent] = []
        self.desk = AgentDesk(self.story.board, self.told.append, file)
        self.heard = 0

    def pass_on(self) -> None:
        for event in self.told:
            self.story.tell(event)
        self.told.clear()
        for notice in self.story.notices[self.heard :]:
            self.desk.hear(notice)
        self.heard = len(self.story.notices)

    async def order(self, word: OrderWord, agent: SeatId = AGENT, reason: str = "") -> AgentChanged:
        waiting = asyncio.create_task(self.desk.order(agent, AgentOrder(word, "Li", reason)))
        await asyncio.sleep(0)
        self.pass_on()
        return await waiting


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "agents.json"


@pytest.fixture
def front(file: Path) -> Front:
    return Front(file)


async def test_an_order_is_answered_with_what_the_agent_does_then(front: Front) -> None:
    now = await front.order("pause", reason="午餐")
    assert (now.agent, now.state, now.duty.by, now.duty.reason) == ("1001", "paused", "Li", "午餐")
    assert [one.state for one in front.desk.agents()] == ["paused", "ready", "ready"]


async def test_a_refused_order_says_why_and_two_at_once_get_their_own_answers(front: Front) -> None:
    with pytest.raises(RefusedError, match="there is no agent '7777'"):
        await front.order("pause", SeatId("7777"))
    orders = [front.desk.order(agent, AgentOrder("pause", "Li")) for agent in (AGENT, SeatId("9"), SeatId("1002"))]
    waiting = [asyncio.create_task(order) for order in orders]
    await asyncio.sleep(0)
    front.pass_on()
    first, second, third = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(second, RefusedError)
    assert [one.agent for one in (first, third) if isinstance(one, AgentChanged)] == ["1001", "1002"]


async def test_an_order_the_core_does_not_take_is_not_answered_as_done(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agent_desk, "ANSWERED_WITHIN_SECONDS", 0.01)
    with pytest.raises(HotlineError, match="did not answer"):
        await front.desk.order(AGENT, AgentOrder("pause", "Li"))
    front.pass_on()  # the answer comes too late, and finds nobody


async def test_who_is_paused_or_signed_out_is_so_after_a_restart_and_since_then(front: Front, file: Path) -> None:
    since = (await front.order("pause", reason="午餐")).duty.since
    await front.order("sign out", SeatId("1002"))
    after = Front(file)
    after.desk.resume()
    after.pass_on()
    agents = {one.agent: one for one in after.desk.agents()}
    assert [one.state for one in agents.values()] == ["paused", "signed out", "ready"]
    assert (agents[AGENT].duty.reason, agents[AGENT].duty.since) == ("午餐", since)


async def test_who_was_paused_and_removed_from_the_dialplan_is_forgotten(front: Front, file: Path) -> None:
    await front.order("pause")
    front.story.reload(with_agents(HOTLINE, "1002", "1003"))
    front.pass_on()
    assert front.story.agents[AGENT].state == "gone"
    after = Front(file)
    after.desk.resume()
    assert after.told == [AgentsRemembered({})]


def test_the_first_start_has_nothing_to_resume(front: Front) -> None:
    front.desk.resume()
    assert front.told == []


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"1001": 5}', b"\xff", b'{"1001": {"word": "asleep"}}'])
def test_a_file_that_cannot_be_read_is_loud_and_stops_nothing(front: Front, file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    front.desk.resume()
    assert front.told == []


async def test_a_disk_that_cannot_be_written_does_not_stop_the_order(front: Front, file: Path) -> None:
    file.parent.write_bytes(b"a file where the folder should be")
    assert (await front.order("pause")).state == "paused"
