"""Which calls' recordings are kept twice."""

from pathlib import Path
from typing import Any

import pytest

from ivr_engine.dialplan.load import load
from ivr_engine.errors import StartError
from ivr_engine.model.causes import Outcome
from ivr_engine.model.ids import CallId
from ivr_engine.model.notices import Arrived, CallRecord, Ended, Moved
from ivr_engine.nodes import NODE_TYPES
from ivr_engine.recording import keys
from ivr_engine.second_copies import SecondCopies, check_extra
from ivr_engine.settings import load_settings

CALL = CallId("h.1")
HOTLINE = """hotline: shop
numbers: ["4000000400"]
languages: [zh-CN]
start: {enqueue: general}
fallback: {say: 您好。, agents: [1001]}
pools: {local: {agents: [1001]}}
queues: {general: {pools: [local]}}
"""
SETTINGS = """dialplan: shop
prompts: prompts
asterisk: {user: ivr, password file: secret}
recording: {spool: spool, vault: vault, recipients: [RECIPIENT]EXTRA}
web: {port: 8090, token file: secret}
"""


class Heard:
    """Stands in the place of what copies."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def want(self, call: str) -> None:
        self.said.append(f"want {call}")

    def ended(self, call: str) -> None:
        self.said.append(f"ended {call}")


@pytest.fixture
def hotline(tmp_path: Path) -> Any:
    (tmp_path / "shop" / "crisis").mkdir(parents=True)
    (tmp_path / "shop" / "hotline.yaml").write_text(HOTLINE, "utf-8")
    (tmp_path / "shop" / "crisis" / "a.yaml").write_text(
        "crisis: safety\nextra copy: true\nstart: flow.start\n", "utf-8"
    )
    (tmp_path / "shop" / "crisis" / "b.yaml").write_text("crisis: recall\nstart: flow.start\n", "utf-8")
    return load(tmp_path / "shop", NODE_TYPES)


def ended(flow: str, *tags: str) -> Ended:
    record = CallRecord(
        call=CALL,
        number="4000000400",
        caller="1",
        flow=flow,
        outcome=Outcome.ANSWERED,
        arrived_at=0.0,
        ended_at=1.0,
        queue=None,
        enqueued_at=None,
        connected_at=None,
        pool=None,
        seat=None,
        offers=0,
        tags=tags,
        steps=(),
    )
    return Ended(CALL, 1.0, record)


@pytest.mark.parametrize(
    ("notice", "said"),
    [
        (Arrived(CALL, 0.0, "4", "1", "safety"), ["want h.1"]),
        (Arrived(CALL, 0.0, "4", "1", "recall"), []),
        (Arrived(CALL, 0.0, "4", "1", "normal"), []),
        (Arrived(CALL, 0.0, "4", "1", "gone"), ["want h.1"]),
        (Moved(CALL, 0.0, "safety", "normal"), ["want h.1"]),
        (Moved(CALL, 0.0, "normal", "safety"), []),
        (ended("safety"), ["want h.1", "ended h.1"]),
        (ended("recall", "召回", "高风险客户"), ["want h.1", "ended h.1"]),
        (ended("recall", "召回"), ["ended h.1"]),
    ],
)
def test_who_was_in_such_a_crisis_or_is_of_high_risk_is_kept_twice(hotline: Any, notice: Any, said: list[str]) -> None:
    heard = Heard()
    SecondCopies(heard, lambda: hotline).hear(notice)  # type: ignore[arg-type]
    assert heard.said == said


def test_a_call_made_to_rehearse_is_kept_once(hotline: Any) -> None:
    heard = Heard()
    copies = SecondCopies(heard, lambda: hotline)  # type: ignore[arg-type]
    for notice in (Arrived(CALL, 0.0, "4", "1", "safety", drill=True), ended("safety", "高风险客户")):
        copies.hear_drill(notice)
    assert heard.said == ["ended h.1"]


def test_a_profile_that_asks_for_it_and_no_place_is_refused_at_start(hotline: Any, tmp_path: Path) -> None:
    _, recipient = keys.init(tmp_path / "keys")
    (tmp_path / "secret").write_text("s", "utf-8")
    for extra in ("", ", extra: second"):
        text = SETTINGS.replace("RECIPIENT", recipient).replace("EXTRA", extra)
        (tmp_path / f"{bool(extra)}.yaml").write_text(text, "utf-8")
    with pytest.raises(StartError, match="'safety' asks for an extra copy"):
        check_extra(hotline, load_settings(tmp_path / "False.yaml"))
    check_extra(hotline, load_settings(tmp_path / "True.yaml"))
