"""How settings are read off a dataclass: names, defaults, kinds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import pytest

from ivr_engine.dialplan.diagnostics import Findings
from ivr_engine.dialplan.fields import Group, Named, OwnKey, Remedy, kind_of
from ivr_engine.dialplan.reader import Reader
from ivr_engine.dialplan.scalars import Duration, Key, Label, Pause, Seconds, Whole
from ivr_engine.dialplan.source import UnreadableError, read_yaml
from ivr_engine.dialplan.steps import Target
from ivr_engine.dialplan.text import Text


@dataclass(frozen=True)
class Inner:
    tries: int = 3


@dataclass(frozen=True, kw_only=True)
class Shop:
    name: Annotated[Label, OwnKey()] = ""
    answer_within: Seconds = 15.0
    rest: Annotated[Pause, Named("after call")] = 5.0
    tags: tuple[str, ...] = ()
    doors: Mapping[Key, str] = field(default_factory=dict)
    greeting: Text | None = None
    inner: Inner = Inner()
    mood: Literal["calm", "busy"] = "calm"
    open: bool = True


def _read(written: str, of: Any = Shop, languages: tuple[str, ...] = ("zh-CN",)) -> tuple[Any, Reader]:
    reader = Reader(Findings(), languages=languages, path=("acme",))
    tree = read_yaml("x.yaml", written.encode(), reader.findings)
    return Group(of).read(tree, reader), reader


def _refused(written: str, of: Any = Shop) -> list[str]:
    findings = Findings()
    reader = Reader(findings, languages=("zh-CN",), path=("acme",))
    with pytest.raises(UnreadableError):
        Group(of).read(read_yaml("x.yaml", written.encode(), findings), reader)
    return [one.code for one in findings.found]


def test_a_setting_of_several_words_is_written_with_spaces() -> None:
    assert _read("answer within: 2m")[0].answer_within == 120


def test_a_setting_can_have_a_name_of_its_own_in_the_file() -> None:
    assert _read("after call: 0s")[0].rest == 0
    assert _refused("rest: 0s") == ["E201"]


def test_a_group_knows_under_which_key_it_stands_and_nobody_may_write_it() -> None:
    assert _read("open: true")[0].name == "acme"
    assert _refused("name: acme") == ["E201"]


def test_a_single_value_is_a_list_of_one() -> None:
    assert _read("tags: a")[0].tags == ("a",)
    assert _read("tags: [a, b]")[0].tags == ("a", "b")


def test_nothing_behind_an_optional_setting_leaves_it_out() -> None:
    assert _read("greeting:")[0].greeting is None
    assert _refused("mood:") == ["E203"]


def test_plain_words_are_a_text_in_the_default_language() -> None:
    assert _read("greeting: 您好。")[0].greeting == Text({"zh-CN": "您好。"})


def test_a_text_over_several_lines_is_one_sentence() -> None:
    assert _read("greeting: |\n  one\n  two\n")[0].greeting == Text({"zh-CN": "one two"})


def test_every_mistake_of_a_group_is_told_at_once() -> None:
    written = "answer within: x\ntags: []\ndoors: {11: a}\ninner: {tries: many}\nmood: sad\nopen: no\n"
    assert _refused(written) == ["E203", "E209", "E210", "E203", "E204", "E203"]


def test_a_missing_setting_says_what_helps() -> None:
    @dataclass(frozen=True)
    class Strict:
        keys: Annotated[str, Remedy("run this")]

    findings = Findings()
    with pytest.raises(UnreadableError):
        Group(Strict).read(read_yaml("x.yaml", b"{}", findings), Reader(findings))
    assert [(one.code, one.remedy) for one in findings.found] == [("E202", "run this")]


def test_a_default_step_counts_as_used_even_when_its_whole_group_is_left_out() -> None:
    @dataclass(frozen=True)
    class Silence:
        then: Target = "otherwise"  # type: ignore[assignment]  # a name like any other here

    @dataclass(frozen=True)
    class Menu:
        silence: Silence = Silence()

    _, reader = _read("{}", Menu)
    assert [(use.name, use.left_out) for use in reader.uses] == [("otherwise", True)]


def test_an_annotation_that_says_nothing_about_its_form_is_a_bug_of_ours() -> None:
    with pytest.raises(TypeError, match="how it is written"):
        kind_of(complex)


def test_kinds_describe_themselves_so_that_a_schema_can_be_made_of_them() -> None:
    fields = Group(Shop).fields
    assert fields["answer within"].kind == Duration()
    assert fields["answer within"].default == 15.0
    assert fields["inner"].kind == Group(Inner)
    assert Group(Inner).fields["tries"].kind == Whole()
    assert all(one.kind.expected and one.kind.sample() for one in fields.values())


@pytest.mark.parametrize(
    ("written", "seconds"), [("5s", 5), ("2m", 120), ("1h", 3600), ("500ms", 0.5), ("7", 7), ("2.5s", 2.5), ("5 s", 5)]
)
def test_times_are_read_as_seconds(written: str, seconds: float) -> None:
    assert _read(f"answer within: {written}")[0].answer_within == seconds


@pytest.mark.parametrize("written", ["5x", "s", "-5s", "1e3", "５s", "25h", "0s", "99999999999s", "[5s]"])
def test_what_is_no_time_is_refused(written: str) -> None:
    assert _refused(f"answer within: {written}")[0] in {"E203", "E204", "E115"}
