import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from ivr_engine.errors import StartError
from ivr_engine.model.causes import Outcome
from ivr_engine.model.ids import CallId, PoolName, QueueName, SeatId, StepName
from ivr_engine.model.notices import CallRecord
from ivr_engine.model.past import AgentSpan
from ivr_engine.store import database, rows
from ivr_engine.store.reader import StoreReader
from ivr_engine.store.spill import Spill
from ivr_engine.store.tables import METADATA, RecordingRow
from ivr_engine.store.writer import StoreWriter


def record(number: int, **changes: object) -> CallRecord:
    whole = CallRecord(
        call=CallId(f"hotline-{number}.1"),
        number="4001",
        caller="13812345678",
        flow="normal",
        outcome=Outcome.ANSWERED,
        arrived_at=1000.0 + number,
        ended_at=1060.5 + number,
        queue=QueueName("urgent"),
        enqueued_at=1010.25,
        connected_at=1012.0,
        pool=PoolName("local"),
        seat=SeatId("1001"),
        offers=2,
        tags=("recall", "召回"),
        steps=(StepName("main"), StepName("urgent")),
        region="广东省深圳市",
        arms={StepName("greeting"): "short"},
    )
    return msgspec.structs.replace(whole, **changes)


def until(fact: Callable[[], object], within: float = 15.0) -> None:
    end = time.monotonic() + within
    while not fact():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.01)


class Bench:
    """A database that can be taken away, a writer, and what it told."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "db" / "calls.sqlite"
        self.url = f"sqlite:///{self.file}"
        self.spill = folder / "spill.jsonl"
        self.states: list[bool] = []
        self.writers: list[StoreWriter] = []

    def writer(self, **options: int) -> StoreWriter:
        writer = StoreWriter(self.url, self.spill, self.states.append, **options)
        self.writers.append(writer)
        writer.start()
        return writer

    def calls(self) -> list[CallRecord]:
        if not self.file.exists():
            return []
        reader = StoreReader(self.url)
        try:
            return reader.calls(limit=100_000)
        except StartError:  # the file is there a moment before its tables
            return []
        finally:
            reader.close()

    def block(self) -> None:
        """A folder in the database's place: it cannot be opened."""
        self.file.mkdir(parents=True)

    def unblock(self) -> None:
        self.file.rmdir()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    for writer in bench.writers:
        writer.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "store-writer"]


def test_what_is_put_is_read(bench: Bench) -> None:
    writer = bench.writer()
    row = RecordingRow("hotline-1.1", "/vault/1.age", 5_000_000_000, 12.5, "ab" * 32, 1100.0)
    menu = record(2, outcome=Outcome.ABANDONED_IN_MENU, queue=None, pool=None, seat=None, tags=(), offers=0)
    for each in (record(1), menu, row):
        writer.put(each)
    writer.stop()
    reader = StoreReader(bench.url)
    assert reader.calls() == [menu, record(1)]
    assert reader.calls(limit=1) == [menu]
    assert reader.calls(queue="urgent") == [record(1)]
    assert reader.calls(outcome=Outcome.ABANDONED_IN_MENU) == [menu]
    assert reader.calls(since=1001.5) == [menu]
    assert reader.arrivals(0.0, 9) == [(1001.0, "13812345678"), (1002.0, "13812345678")]
    assert reader.arrivals(1001.5, 9) == reader.arrivals(0.0, 1) == [(1002.0, "13812345678")]
    assert reader.call("hotline-1.1") == record(1)
    assert reader.call("nobody") is None
    assert reader.recordings() == reader.recordings("hotline-1.1") == [row]
    assert reader.recordings("nobody") == []
    reader.close()
    assert bench.states == [True]


def test_a_repeat_is_harmless_and_the_last_word_counts(bench: Bench) -> None:
    writer = bench.writer()
    for row in (record(1), record(1), record(1, offers=7)):
        writer.put(row)
    writer.stop()
    again = bench.writer()
    again.put(record(1, offers=8))
    again.stop()
    assert bench.calls() == [record(1, offers=8)]


