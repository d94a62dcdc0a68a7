"""Texts with values in them: how they are written in a file, and what a caller hears."""

from hashlib import sha256
from pathlib import Path

import pytest

from ivr_engine.dialplan.diagnostics import Findings
from ivr_engine.dialplan.hotline import hotline_prompts
from ivr_engine.dialplan.load import check, load
from ivr_engine.dialplan.reader import Reader
from ivr_engine.dialplan.source import Table, UnreadableError, read_yaml
from ivr_engine.dialplan.text import Text
from ivr_engine.dialplan.wording import Wording
from ivr_engine.model.prompt import Prompt
from ivr_engine.nodes import NODE_TYPES
from ivr_engine.spoken import vocabulary

CASES = Path(__file__).parents[2] / "diagnostics" / "cases"
LANGUAGES = ("zh-CN", "en")


def read(yaml: str, wording: Wording = Wording()) -> tuple[Text | None, Reader]:  # noqa: B008 - it is frozen
    findings = Findings()
    tree = read_yaml("x.yaml", yaml.encode(), findings)
    assert isinstance(tree, Table)
    reader = Reader(findings, languages=LANGUAGES)
    try:
        with reader.inside("say"):
            return wording.read(tree.entries[0].value, reader), reader
    except UnreadableError:
        return None, reader


def told(yaml: str, wording: Wording = Wording()) -> list[str]:  # noqa: B008 - it is frozen
    _, reader = read(yaml, wording)
    return [f"{one.line}:{one.column} {one.message}; {one.remedy}" for one in reader.findings.errors]


def heard(words: str, language: str = "zh-CN", **values: str) -> list[str]:
    return [prompt.text for prompt in Text({"zh-CN": words}).said(language, "zh-CN", values)]


def test_words_without_a_value_are_one_sound() -> None:
    assert Text({"zh-CN": "您好。", "en": "Hello."}).said("en", "zh-CN", {}) == (Prompt("en", "Hello."),)


def test_a_missing_language_is_said_in_the_default_one_values_included() -> None:
    text = Text({"zh-CN": "余额<b as money>。"})
    assert text.said("en", "zh-CN", {"b": "2"}) == tuple(Prompt("zh-CN", one) for one in ("余额", "两", "元"))


def test_values_are_said_between_the_words_in_order() -> None:
    words = "您的订单< order >，金额<sum as money>，请于<day as date>前付款。"
    values = {"order": "A1", "sum": "20", "day": "2027-02-01"}
    date = ["二", "零", "二", "七", "年", "二月", "一日"]
    assert heard(words, **values) == ["您的订单", "A", "幺", "，金额", "二十", "元", "，请于", *date, "前付款。"]


@pytest.mark.parametrize("value", ["", " ", "无", "\0", "x" * 100])
def test_a_value_nobody_can_say_is_left_out(value: str) -> None:
    assert heard("余额<b as money>元整。", b=value) == ["余额", "元整。"]
    assert heard("余额<b as money>元整。") == ["余额", "元整。"]


def test_punctuation_alone_is_no_sound() -> None:
    assert heard("（<a>）：<b as number>。", a="1", b="2") == ["幺", "二"]
    assert heard("<a>。") == []


@pytest.mark.parametrize("words", ["<>", "a < b", "<a as b c>", "<x", "<a as poem>", "<<a>>"])
def test_what_the_loader_refuses_raises_nothing_in_a_call(words: str) -> None:
    assert all(heard(words, a="1"))


def test_all_that_can_be_heard_includes_the_vocabulary() -> None:
    text = Text({"zh-CN": "等<w as duration>。", "en": "Hello."})
    everything = text.prompts()
    assert set(everything) == {Prompt("zh-CN", "等"), *vocabulary("duration", "zh-CN"), Prompt("en", "Hello.")}
    assert set(text.said("zh-CN", "en", {"w": "2-4 min"})) <= set(everything)
    assert len(everything) == len(set(everything))


def test_values_named_are_noted_with_their_place() -> None:
    text, reader = read('say: {zh-CN: "余额<balance as money>、<balance>", en: Sum <sum>}')
    assert text
    uses = [(use.of, use.name, use.mark.line, use.mark.column, use.where) for use in reader.uses]
    assert uses == [
        ("value", "balance", 1, 17, "`say`"),
        ("value", "balance", 1, 36, "`say`"),
        ("value", "sum", 1, 56, "`say`"),
    ]


