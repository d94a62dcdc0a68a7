"""`ivr crisis` as it is typed in the worst hour."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from ivr_engine.cli import _times, app, crisis
from ivr_engine.errors import HotlineError, RefusedError
from ivr_engine.model.crisis_orders import Deed
from ivr_engine.store.writer import StoreWriter
from tests.unit.cli.test_what_was_left import hotline, ivr

__all__ = ["hotline"]  # a fixture

NOW = 1_800_000_000.0  # 2027-01-15 16:00 in Shanghai
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOTHING: dict[str, Any] = {
    "known": ["outage", "recall"],
    "at": NOW,
    "timezone": "Asia/Shanghai",
    "active": [],
    "proposals": [],
    "clocks": [],
    "statuses": [],
    "stopped_arms": [],
    "triggers": {},
    "numbered": 0,
    "proposal": "",
}
RECALL = {
    "profile": "recall",
    "level": "major",
    "scope": {"regions": ["广东"]},
    "by": "zhang",
    "reason": "batch 7",
    "since": NOW - 600,
    "level_since": NOW,
    "until": NOW + 5400,
}
OUTAGE = {**RECALL, "profile": "outage", "until": None, "scope": {}}
MUCH = {
    **NOTHING,
    "active": [RECALL, OUTAGE],
    "proposals": [
        {
            "id": "3",
            "switch": {"profile": "recall", "level": "critical"},
            "by": "surge",
            "reason": "5 times as many calls",
            "at": NOW,
            "lapses_at": NOW + 1800,
        }
    ],
    "clocks": [
        {"profile": "recall", "clock": "verify", "level": "major", "begun_at": NOW, "due": NOW - 300, "overdue": True},
        {"profile": "recall", "clock": "notice", "level": "major", "begun_at": NOW, "due": NOW + 1800},
    ],
    "statuses": [{"flow": "outage", "texts": {"zh-CN": "已修复80%"}, "by": "zhang", "at": NOW, "stale": True}],
    "triggers": {"surge": {"on": True, "since": NOW}},
}


class Engine:
    """What would have gone to it; and what it answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []
        self.answer: dict[str, Any] = NOTHING

    def __call__(self, settings: Path, method: str, path: str, body: Any = None) -> Any:
        del settings
        self.asked.append((method, path, body))
        return self.answer


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    engine = Engine()
    monkeypatch.setattr(crisis, "ask", engine)
    return engine


