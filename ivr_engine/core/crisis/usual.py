"""This file decides how many calls are usual at a time of the day. It does not know who counted them, or any trigger.

Days are compared with days of their kind: workdays with workdays, and weekends and holidays with each other. Else every
Monday morning would be a surge. Of several days the median counts: one bad day does not make the next one usual.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from statistics import median

from ivr_engine.dialplan.hours import Hours
from ivr_engine.dialplan.triggers import Measure
from ivr_engine.model.orders import UsualSeen

SLOT_SECONDS = 300.0
SLOTS = 288  # of a day
EVENED_SECONDS = 300.0  # so much before and after counts too: a former day's five minutes are chance as well
MOST_DAYS = 40
YESTERDAY_WITHIN_DAYS = 8  # the last day of the same kind; holidays may lie between


class Usual:
    """The calls of former days that are a measure, by day."""

    def __init__(self) -> None:
        self._days: dict[date, Sequence[int]] = {}
        self.learned = 0  # so many times

    def learn(self, seen: UsualSeen, today: date) -> None:
        """Take in what was counted. What is no whole day counts as none."""
        self.learned += 1
        closed = set(seen.closed)
        known = {int(day): calls for day, calls in seen.calls.items() if day.isdecimal()}
        days = sorted(day for day, calls in known.items() if 0 <= day < 400 and len(calls) == SLOTS)
        fit = [day for day in days if day not in closed][:MOST_DAYS]
        self._days = {today - timedelta(days=day): known[day] for day in fit}

    def at(self, of: Measure, wall: datetime, seconds: float, hours: Hours) -> float | None:
        """How many calls came in so many seconds until then, by the hotline's clocks; None if no such day is known."""
        days = list(self._measures(of, wall.date(), hours))
        until = wall.hour * 3600.0 + wall.minute * 60.0 + wall.second
        return median(_calls(self._days[day], until, seconds) for day in days) if days else None

    def _measures(self, of: Measure, today: date, hours: Hours) -> Iterator[date]:
        kind = hours.is_workday(today)
        alike = sorted((day for day in self._days if day < today and hours.is_workday(day) == kind), reverse=True)
        if of == "usual":
            yield from alike
        elif of == "same time yesterday":
            yield from (day for day in alike[:1] if (today - day).days <= YESTERDAY_WITHIN_DAYS)
        else:
            yield from [day for day in alike if (today - day).days % 7 == 0][:1]


def _calls(day: Sequence[int], until: float, seconds: float) -> float:
    """The calls of a day in so many seconds until a second of it, evened out with those around."""
    begin = max(0.0, until - seconds - EVENED_SECONDS)
    end = min(SLOTS * SLOT_SECONDS, until + EVENED_SECONDS)
    first, last = int(begin // SLOT_SECONDS), min(SLOTS - 1, int(end // SLOT_SECONDS))
    calls = 0.0
    for slot in range(first, last + 1):
        overlap = min(end, (slot + 1) * SLOT_SECONDS) - max(begin, slot * SLOT_SECONDS)
        calls += day[slot] * overlap / SLOT_SECONDS
    return calls * seconds / (end - begin)
