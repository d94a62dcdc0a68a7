"""Which YAML is accepted, and what a value stands for."""

import pytest

from ivr_engine.dialplan.diagnostics import Findings
from ivr_engine.dialplan.source import Scalar, Sequence, Table, UnreadableError, read_yaml


def _scalar(text: str) -> Scalar:
    tree = read_yaml("x.yaml", f"key: {text}\n".encode(), Findings())
    assert isinstance(tree, Table)
    value = tree.get("key")
    assert isinstance(value, Scalar)
    return value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("7", 7),
        ("-7", -7),
        ("1.5", 1.5),
        # What other readers of YAML turn into something else than it looks like:
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("08", "08"),
        ("010", "010"),
        ("0x1F", "0x1F"),
        ("1e3", "1e3"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("2027-01-01", "2027-01-01"),
        ("'7'", "7"),
        ('"true"', "true"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_only_true_false_null_and_decimal_numbers_are_not_text(written: str, value: object) -> None:
    read = _scalar(written).value
    assert read == value
    assert type(read) is type(value)


def test_every_key_and_value_knows_its_file_line_and_column() -> None:
    tree = read_yaml("shop.yaml", "a: 1\n您好:\n  - x\n  - {b: 好}\n".encode(), Findings())
    assert isinstance(tree, Table)
    key, value = tree.entries[1].key, tree.entries[1].value
    assert isinstance(value, Sequence)
    inner = value.items[1]
    assert isinstance(inner, Table)
    marks = [key.mark, value.items[0].mark, inner.entries[0].key.mark, inner.entries[0].value.mark]
    assert [(mark.line, mark.column) for mark in marks] == [(2, 1), (3, 5), (4, 6), (4, 9)]
    assert {mark.source.name for mark in marks} == {"shop.yaml"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_count_the_same_whatever_ends_them(end: str) -> None:
    findings = Findings()
    with pytest.raises(UnreadableError):
        read_yaml("x.yaml", f"a: 1{end}b: 2{end}c: *no{end}".encode(), findings)
    assert [(one.line, one.column, one.excerpt) for one in findings.found] == [(3, 4, "c: *no")]


def test_a_key_in_quotes_is_the_same_key() -> None:
    findings = Findings()
    read_yaml("x.yaml", b"1: a\n'1': b\n", findings)
    assert [one.code for one in findings.found] == ["E103"]


def test_reading_goes_on_after_a_duplicate_so_that_more_can_be_told() -> None:
    tree = read_yaml("x.yaml", b"a: 1\na: 2\nb: 3\n", Findings())
    assert isinstance(tree, Table)
    assert [entry.key.text for entry in tree.entries] == ["a", "b"]
