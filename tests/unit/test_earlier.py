"""Who called before this engine's start."""

from pathlib import Path

import msgspec

from ivr_engine.earlier import remember_callers
from ivr_engine.model.causes import Outcome
from ivr_engine.model.ids import CallId, SeatId
from ivr_engine.model.notices import CallRecord
from ivr_engine.model.saved import LastTalk
from ivr_engine.runtime.callers import DAY, Earlier, RecentCallers
from ivr_engine.store.writer import StoreWriter

NOW = 1_800_000_000.0


def test_calls_of_the_last_24_hours_are_counted_after_a_restart(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/calls.db"
    writer = StoreWriter(store, tmp_path / "unwritten.jsonl")
    writer.start()
    for number, ago in enumerate((60.0, 3600.0, DAY + 1)):
        at = NOW - ago
        record = CallRecord(CallId(f"h-{number}.1"), "400", "138", "normal", Outcome.ANSWERED, at, at + 5)
        writer.put(msgspec.structs.replace(record, seat=SeatId(f"100{number}"), connected_at=at + 2))
    writer.put(CallRecord(CallId("h-9.1"), "400", "138", "normal", Outcome.ABANDONED_IN_QUEUE, NOW - 5, NOW - 1))
    writer.stop()
    callers = RecentCallers(lambda: NOW)
    remember_callers(callers, store, NOW)
    assert callers.arrived("138") == Earlier(4, LastTalk(SeatId("1000"), NOW - 58))
    assert callers.arrived("139") == Earlier()


def test_without_a_database_callers_are_counted_anew(tmp_path: Path) -> None:
    callers = RecentCallers(lambda: NOW)
    remember_callers(callers, f"sqlite:///{tmp_path}/calls.db", NOW)
    assert callers.arrived("138").calls == 1
