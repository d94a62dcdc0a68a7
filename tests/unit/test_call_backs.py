"""Which wishes the engine itself calls back, and when."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr_engine.call_backs import due
from ivr_engine.dialplan.load import load
from ivr_engine.nodes import NODE_TYPES
from ivr_engine.store.tables import WishRow

HOTLINE = """\
hotline: due
numbers: ["4000000400"]
languages: [zh-CN]
timezone: Asia/Shanghai
fallback: {say: 您好。, agents: [1001]}
shifts: {office: [{days: every day, from: "08:00", to: "20:00"}]}
pools: {local: {agents: [1001]}}
queues:
  day: {pools: [local], call back: {trunk: carrier, hours: office, every: 10m}}
  always: {pools: [local], call back: {trunk: carrier, every: 10m}}
  people: {pools: [local]}
start: main
steps:
  main: {menu: 请按键。, keys: {1: {enqueue: day}, 2: {enqueue: always}, 3: {enqueue: people}}}
  otherwise: {enqueue: day}
"""
NOON = datetime(2027, 3, 3, 4, tzinfo=UTC).timestamp()  # 12:00 in Shanghai
NIGHT = NOON + 12 * 3600


def row(wish: str, queue: str, tried_at: float | None = None, done_at: float | None = None) -> WishRow:
    return WishRow(wish, "call.1", queue, "13800000000", NOON, NOON, 1, tried_at, done_at=done_at)


@pytest.mark.parametrize(("now", "found"), [(NOON, {"d", "a"}), (NIGHT, {"a"})])
def test_only_in_the_hours_of_their_queue(tmp_path: Path, now: float, found: set[str]) -> None:
    (tmp_path / "hotline.yaml").write_text(HOTLINE)
    hotline = load(tmp_path, NODE_TYPES)
    rows = [row("d", "day"), row("a", "always"), row("p", "people"), row("g", "gone"), row("x", "day", done_at=NOON)]
    assert {wish.wish for wish in due(rows, hotline, now)} == found


def test_not_sooner_than_the_plan_says_after_a_try(tmp_path: Path) -> None:
    (tmp_path / "hotline.yaml").write_text(HOTLINE)
    hotline = load(tmp_path, NODE_TYPES)
    tried = [row("a", "always", tried_at=NOON)]
    assert not due(tried, hotline, NOON + 599)
    assert [wish.attempts for wish in due(tried, hotline, NOON + 600)] == [1]
