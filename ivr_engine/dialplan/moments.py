"""This file decides how days and times of day are written in a file. It does not know what happens at them.

All are local times of the hotline, as its people read them off the wall.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, ClassVar

from ivr_engine.dialplan.diagnostics import quote
from ivr_engine.dialplan.reader import Kind, Reader
from ivr_engine.dialplan.schema import Schema, Terms
from ivr_engine.dialplan.source import Scalar, Value
from ivr_engine.spoken import readings

MIDNIGHT = 24 * 60  # minutes of a day

_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"([01]?[0-9]|2[0-4]):[0-5][0-9]"
_TO = r"\s+to\s+|\s*[至到~～]\s*"


@dataclass(frozen=True)
class Day(Kind):
    """A day."""

    expected: ClassVar[str] = "a day such as 2027-02-05"
    example: ClassVar[str] = "2027-02-05"

    def read(self, value: Value, reader: Reader) -> date:
        """The day."""
        return self.named(self.scalar(value, reader), value, reader)

    def named(self, text: str, value: Value, reader: Reader) -> date:
        """The day that `text`, a part of `value`, names."""
        if re.fullmatch(_DATE, text, re.ASCII):
            try:
                return date.fromisoformat(text)
            except ValueError:
                refused = reader.refuse(value.mark, "E204", f"there is no day {quote(text)}", "look at a calendar")
                raise refused from None
        meant = readings.day(readings.plain(text))
        raise self.wrong(value, reader, f"did you mean {quote(meant.isoformat())}?" if meant else "")

    def schema(self, terms: Terms) -> Schema:
        """The shape."""
        del terms
        return {"type": "string", "pattern": f"^{_DATE}$", "examples": [self.example]}


def _meant(text: str) -> str:
    """The whole span is proposed: one day of it would pass, and the others would be worked on."""
    days = [readings.day(readings.plain(part)) for part in re.split(_TO, text)]
    known = [day.isoformat() for day in days if day]
    return f"did you mean {quote(' to '.join(known))}?" if len(known) == len(days) <= 2 else ""


@dataclass(frozen=True)
class Days(Kind):
    """A day, or several in a row: `2027-02-05 to 2027-02-08`."""

    longest: int = 60
    expected: ClassVar[str] = "a day such as 2027-02-05, or several: 2027-02-05 to 2027-02-08"
    example: ClassVar[str] = "2027-02-05 to 2027-02-08"

    def read(self, value: Value, reader: Reader) -> tuple[date, ...]:
        """All the days."""
        text = self.scalar(value, reader)
        found = re.split(r"\s+to\s+", text)
        if len(found) > 2 or not all(re.fullmatch(_DATE, part, re.ASCII) for part in found):
            raise self.wrong(value, reader, _meant(text))
        first, last = (Day().named(text, value, reader) for text in (found[0], found[-1]))
        if not first <= last < first + timedelta(days=self.longest):
            what = "ends before it begins" if last < first else f"is longer than {self.longest} days"
            remedy = f"write for instance {quote(self.example)}"
            raise reader.refuse(value.mark, "E204", f"{reader.where} {what}", remedy)
        return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))

    def schema(self, terms: Terms) -> Schema:
        """The shape."""
        del terms
        return {"type": "string", "pattern": f"^{_DATE}(\\s+to\\s+{_DATE})?$", "examples": [self.example]}


@dataclass(frozen=True)
class TimeOfDay(Kind):
    """A time of day; 24:00 is the end of it."""

    expected: ClassVar[str] = "a time of day such as 08:00"
    example: ClassVar[str] = "08:00"

    def read(self, value: Value, reader: Reader) -> int:
        """Minutes since midnight."""
        text = self.scalar(value, reader)
        if re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", text, re.ASCII):
            hour, minute = (int(part) for part in text.split(":"))
            if minute < 60 and hour * 60 + minute <= MIDNIGHT:
                return hour * 60 + minute
            raise reader.refuse(value.mark, "E204", f"there is no time {quote(text)}", "write one from 00:00 to 24:00")
        meant = readings.clock(readings.plain(text)) if not text.isdigit() else None
        remedy = f"did you mean {quote(f'{meant.hour:02}:{meant.minute:02}')}?" if meant else ""
        raise self.wrong(value, reader, remedy)

    def schema(self, terms: Terms) -> Schema:
        """The shape."""
        del terms
        return {"type": "string", "pattern": f"^{_CLOCK}$", "examples": [self.example]}


def _moment_meant(text: str) -> str:
    """Day and time are proposed together: the day alone is no moment, and the time would be lost."""
    found = re.fullmatch(r"(.*?[0-9日号])(?:\s*T\s*|\s+|(?<=[日号]))([^\s]+)", text.strip())
    day = readings.day(readings.plain(found[1])) if found else None
    clock = readings.clock(readings.plain(found[2])) if found else None
    return f"did you mean {quote(f'{day.isoformat()} {clock.hour:02}:{clock.minute:02}')}?" if day and clock else ""


@dataclass(frozen=True)
class Moment(Kind):
    """A day and a time of day."""

    expected: ClassVar[str] = "a day and a time such as 2027-02-17 18:00"
    example: ClassVar[str] = "2027-02-17 18:00"

    def read(self, value: Value, reader: Reader) -> datetime:
        """The moment, as the hotline's clocks show it."""
        text = self.scalar(value, reader)
        found = re.fullmatch(rf"({_DATE})(?:\s+|T)(\S+)", text, re.ASCII)
        if not found:
            raise self.wrong(value, reader, _moment_meant(text))
        day = Day().named(found[1], value, reader)
        minutes = TimeOfDay().read(Scalar(value.mark, found[2]), reader)
        return datetime.combine(day, time.min) + timedelta(minutes=minutes)

    def schema(self, terms: Terms) -> Schema:
        """The shape."""
        del terms
        return {"type": "string", "pattern": f"^{_DATE}(\\s+|T){_CLOCK}$", "examples": [self.example]}


OneDay = Annotated[date, Day()]
SomeDays = Annotated[tuple[date, ...], Days()]
ClockTime = Annotated[int, TimeOfDay()]
LocalTime = Annotated[datetime, Moment()]
