"""Who comes to a person, who does not, and which choices callers cannot make."""

from pathlib import Path

import pytest

from ivr_engine.dialplan.load import check
from ivr_engine.nodes import NODE_TYPES

HEAD = """hotline: shop
numbers: ["4000000400"]
languages: [zh-CN]
timezone: Asia/Shanghai
start: main
fallback: {say: 您好。, agents: [1001]}
pools: {local: {agents: [1001]}}
queues: {general: {pools: [local]}}
"""
WAYS = """steps:
  person: {enqueue: general}
  bye: {hangup: 再见。}
  all: {menu: 请按。, keys: {8: person, 9: main}, silence: {then: person}, wrong: {then: person}}
"""


def _told(folder: Path, steps: str, top: str = "", crisis: str = "") -> list[tuple[str, str]]:
    """Codes with what stands at their place; W401 says only that this test leaves steps aside."""
    (folder / "hotline.yaml").write_text(HEAD + top + WAYS + steps, "utf-8")
    if crisis:
        (folder / "crisis").mkdir()
        (folder / "crisis" / "recall.yaml").write_text(f"crisis: recall\n{crisis}", "utf-8")
    found = check([folder], NODE_TYPES)
    return [(one.code, one.message) for one in found if one.code not in ("W401",)]


def _codes(*arguments: str | Path) -> list[str]:
    return [code for code, _ in _told(*arguments)]  # type: ignore[arg-type]


END = "silence: {then: bye}, wrong: {then: bye}"


@pytest.mark.parametrize(
    "step",
    [
        "{menu: 请按1。, keys: {1: person}, silence: {then: person}, wrong: {then: person}}",
        "{menu: 请按1。, keys: {1: bye}, silence: {then: person}, wrong: {then: all}}",
        "{menu: 请按1。, keys: {1: {say: 您好。, then: all}}, silence: {then: all}, wrong: {then: person}}",
        "{say: 您好。, then: {goto: person}}",
        "{call: {say: 您好。, then: return}, then: person}",
        "{call: all, then: bye}",
    ],
)
def test_a_way_to_a_person_may_be_long(step: str, tmp_path: Path) -> None:
    assert _told(tmp_path, f"  main: {step}\n") == []


def test_a_menu_without_a_way_is_told_once_and_not_again_for_those_below_it(tmp_path: Path) -> None:
    steps = (
        f"  main: {{menu: 请按1。, keys: {{1: below}}, {END}}}\n  below: {{menu: 请按2。, keys: {{2: main}}, {END}}}\n"
    )
    assert _told(tmp_path, steps) == [("W404", "callers of `main` have no way to a person")]


def test_a_menu_below_without_a_way_back_is_told(tmp_path: Path) -> None:
    steps = "  main: {menu: 请按1。, keys: {1: below, 2: person}}\n  otherwise: {goto: person}\n"
    steps += f"  below: {{menu: 请按2。, keys: {{2: bye}}, {END}}}\n"
    assert _told(tmp_path, steps) == [("W404", "callers of `below` have no way to a person")]


def test_a_flow_that_only_announces_is_told_at_its_start(tmp_path: Path) -> None:
    assert _told(tmp_path, "  main: {say: 休息。, then: bye}\n")[0] == (
        "W404",
        "no caller of this flow comes to a person",
    )


@pytest.mark.parametrize(("silence", "wrong", "times"), [("bye", "person", 1), ("person", "bye", 1), ("bye", "bye", 2)])
def test_patience_must_end_at_a_person(silence: str, wrong: str, times: int, tmp_path: Path) -> None:
    step = f"{{menu: 请按1。, keys: {{1: person}}, silence: {{then: {silence}}}, wrong: {{then: {wrong}}}}}"
    assert _codes(tmp_path, f"  main: {step}\n") == ["W405"] * times


def test_human_keys_are_a_way_from_everywhere_but_not_for_who_presses_nothing(tmp_path: Path) -> None:
    step = "  main: {menu: 请按1。, keys: {1: bye}, silence: {then: bye}, wrong: {then: person}}\n"
    human = "human: {keys: [0], to: person}\n"
    assert _told(tmp_path, step, human) == [("W405", "a caller who presses nothing in `main` never comes to a person")]


def test_human_keys_that_lead_to_nobody_are_no_way(tmp_path: Path) -> None:
    step = f"  main: {{menu: 请按1。, keys: {{1: bye}}, {END}}}\n"
    assert "W404" in _codes(tmp_path, step, "human: {keys: [0], to: bye}\n")


def test_a_crisis_has_the_human_keys_of_ordinary_days_and_tells_its_own_menus_only(tmp_path: Path) -> None:
    crisis = (
        "start: now\nsteps:\n  now: {menu: 请按1。, keys: {1: bye}, silence: {then: person}, wrong: {then: person}}\n"
    )
    main = "  main: {goto: person}\n"
    assert _told(tmp_path, main, "human: {keys: [0], to: person}\n", crisis) == []


def test_a_crisis_without_a_way_is_told(tmp_path: Path) -> None:
    crisis = f"start: now\nsteps:\n  now: {{menu: 请按1。, keys: {{1: bye}}, {END}}}\n"
    assert _codes(tmp_path, "  main: {goto: person}\n", "", crisis) == ["W404"]


def test_a_key_that_begins_another_is_told_once_for_each_that_waits(tmp_path: Path) -> None:
    keys = "{1: person, 12: person, 123: person, 2: person}"
    step = f"{{menu: 请按。, keys: {keys}, silence: {{then: person}}, wrong: {{then: person}}}}"
    assert [code for code, _ in _told(tmp_path, f"  main: {step}\n")] == ["W408", "W408"]


@pytest.mark.parametrize(("onto", "codes"), [("person", []), ("all", []), ("bye", ["W409"])])
def test_a_key_of_human_may_be_used_for_a_way_to_a_person(onto: str, codes: list[str], tmp_path: Path) -> None:
    step = f"{{menu: 请按。, keys: {{0: {onto}, 1: bye}}, silence: {{then: person}}, wrong: {{then: person}}}}"
    assert _codes(tmp_path, f"  main: {step}\n", "human: {keys: [0], to: person}\n") == codes


@pytest.mark.parametrize(("last", "codes"), [(6, []), (7, ["W410"])])
def test_six_choices_and_the_keys_everybody_knows_can_be_remembered(
    last: int, codes: list[str], tmp_path: Path
) -> None:
    keys = ", ".join(f"{key}: person" for key in [*range(1, last + 1), 0, '"*"', '"#"'])
    step = f"{{menu: 请按。, keys: {{{keys}}}, silence: {{then: person}}, wrong: {{then: person}}}}"
    assert _codes(tmp_path, f"  main: {step}\n") == codes
