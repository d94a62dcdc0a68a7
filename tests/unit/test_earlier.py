"""Who called before this engine's start."""

from pathlib import Path

from ivr_engine.earlier import remember_callers
from ivr_engine.model.causes import Outcome
from ivr_engine.model.ids import CallId
from ivr_engine.model.notices import CallRecord
from ivr_engine.runtime.callers import DAY, RecentCallers
from ivr_engine.store.writer import StoreWriter

NOW = 1_800_000_000.0


def test_calls_of_the_last_24_hours_are_counted_after_a_restart(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/calls.db"
    writer = StoreWriter(store, tmp_path / "unwritten.jsonl")
    writer.start()
    for number, ago in enumerate((60.0, 3600.0, DAY + 1)):
        at = NOW - ago
        writer.put(CallRecord(CallId(f"h-{number}.1"), "400", "138", "normal", Outcome.ANSWERED, at, at + 5))
    writer.stop()
    callers = RecentCallers(lambda: NOW)
    remember_callers(callers, store, NOW)
    assert [callers.arrived(caller) for caller in ("138", "139")] == [3, 1]


def test_without_a_database_callers_are_counted_anew(tmp_path: Path) -> None:
    callers = RecentCallers(lambda: NOW)
    remember_callers(callers, f"sqlite:///{tmp_path}/calls.db", NOW)
    assert callers.arrived("138") == 1
