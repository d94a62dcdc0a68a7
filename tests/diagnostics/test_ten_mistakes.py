"""The file of ten mistakes that docs/examples shows, beside what `ivr check` prints about it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr_engine.cli import app
from ivr_engine.dialplan.load import check
from ivr_engine.nodes import NODE_TYPES

ROOT = Path(__file__).parents[2]
FILE = Path("docs/examples/ten-mistakes.yaml")


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_what_is_printed_about_them_is_what_the_example_shows() -> None:
    result = CliRunner().invoke(app, ["check", str(FILE)])
    assert result.exit_code == 1
    assert result.stdout == FILE.with_suffix(".txt").read_text("utf-8")


def test_they_are_ten_each_of_its_own_kind_and_all_told_at_once() -> None:
    found = check([FILE], NODE_TYPES)
    assert len(found) == len({one.code for one in found}) == len({one.line for one in found}) == 10
