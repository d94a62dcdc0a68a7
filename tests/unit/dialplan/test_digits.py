"""What a typed number must look like, and that no shape takes longer than a moment."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr_engine.dialplan.digits import DigitCount, digit_check

ATOMS = st.sampled_from(["1", "0", ".", r"\d", "[1-3]", "[^12]", "[5-90]"])
TIMES = st.sampled_from(["", "", "?", "*", "+", "{2}", "{1,3}", "{2,}", "{0,2}"])
SHAPES = st.recursive(
    st.lists(st.tuples(ATOMS, TIMES).map("".join), max_size=3).map("".join),
    lambda inner: st.tuples(inner, inner, TIMES).map(lambda one: f"({one[0]}|{one[1]}){one[2]}"),
    max_leaves=4,
)


@pytest.mark.parametrize("number", ["4539578763621486", "79927398713", "0", "18"])
def test_luhn_passes(number: str) -> None:
    assert digit_check("luhn").passes(number)


@pytest.mark.parametrize("number", ["4539578763621487", "79927398710", "4539578763621468", "1", ""])
def test_luhn_finds(number: str) -> None:
    assert not digit_check("luhn").passes(number)


# Python goes through every way to divide a number among stars within stars: five digits it can still bear.
@given(shape=SHAPES, number=st.text("0123456789", max_size=5))
@settings(max_examples=500)
def test_a_shape_means_what_it_means_to_python(shape: str, number: str) -> None:
    try:
        check = digit_check(shape)
    except ValueError as error:
        assert re.search("inside each other|longer than", str(error))  # noqa: PT017
    else:
        assert check.passes(number) == bool(re.fullmatch(shape, number))


def test_anchors_are_understood() -> None:
    assert digit_check(r"^1[3-9]\d{9}$").passes("13800138000")
    assert not digit_check(r"^1[3-9]\d{9}$").passes("12800138000")


@pytest.mark.parametrize(
    ("shape", "why"),
    [
        ("1[a", "`[a` is not about digits"),
        ("[", "`[` is not about digits"),
        ("(1", "a bracket is not closed"),
        ("1)", "`)` closes nothing"),
        ("[9-1]", "`9-1` runs backwards"),
        ("1{5,2}", "`{5,2}` cannot be"),
        ("1{99}", "`{99}` cannot be"),
        (r"\w+", r"`\w+` is not about digits"),
        ("1**", "`*` is not about digits"),
        ("(?=1)1", "`?=1)1` is not about digits"),
        ("((((1))))", "inside each other"),
        ("１", "is not about digits"),
        ("1" * 101, "longer than 100"),
    ],
)
def test_what_is_no_shape_is_told(shape: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        digit_check(shape)


@pytest.mark.parametrize(
    "shape",
    [
        "(((1?){32}){32}){32}2",
        "(((1*)*)*)*2",
        r"\d?" * 33,
        "((1|1)*(1|1)*)*2",
        "(1|11|111|1111)*2",
        r"((\d+)+)+2",
    ],
)
def test_no_shape_takes_longer_than_a_moment(shape: str) -> None:
    check = digit_check(shape)
    start = time.process_time()
    check.passes("1" * 32)
    assert time.process_time() - start < 0.05


@pytest.mark.parametrize(("count", "number", "fits"), [((6, 8), "12345", False), ((6, 8), "1" * 6, True)])
def test_a_length_fits(count: tuple[int, int], number: str, fits: bool) -> None:
    assert DigitCount(*count).fits(number) is fits


def test_counts_and_checks_are_written_as_they_were() -> None:
    assert [str(DigitCount(8, 8)), str(DigitCount(6, 20)), str(digit_check("1.")), str(digit_check("luhn"))] == [
        "8",
        "6 to 20",
        "1.",
        "luhn",
    ]
