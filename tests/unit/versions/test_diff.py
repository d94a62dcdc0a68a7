"""What is different between two versions, in the words of whoever reads it at 3 a.m."""

import shutil
from pathlib import Path

import pytest

from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.dialplan.load import load
from ivr_engine.nodes import NODE_TYPES, Node
from ivr_engine.versions import differences
from tests.simulation.world import ACME, acme

HOTLINE, SEATS, RECALL = "hotline.yaml", "seats.yaml", "crisis/recall.yaml"


def changed(folder: Path, *edits: tuple[str, str, str]) -> Hotline[Node]:
    shutil.copytree(ACME, folder, dirs_exist_ok=True)
    for file, before, after in edits:
        text = (folder / file).read_text("utf-8")
        assert before in text
        (folder / file).write_text(text.replace(before, after, 1), "utf-8")
    return load(folder, NODE_TYPES)


@pytest.mark.parametrize(
    ("edit", "forth", "back"),
    [
        (
            (HOTLINE, "2: {enqueue: general}", "2: {enqueue: complaint}"),
            "key 2 of main now goes to complaint (before: general)",
            "key 2 of main now goes to general (before: complaint)",
        ),
        (
            (HOTLINE, "2: {enqueue: general}", "2: hello"),
            "key 2 of main now goes to hello (before: general)",
            "key 2 of main now goes to general (before: hello)",
        ),
        (
            (HOTLINE, "      3: {enqueue: complaint}\n", ""),
            "key 3 of main is gone: it went to complaint",
            "key 3 of main is new: it goes to complaint",
        ),
        (
            (HOTLINE, "ageing: 10s", "ageing: 20s"),
            "`ageing` of the hotline is now 20s (before: 10s)",
            "`ageing` of the hotline is now 10s (before: 20s)",
        ),
        (
            (SEATS, "pools:\n", "agents: {1001: {skills: {en: 2}}}\n\npools:\n"),
            "the note on agent 1001 is new",
            "the note on agent 1001 is gone",
        ),
        (
            (HOTLINE, "tag: safety", "tag: danger"),
            "key 1 of main: tag danger added",
            "key 1 of main: tag safety added",
        ),
        (
            (HOTLINE, "{after: 5s, repeat: 2}", "{after: 90s, repeat: 2}"),
            "`silence after` of main is now 90s (before: 5s)",
            "`silence after` of main is now 5s (before: 90s)",
        ),
        (
            (HOTLINE, "  otherwise: {enqueue: general}", "  otherwise: {hangup: {zh-CN: 再见, en: Bye}}"),
            "otherwise is now `hangup` (before: `enqueue`)",
            "otherwise is now `enqueue` (before: `hangup`)",
        ),
        (
            (HOTLINE, "start: hello", "start: main"),
            "calls now begin at main (before: hello)",
            "calls now begin at hello (before: main)",
        ),
        (
            (HOTLINE, "zh-CN: 您好，欢迎致电。为", "zh-CN: 为"),
            "the text of hello in zh-CN changed:"
            " 您好，欢迎致电。为了保证服务质量，通话将被录音。 → 为了保证服务质量，通话将被录音。",
            "the text of hello in zh-CN changed:"
            " 为了保证服务质量，通话将被录音。 → 您好，欢迎致电。为了保证服务质量，通话将被录音。",
        ),
        (
            (HOTLINE, '["4000000400"]', '["4000000400", "4000000401"]'),
            "the hotline: number 4000000401 added",
            "the hotline: number 4000000401 removed",
        ),
        (
            (SEATS, "[1001, 1002, 1003]", "[1001, 1002, 1003, 1004]"),
            "pool local: agent 1004 added",
            "pool local: agent 1004 removed",
        ),
        (
            (
                SEATS,
                "    pools: [local, chengdu]\n    after call: 10s",
                "    pools: [chengdu, local]\n    after call: 10s",
            ),
            "queue complaint: the order of pools is now chengdu, local (before: local, chengdu)",
            "queue complaint: the order of pools is now local, chengdu (before: chengdu, local)",
        ),
        (
            (RECALL, "0: main", "0: progress"),
            "in crisis recall, key 0 of recall-menu now goes to progress (before: main)",
            "in crisis recall, key 0 of recall-menu now goes to main (before: progress)",
        ),
    ],
)
def test_each_change_is_told_in_both_directions(
    tmp_path: Path, edit: tuple[str, str, str], forth: str, back: str
) -> None:
    other = changed(tmp_path, edit)
    assert forth in differences(acme(), other)
    assert back in differences(other, acme())


def test_a_step_of_its_own_is_told_by_its_name_and_one_within_another_with_that_other(tmp_path: Path) -> None:
    night = "  night: {say: {zh-CN: 晚安, en: Good night}, then: otherwise}\n\n  otherwise:"
    other = changed(
        tmp_path, (HOTLINE, "  otherwise:", night), (HOTLINE, "1: {enqueue: urgent, tag: safety}", "1: night")
    )
    assert differences(acme(), other) == ["key 1 of main now goes to night (before: urgent)", "step night is new"]
    assert differences(other, acme()) == ["key 1 of main now goes to urgent (before: night)", "step night is gone"]


def test_what_is_new_or_gone_as_a_whole_is_told_once(tmp_path: Path) -> None:
    other = changed(tmp_path, (SEATS, "  complaint:\n    priority: 50", "  complaint:\n    priority: 60"))
    (tmp_path / RECALL).unlink()
    lesser = load(tmp_path, NODE_TYPES)
    assert differences(other, lesser) == ["crisis profile recall is gone"]
    assert differences(lesser, other) == ["crisis profile recall is new"]


def test_a_comment_is_no_difference_to_anybody(tmp_path: Path) -> None:
    other = changed(tmp_path, (HOTLINE, "steps:", "# a remark\nsteps:"))
    assert other.version != acme().version
    assert differences(acme(), other) == []


def test_every_shipped_hotline_can_be_told_from_every_other() -> None:
    folders = sorted(path.parent for path in ACME.parent.glob("*/hotline.yaml"))
    hotlines: list[Hotline[Node]] = [load(folder, NODE_TYPES) for folder in folders]
    for one in hotlines:
        for other in hotlines:
            told = differences(one, other)
            assert bool(told) == (one is not other)
            assert not [line for line in told if "object at" in line or "Plan(" in line or "frozenset(" in line]