def test_the_place_is_found_in_words_over_several_lines() -> None:
    _, reader = read("say: |\n  one <a>\n  two <b>\n")
    assert [(use.mark.line, use.mark.column) for use in reader.uses] == [(2, 7), (3, 7)]
    _, reader = read("say:\n  one <order\n  as digits> two\n")
    assert [(use.name, use.mark.line, use.mark.column) for use in reader.uses] == [("order", 2, 3)], "it is folded"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("say: 余额<b as mony>", "1:14 there is no way to say a value as `mony`; did you mean `money`?"),
        (
            "say: 余额<b as words>",
            "1:14 there is no way to say a value as `words`;"
            " use one of: digits, number, money, date, time, duration, level",
        ),
        ("say: 余额<balance，再见", "1:8 `<balance，再见` has no `>`; did you mean `<balance>`?"),
        ("say: 余额<b as money，再见", "1:8 `<b as money，再见` has no `>`; did you mean `<b as money>`?"),
        ("say: 余额＜b as money＞", "1:8 `＜b as money＞` names no value; did you mean `<b as money>`?"),
        ("say: 余额＜balance", "1:8 `＜balance` has no `>`; did you mean `<balance>`?"),
        ("say: 余额<balance money>", "1:8 `<balance money>` names no value; did you mean `<balance as money>`?"),
        ("say: 余额<balance:money>", "1:8 `<balance:money>` names no value; did you mean `<balance as money>`?"),
        (
            "say: 余额<>元",
            "1:8 `<>` names no value; write `<name>`, or how it is said too: `<name as money>`",
        ),
        ("say: 大于>元", "1:8 `>` names no value; write `<name>`, or how it is said too: `<name as money>`"),
        (
            "say: 5 < 6",
            "1:8 `< 6` has no `>`; write `<name>`, or how it is said too: `<name as money>`",
        ),
    ],
)  # fmt: skip
def test_what_is_no_value_is_told_at_its_place(written: str, expected: str) -> None:
    assert told(written) == [expected]


def test_everything_wrong_is_told_at_once() -> None:
    assert len(told("say: {zh-CN: <a as x> <b>, en: <c as y> <d}")) == 3


def test_words_that_asterisk_says_alone_hold_no_value() -> None:
    alone = Wording(may_name_values=False)
    assert told("say: 您好<a>", alone) == [
        "1:8 `say` is said where no value is known, so `<a>` cannot be; say it without"
    ]
    assert told("say: 您好", alone) == []


def test_missing_sounds_of_a_value_are_noted_where_it_stands() -> None:
    text, reader = read("say:\n  zh-CN: 余额<b as money>\n  en: Sum <b as money>\n")
    assert text
    lines = {prompt.language: mark.line for prompt, mark in reader.spoken}
    assert lines == {"zh-CN": 2, "en": 3}
    assert {prompt for prompt, _ in reader.spoken} == set(text.prompts())


def test_a_recorded_file_is_heard_instead_of_a_voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sounds").mkdir()
    (tmp_path / "sounds" / "hello.wav").write_bytes(b"one")
    yaml = "say: {zh-CN: {file: sounds/hello.wav, text: 您好<name>。}, en: Hello.}"
    text, reader = read(yaml)
    assert text
    assert not reader.uses, "a recording has no place for a value"
    (prompt,) = text.said("zh-CN", "zh-CN", {"name": "1"})
    assert prompt.recording
    assert prompt.recording.path == str(tmp_path / "sounds" / "hello.wav")
    assert prompt.text == text.written("zh-CN", "zh-CN") == "您好<name>。"
    assert text.prompts() == (prompt, Prompt("en", "Hello."))
    assert prompt.key != Prompt("zh-CN", prompt.text).key
    (tmp_path / "sounds" / "hello.wav").write_bytes(b"two")
    again, _ = read(yaml)
    assert again
    assert again.prompts()[0].key != prompt.key, "another recording is another sound"


def test_another_recording_is_another_version_of_the_hotline(tmp_path: Path) -> None:
    plain = (CASES / "right.yaml").read_text("utf-8")
    (tmp_path / "hotline.yaml").write_text(plain.replace("再见。", "{zh-CN: {file: bye.wav, text: 再见。}}"), "utf-8")
    versions = set()
    for sound in (b"one", b"one", b"two"):
        (tmp_path / "bye.wav").write_bytes(sound)
        hotline = load(tmp_path, NODE_TYPES)
        versions.add(hotline.version)
    assert len(versions) == 2
    assert [one.recording.digest for one in hotline_prompts(hotline) if one.recording] == [sha256(b"two").hexdigest()]


def test_sounds_missing_from_one_place_are_told_once(tmp_path: Path) -> None:
    plain = (CASES / "right.yaml").read_text("utf-8")
    (tmp_path / "hotline.yaml").write_text(plain.replace("再见。", "余额<caller as money>。"), "utf-8")
    told = [one.excerpt.strip() for one in check([tmp_path], NODE_TYPES, lambda _: False) if one.code == "E308"]
    assert len(told) == len(set(told)) == 3
    silent = [one for one in check([tmp_path], NODE_TYPES, lambda one: one.text != "元") if one.code == "E308"]
    assert [one.line for one in silent] == [13], "one sound of a value is enough"


def test_sounds_are_missed_only_where_nothing_else_is_wrong(tmp_path: Path) -> None:
    wrong = (CASES / "right.yaml").read_text("utf-8").replace("start: main", "start: mian")
    (tmp_path / "hotline.yaml").write_text(wrong, "utf-8")
    assert [one.code for one in check([tmp_path], NODE_TYPES, lambda _: False)] == ["E301"]


def test_missing_sounds_hide_nothing_else_that_is_wrong(tmp_path: Path) -> None:
    wrong = (CASES / "pools-that-promise-too-much.yaml").read_text("utf-8")
    (tmp_path / "hotline.yaml").write_text(wrong, "utf-8")
    told = {one.code for one in check([tmp_path], NODE_TYPES, lambda _: False)}
    assert told >= {"E324", "E325"}
    assert "E308" not in told
