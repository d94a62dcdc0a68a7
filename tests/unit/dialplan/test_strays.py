"""Files that look like a part of a hotline and are read by nobody."""

from pathlib import Path

from ivr_engine.dialplan.load import check
from ivr_engine.dialplan.strays import strays_among, strays_in
from ivr_engine.nodes import NODE_TYPES

ACME = Path(__file__).parents[3] / "dialplans" / "acme"


def _write(folder: Path, *names: str, text: str = "steps: {}\n") -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


def _told(folder: Path, *read: str) -> dict[str, str]:
    found = strays_in(folder, [folder / name for name in read])
    return {str(Path(one.file).relative_to(folder)): one.remedy for one in found}


def test_a_wrong_ending_is_told_with_the_right_name(tmp_path: Path) -> None:
    _write(tmp_path, "hotline.yaml", "seats.yml", "Seat.YAML", "crisis/recall.yml")
    assert _told(tmp_path, "hotline.yaml") == {
        "seats.yml": "rename it to `seats.yaml`",
        "Seat.YAML": "rename it to `seats.yaml`",
        "crisis/recall.yml": "rename it to `crisis/recall.yaml`",
    }


def test_what_is_read_or_looks_like_nothing_of_ours_is_left_alone(tmp_path: Path) -> None:
    _write(tmp_path, "hotline.yaml", "parts/menus.yaml", "more.yaml")
    _write(tmp_path, "notes.yaml", "holidays.yml", text="2027: [2027-01-01]\n")
    _write(tmp_path, "hotline-old.yaml", text="hotline: old\nsteps: {}\n")
    (tmp_path / "README.md").write_text("crisis: none", "utf-8")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "more.yaml")
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nowhere.yaml")
    assert _told(tmp_path, "hotline.yaml", "more.yaml") == {}


def test_a_right_file_beside_keeps_the_name(tmp_path: Path) -> None:
    _write(tmp_path, "hotline.yaml", "seats.yaml", "seats.yml")
    told = _told(tmp_path, "hotline.yaml", "seats.yaml")
    assert told == {"seats.yml": "bring what it holds into `seats.yaml`, and delete it"}


def test_a_profile_elsewhere_is_told_where_to_go(tmp_path: Path) -> None:
    _write(tmp_path, "hotline.yaml", text="hotline: x\n")
    _write(tmp_path, "recall.yaml", "crisis/old/outage.yaml", text="crisis: recall\n")
    assert _told(tmp_path, "hotline.yaml") == {
        "recall.yaml": "move it to `crisis/recall.yaml`",
        "crisis/old/outage.yaml": "move it to `crisis/outage.yaml`",
    }


def test_a_folder_of_crises_is_told_once(tmp_path: Path) -> None:
    _write(tmp_path, "crises/a.yaml", "crises/b.yaml")
    (tmp_path / "Crisis").mkdir()
    assert _told(tmp_path) == {"crises": "rename the folder to `crisis`"}


def test_a_would_be_hotline_beside_others_is_told(tmp_path: Path) -> None:
    _write(tmp_path, "one/hotline.yaml", "two/hotline.yml", "three/other.yaml")
    assert [Path(one.file).relative_to(tmp_path) for one in strays_among(tmp_path)] == [Path("two/hotline.yml")]


def test_a_folder_that_is_not_there_holds_no_strays(tmp_path: Path) -> None:
    assert list(strays_in(tmp_path / "gone", [])) == list(strays_among(tmp_path / "gone")) == []


def test_what_cannot_be_read_is_told_as_that_and_not_as_unread(tmp_path: Path) -> None:
    _write(tmp_path, "hotline.yaml", "seats.yaml", text="{")
    assert {one.code for one in check([tmp_path], NODE_TYPES)} == {"E101"}


def test_nothing_we_ship_is_read_by_nobody() -> None:
    assert "W407" not in {one.code for one in check([ACME.parent], NODE_TYPES)}
