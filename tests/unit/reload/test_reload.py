"""Changed files become what new callers get, or are refused as a whole; and what a restart makes of it."""

import asyncio
import json
import shutil
import time
from pathlib import Path

import pytest

from ivr_engine.dialplan.load import load
from ivr_engine.errors import DialplanError, HotlineError, RefusedError
from ivr_engine.model.events import AnyEvent, CrisisOrdered
from ivr_engine.model.notices import CanaryChanged
from ivr_engine.nodes import NODE_TYPES
from ivr_engine.reload import files, reloader
from tests.unit.reload.front import Front

CHANGE = ("2: {enqueue: general}", "2: {enqueue: complaint}")
IN_WORDS = "key 2 of main now goes to complaint (before: general)"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "AT_REST_SECONDS", 0.01)


@pytest.fixture
async def front(tmp_path: Path) -> Front:
    return await Front(tmp_path).start()


# --- taking files ---------------------------------------------------------------------------------------------


async def test_new_callers_get_the_changed_files_and_old_ones_keep_theirs(front: Front) -> None:
    story, before = front.story, front.running
    old = story.dial()
    front.edit(*CHANGE)
    done = await front.reloader.reload("Li")
    assert (done.before, done.changed, done.differences) == (before, True, (IN_WORDS,))
    assert done.version == front.running != before
    new = story.dial()
    for call in (old, new):
        story.listen(call)
        story.press(call, "2")
    assert [story.call(call).queue for call in (old, new)] == ["general", "complaint"]
    assert front.counted.results == ["ok"]
    assert (front.counted.differs, front.counted.broken) == (False, False)


async def test_a_changed_text_has_its_sound_before_a_caller_can_hear_it(front: Front) -> None:
    front.edit("您好，欢迎致电。为了", "您好，为了")
    done = await front.reloader.reload("Li")
    assert done.prompts_built == 1
    assert front.book.missing(front.story.board.hotline) == ()


async def test_files_that_are_what_runs_change_nothing(front: Front) -> None:
    done = await front.reloader.reload("Li")
    assert (done.changed, done.version, done.before) == (False, front.running, front.running)
    assert front.counted.results == ["unchanged"]


async def test_a_broken_file_is_refused_with_all_that_is_wrong_and_the_old_one_goes_on(front: Front) -> None:
    before = front.running
    front.edit("{enqueue: urgent, tag: safety}", "nowhere")
    front.edit("3: {enqueue: complaint}", "3: {enqueue: complaints}")
    with pytest.raises(DialplanError) as refused:
        await front.reloader.reload("Li")
    assert {one.code for one in refused.value.diagnostics} >= {"E301", "E302"}
    assert front.running == before
    assert front.counted.results == ["refused"]
    assert (front.counted.differs, front.counted.broken) == (True, True)
    assert front.reloader.state().disk == "broken"
    assert [kept.version for kept in front.shelf.all()] == [before]


