"""What is too large or too wrong ends soon, with one plain word about it."""

import os
import time
from pathlib import Path

import pytest

from ivr_engine.dialplan.diagnostics import MOST, render
from ivr_engine.dialplan.load import check, load
from ivr_engine.dialplan.source import LARGEST
from ivr_engine.nodes import NODE_TYPES

HEAD = (
    "hotline: big\nnumbers: ['4000000400']\nlanguages: [zh-CN]\ntimezone: Asia/Shanghai\nstart: s0\n"
    "fallback: {say: 您好。, agents: [1001]}\npools: {local: {agents: [1001]}}\nqueues: {general: {pools: [local]}}\n"
)


def _file(folder: Path, text: str) -> Path:
    path = folder / "big.yaml"
    path.write_text(text, "utf-8")
    return path


def test_a_file_of_ten_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = _file(tmp_path, "# " + "x" * 10 * LARGEST)
    assert [one.code for one in check([path], NODE_TYPES)] == ["E108"]


def test_a_hundred_mistakes_are_enough(tmp_path: Path) -> None:
    path = _file(tmp_path, HEAD + "steps:\n" + "".join(f"  s{n}: {{sya: 您好。}}\n" for n in range(5000)))
    found = check([path], NODE_TYPES)
    assert len(found) == MOST + 1
    assert found[0].code == "E114", "what is left out is told first"


def test_many_names_that_lead_nowhere_are_told_within_seconds(tmp_path: Path) -> None:
    steps = "".join(f"  s{n}: {{goto: s{n}x}}\n" for n in range(15_000))
    began = time.process_time()
    assert len(check([_file(tmp_path, HEAD + "steps:\n" + steps)], NODE_TYPES)) == MOST + 1
    assert time.process_time() - began < 10


def test_a_long_chain_of_steps_is_followed_without_recursion(tmp_path: Path) -> None:
    steps = "".join(f"  s{n}: {{goto: s{n + 1}}}\n" for n in range(5000)) + "  s5000: {enqueue: general}\n"
    path = _file(tmp_path, HEAD + "steps:\n" + steps)
    assert check([path], NODE_TYPES) == []
    assert len(load(path, NODE_TYPES).normal.steps) == 5001


def test_a_circle_of_thousands_of_steps_is_found_once(tmp_path: Path) -> None:
    steps = "".join(f"  s{n}: {{goto: s{(n + 1) % 3000}}}\n" for n in range(3000))
    found = check([_file(tmp_path, HEAD + "steps:\n" + steps)], NODE_TYPES)
    assert [one.code for one in found if one.code != "W403"] == ["E305"]
    assert len(render(found)) < 2000, "a circle too long to read is shortened"


def test_a_bomb_of_brackets_ends_at_the_depth_limit(tmp_path: Path) -> None:
    path = _file(tmp_path, "[" * 200_000)
    assert [one.code for one in check([path], NODE_TYPES)] == ["E109"]


def test_a_bomb_of_aliases_never_unfolds(tmp_path: Path) -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(9)
    )
    assert [one.code for one in check([_file(tmp_path, bomb)], NODE_TYPES)] == ["E104"]


ODD_NAMES = ["a" * 5000, "a/" * 3000 + "x.yaml", "a\\0b", "circle.yaml", "pipe.yaml", "folder", "."]
NAMING = {
    "include": "include: [%s]\nsteps: {s0: {enqueue: general}}\n",
    "calendar": "calendar: [%s]\nsteps: {s0: {enqueue: general}}\n",
    "recorded": "steps: {s0: {say: {zh-CN: {file: %s, text: 您好。}}, then: s1}, s1: {enqueue: general}}\n",
}


@pytest.mark.parametrize("name", ODD_NAMES, ids=[name[:8] for name in ODD_NAMES])
@pytest.mark.parametrize("setting", NAMING)
def test_what_no_file_can_be_named_or_is_no_file_is_one_mistake(tmp_path: Path, setting: str, name: str) -> None:
    (tmp_path / "circle.yaml").symlink_to("circle.yaml")
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "folder").mkdir()
    found = check([_file(tmp_path, HEAD + NAMING[setting] % f'"{name}"')], NODE_TYPES)
    assert {one.code for one in found} <= {"E113", "E203", "E213"}
    assert found


@pytest.mark.parametrize("where", ["hotline.yaml", "seats.yaml", "crisis/recall.yaml"])
def test_a_pipe_nobody_writes_to_is_not_waited_for(tmp_path: Path, where: str) -> None:
    (tmp_path / "hotline.yaml").write_text(HEAD + "steps: {s0: {enqueue: general}}\n", "utf-8")
    (tmp_path / where).parent.mkdir(exist_ok=True)
    (tmp_path / where).unlink(missing_ok=True)
    os.mkfifo(tmp_path / where)
    assert "E113" in {one.code for one in check([tmp_path], NODE_TYPES)}


def test_a_file_whose_name_is_not_utf_8_is_one_mistake(tmp_path: Path) -> None:
    (tmp_path / "hotline.yaml").write_text(HEAD + "steps: {s0: {enqueue: general}}\n", "utf-8")
    (tmp_path / "crisis").mkdir()
    (tmp_path / "crisis" / "re\udcffcall.yaml").write_text("crisis: recall\nstart: s0\n", "utf-8")
    (wrong,) = [one for one in check([tmp_path], NODE_TYPES) if one.code == "E113"]
    assert wrong.file.endswith("re\\xffcall.yaml")
