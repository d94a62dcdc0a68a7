"""What is kept of an answer, for how long, and when a system is left alone."""

from typing import Any

import pytest

from ivr_engine.lookup.answer import kept_of
from ivr_engine.lookup.breaker import FAILURES_IN_A_ROW, SPARED_SECONDS, Breaker
from ivr_engine.lookup.memory import Memory

ANSWER = {"tier": "gold", "orders": [{"product": "kettle"}, {"product": "iron"}], "7": {"x-y": 1}}


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("tier", "gold"),
        ("orders.1.product", "iron"),
        ("7.x-y", "1"),
        ("orders.2.product", ""),
        ("orders.product", ""),
        ("tier.0", ""),
        ("nothing.at.all", ""),
        ("orders", ""),
        ("orders.0", ""),
    ],
)
def test_a_part_of_an_answer(path: str, kept: str) -> None:
    assert kept_of(ANSWER, {"x": path}) == {"x": kept}


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-12, "-12"),
        (12.5, "12.5"),
        (0.1 + 0.2, "0.3"),
        (100.0, "100"),
        (1e300, ""),
        (10**300, ""),
        (None, ""),
        ({}, ""),
        ([1], ""),
        ("  a \t b\r\nc ", "a b c"),
        ("a\x00\x1b[2Jb\u202ec\u200b", "a[2Jbc"),
        ("王小明", "王小明"),
        ("x" * 300, "x" * 200),
    ],
)
def test_only_plain_short_values_are_kept(value: Any, kept: str) -> None:
    assert kept_of({"x": value}, {"x": "x"}) == {"x": kept}


def test_a_list_may_be_the_whole_answer() -> None:
    assert kept_of([{"id": 7}], {"id": "0.id"}) == {"id": "7"}


def test_memory_is_bounded_and_forgets_what_was_asked_for_longest_ago() -> None:
    memory = Memory[str, int](2)
    for n, key in enumerate("abc"):
        memory.keep(key, n, until=10.0)
        memory.recall("a", now=1.0)
    assert [memory.recall(key, 1.0) for key in "abc"] == [0, None, 2]
    assert memory.recall("a", 10.0) is None
    assert len(memory) == 1


def test_a_success_between_failures_is_one() -> None:
    breaker = Breaker()
    for _ in range(3):
        for _ in range(FAILURES_IN_A_ROW - 1):
            breaker.failed(0.0)
        breaker.succeeded()
    assert not breaker.spares


def test_of_a_system_left_alone_one_is_let_through_at_a_time() -> None:
    breaker = Breaker()
    for _ in range(FAILURES_IN_A_ROW):
        assert breaker.allows(0.0)
        breaker.failed(0.0)
    assert [breaker.allows(at) for at in (0.0, SPARED_SECONDS - 0.1, SPARED_SECONDS, SPARED_SECONDS)] == [
        False,
        False,
        True,
        False,
    ]
    breaker.failed(SPARED_SECONDS + 1)
    assert not breaker.allows(2 * SPARED_SECONDS)
    breaker.succeeded()
    assert breaker.allows(2 * SPARED_SECONDS)
