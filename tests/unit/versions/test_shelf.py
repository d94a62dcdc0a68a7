"""Versions are kept as the files they were, found by the beginning of their name, and the oldest given up."""

import errno
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.dialplan.load import load
from ivr_engine.errors import HotlineError, RefusedError
from ivr_engine.nodes import NODE_TYPES, Node
from ivr_engine.versions import Shelf, Standing, Use
from ivr_engine.versions.shelf import MOST_KEPT, How
from tests.simulation.world import ACME


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ACME, tmp_path / "dialplan"))


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "state" / "versions")


def use(at: float, how: How = "reload") -> Use:
    return Use(at, "Li", how)


def kept(shelf: Shelf, folder: Path, at: float, how: How = "reload", words: str = "") -> Hotline[Node]:
    if words:
        (folder / "hotline.yaml").write_text((folder / "hotline.yaml").read_text("utf-8") + f"# {words}\n", "utf-8")
    hotline: Hotline[Node] = load(folder, NODE_TYPES)
    shelf.keep(hotline, folder, use(at, how))
    return hotline


def test_a_version_comes_back_as_it_was_whatever_became_of_its_files(shelf: Shelf, folder: Path) -> None:
    hotline = kept(shelf, folder, 1.0)
    files = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.yaml")}
    shutil.rmtree(folder)
    back: Hotline[Node] = shelf.load(hotline.version[:5], NODE_TYPES)
    assert back == hotline
    place = shelf.folder / hotline.version / "files"
    assert {path.relative_to(place): path.read_bytes() for path in place.rglob("*.yaml")} == files


def test_a_hotline_in_one_file_is_kept_too(shelf: Shelf, tmp_path: Path) -> None:
    file = tmp_path / "one.yaml"
    file.write_text('hotline: one\nnumbers: ["1"]\nagents: [1001]\n', "utf-8")
    hotline: Hotline[Node] = load(file, NODE_TYPES)
    shelf.keep(hotline, file, use(1.0))
    file.unlink()
    assert shelf.load(hotline.version, NODE_TYPES) == hotline