def test_only_the_owner_reads_callers_numbers(bench: Bench) -> None:
    writer = bench.writer()
    writer.put(record(1))
    writer.stop()
    assert bench.file.stat().st_mode & 0o777 == 0o600
    Spill(bench.spill).add([record(1)])
    assert bench.spill.stat().st_mode & 0o777 == 0o600


def test_a_database_that_cannot_be_opened_is_found_later(bench: Bench) -> None:
    bench.block()
    writer = bench.writer()
    writer.put(record(1))
    until(lambda: bench.states == [False])
    assert writer.backlog() == 1
    bench.unblock()
    until(lambda: bench.states == [False, True])
    assert bench.calls() == [record(1)]


def test_a_locked_database_delays_and_loses_nothing(bench: Bench) -> None:
    writer = bench.writer()
    until(lambda: bench.states == [True])
    other = sqlite3.connect(bench.file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    for number in range(10):
        writer.put(record(number))
    assert time.monotonic() - began < 1  # the lock is not felt by who puts
    until(lambda: bench.states == [True, False])
    other.execute("ROLLBACK")
    other.close()
    until(lambda: len(bench.calls()) == 10)
    until(lambda: bench.states == [True, False, True])  # told after the rows can be read


def test_a_full_memory_goes_to_the_spill_and_comes_back_when_the_database_does(bench: Bench) -> None:
    bench.block()
    writer = bench.writer(soft_limit=10)
    for number in range(50):
        writer.put(record(number))
    until(lambda: bench.spill.exists() and writer.backlog() <= 10)
    bench.unblock()
    until(lambda: writer.backlog() == 0 and not bench.spill.exists() and bench.states[-1])
    assert len(bench.calls()) == 50


def test_stopping_without_a_database_spills_and_the_next_start_reads_back(bench: Bench) -> None:
    bench.block()
    writer = bench.writer()
    for number in range(3):
        writer.put(record(number))
    writer.stop()
    assert writer.backlog() == 0
    bench.unblock()
    second = bench.writer()
    until(lambda: len(bench.calls()) == 3)
    second.stop()
    assert sorted(path.name for path in bench.spill.parent.iterdir()) == ["db"]


def test_a_crash_while_reading_back_repeats_rows_and_a_torn_line_is_set_aside(bench: Bench) -> None:
    spill = Spill(bench.spill)
    spill.add([record(1), record(2)])
    assert len(spill.read_back()[0]) == 2  # and here the engine is killed
    with bench.spill.open("ab") as torn:
        torn.write(b'{"call":{"call":"hotl')
    spill.add([record(3)])
    writer = bench.writer()
    until(lambda: len(bench.calls()) == 3)
    writer.stop()
    assert not spill.waiting()
    assert bench.spill.with_name("spill.jsonl.rejected").read_bytes() == b'{"call":{"call":"hotl\n'


def test_a_row_the_database_never_takes_does_not_hold_up_the_others(bench: Bench) -> None:
    bench.block()
    writer = bench.writer()
    until(lambda: bench.states)
    for row in (record(1), record(2, flow="half a character \ud800"), record(3)):
        writer.put(row)
    bench.unblock()
    until(lambda: len(bench.calls()) == 2)
    writer.stop()
    assert "half a character" in bench.spill.with_name("spill.jsonl.rejected").read_text()


def test_a_database_of_a_newer_version_is_left_alone(bench: Bench) -> None:
    database.upgrade(bench.url)
    with sqlite3.connect(bench.file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    writer = bench.writer()
    writer.put(record(1))
    until(lambda: bench.states == [False])
    writer.stop()
    assert len(Spill(bench.spill).read_back()[0]) == 1


def test_beyond_every_limit_rows_are_lost_loudly_and_calls_go_on(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivr_engine.store.writer.HARD_LIMIT", 5)
    writer = StoreWriter(bench.url, bench.spill)
    for number in range(8):
        writer.put(record(number))
    assert (writer.backlog(), writer.lost()) == (5, 3)


def test_migrations_lead_to_exactly_the_tables_we_use(bench: Bench) -> None:
    database.upgrade(bench.url)
    database.upgrade(bench.url)
    engine = database.connect(bench.url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
        assert connection.execute(sa.text("PRAGMA journal_mode")).scalar() == "wal"
    engine.dispose()


def test_calls_of_an_older_version_are_still_read(bench: Bench) -> None:
    writer = bench.writer()
    writer.put(record(1))
    writer.stop()
    with sqlite3.connect(bench.file) as connection:
        connection.execute("ALTER TABLE calls DROP COLUMN region")
        connection.execute("ALTER TABLE calls DROP COLUMN arms")
        for column in ("talk_ended_at", "transferred_at", "overflow", "wish", "disposition", "drill"):
            connection.execute(f"ALTER TABLE calls DROP COLUMN {column}")
        connection.execute("DROP TABLE agent_spans")
        connection.execute("DROP TABLE messages")
        connection.execute("DROP TABLE wishes")
        connection.execute("DROP TABLE audit")
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.close()
    database.upgrade(bench.url)
    assert bench.calls() == [record(1, region="", arms={})]


def test_migrations_say_nothing(bench: Bench, capfd: pytest.CaptureFixture[str]) -> None:
    database.upgrade(bench.url)
    assert capfd.readouterr() == ("", "")


def test_the_tables_can_be_made_in_postgres_too() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for table in METADATA.tables.values():
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=dialect))


def test_a_reader_without_a_database_says_so_and_makes_none(bench: Bench) -> None:
    with pytest.raises(StartError, match="the engine creates it"):
        StoreReader(bench.url)
    assert not bench.file.exists()
    bench.file.parent.mkdir()
    bench.file.touch()
    reader = StoreReader(bench.url)
    with pytest.raises(StartError, match="no such table"):
        reader.calls()
    reader.close()


def test_rows_are_written_in_one_transaction(bench: Bench) -> None:
    database.upgrade(bench.url)
    engine = database.connect(bench.url)
    bad = record(2, flow="\ud800")
    with pytest.raises(UnicodeEncodeError):
        rows.write(engine, [record(1), bad])
    engine.dispose()
    assert bench.calls() == []


def test_drills_are_kept_and_are_no_calls_of_callers(bench: Bench) -> None:
    writer = bench.writer()
    whole = [AgentSpan(f"1001@{n}", SeatId("1001"), PoolName("local"), "talking", n, n + 1.0) for n in (1.0, 2.0, 3.0)]
    spans = [whole[0], *(msgspec.structs.replace(whole[n], call=record(n).call) for n in (1, 2))]
    for call in (record(1), record(2, drill=True)):
        writer.put(call)
    for span in spans:
        writer.put(span)
    writer.stop()
    reader = StoreReader(bench.url)
    assert reader.calls() == [record(1)]
    assert reader.calls(drills=True) == [record(2, drill=True)]
    assert reader.call(record(2).call) == record(2, drill=True)
    assert reader.arrivals(0.0, 9) == [(1001.0, "13812345678")]
    assert reader.talks(0.0, 9) == [("13812345678", "1001", 1012.0)]
    for drills, at in ((False, 1001.0), (True, 1002.0)):
        (past,) = reader.past_calls(0.0, 2000.0, 100.0, drills=drills)
        assert (past.arrived_at, past.before, past.after) == (at, None, None)  # neither calls again for the other
    assert list(reader.agent_spans(0.0, 9.0)) == spans[:2]
    assert list(reader.agent_spans(0.0, 9.0, drills=True)) == [spans[0], spans[2]]
    reader.close()
