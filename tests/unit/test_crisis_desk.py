"""That an order about a crisis is answered with how it stands, and what is on stays on through a restart."""

from pathlib import Path

import msgspec
import pytest

from ivr_engine import crisis_desk as desk_module
from ivr_engine.errors import HotlineError, RefusedError
from ivr_engine.model.crises import CrisisState
from ivr_engine.model.crisis_orders import CrisisOrder
from ivr_engine.model.events import CrisisOrdered, CrisisRemembered
from tests.unit.test_desk import Front


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "crisis.json"


@pytest.fixture
def front(file: Path) -> Front:
    return Front(file)


def on(front: Front) -> tuple[str, ...]:
    return tuple(one.profile for one in front.front.now().active)


async def test_an_order_is_answered_with_how_everything_stands_once_the_core_has_switched(front: Front) -> None:
    state = await front.order("recall", "duty", "fire", level="major", numbers=(), lasts=3600.0)
    assert state == front.front.now()
    (crisis,) = state.active
    assert (crisis.profile, crisis.by, crisis.reason, state.known) == ("recall", "duty", "fire", ("recall",))
    assert (crisis.level, crisis.since, crisis.until) == ("major", front.story.now, 1_800_000_060.0 + 3600)
    assert front.story.board.crisis.profiles == ("recall",)
    await front.order("recall", on=False)
    assert on(front) == ()


async def test_an_order_the_core_does_not_take_is_not_answered_as_done(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_module, "ANSWERED_WITHIN_SECONDS", 0.01)
    with pytest.raises(HotlineError, match="did not answer"):
        await front.front.order(CrisisOrder("recall", "duty", "fire"))
    assert on(front) == ()


async def test_a_second_order_of_the_same_is_refused_and_does_not_overwrite_who_ordered_it(front: Front) -> None:
    await front.order("recall", "张伟", "batch 7")
    with pytest.raises(RefusedError, match="is on already, by 张伟: nothing was changed"):
        await front.order("recall", "root", "again")
    (crisis,) = front.front.now().active
    assert (crisis.by, crisis.reason) == ("张伟", "batch 7")


async def test_what_makes_no_sense_is_refused(front: Front) -> None:
    with pytest.raises(RefusedError, match="'flood' is not in the dialplan: known is recall"):
        await front.order("flood")
    with pytest.raises(RefusedError, match="nothing to switch off"):
        await front.order(None)
    with pytest.raises(RefusedError, match="'recall' is not on"):
        await front.order("recall", on=False)
    with pytest.raises(RefusedError, match="over already"):
        await front.order("recall", until=5.0)
    with pytest.raises(RefusedError, match="is not a number of this hotline"):
        await front.order("recall", numbers=("4001112222",))
    assert on(front) == ()


async def test_a_crisis_that_was_on_is_on_again_after_a_restart(front: Front, file: Path) -> None:
    before = await front.order("recall", "duty", "fire")
    after = Front(file)
    after.crises.resume()
    assert after.ordered == [CrisisRemembered(front.crises.state)]
    after.pass_on()
    assert after.front.now() == before  # since when, by whom and why, too
    assert after.story.hears(after.story.dial()).startswith("您好，召回咨询专线已开通")


async def test_a_crisis_that_was_switched_off_stays_off(front: Front, file: Path) -> None:
    await front.order("recall")
    await front.order(None)
    after = Front(file)
    after.crises.resume()
    after.pass_on()
    assert after.story.board.crisis.profiles == ()


def test_what_a_version_before_kept_is_on_again(front: Front, file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes('{"profile":"recall","known":["recall"],"by":"张伟","reason":"batch 7","since":5.0}'.encode())
    front.crises.resume()
    front.pass_on()
    (crisis,) = front.front.now().active
    assert (crisis.profile, crisis.by, crisis.reason, crisis.since) == ("recall", "张伟", "batch 7", 5.0)


def test_the_first_start_has_nothing_to_resume(front: Front) -> None:
    front.crises.resume()
    assert front.ordered == []


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"active":5}', b"\xff\xfe", b'{"profile":"\xff"}'])
def test_a_file_that_cannot_be_read_is_loud_and_stops_nothing(front: Front, file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    front.crises.resume()
    assert front.ordered == []


def test_a_profile_that_is_not_in_the_dialplan_any_more_is_told(front: Front, file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b'{"profile":"flood","known":["flood"],"by":"duty","reason":"rain"}')
    front.crises.resume()
    front.pass_on()
    assert front.story.board.crisis.profiles == ()
    assert "'flood' was on before the restart, and is not in the dialplan" in front.story.troubles()[0]


def kept(file: Path) -> bytes:
    return file.read_bytes()


def names(file: Path) -> list[str]:
    return [path.name for path in file.parent.iterdir()]


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
    await front.order("recall")
    assert names(file) == ["crisis.json"]
    assert msgspec.json.decode(kept(file), type=CrisisState).active == front.front.now().active


async def test_a_disk_that_cannot_be_written_does_not_stop_the_switch(front: Front, file: Path) -> None:
    file.parent.write_bytes(b"a file where the folder should be")
    await front.order("recall")
    assert on(front) == ("recall",)
    assert front.story.board.crisis.profiles == ("recall",)


async def test_the_state_is_kept_before_anything_that_follows_from_it_goes_out(front: Front, file: Path) -> None:
    orders = front.story.board.handle(CrisisOrdered("recall", "duty", "fire"), front.story.now)
    assert type(orders[0]).__name__ == "Publish"
    assert type(getattr(orders[0], "notice", None)).__name__ == "CrisisStateChanged"
