"""`ivr arms` as somebody types it."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ivr_engine.cli import app, arms

ON = {"arm": "short", "split": "greeting", "at": 1.0, "state": "on", "calls": 40, "left_in_menu": 4, "p_value": 0.25}
OFF = {"arm": "long", "split": "greeting", "at": 1.0, "state": "stopped", "by": "the guard", "why": "9 of 30"}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    asked: list[Any] = []

    def ask(settings: Path, method: str, path: str, body: Any = None) -> Any:
        del settings
        asked.append((method, path, body))
        return [ON, OFF]

    monkeypatch.setattr(arms, "ask", ask)
    return asked


def typed(*words: str) -> str:
    result = CliRunner().invoke(app, ["arms", *words], catch_exceptions=False, env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    return result.output


def test_each_arm_is_shown_with_how_it_stands(asked: list[Any]) -> None:
    shown = typed()
    assert all(word in shown for word in ("short", "4 of 40 (10%)", "0.25", "stopped", "the guard", "9 of 30"))
    assert json.loads(typed("--json")) == [ON, OFF]
    assert asked == [("GET", "arms", None)] * 2


@pytest.mark.parametrize(("word", "stop"), [("stop", True), ("resume", False)])
def test_an_arm_is_stopped_and_resumed(asked: list[Any], word: str, stop: bool) -> None:
    typed(word, "greeting", "long", "--by", "Li", "--reason", "complaints")
    order = {"split": "greeting", "arm": "long", "by": "Li", "reason": "complaints", "stop": stop}
    assert asked == [("POST", "arms", order)]
