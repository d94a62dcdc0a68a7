"""`ivr crisis check`: what a profile still lacks, point by point."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr_engine.cli import app
from ivr_engine.recording import keys

DIALPLANS = Path(__file__).parents[3] / "dialplans"
PACKS = sorted(path.relative_to(DIALPLANS) for path in DIALPLANS.glob("*/crisis/*.yaml"))
HOTLINE = """hotline: shop
numbers: ["4000000400"]
languages: [zh-CN, en]
start: main
fallback: {say: {zh-CN: 您好。, en: Hello.}, agents: [1001]}
people: {张伟: {may: [switch], until: 2020-01-01 00:00}}
pools: {local: {agents: [1001]}}
queues: {general: {pools: [local]}}
steps:
  main: {menu: {zh-CN: 请按1。, en: Press 1.}, keys: {1: {enqueue: general}}}
  otherwise: {enqueue: general}
"""
BARE = "crisis: bare\nstart: main\n"
WRONG = """crisis: wrong
start: hello
extra copy: true
waiting: {say: 请继续等待。}
levels: {general: {tell: [nobody], clocks: {核实: {within: 10m, do: 核实}}}}
steps: {hello: {menu: {zh-CN: 请按1。, en: Press 1.}, keys: {1: {enqueue: general}}, silence: {then: {hangup: }}}}
"""
SETTINGS = """dialplan: shop
prompts: prompts
asterisk: {user: ivr, password file: secret}
recording: {spool: spool, vault: vault, recipients: [RECIPIENT]}
web: {port: 8090, token file: secret}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    (folder / "crisis").mkdir(parents=True)
    (folder / "hotline.yaml").write_text(HOTLINE, "utf-8")
    (folder / "crisis" / "bare.yaml").write_text(BARE, "utf-8")
    (folder / "crisis" / "wrong.yaml").write_text(WRONG, "utf-8")
    return folder


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["crisis", "check", *map(str, arguments)])
    return result.exit_code, result.output


def lacks(*arguments: object) -> dict[str, list[str]]:
    """What is missing, by the first two words of the point."""
    _, said = run(*arguments, "--json")
    return {" ".join(one["point"].split()[:2]): one["lacks"] for one in json.loads(said)["points"] if not one["ok"]}


@pytest.mark.parametrize("pack", PACKS, ids=str)
def test_a_shipped_pack_is_complete(pack: Path) -> None:
    status, said = run(pack.stem, DIALPLANS / pack.parts[0])
    assert (status, "✗" in said) == (0, False), said
    assert said.endswith("complete 完整\n")


def test_what_a_bare_menu_lacks_is_told_with_what_to_do(shop: Path) -> None:
    status, said = run("bare", shop)
    assert status == 1
    assert "✗ a menu of its own 专用菜单\n    none of its own steps asks the caller anything" in said
    assert "✓ queues for its callers" in said
    assert "– phone code 电话开关代码\n    add `code: 1`, and it can be switched by phone\n" in said
    assert said.endswith("bare: not complete 不完整\n")
    assert [one.split(" ")[0] for one in lacks("bare", shop)] == [
        *("title", "a", "how", "refresh", "expiry", "levels,", "who", "those", "agents'", "words", "phone", "tests")
    ]


def test_half_of_it_is_not_enough(shop: Path) -> None:
    missing = lacks("wrong", shop)
    assert missing["those who"] == [
        "`waiting: say` has no words in en: those who wait are not told",
        "`waiting: over` has no words in zh-CN, en: those who wait are not told",
    ]
    assert "nobody hears of clock 核实 of level general: add `tell: [duty]`" in missing["levels, clocks"]
    assert missing["who may"] == ["nobody whose time is not over may switch it: renew somebody under `people`"]
    assert missing["rehearsed: silent"] == ["who presses nothing never comes to a person: lead `silence` to a queue"]
    assert any("W402" in one for one in missing["files without"]), "what `ivr check` tells of it counts as well"


def test_the_settings_tell_whom_alerts_reach_and_where_copies_go(shop: Path) -> None:
    _, recipient = keys.init(shop.parent / "keys")
    (shop.parent / "secret").write_text("s", "utf-8")
    (shop.parent / "ivr.yaml").write_text(SETTINGS.replace("RECIPIENT", recipient), "utf-8")
    missing = lacks("wrong", "-s", shop.parent / "ivr.yaml")
    assert missing["extra copy"] == [
        "it asks for a second copy of recordings: add `extra: <folder>` to `recording` of the settings"
    ]
    assert any("'nobody'" in one for one in missing["who is"])
    assert any("E308" in one for one in missing["files without"]), "nor can it be heard yet"


def test_a_test_that_fails_is_told(shop: Path) -> None:
    (shop / "tests").mkdir()
    tests = "hotline: ..\ntests:\n  wrong: [{crisis: bare}, call, {hears: 欢迎}]\n"
    (shop / "tests" / "shop.yaml").write_text(tests, "utf-8")
    assert any("the test 'wrong' fails" in one for one in lacks("bare", shop)["tests pass"])


def test_an_unknown_profile_is_no_riddle(shop: Path) -> None:
    status, said = run("bar", shop)
    assert status == 2
    assert "did you mean" in said
