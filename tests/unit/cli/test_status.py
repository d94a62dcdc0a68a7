"""`ivr status` as somebody types it in the first hour."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ivr_engine.cli import app, status
from ivr_engine.errors import SettingsError

LIVE = {"flow": "outage", "texts": {"zh-CN": "已修复80%"}, "by": "Li", "at": 1_800_000_000.0}
NOW = {"language": "zh-CN", "statuses": [LIVE], "lacking": {"outage": ["en"]}, "flow": "outage", "seconds": 0.2}
PLAIN: dict[str, Any] = {"by": "Li", "flow": None}
SET: dict[str, Any] = {
    **PLAIN,
    "text": "在修",
    "texts": {},
    "until": "",
    "refresh": "",
    "override": "",
    "waiting_only": False,
}


class Asked:
    """What would have gone to the engine."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []
        self.answer: Any = NOW

    def __call__(self, settings: Path, method: str, path: str, body: Any = None, *, within: float = 10.0) -> Any:
        del settings, within
        self.asked.append((method, path, body))
        return self.answer


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Asked:
    asked = Asked()
    monkeypatch.setattr(status, "ask", asked)
    return asked


@pytest.fixture
def typed(engine: Asked) -> Callable[..., str]:
    def run(*words: str) -> str:
        result = CliRunner().invoke(app, ["status", *words], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    return run


@pytest.mark.parametrize(
    ("words", "order"),
    [
        (("set", "在修"), SET),
        (("set", "在修", "--lang", "en=We repair a=b."), {**SET, "texts": {"en": "We repair a=b."}}),
        (("set", "在修", "--profile", "normal", "--until", "18:00"), {**SET, "flow": "normal", "until": "18:00"}),
        (("set", "在修", "--refresh", "2h", "--override", "王芳"), {**SET, "refresh": "2h", "override": "王芳"}),
        (("set", "在修", "--waiting-only"), {**SET, "waiting_only": True}),
        (("withdraw",), {**PLAIN, "withdraw": True}),
    ],
)
def test_each_command_is_one_order(
    engine: Asked, typed: Callable[..., str], words: tuple[str, ...], order: dict[str, Any]
) -> None:
    typed(*words, "--by", "Li")
    assert engine.asked == [("POST", "status", order)]


def test_what_callers_hear_is_said_whole(engine: Asked, typed: Callable[..., str]) -> None:
    shown = typed("set", "在修")
    assert "the next callers, and those who wait, hear it in 'outage'" in shown
    assert "zh-CN: 已修复80%" in shown
    assert "en: no words: its callers hear them in zh-CN" in shown
    stale = {**LIVE, "stale": True, "until": 1_800_009_000.0, "overridden_by": "王芳"}
    engine.answer = {**NOW, "statuses": [stale]}
    shown = typed("show")
    assert all(word in shown for word in ("STALE", "over at", "王芳 answers for its promise"))
    engine.answer = {**NOW, "statuses": [{**LIVE, "refresh_by": 1_800_007_200.0}]}
    assert "write it anew by" in typed("show")
    assert json.loads(typed("show", "--json")) == engine.answer
    engine.answer = {**NOW, "statuses": []}
    assert typed("show") == "callers hear what the dialplan says itself\n"


@pytest.mark.parametrize("option", ["We repair it.", "en=", "en= "])
def test_words_without_a_language_are_refused(typed: Callable[..., str], engine: Asked, option: str) -> None:
    with pytest.raises(SettingsError, match="has no language, or no words: write for instance"):
        typed("set", "在修", "--lang", option)
    assert engine.asked == []
