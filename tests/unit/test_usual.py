"""Which former days are a measure: from the calls that are kept, by the clocks on the wall."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ivr_engine.dialplan.hours import Hours
from ivr_engine.model.causes import Outcome
from ivr_engine.model.events import AnyEvent
from ivr_engine.model.ids import CallId
from ivr_engine.model.notices import CallRecord
from ivr_engine.model.orders import UsualSeen
from ivr_engine.store.reader import CallsThen, StoreReader
from ivr_engine.store.writer import StoreWriter
from ivr_engine.usual import SLOTS, usual_of, watch_usual
from tests.unit.core.test_triggers import PLAN, SHARE, hotline

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2027, 3, 9)
NOW = datetime(2027, 3, 9, 12, 2, tzinfo=SHANGHAI).timestamp()


def then(back: int, hour: int, minute: int, calls: int, flow: str = "normal") -> CallsThen:
    day = TODAY - timedelta(days=back)
    at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI).timestamp()
    return CallsThen(int(at // 300), flow, calls)


def whole_day(back: int, calls: int, without: Iterable[int] = ()) -> list[CallsThen]:
    return [then(back, hour, minute, calls) for hour in range(24) if hour not in without for minute in range(0, 60, 5)]


def test_calls_stand_by_day_and_five_minutes_of_the_clocks() -> None:
    seen = usual_of([then(1, 9, 5, 7), then(1, 9, 5, 2, "recall"), then(0, 0, 0, 3), then(28, 23, 55, 1)], Hours(), NOW)
    assert set(seen.calls) == {"0", "1", "28"}
    assert (seen.calls["1"][109], seen.calls["0"][0], seen.calls["28"][SLOTS - 1]) == (9, 3, 1)
    assert all(len(day) == SLOTS for day in seen.calls.values())


def test_days_before_and_after_are_none() -> None:
    assert not usual_of([then(29, 9, 0, 5), then(-1, 9, 0, 5)], Hours(), NOW).calls


def test_holidays_and_days_of_a_crisis_are_closed() -> None:
    rows = [
        *whole_day(1, 5),
        *whole_day(2, 5),
        *whole_day(3, 5),
        then(2, 9, 0, 500, "recall"),
        then(3, 9, 0, 5, "recall"),
    ]
    holidays = frozenset({TODAY - timedelta(days=1)})
    assert usual_of(rows, Hours(holidays=holidays), NOW).closed == (1, 2)


def test_a_day_on_which_no_engine_ran_for_an_hour_is_closed() -> None:
    rows = [*whole_day(1, 5, without=[14]), *whole_day(2, 5), *whole_day(3, 5), *whole_day(4, 2)]
    assert usual_of(rows, Hours(), NOW).closed == (1,)
    quiet = [*whole_day(1, 1, without=[14]), *whole_day(2, 1), *whole_day(3, 1)]
    assert not usual_of(quiet, Hours(), NOW).closed


@pytest.mark.parametrize(("month", "day", "hour", "expected"), [(3, 14, 2, 12), (11, 7, 1, 12)])
def test_where_clocks_are_changed_no_hour_has_twice_the_calls_or_none(
    month: int, day: int, hour: int, expected: int
) -> None:
    zone = ZoneInfo("America/New_York")
    midnight = datetime(2027, month, day, tzinfo=zone).timestamp()
    rows = [CallsThen(int((midnight + n * 300) // 300), "normal", 1) for n in range(25 * 12)]
    noon = datetime(2027, month, day, 12, tzinfo=zone) + timedelta(days=1)
    calls = usual_of(rows, Hours(timezone="America/New_York"), noon.timestamp()).calls["1"]
    assert sum(calls[hour * 12 : (hour + 1) * 12]) == expected


def kept(number: int, at: float, *, drill: bool = False) -> CallRecord:
    return CallRecord(CallId(f"c{number}"), "400", "138", "normal", Outcome.ANSWERED, at, at + 60, drill=drill)


def database(path: Path, records: Iterable[CallRecord]) -> str:
    url = f"sqlite:///{path / 'calls.db'}"
    writer = StoreWriter(url, path / "unwritten.jsonl", lambda _: None)
    writer.start()
    for record in records:
        writer.put(record)
    writer.stop()
    return url


def test_the_database_counts_callers_and_no_drills(tmp_path: Path) -> None:
    slot = 6_000_000
    times = [slot * 300, slot * 300 + 0.5, slot * 300 + 299.9, (slot + 1) * 300.0]
    records = [kept(n, at) for n, at in enumerate(times)] + [kept(9, times[0], drill=True), kept(10, 1000.0)]
    reader = StoreReader(database(tmp_path, records))
    try:
        found = sorted(reader.calls_by_time(2000.0))
    finally:
        reader.close()
    assert found == [CallsThen(slot, "normal", 3), CallsThen(slot + 1, "normal", 1)]


async def test_it_is_told_while_a_trigger_asks_for_it(tmp_path: Path) -> None:
    url = database(tmp_path, [kept(1, NOW - 86400)])
    told: asyncio.Queue[AnyEvent] = asyncio.Queue()
    asking = hotline(surge=replace(PLAN, when=SHARE))
    task = asyncio.create_task(watch_usual(url, lambda: asking, lambda: NOW, told.put_nowait))
    async with asyncio.timeout(20):
        seen = await told.get()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert isinstance(seen, UsualSeen)
    assert sum(seen.calls["1"]) == 1