async def test_a_file_that_is_being_written_is_read_when_it_is_whole(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    front.edit(*CHANGE)
    whole = (front.dialplan / "hotline.yaml").read_text("utf-8")
    (front.dialplan / "hotline.yaml").write_text(whole[: len(whole) // 2], "utf-8")
    monkeypatch.setattr(time, "sleep", lambda _: (front.dialplan / "hotline.yaml").write_text(whole, "utf-8"))
    done = await front.reloader.reload("Li")
    assert done.differences == (IN_WORDS,)


async def test_files_that_do_not_come_to_rest_are_not_taken(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    before, path, count = front.running, front.dialplan / "hotline.yaml", iter(range(100))

    def write(_: float) -> None:
        path.write_text(f"{path.read_text('utf-8')}# {next(count)}\n", "utf-8")

    monkeypatch.setattr(time, "sleep", write)
    with pytest.raises(RefusedError, match="are being written"):
        await front.reloader.reload("Li")
    assert front.running == before


async def test_the_profile_that_is_on_cannot_be_taken_away(front: Front) -> None:
    front.story.tell(CrisisOrdered("recall", "Li", "why"))
    before = front.running
    (front.dialplan / "crisis" / "recall.yaml").unlink()
    with pytest.raises(RefusedError, match="'recall' is on"):
        await front.reloader.reload("Li")
    assert front.running == before
    assert len(front.shelf.all()) == 1
    front.story.tell(CrisisOrdered(None, "Li", "over"))
    assert (await front.reloader.reload("Li")).differences == ("crisis profile recall is gone",)


async def test_a_profile_switched_on_in_the_last_moment_is_still_minded(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, standing = front.running, front.shelf.standing()
    (front.dialplan / "crisis" / "recall.yaml").unlink()
    monkeypatch.setattr(
        front.reloader, "_refuse_early", lambda *_: front.story.tell(CrisisOrdered("recall", "Li", "!"))
    )
    with pytest.raises(RefusedError, match="'recall' is on"):
        await front.reloader.reload("Li")
    now = front.shelf.standing()
    assert standing is not None
    assert now is not None
    assert front.running == now.version == standing.version == before
    assert front.counted.results == ["refused"]


async def test_what_asterisk_must_be_told_by_hand_is_said(front: Front) -> None:
    front.unready = ("Asterisk does not know 1009 yet",)
    front.edit('["4000000400"]', '["4000000400", "4000000401"]')
    front.edit("agents: [1001, 1002, 1003]", "agents: [1001, 1002]")
    done = await front.reloader.reload("Li")
    assert len(done.warnings) == 3
    assert ["1009" in done.warnings[0], "4000000401" in done.warnings[1], "fallback" in done.warnings[2]] == [True] * 3
    assert done.warnings[2].endswith("which ends every call, unless Asterisk knows this version already: it can wait")


async def test_what_asterisk_was_told_already_need_not_be_done(front: Front) -> None:
    first = front.running
    hotline = front.beginning.hotline
    sounds = ["/".join(front.book.path(prompt).parts[-2:]) for prompt in hotline.fallback.say.prompts()]
    told = {"numbers": hotline.numbers, "fallback": [*hotline.fallback.agents, *sounds]}
    (front.folder / "noted.json").write_text(json.dumps(told), "utf-8")
    front.edit('["4000000400"]', '["4000000400", "4000000401"]')
    front.edit("agents: [1001, 1002, 1003]", "agents: [1001, 1002]")
    there = await front.reloader.reload("Li")
    assert ["4000000401" in there.warnings[0], "fallback" in there.warnings[1]] == [True] * 2
    assert there.warnings[0].endswith("a restart of Asterisk, which ends every call")
    back = await front.reloader.rollback("Li", first)
    assert back.warnings == ()


async def test_an_engine_that_does_not_answer_is_not_told_as_done(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(_: AnyEvent) -> None:
        pass

    monkeypatch.setattr(reloader, "SWITCH_WITHIN_SECONDS", 0.01)
    monkeypatch.setattr(front.reloader, "_tell", lost)
    front.edit(*CHANGE)
    with pytest.raises(HotlineError, match="did not switch"):
        await front.reloader.reload("Li")


async def test_a_full_disk_stops_no_reload_and_is_told(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise HotlineError("the version cannot be kept: make room")

    monkeypatch.setattr(front.shelf, "keep", full)
    front.edit(*CHANGE)
    done = await front.reloader.reload("Li")
    assert front.running == done.version
    assert "make room" in done.warnings[0]


# --- back -----------------------------------------------------------------------------------------------------


async def test_back_to_the_version_before_and_never_forth_unless_it_is_named(front: Front) -> None:
    first = front.running
    front.edit(*CHANGE)
    second = (await front.reloader.reload("Li")).version
    front.now += 1
    back = await front.reloader.rollback("Wang")
    assert (front.running, back.before) == (first, second)
    assert front.reloader.state().disk == "other"
    assert (front.counted.differs, front.counted.broken) == (True, False)
    front.now += 1
    with pytest.raises(RefusedError, match="every other one was rolled back from"):
        await front.reloader.rollback("Wang")
    assert front.running == first
    await front.reloader.rollback("Wang", second[:4])
    assert front.running == second
    front.now += 1
    await front.reloader.rollback("Wang")
    assert front.running == first
    assert [(use.how, use.by) for use in front.shelf.find(first).uses] == [
        ("start", "tester"),
        ("rollback", "Wang"),
        ("rollback", "Wang"),
    ]


async def test_there_is_no_way_back_from_the_first_version(front: Front) -> None:
    with pytest.raises(RefusedError, match="none ever ran"):
        await front.reloader.rollback("Li")
    with pytest.raises(RefusedError, match="no version on the shelf"):
        await front.reloader.rollback("Li", "abc")


async def test_orders_of_two_people_are_carried_out_one_after_the_other(front: Front) -> None:
    front.edit(*CHANGE)
    first, second = await asyncio.gather(front.reloader.reload("Li"), front.reloader.reload("Wang"))
    assert sorted((first.changed, second.changed)) == [False, True]


# --- on trial -------------------------------------------------------------------------------------------------


async def test_a_canary_gets_its_share_and_is_accepted(front: Front) -> None:
    first = front.running
    front.edit(*CHANGE)
    trial = await front.reloader.reload("Li", 50)
    assert (front.running, trial.percent, front.reloader.state().disk) == (first, 50, "canary")
    assert front.counted.differs is False
    calls = [front.story.call(front.story.dial()).hotline.version for _ in range(40)]
    assert 8 < calls.count(trial.version) < 32
    done = await front.reloader.end_canary("Li", accept=True)
    assert front.running == done.version == trial.version
    assert front.reloader.state().canary is not None
    assert [use.how for use in front.shelf.find(trial.version).uses] == ["canary", "canary accepted"]


@pytest.mark.parametrize("by_rollback", [False, True])
async def test_a_canary_is_stopped_and_nobody_new_gets_it(front: Front, by_rollback: bool) -> None:
    first = front.running
    front.edit(*CHANGE)
    await front.reloader.reload("Li", 50)
    await (front.reloader.rollback("Li") if by_rollback else front.reloader.end_canary("Li", accept=False))
    assert {front.story.call(front.story.dial()).hotline.version for _ in range(20)} == {first}
    assert front.story.all(CanaryChanged)[-1].state == "stopped"
    assert front.counted.differs is True


async def test_without_a_canary_there_is_nothing_to_end_and_what_runs_cannot_be_tried(front: Front) -> None:
    with pytest.raises(RefusedError, match="no version is on trial"):
        await front.reloader.end_canary("Li", accept=False)
    with pytest.raises(RefusedError, match="nothing to try"):
        await front.reloader.reload("Li", 10)


# --- a restart ------------------------------------------------------------------------------------------------


async def test_a_restart_takes_files_that_were_changed_since(front: Front) -> None:
    before = front.running
    front.edit(*CHANGE)
    front.build()
    again = await Front(front.folder).start()
    assert again.running != before
    assert again.beginning.remark == ""
    assert again.story.board.versions.named(before) is not None  # for calls that began with it


async def test_a_restart_does_not_take_what_was_rolled_back(front: Front) -> None:
    before = front.running
    front.edit(*CHANGE)
    await front.reloader.reload("Li")
    front.now += 1
    await front.reloader.rollback("Li")
    again = await Front(front.folder).start()
    assert again.running == before
    assert "rolled back" in again.beginning.remark
    assert again.reloader.state().disk == "other"
    await again.reloader.reload("Li")
    assert again.running != before


async def test_a_restart_gives_a_canary_to_nobody(front: Front) -> None:
    before = front.running
    front.edit(*CHANGE)
    await front.reloader.reload("Li", 10)
    again = await Front(front.folder).start()
    assert (again.running, again.story.board.versions.canary) == (before, None)


@pytest.mark.parametrize("broken", ["steps: [", "", "hotline: acme\nsteps: {}\n"])
async def test_a_restart_with_broken_files_goes_on_with_what_ran_last(front: Front, broken: str) -> None:
    before = front.running
    (front.dialplan / "hotline.yaml").write_text(broken, "utf-8")
    again = await Front(front.folder).start()
    assert again.running == before
    assert "cannot be used" in again.beginning.remark
    assert (again.counted.differs, again.counted.broken) == (True, True)
    assert again.reloader.state().disk == "broken"


async def test_a_restart_with_words_nobody_has_spoken_goes_on_with_what_ran_last(front: Front) -> None:
    before = front.running
    front.edit("您好，欢迎致电。为了", "您好，为了")
    assert (await Front(front.folder).start()).running == before


def test_the_first_start_with_broken_files_is_refused(tmp_path: Path) -> None:
    front = Front(tmp_path)
    front.build()
    front.edit("2: {enqueue: general}", "2: nowhere")
    with pytest.raises(DialplanError):
        front.begin()


async def test_a_shelf_that_was_lost_stops_no_start(front: Front) -> None:
    (front.state / "standing.json").write_text("{", "utf-8")
    for kept in front.shelf.all():
        (front.state / kept.version / "meta.json").write_bytes(b"\xff")
    again = await Front(front.folder).start()
    assert again.running == front.running
    assert [kept.version for kept in again.shelf.all()] == [front.running]


async def test_a_file_in_place_of_the_shelf_stops_no_start(front: Front) -> None:
    shutil.rmtree(front.state)
    front.state.write_text("no folder", "utf-8")
    again = await Front(front.folder).start()
    assert again.running == front.running
    assert "cannot be read" in again.beginning.remark
    front.edit(*CHANGE)
    done = await front.reloader.reload("Li")
    assert done.changed
    assert "cannot be kept" in done.warnings[0]
    with pytest.raises(HotlineError, match="cannot be read"):
        await front.reloader.rollback("Li")


@pytest.mark.parametrize("where", ["keep", "stand", "switch"])
@pytest.mark.parametrize("order", ["reload", "rollback", "canary"])
async def test_a_kill_in_the_middle_leaves_the_old_version_or_the_new_one_whole(
    front: Front, monkeypatch: pytest.MonkeyPatch, where: str, order: str
) -> None:
    versions = {front.running}
    front.edit(*CHANGE)
    if order == "rollback":
        versions.add((await front.reloader.reload("Li")).version)
        front.now += 1

    class Killed(Exception):  # noqa: N818 - nobody catches it
        pass

    def killed(*_: object) -> None:
        raise Killed

    target = {"keep": (front.shelf, "keep"), "stand": (front.shelf, "stand"), "switch": (front.reloader, "_tell")}
    monkeypatch.setattr(*target[where], killed)
    percent = 10 if order == "canary" else None
    with pytest.raises(Killed):
        await (front.reloader.rollback("Li") if order == "rollback" else front.reloader.reload("Li", percent))
    monkeypatch.undo()
    again = await Front(front.folder).start()
    versions.add(load(front.dialplan, NODE_TYPES).version)
    assert again.running in versions
    assert again.story.board.versions.canary is None
    assert again.book.missing(again.story.board.hotline) == ()


# --- watching -------------------------------------------------------------------------------------------------


async def watching(front: Front, monkeypatch: pytest.MonkeyPatch, *, on_change: bool) -> "asyncio.Task[None]":
    monkeypatch.setattr("ivr_engine.versions.watch.QUIET_SECONDS", 0.05)
    task = asyncio.create_task(front.reloader.watch(on_change=on_change))
    await asyncio.sleep(0.3)  # until it watches
    return task


async def ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_who_is_cancelled_as_the_engine_switches_is_cancelled(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    # `asyncio.wait_for` of Python 3.11 forgets it in that moment: an engine that was stopped then never stopped.
    front.edit(*CHANGE)
    task = asyncio.create_task(front.reloader.reload("tester"))
    tell = front.reloader._tell

    def switch_and_cancel(event: AnyEvent) -> None:
        tell(event)
        asyncio.get_running_loop().call_soon(task.cancel)

    monkeypatch.setattr(front.reloader, "_tell", switch_and_cancel)
    with pytest.raises(asyncio.CancelledError):
        await task


async def seen(front: Front, disk: str) -> None:
    async with asyncio.timeout(10):
        while front.reloader.state().disk != disk:
            await asyncio.sleep(0.02)


async def test_changed_files_are_noticed_and_wait_for_an_order(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    task, before = await watching(front, monkeypatch, on_change=False), front.running
    front.edit(*CHANGE)
    await seen(front, "other")
    assert front.counted.differs is True
    front.edit("{enqueue: complaint}", "nowhere")
    await seen(front, "broken")
    assert (front.running, front.counted.results) == (before, [])
    await ended(task)


async def test_changed_files_are_taken_at_once_where_it_is_so_ordered(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    task, before = await watching(front, monkeypatch, on_change=True), front.running
    front.edit("start: hello", "start: nowhere")
    await seen(front, "broken")
    assert front.running == before
    front.edit("start: nowhere", "start: main")
    await seen(front, "running")
    assert front.running != before
    assert front.counted.results == ["refused", "ok"]
    assert front.reloader.state().by == "file watch"
    await ended(task)
