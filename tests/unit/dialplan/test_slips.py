"""Slips of the keyboard are told at their sign, and only where something is wrong anyway."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr_engine.dialplan.diagnostics import Diagnostic
from ivr_engine.dialplan.load import check
from ivr_engine.dialplan.typed import masked, word_at
from ivr_engine.nodes import NODE_TYPES

HEAD = """hotline: shop
numbers: ["4000000400"]
languages: [zh-CN]
timezone: Asia/Shanghai
start: main
fallback: {say: 您好。, agents: [1001]}
pools: {local: {agents: [1001]}}
queues: {general: {pools: [local]}}
steps:
"""
SIGNS = "：，、；。！？（）【】《》“”‘’「」｛｝［］＃＊－—…·％＋／　１２３Ａ"
chinese = st.text(st.sampled_from("您好请按转人工服务投诉咨询" + SIGNS), min_size=1, max_size=30)


def _told(folder: Path, steps: str) -> list[Diagnostic]:
    file = folder / "shop.yaml"
    file.write_text(HEAD + steps, "utf-8")
    return check([file], NODE_TYPES)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("slips")


@settings(max_examples=150, deadline=None)
@given(words=chinese)
def test_what_callers_hear_may_hold_any_sign_even_beside_a_mistake(words: str, folder: Path) -> None:
    mistakes = "  lost: {goto: nowhere, colour: red}\n"
    mistakes += "  worse: {menu: 请按1。, keys: {01: main}, silence: {after: soon}}\n"
    found = _told(folder, f"  main:\n    say: 好{words}\n    then: gone\n{mistakes}")
    assert not {"E115", "E116", "E117"} & {one.code for one in found}
    assert {"E201", "E203", "E210"} <= {one.code for one in found}


@settings(max_examples=100, deadline=None)
@given(words=chinese)
def test_a_text_in_quotes_may_hold_any_sign_even_where_the_parser_stumbles(words: str, folder: Path) -> None:
    found = _told(folder, f'  main:\n    say: "好{words}"\n   then: main\n')
    assert [(one.code, one.line) for one in found] == [("E101", 12)]


@pytest.mark.parametrize(
    "text",
    [
        "|\n      注意：本周休息。\n      － 周一照常。",
        ">\n      请注意：\n      email：a@b.cn，电话：123。",
        "请看网站\n      address：人民路一号。",
        "(免费) 您好：欢迎！",
    ],
)
def test_texts_over_several_lines_are_not_suspected(text: str, folder: Path) -> None:
    assert _told(folder, f"  main:\n    say: {text}\n    then: {{enqueue: general}}\n") == []
    found = _told(folder, f"  main:\n    say: {text}\n    then: {{enqueue: genral}}\n")
    assert [one.code for one in found] == ["E302"]


def test_what_stands_in_quotes_and_comments_is_not_looked_at() -> None:
    assert masked("a: \"x: ，\", b: 'y{' # c: ：") == "a: " + "\0" * 6 + ", b: " + "\0" * 4 + " " * 7
    assert masked("it's: 5\" # x") == "it's: 5\"" + " " * 4


def test_a_word_is_what_yaml_may_read_in_one_piece() -> None:
    assert word_at("{say: 您 好, then: x}", 6) == "您 好"
    assert word_at("then: main # x", 6) == "main"
    assert word_at("key: value", 0) == "key"
    assert word_at("'quoted'", 0) == ""


@pytest.mark.parametrize(
    ("step", "remedy"),
    [
        ("{say: Hello, and welcome., then: main}", 'write "Hello, and welcome."'),
        ("{say: Note: closed., then: main}", 'write "Note: closed."'),
        ('{say: "Stay" on the line, then: main}', "write '\"Stay\" on the line'"),
        ("{say: It's 5\\6: now, then: main}", "write 'It''s 5\\6: now'"),
        ("{say: Hello, " + "and so on " * 9 + "., then: main}", "put all of it in quotes"),
    ],
)
def test_the_quoted_text_can_be_copied_from_the_remedy(step: str, remedy: str, folder: Path) -> None:
    found = _told(folder, f"  main: {step}\n")
    assert [one.remedy for one in found if one.code == "E116"] == [remedy]
    if remedy.startswith("write "):
        quoted = step.replace(step[6 : step.index(", then:")], remedy.removeprefix("write "))
        assert "E116" not in {one.code for one in _told(folder, f"  main: {quoted}\n")}
