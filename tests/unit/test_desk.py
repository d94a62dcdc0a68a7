"""What people are told of the live hotline; and that a crisis which is on stays on through a restart."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from ivr_engine import desk as desk_module
from ivr_engine.agent_desk import AgentDesk
from ivr_engine.desk import EngineDesk
from ivr_engine.errors import HotlineError
from ivr_engine.model.events import AnyEvent, CrisisOrdered
from ivr_engine.model.notices import CrisisChanged, LinkChanged
from ivr_engine.model.past import FiguresAsked
from ivr_engine.prompts import PromptBook
from ivr_engine.reload import DialplanFiles, Reloader
from ivr_engine.versions import Shelf
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

    def __init__(self, file: Path) -> None:
        self.story = Story(HOTLINE)
        self.ordered: list[AnyEvent] = []
        self.degraded: tuple[str, ...] = ()
        files = DialplanFiles(ACME, PromptBook(file.parent), Shelf(file.parent / "versions"), Clock().now)
        reloader = Reloader(files, self.story.board, self.ordered.append, Counted(), nothing_unready)
        degraded = lambda: self.degraded  # noqa: E731
        agents = AgentDesk(self.story.board, self.ordered.append, file.parent / "agents.json")
        self.desk = EngineDesk(
            *(self.story.board, Clock(), self.ordered.append, file, degraded),
            reloader=reloader,
            agents=agents,
            reports=no_figures,
        )

    def pass_on(self) -> None:
        known = len(self.story.notices)
        for order in self.ordered:
            self.story.tell(order)
        self.ordered.clear()
        for notice in self.story.notices[known:]:
            self.desk.hear(notice)

    async def order(self, profile: str | None, by: str = "duty", reason: str = "why") -> object:
        waiting = asyncio.create_task(self.desk.order_crisis(profile, by, reason))
        await asyncio.sleep(0)
        self.pass_on()
        return await waiting


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "crisis.json"


@pytest.fixture
def front(file: Path) -> Front:
    return Front(file)


# --- crisis -------------------------------------------------------------------------------------------------


async def test_an_order_is_answered_with_how_the_switch_stands_once_the_core_has_switched(front: Front) -> None:
    state = await front.order("recall", "duty", "fire")
    assert state == front.desk.crisis()
    now = front.desk.crisis()
    assert (now.profile, now.by, now.reason, now.known) == ("recall", "duty", "fire", ("recall",))
    assert now.since == front.story.now
    assert front.story.board.crisis.profile == "recall"
    await front.order(None)
    assert front.desk.crisis().profile is None


async def test_an_order_the_core_does_not_take_is_not_answered_as_done(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_module, "SWITCH_WITHIN_SECONDS", 0.01)
    with pytest.raises(HotlineError, match="did not switch"):
        await front.desk.order_crisis("recall", "duty", "fire")
    assert front.desk.crisis().profile is None


async def test_a_second_order_of_the_same_profile_does_not_overwrite_who_ordered_it(front: Front) -> None:
    await front.order("recall", "张伟", "batch 7")
    again = await front.desk.order_crisis("recall", "root", "again")
    assert (again.by, again.reason) == ("张伟", "batch 7")
    assert front.ordered == []


async def test_a_crisis_that_was_on_is_on_again_after_a_restart(front: Front, file: Path) -> None:
    await front.order("recall", "duty", "fire")
    after = Front(file)
    after.desk.resume()
    assert after.ordered == [CrisisOrdered("recall", "duty", "fire")]
    after.pass_on()
    assert after.story.board.crisis.profile == "recall"
    assert after.story.hears(after.story.dial()).startswith("您好，召回咨询专线已开通")


async def test_a_crisis_that_was_switched_off_stays_off(front: Front, file: Path) -> None:
    await front.order("recall")
    await front.order(None)
    after = Front(file)
    after.desk.resume()
    assert after.ordered == []


def test_the_first_start_has_nothing_to_resume(front: Front) -> None:
    front.desk.resume()
    assert front.ordered == []


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"profile":5,"known":[]}', b"\xff\xfe", b'{"profile":"\xff"}'])
def test_a_file_that_cannot_be_read_is_loud_and_stops_nothing(front: Front, file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    front.desk.resume()
    assert front.ordered == []


def test_a_profile_that_is_not_in_the_dialplan_any_more_is_refused_by_the_core(front: Front, file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b'{"profile":"flood","known":["flood"],"by":"duty","reason":"rain"}')
    front.desk.resume()
    front.pass_on()
    assert front.story.board.crisis.profile is None
    assert "'flood' is not in the dialplan" in front.story.troubles()[0]


def kept(file: Path) -> bytes:
    return file.read_bytes()


async def test_the_file_is_replaced_whole_so_that_a_kill_leaves_the_old_or_the_new(
    front: Front, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await front.order("recall", "duty", "fire")
    before = kept(file)

    def killed(self: Path, target: Path) -> None:
        raise OSError("killed before it was renamed")

    monkeypatch.setattr(Path, "replace", killed)
    await front.order(None)
    assert kept(file) == before  # what was written since stands beside it
    monkeypatch.undo()
    assert front.desk.crisis().profile is None
    await front.order(None)
    assert [path.name for path in file.parent.iterdir()] == ["crisis.json"]


async def test_a_disk_that_cannot_be_written_does_not_stop_the_switch(front: Front, file: Path) -> None:
    file.parent.write_bytes(b"a file where the folder should be")
    await front.order("recall")
    assert front.story.board.crisis.profile == front.desk.crisis().profile == "recall"


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


def test_a_switch_made_elsewhere_is_seen_and_kept_too(front: Front, file: Path) -> None:
    front.desk.hear(CrisisChanged("recall", 1.0, "mqtt", "fire"))
    assert front.desk.crisis().profile == "recall"
    after = Front(file)
    after.desk.resume()
    assert after.ordered == [CrisisOrdered("recall", "mqtt", "fire")]
