"""`ivr agents` as a supervisor types it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ivr_engine.cli import agents, app
from ivr_engine.errors import HotlineError, SettingsError

DUTY = {"word": "paused", "by": "Li", "reason": "午餐", "since": 1.0}
ROW = {"agent": "1001", "pool": "local", "at": 1_800_000_000.0, "state": "paused", "duty": DUTY}


class Asked:
    """What would have gone to the engine."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []
        self.answer: Any = ROW

    def __call__(self, settings: Path, method: str, path: str, body: Any = None) -> Any:
        del settings
        self.asked.append((method, path, body))
        return self.answer


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Asked:
    asked = Asked()
    monkeypatch.setattr(agents, "ask", asked)
    return asked


@pytest.fixture
def typed(engine: Asked) -> Callable[..., str]:
    def run(*words: str) -> str:
        result = CliRunner().invoke(app, ["agents", *words], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    return run


def test_the_list_says_what_each_does_and_why(engine: Asked, typed: Callable[..., str]) -> None:
    engine.answer = [ROW]
    shown = typed("list")
    assert all(word in shown for word in ("1001", "local", "paused", "Li", "午餐"))
    assert json.loads(typed("list", "--json")) == [ROW]


@pytest.mark.parametrize(
    ("words", "order"),
    [
        (("pause", "1001", "--reason", "午餐"), {"order": "pause", "reason": "午餐"}),
        (("ready", "1001"), {"order": "ready", "reason": ""}),
        (("sign-in", "1001"), {"order": "sign in", "reason": ""}),
        (("sign-out", "1001"), {"order": "sign out", "reason": ""}),
        (("talk", "1001", "hold"), {"order": "hold", "reason": "", "to": "", "code": ""}),
        (("talk", "1001", "consult", "--to", "1002"), {"order": "consult", "reason": "", "to": "1002", "code": ""}),
        (("talk", "1001", "dispose", "--code", "2"), {"order": "dispose", "reason": "", "to": "", "code": "2"}),
        (("rest", "1001", "--over"), {"order": "end rest", "reason": ""}),
        (("rest", "1001", "--longer", "60s"), {"order": "extend rest", "reason": "", "seconds": 60.0}),
        (("rest", "1001", "--longer", "2m"), {"order": "extend rest", "reason": "", "seconds": 120.0}),
        (("rest", "1001", "--longer", "45"), {"order": "extend rest", "reason": "", "seconds": 45.0}),
    ],
)
def test_each_command_is_one_order(
    engine: Asked, typed: Callable[..., str], words: tuple[str, ...], order: dict[str, Any]
) -> None:
    assert typed(*words, "--by", "Li") == "1001 is paused\n"
    assert engine.asked == [("POST", "agents/1001", order | {"by": "Li"})]


def test_an_order_that_holds_later_says_so(engine: Asked, typed: Callable[..., str]) -> None:
    engine.answer = ROW | {"state": "talking"}
    assert typed("pause", "1001") == "1001 is talking, and paused when that is over\n"


def test_a_name_cannot_lead_to_another_path(engine: Asked, typed: Callable[..., str]) -> None:
    typed("ready", "../crisis")
    assert engine.asked[0][1] == "agents/..%2Fcrisis"


@pytest.mark.parametrize("words", [(), ("--over", "--longer", "60s"), ("--longer", "soon")])
def test_a_rest_is_ended_or_made_longer_and_not_both(engine: Asked, words: tuple[str, ...]) -> None:
    with pytest.raises(SettingsError) as told:
        CliRunner().invoke(app, ["agents", "rest", "1001", *words], catch_exceptions=False)
    assert isinstance(told.value, HotlineError)
    assert engine.asked == []
