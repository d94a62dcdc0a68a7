"""What the shell says of the situation: in words, in the language wanted, or for programs."""

import json
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from ivr_engine.cli import app, situation
from tests.unit.web.test_web import SITUATION


@pytest.fixture(autouse=True)
def _engine(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(_settings: Any, method: str, path: str) -> Any:
        assert (method, path) == ("GET", "situation")
        return json.loads(msgspec.json.encode(SITUATION))

    monkeypatch.setattr(situation, "ask", answer)


@pytest.mark.parametrize(
    ("options", "begins"),
    [([], "# 态势报告 · acme · 1970-01-01 08:00\n"), (["--lang", "en"], "# Situation · acme · 1970-01-01 08:00\n")],
)
def test_it_is_said_in_words(options: list[str], begins: str) -> None:
    result = CliRunner().invoke(app, ["situation", *options])
    assert result.exit_code == 0
    assert result.stdout.startswith(begins)


def test_programs_get_all_of_it() -> None:
    result = CliRunner().invoke(app, ["situation", "--json"])
    assert json.loads(result.stdout) == json.loads(msgspec.json.encode(SITUATION))
