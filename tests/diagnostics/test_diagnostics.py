"""Broken hotlines beside what their author is told, word by word.

A new case is a `NAME.yaml` or a folder `NAME/` in cases/, and NAME.expected. Read what you expect as the author would.
"""

from pathlib import Path

import pytest

from ivr_engine.dialplan.diagnostics import CODES, render
from ivr_engine.dialplan.load import check
from ivr_engine.nodes import NODE_TYPES

CASES = Path(__file__).with_name("cases")
NOW = 1_780_272_000.0  # 2026-06-01
NAMES = sorted(path.name for path in CASES.iterdir() if path.suffix != ".expected")


@pytest.mark.parametrize("name", NAMES)
def test_the_author_is_told_exactly_this(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CASES)
    expected = Path(name).with_suffix(".expected").read_text("utf-8")
    assert render(check([Path(name)], NODE_TYPES, now=NOW)) == expected.rstrip("\n")


def test_every_code_has_a_case_except_those_that_need_more_than_a_file() -> None:
    told = {code for path in CASES.glob("*.expected") for code in CODES if f" {code} " in path.read_text("utf-8")}
    # Elsewhere: a large file and a hundred mistakes are made by test_limits; sounds and secrets by
    # their own tests.
    assert set(CODES) - told == {"E108", "E114", "E308", "E401", "E402", "E403"}