@pytest.fixture
def typed(engine: Engine) -> Callable[..., str]:
    def run(*words: str) -> str:
        result = CliRunner().invoke(app, ["crisis", *words], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    return run


def test_on_says_all_of_it(engine: Engine, typed: Callable[..., str]) -> None:
    words = ("--level", "major", "--number", "4001", "--number", "4002", "--region", "广东", "--lasts", "1h30m")
    typed("on", "recall", *words, "--by", "zhang", "--reason", "batch 7")
    assert engine.asked == [
        (
            "POST",
            "crisis",
            {
                "profile": "recall",
                "by": "zhang",
                "reason": "batch 7",
                "level": "major",
                "dry_run": False,
                "numbers": ["4001", "4002"],
                "regions": ["广东"],
                "lasts": 5400.0,
            },
        )
    ]


def test_until_is_by_the_hotlines_clock(engine: Engine, typed: Callable[..., str]) -> None:
    typed("on", "recall", "--until", "18:00")
    assert engine.asked[-1][2]["until"] == NOW + 2 * 3600
    typed("on", "recall", "--until", "2027-01-15 17:00")
    assert engine.asked[-1][2]["until"] == NOW + 3600


def test_a_level_keeps_the_rest(engine: Engine, typed: Callable[..., str]) -> None:
    typed("level", "recall", "critical", "--by", "zhang")
    assert engine.asked[0][2] | {"reason": ""} == {
        "profile": "recall",
        "by": "zhang",
        "reason": "",
        "level": "critical",
        "keep": True,
        "dry_run": False,
    }


def test_off_is_of_the_one_that_is_on_and_of_several_one_must_be_named(
    engine: Engine, typed: Callable[..., str]
) -> None:
    engine.answer = {**NOTHING, "active": [RECALL]}
    typed("off")
    assert (engine.asked[-1][2]["profile"], engine.asked[-1][2]["on"]) == ("recall", False)
    engine.answer = MUCH
    engine.asked.clear()
    with pytest.raises(RefusedError, match="2 crisis profiles are on: name one of recall, outage, or write --all"):
        typed("off")
    assert [method for method, _, _ in engine.asked] == ["GET"]
    typed("off", "outage")
    assert engine.asked[-1][2]["profile"] == "outage"
    typed("off", "--all")
    assert engine.asked[-1][2]["profile"] is None
    with pytest.raises(RefusedError, match="do not go together"):
        typed("off", "outage", "--all")


def test_a_dry_run_is_told_line_by_line(engine: Engine, typed: Callable[..., str]) -> None:
    engine.answer = {"would": ["crisis recall comes on", "pool chengdu: seats 10 → 30"], "follow": 2}
    assert typed("on", "recall", "--dry-run").splitlines()[1:] == engine.answer["would"]
    assert engine.asked[0][2]["dry_run"]
    assert json.loads(typed("level", "recall", "major", "--dry-run", "--json")) == engine.answer


def test_the_status_says_all_that_is_on_and_waits(
    engine: Engine, typed: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert typed("status") == "no crisis profile is on (known: outage, recall)\n"
    engine.answer = MUCH
    said = typed("status")
    for words in (
        ("recall", "major 较大", "广东", "01-15 15:50", "01-15 17:30", "1h30m", "zhang", "batch 7"),
        ("outage", "all calls", "switched off"),
        ("3", "recall on", "critical 重大", "surge", "30m"),
        ("verify", "-5m", "OVERDUE"),
        ("notice", "30m", "runs"),
        ("已修复80%", "STALE"),
        ("surge", "on"),
    ):
        assert all(word in said for word in words), (words, said)
    assert json.loads(typed("status", "--json")) == MUCH
    assert json.loads(typed("triggers", "--json")) == MUCH["triggers"]
    assert "surge" in typed("triggers")


def test_who_must_say_yes_besides_is_told_how(engine: Engine, typed: Callable[..., str]) -> None:
    engine.answer = {**MUCH, "proposal": "3"}
    said = typed("on", "recall")
    assert said.startswith("NOT DONE YET")
    assert "ivr crisis confirm 3 --by NAME" in said.splitlines()[0]


def test_proposals_are_answered_and_clocks_stopped(engine: Engine, typed: Callable[..., str]) -> None:
    typed("confirm", "3", "--by", "li")
    typed("reject", "../4", "--by", "li", "--reason", "a test")
    typed("done", "recall", "verify", "--by", "li", "--note", "the plant confirms")
    assert engine.asked == [
        ("POST", "crisis/proposals/3", {"answer": "yes", "by": "li", "reason": ""}),
        ("POST", "crisis/proposals/..%2F4", {"answer": "no", "by": "li", "reason": "a test"}),
        ("POST", "crisis/clocks", {"profile": "recall", "clock": "verify", "by": "li", "note": "the plant confirms"}),
    ]


@pytest.mark.parametrize("words", [("--lasts", "soon"), ("--until", "25:99"), ("--lasts", "4h", "--until", "18:00")])
def test_a_time_that_is_none_orders_nothing(engine: Engine, typed: Callable[..., str], words: tuple[str, ...]) -> None:
    with pytest.raises(RefusedError, match=": write"):
        typed("on", "recall", *words)
    assert all(method == "GET" for method, _, _ in engine.asked)


@pytest.mark.parametrize(
    ("text", "seconds"), [("4h", 14400), ("90m", 5400), ("1h30m", 5400), ("2d", 172800), ("30s", 30), ("1h 5m", 3900)]
)
def test_lengths(text: str, seconds: float) -> None:
    assert _times.length_in(text) == seconds


@pytest.mark.parametrize("text", ["", "4", "h", "4h5", "-4h", "0m", "4 hours", "４h", "9999999h"])
def test_no_lengths(text: str) -> None:
    with pytest.raises(RefusedError):
        _times.length_in(text)


def test_a_time_of_the_day_is_the_next_one() -> None:
    assert _times.moment_in("15:59", NOW, SHANGHAI) == NOW + 86400 - 60
    assert _times.moment_in("16:01", NOW, SHANGHAI) == NOW + 60


def test_the_audit_is_read_without_an_engine(hotline: Path) -> None:
    writer = StoreWriter(f"sqlite:///{hotline / 'calls.db'}", hotline / "unwritten.jsonl")
    at, why = time.time() - 60, "it is not in the dialplan: known is recall"
    writer.put(Deed("a", at, "order", "zhang", "crisis flood on", False, why, {}))
    writer.put(Deed("b", at - 90_000, "order", "zhang", "crisis recall on", True, "", {}))
    writer.start()
    writer.stop()
    said = ivr(hotline, "crisis", "log")
    assert f"order REFUSED by zhang: crisis flood on ({why})" in said
    assert "crisis recall on" not in said
    assert len(json.loads(ivr(hotline, "crisis", "log", "--since", "2d", "--json"))) == 2
    words = ["crisis", "log", "-s", str(hotline / "ivr.yaml"), "--since", "soon"]
    with pytest.raises(HotlineError, match="soon"):
        CliRunner().invoke(app, words, catch_exceptions=False)