def test_recorded_files_are_kept_once_and_go_with_the_last_version_that_has_them(
    shelf: Shelf, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = folder / "sounds" / "hello.wav"
    sound.parent.mkdir()
    sound.write_bytes(b"RIFF" + bytes(100))
    path = folder / "hotline.yaml"
    before = "zh-CN: 您好，欢迎致电。为了保证服务质量，通话将被录音。"
    after = "zh-CN: {file: sounds/hello.wav, text: 您好。}"
    path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")
    first, second = kept(shelf, folder, 1.0), kept(shelf, folder, 2.0, words="another")
    (content,) = (shelf.folder / ".sounds").iterdir()
    assert content.stat().st_nlink == 3
    sound.write_bytes(b"another sound")
    assert (shelf.folder / first.version / "files" / "sounds" / "hello.wav").read_bytes().startswith(b"RIFF")
    back: Hotline[Node] = shelf.load(second.version, NODE_TYPES)
    assert back.normal.steps.keys() == second.normal.steps.keys()
    monkeypatch.setattr("ivr_engine.versions.shelf.MOST_KEPT", 1)
    sound.unlink()
    path.write_text(path.read_text("utf-8").replace(after, before), "utf-8")
    kept(shelf, folder, 3.0)
    assert list((shelf.folder / ".sounds").iterdir()) == []


def test_a_recorded_file_that_changes_meanwhile_is_not_kept_under_a_false_name(shelf: Shelf, folder: Path) -> None:
    sound = folder / "hello.wav"
    sound.write_bytes(b"RIFF" + bytes(100))
    path = folder / "hotline.yaml"
    before = "zh-CN: 您好，欢迎致电。为了保证服务质量，通话将被录音。"
    path.write_text(path.read_text("utf-8").replace(before, "zh-CN: {file: hello.wav, text: 您好。}"), "utf-8")
    hotline: Hotline[Node] = load(folder, NODE_TYPES)
    sound.write_bytes(b"another sound")
    with pytest.raises(HotlineError, match="was changed while it was read"):
        shelf.keep(hotline, folder, use(1.0))
    assert shelf.all() == []


def test_each_use_is_remembered_and_the_last_one_comes_first(shelf: Shelf, folder: Path) -> None:
    first = kept(shelf, folder, 1.0, "start")
    second = kept(shelf, folder, 2.0, words="two")
    shelf.keep(first, folder, use(3.0, "rollback"))
    assert [one.version for one in shelf.all()] == [first.version, second.version]
    assert [one.how for one in shelf.find(first.version).uses] == ["start", "rollback"]


def test_the_one_before_is_the_last_other_one_that_was_not_only_on_trial(shelf: Shelf, folder: Path) -> None:
    first = kept(shelf, folder, 1.0)
    second = kept(shelf, folder, 2.0, words="two")
    trial = kept(shelf, folder, 3.0, "canary", words="three")
    assert shelf.before(second.version).version == first.version
    assert shelf.before(trial.version).version == second.version
    assert shelf.before(first.version).version == second.version


def test_who_goes_back_again_goes_further_back_and_not_to_what_he_fled(shelf: Shelf, folder: Path) -> None:
    first = kept(shelf, folder, 1.0, "start")
    second = kept(shelf, folder, 2.0, words="two")
    third = kept(shelf, folder, 3.0, words="three")
    shelf.keep(second, folder, use(4.0, "rollback"))
    shelf.keep(second, folder, use(5.0, "start"))  # a restart changes nothing
    assert shelf.before(second.version).version == first.version
    shelf.keep(first, folder, use(6.0, "rollback"))
    with pytest.raises(RefusedError, match="every other one was rolled back from"):
        shelf.before(first.version)
    shelf.keep(third, folder, use(7.0, "rollback"))  # by name
    assert shelf.before(third.version).version == first.version
    fourth = kept(shelf, folder, 8.0, words="four")
    assert shelf.before(fourth.version).version == third.version


def test_a_name_must_mean_one_version(shelf: Shelf, folder: Path) -> None:
    with pytest.raises(RefusedError, match="no version on the shelf"):
        shelf.find("abc")
    hotline = kept(shelf, folder, 1.0)
    shelf.keep(replace(hotline, version=f"{hotline.version[:3]}zzz"), folder, use(2.0))
    with pytest.raises(RefusedError, match="more than one"):
        shelf.find(hotline.version[:3])
    assert shelf.find(hotline.version[:6]).version == hotline.version


def test_the_oldest_are_given_up_but_never_what_runs_or_is_on_trial(shelf: Shelf, folder: Path) -> None:
    hotline: Hotline[Node] = load(folder, NODE_TYPES)
    shelf.stand(Standing("v0", "v1", canary="v1"))
    for number in range(MOST_KEPT + 5):
        shelf.keep(replace(hotline, version=f"v{number}"), folder, use(float(number)))
    left = {one.version for one in shelf.all()}
    assert left == {"v0", "v1", *(f"v{number}" for number in range(5, MOST_KEPT + 5))}


def test_half_of_a_version_is_none_and_is_made_anew(shelf: Shelf, folder: Path) -> None:
    hotline = kept(shelf, folder, 1.0)
    (shelf.folder / hotline.version / "meta.json").write_text("{", "utf-8")
    assert shelf.all() == []
    shelf.keep(hotline, folder, use(2.0))
    assert shelf.load(hotline.version, NODE_TYPES) == hotline


def test_what_runs_is_known_to_the_next_engine(shelf: Shelf) -> None:
    assert shelf.standing() is None
    assert shelf.all() == []
    shelf.stand(Standing("a", "b", "c"))
    assert shelf.standing() == Standing("a", "b", "c")


def test_a_folder_that_cannot_be_written_is_told_with_its_remedy(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be", "utf-8")
    shelf = Shelf(tmp_path / "state" / "versions")
    with pytest.raises(HotlineError, match="cannot be kept"):
        kept(shelf, folder, 1.0)
    with pytest.raises(HotlineError, match="a restart would forget"):
        shelf.stand(Standing("a", "a"))
    with pytest.raises(HotlineError, match="cannot be read"):
        shelf.all()


def test_a_full_disk_is_left_as_full_as_it_was(shelf: Shelf, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(path: Path, content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", str(path), len(content))

    monkeypatch.setattr(Path, "write_bytes", no_room)
    with pytest.raises(HotlineError, match="make room"):
        kept(shelf, folder, 1.0)
    assert not list(shelf.folder.iterdir())
