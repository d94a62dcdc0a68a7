"""This file decides how people write the time they ask about. It does not know what they ask."""

import re
from datetime import date, datetime, time, timedelta, tzinfo

from ivr_engine.errors import RefusedError

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_SUCH_AS = "write for instance 1h, 3d, today, 2026-11-22 or 2026-11-22T14:00"


def begin_of(text: str, now: float, zone: tzinfo) -> float:
    """When a time begins that is written `1h` (so long ago), `today`, `yesterday`, or as a date or a moment.

    In seconds since 1970; days are those of `zone`. Raises RefusedError.
    """
    return _both(text, now, zone)[0]


def end_of(text: str, now: float, zone: tzinfo) -> float:
    """When it ends: `1h` ago, or with the day that is written. Raises RefusedError."""
    return _both(text, now, zone)[1]


def length_of(text: str) -> float:
    """How many seconds `72h` are. Raises RefusedError."""
    length = _length(text)
    if not length:
        raise RefusedError(f"{text[:40]!r} is no length of time: write for instance 72h")
    return length


def borders_of(text: str) -> tuple[float, ...]:
    """The borders of waits in `10,30,60`, in seconds. Raises RefusedError."""
    found = [one.strip() for one in text.split(",")]
    borders = tuple(float(one) for one in found if re.fullmatch(r"[0-9]{1,6}([.][0-9]+)?", one, re.ASCII))
    if len(borders) < len(found) or borders != tuple(sorted({*borders})) or borders[0] == 0:
        raise RefusedError(f"{text[:40]!r} are no waits that grow: write for instance 10,30,60,120")
    return borders


def _length(text: str) -> float | None:
    found = re.fullmatch(r"([0-9]{1,6})([smhd])", text, re.ASCII)
    return float(found[1]) * _UNITS[found[2]] if found else None


def _both(text: str, now: float, zone: tzinfo) -> tuple[float, float]:
    """Begin and end."""
    ago = _length(text)
    if ago is not None:
        return max(0.0, now - ago), max(0.0, now - ago)
    try:
        begin, end = _written(text, now, zone)
    except (ValueError, OverflowError):
        begin = end = -1.0
    if begin < 0:
        raise RefusedError(f"{text[:40]!r} is no time: {_SUCH_AS}")
    return begin, end


def _written(text: str, now: float, zone: tzinfo) -> tuple[float, float]:
    here = datetime.fromtimestamp(now, zone).date()
    days = {"today": here, "yesterday": here - timedelta(days=1)}
    if text in days or re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
        day = days.get(text) or date.fromisoformat(text)
        first, last = (datetime.combine(one, time(), zone) for one in (day, day + timedelta(days=1)))
        return first.timestamp(), last.timestamp()
    at = datetime.fromisoformat(text)
    moment = (at if at.tzinfo else at.replace(tzinfo=zone)).timestamp()
    return moment, moment
