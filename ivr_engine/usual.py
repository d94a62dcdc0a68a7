"""This file decides which former days are a measure for triggers, from the calls that are kept. It knows no trigger.

A day on which callers were in a crisis's menu is none, nor a holiday, nor a day on which no engine served for an hour:
what is missing there would make the same hour of the next day a surge.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from ivr_engine.dialplan.hotline import NORMAL, Hotline
from ivr_engine.dialplan.hours import Hours
from ivr_engine.errors import HotlineError
from ivr_engine.model.events import AnyEvent
from ivr_engine.model.orders import UsualSeen
from ivr_engine.store.reader import SLOT_SECONDS, CallsThen, StoreReader

DAYS = 28
SLOTS = 288
HOUR = 12  # slots
CRISIS_SHARE = 0.1  # of a day's calls: less was a rehearsal, or was soon switched off
FEWEST_IN_AN_HOUR = 30  # usually: where fewer come, none is no sign that no engine ran
LOOK_EVERY_SECONDS = 3600.0
LOOK_AGAIN_SECONDS = 60.0  # nobody asks yet, or the database is gone

Day = list[int]


def usual_of(rows: Iterable[CallsThen], hours: Hours, now: float) -> UsualSeen:
    """What came on former days, and which of them are no measure."""
    today = hours.wall(now).date()
    calls, in_crisis = _by_day(rows, hours.timezone, today)
    closed = {
        back
        for back, day in calls.items()
        if today - timedelta(days=back) in hours.holidays or in_crisis[back] > CRISIS_SHARE * sum(day)
    }
    closed |= _with_holes({back: day for back, day in calls.items() if back > 0 and back not in closed})
    return UsualSeen({str(back): tuple(day) for back, day in calls.items()}, tuple(sorted(closed)))


async def watch_usual(
    url: str, hotline: Callable[[], Hotline[Any]], now: Callable[[], float], tell: Callable[[AnyEvent], None]
) -> None:
    """Tell what came on former days, every hour, while a trigger asks for it. Runs until it is cancelled.

    `url` is the database.
    """
    while True:
        seen = None
        if any(plan.when.is_of_usual for plan in hotline().triggers.values()):
            seen = await asyncio.to_thread(_seen, url, hotline().normal.facilities.hours, now())
        if seen is not None:
            tell(seen)
        await asyncio.sleep(LOOK_AGAIN_SECONDS if seen is None else LOOK_EVERY_SECONDS)


def _seen(url: str, hours: Hours, now: float) -> UsualSeen | None:
    try:
        with closing(StoreReader(url)) as reader:
            return usual_of(reader.calls_by_time(now - (DAYS + 1) * 86400.0), hours, now)
    except HotlineError:
        return None  # gone for the moment: its own alert says so


def _by_day(rows: Iterable[CallsThen], timezone: str, today: date) -> tuple[dict[int, Day], Counter[int]]:
    """The calls of each day that any came on, by five minutes of its clocks, and how many of them met a crisis."""
    zone, in_crisis = ZoneInfo(timezone), Counter[int]()
    slots: dict[int, list[Counter[int]]] = defaultdict(lambda: [Counter(), Counter()])
    for row in rows:
        wall = datetime.fromtimestamp(row.slot * SLOT_SECONDS, zone)
        back = (today - wall.date()).days
        if 0 <= back <= DAYS:
            slots[back][wall.fold][wall.hour * HOUR + wall.minute // 5] += row.calls
            in_crisis[back] += row.calls if row.flow != NORMAL else 0
    return {back: _whole(day, today - timedelta(days=back), zone) for back, day in slots.items()}, in_crisis


def _whole(calls: list[Counter[int]], day: date, zone: ZoneInfo) -> Day:
    """A day's calls. An hour the clocks show twice counts once, and one they leave out is like the one before."""
    first, again = calls
    found = [max(first[slot], again[slot]) for slot in range(SLOTS)]
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    for slot in range(HOUR, SLOTS):
        wall = midnight + timedelta(minutes=5 * slot)  # by the clocks, also where they leave it out
        if wall.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None):
            found[slot] = found[slot - HOUR]
    return found


def _with_holes(days: Mapping[int, Day]) -> set[int]:
    """The days on which nobody called for an hour in which there are usually many."""
    if not days:
        return set()
    by_hour = {back: [sum(day[at : at + HOUR]) for at in range(0, SLOTS, HOUR)] for back, day in days.items()}
    usual = [median(hours[hour] for hours in by_hour.values()) for hour in range(SLOTS // HOUR)]
    full = [hour for hour, calls in enumerate(usual) if calls >= FEWEST_IN_AN_HOUR]
    return {back for back, hours in by_hour.items() if any(hours[hour] == 0 for hour in full)}
