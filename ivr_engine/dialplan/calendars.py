"""This file decides what a calendar of holidays says, and whether it makes sense. It does not know shifts or callers.

It looks at what is written rather than at what could be read, so that each mistake is shown where it stands.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ivr_engine.dialplan.diagnostics import Findings, quote
from ivr_engine.dialplan.hours import HOLIDAYS, WORKDAYS, Shift
from ivr_engine.dialplan.moments import Days, OneDay, SomeDays
from ivr_engine.dialplan.reader import Reader
from ivr_engine.dialplan.scalars import Whole
from ivr_engine.dialplan.seating import items_of
from ivr_engine.dialplan.source import Mark, Scalar, Table, UnreadableError, Value
from ivr_engine.model.ids import ShiftName

SATURDAY = 5
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
NOTICE_MONTH = 11  # by then the State Council has told how the next year's holidays are moved


@dataclass(frozen=True, kw_only=True)
class CalendarFile:
    """A calendar: the holidays of a year by their names, and the `workdays` on weekends that make up for them."""

    year: Annotated[int, Whole(2000, 2999)]
    holidays: Mapping[str, tuple[SomeDays, ...]]
    workdays: tuple[OneDay, ...] = ()

    @property
    def days_off(self) -> frozenset[date]:
        """Every holiday."""
        return frozenset(day for spans in self.holidays.values() for days in spans for day in days)


def is_near(hotline: Path, name: str) -> bool:
    """Whether a calendar's path leads into the hotline's folder or a folder beside it; versions keep no others."""
    path = Path(name)
    return not path.is_absolute() and ".." not in path.parts[1:]


def check_calendar(table: Value | None, reader: Reader) -> None:
    """Tell of days that are both holiday and workday, of days of another year, and of workdays that always are."""
    year = table.get("year") if isinstance(table, Table) else None
    holidays: set[date] = set()
    for mark, days in _days_off(table):
        holidays.update(days)
        _check_year(mark, days, year, reader)
    for item in items_of(table.get("workdays") if isinstance(table, Table) else None):
        days = _read(item)
        _check_year(item.mark, days, year, reader)
        if holidays.intersection(days):
            message = f"{quote(item.text)} is a holiday, so it cannot be worked on"
            reader.refuse(item.mark, "E321", message, "delete it here, or among the holidays")
        elif days and days[0].weekday() < SATURDAY:
            message = f"{quote(item.text)} is a {_DAY_NAMES[days[0].weekday()]}, and worked on anyway"
            reader.warn(item.mark, "W425", message, "look it up: who makes up for a holiday works on a weekend")


def check_coverage(calendars: Iterable[int], named: Value | None, reader: Reader) -> None:
    """Warn when the holidays of the present year are not known, or late in the year those of the next."""
    wall, known = reader.wall, set(calendars)
    if wall is None or named is None or not known:
        return
    for year in (wall.year, wall.year + 1) if wall.month >= NOTICE_MONTH else (wall.year,):
        if year not in known:
            message = f"no calendar tells the holidays of {year}"
            reader.warn(named.mark, "W421", message, "add one: `calendar: [old.yaml, new.yaml]`")


def check_shifts(shifts: Mapping[ShiftName, Shift], written: Value | None, reader: Reader) -> None:
    """Warn of shifts that depend on a calendar where there is none."""
    marks = shifts_of(written)
    for name, spans in shifts.items():
        words = {worked for span in spans for worked in span.days} & {WORKDAYS, HOLIDAYS}
        if words:
            message = f"shift {quote(name)} is about {' and '.join(sorted(words))}, but there is no calendar"
            remedy = "add `calendar: ../calendars/cn-2027.yaml`, or name the days: `[mon, tue]`"
            reader.warn(marks[name], "W422", message, remedy)


def shifts_of(written: Value | None) -> dict[str, Mark]:
    """Every shift, and where it is declared."""
    return {one.key.text: one.key.mark for one in written.entries} if isinstance(written, Table) else {}


def wall_at(table: Value | None, now: float | None) -> datetime | None:
    """What the clocks of a hotline show, by the time zone its file names; None if nobody told `now`."""
    if now is None:
        return None
    named = table.get("timezone") if isinstance(table, Table) else None
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=now)
    try:
        zone = ZoneInfo(named.text if isinstance(named, Scalar) else "Asia/Shanghai")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return moment.replace(tzinfo=None)  # told when the file itself is read
    return moment.astimezone(zone).replace(tzinfo=None)


def _days_off(table: Value | None) -> Iterator[tuple[Mark, tuple[date, ...]]]:
    holidays = table.get("holidays") if isinstance(table, Table) else None
    for entry in holidays.entries if isinstance(holidays, Table) else ():
        for item in items_of(entry.value):
            yield item.mark, _read(item)


def _read(item: Scalar) -> tuple[date, ...]:
    try:
        return Days().read(item, Reader(Findings()))
    except UnreadableError:
        return ()  # told when the file itself was read


def _check_year(mark: Mark, days: tuple[date, ...], year: Value | None, reader: Reader) -> None:
    """The days of a holiday may lie in the years around: New Year's sometimes begins in December."""
    if not isinstance(year, Scalar) or not isinstance(year.value, int) or not 2000 <= year.value < 3000 or not days:
        return  # told when the file itself was read
    first, last = date(year.value, 1, 1) - timedelta(days=31), date(year.value, 12, 31) + timedelta(days=31)
    if not first <= days[0] <= days[-1] <= last:
        message = f"this is not in {year.value}, the year of the calendar"
        reader.refuse(mark, "E321", message, "correct the day, or make a calendar of that year")
