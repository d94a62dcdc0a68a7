"""This file decides whether a hotline is open at a moment. It does not know the clock or what callers hear.

Everything is compared in the hotline's local time, as its people read it off the wall: where clocks are put forward a
shift is an hour shorter, where they are put back an hour longer, and no moment is without an answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Annotated
from zoneinfo import ZoneInfo

from ivr_engine.dialplan.fields import Named, Place
from ivr_engine.dialplan.moments import MIDNIGHT, ClockTime, LocalTime
from ivr_engine.dialplan.scalars import OneOf
from ivr_engine.model.ids import ShiftName

WORKDAYS, HOLIDAYS, EVERY_DAY = "workdays", "holidays", "every day"
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FURTHEST_OPENING = 400  # days

WorkedOn = Annotated[str, OneOf((WORKDAYS, HOLIDAYS, EVERY_DAY, *_WEEK))]


class Opening(Enum):
    """What counts at a moment, the strongest first."""

    EMERGENCY = "emergency"
    HOLIDAY = "holiday"
    CLOSED = "closed"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Span:
    """Hours of a shift on its `days`. It belongs to the day it begins on; `to` at or before `from` is the next day.

    `workdays` are Monday to Friday without holidays, and the make-up workdays of the calendar. Named weekdays are not
    worked when they are holidays; `holidays` and `every day` are.
    """

    days: tuple[WorkedOn, ...] = (EVERY_DAY,)
    start: Annotated[ClockTime, Named("from")] = 0
    end: Annotated[ClockTime, Named("to")] = MIDNIGHT

    def judge(self, at: Place) -> None:
        """Tell of hours that take no time."""
        if self.start == self.end:
            message = f"{at.reader.where} ends when it begins"
            at.reader.refuse(at.of("to"), "E204", message, "write for instance `from: 00:00, to: 24:00`")


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Once closed, in all shifts, `from` a moment `to` another. In an `emergency` callers may go elsewhere."""

    start: Annotated[LocalTime, Named("from")]
    end: Annotated[LocalTime, Named("to")]
    reason: str
    emergency: bool = False

    def judge(self, at: Place) -> None:
        """Tell of one that is over before it begins."""
        if self.end <= self.start:
            message = f"{at.reader.where} ends before it begins"
            at.reader.refuse(at.of("to"), "E204", message, "let `to` be later than `from`")


Shift = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """When a hotline is open: its shifts, holidays and closures, in its own time zone. Times are seconds since 1970."""

    timezone: str = "Asia/Shanghai"
    shifts: Mapping[ShiftName, Shift] = field(default_factory=dict)
    closures: tuple[Closure, ...] = ()
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()  # made up for a holiday, on a weekend

    def wall(self, at: float) -> datetime:
        """What the clocks of the hotline show."""
        return (_EPOCH + timedelta(seconds=at)).astimezone(ZoneInfo(self.timezone)).replace(tzinfo=None)

    def state(self, shift: ShiftName, at: float) -> Opening:
        """What counts for a shift at a moment: an emergency before a holiday before being closed."""
        wall = self.wall(at)
        if any(closure.emergency and closure.start <= wall < closure.end for closure in self.closures):
            return Opening.EMERGENCY
        if wall.date() in self.holidays:
            return Opening.HOLIDAY
        return Opening.OPEN if self._is_worked(shift, wall) else Opening.CLOSED

    def is_worked(self, shift: ShiftName, at: float) -> bool:
        """Whether people of a shift are there. On holidays only those who work `every day` or on `holidays`."""
        return self._is_worked(shift, self.wall(at))

    def is_workday(self, day: date) -> bool:
        """Whether it is Monday to Friday and no holiday, or a make-up workday."""
        return self._includes(WORKDAYS, day)

    def next_opening(self, shift: ShiftName, at: float, *, on_holidays: bool) -> datetime | None:
        """When, by the hotline's clocks, the shift is there next; None if not within a year.

        Unless `on_holidays`, holidays are none of it, whoever works then.
        """
        now = self.wall(at)
        for moment in self._changes(shift, now):
            holiday = not on_holidays and moment.date() in self.holidays
            if moment > now and not holiday and self._is_worked(shift, moment):
                return moment
        return None

    def next_change(self, shift: ShiftName, at: float) -> float | None:
        """When the shift begins or ends to be there next; None if not within a year."""
        now, before = self.wall(at), self.is_worked(shift, at)
        for moment in self._changes(shift, now, ends=True):
            if moment > now and self._is_worked(shift, moment) != before:
                return moment.replace(tzinfo=ZoneInfo(self.timezone)).timestamp()
        return None

    def _is_worked(self, shift: ShiftName, wall: datetime) -> bool:
        if any(closure.start <= wall < closure.end for closure in self.closures):
            return False
        today = wall.date()
        days = (today - timedelta(days=1), today) if today > date.min else (today,)
        return any(
            begin <= wall < end for span in self.shifts[shift] for day in days for begin, end in self._hours(span, day)
        )

    def _hours(self, span: Span, day: date) -> Iterator[tuple[datetime, datetime]]:
        """From when to when a span lasts that begins on a day, if it does."""
        if any(self._includes(worked, day) for worked in span.days):
            midnight = datetime.combine(day, time.min)
            end = span.end if span.end > span.start else span.end + MIDNIGHT
            yield midnight + timedelta(minutes=span.start), midnight + timedelta(minutes=end)

    def _includes(self, worked: str, day: date) -> bool:
        is_holiday = day in self.holidays
        if worked == WORKDAYS:
            return day in self.workdays or (day.weekday() < 5 and not is_holiday)
        if worked in (HOLIDAYS, EVERY_DAY):
            return is_holiday or worked == EVERY_DAY
        return not is_holiday and _WEEK.index(worked) == day.weekday()

    def _changes(self, shift: ShiftName, now: datetime, *, ends: bool = False) -> Iterator[datetime]:
        """The moments at which the shift may begin to be there, in order: its own, midnights, ends of closures.

        With `ends` also those at which it may end.
        """
        for number in range(-1, FURTHEST_OPENING):
            day = now.date() + timedelta(days=number)
            hours = [span for one in self.shifts[shift] for span in self._hours(one, day)]
            closed = [(closure.end, closure.start) for closure in self.closures]
            # A span may end on the next day, which comes after the midnight between.
            yesterday = [span for one in self.shifts[shift] for span in self._hours(one, day - timedelta(days=1))]
            found = {datetime.combine(day, time.min), *(begin for begin, _ in hours), *(end for end, _ in closed)}
            if ends:
                found |= {end for _, end in (*yesterday, *hours)} | {start for _, start in closed}
            yield from sorted(moment for moment in found if moment.date() == day)
