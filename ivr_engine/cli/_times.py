"""This file decides how people type times and how they are shown to them: by the hotline's own clock.

It does not know what happens then.
"""

import re
from datetime import datetime, timedelta, tzinfo

from ivr_engine.errors import RefusedError

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_SUCH_AS = "write for instance 90m, 4h or 2d"


def length_in(text: str) -> float:
    """How many seconds `4h` or `1h30m` are. Raises RefusedError."""
    parts = re.findall(r"([0-9]{1,6})([smhd])", text.replace(" ", ""), re.ASCII)
    if not parts or "".join(map("".join, parts)) != text.replace(" ", ""):
        raise RefusedError(f"{text[:40]!r} is no length of time: {_SUCH_AS}")
    length = sum(int(number) * _UNITS[unit] for number, unit in parts)
    if length <= 0:
        raise RefusedError(f"{text[:40]!r} is over at once: {_SUCH_AS}")
    return length


def moment_in(text: str, now: float, zone: tzinfo) -> float:
    """When `18:00` is next, or `2026-11-22 18:00` is, in seconds since 1970. Raises RefusedError."""
    here = datetime.fromtimestamp(now, zone)
    try:
        if re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", text.strip(), re.ASCII):
            hour, minute = map(int, text.split(":"))
            at = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
            return (at if at > here else at + timedelta(days=1)).timestamp()
        return datetime.strptime(text.strip(), "%Y-%m-%d %H:%M").replace(tzinfo=zone).timestamp()
    except ValueError:
        raise RefusedError(f'{text[:40]!r} is no time: write for instance 18:00, or "2026-11-22 18:00"') from None


def shown(at: float | None, zone: tzinfo, *, seconds: bool = False) -> str:
    """A moment, as the hotline's clock shows it."""
    if at is None:
        return ""
    return datetime.fromtimestamp(at, zone).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%m-%d %H:%M")


def left(until: float | None, now: float) -> str:
    """How long until then; with a minus, since then."""
    if until is None:
        return ""
    minutes, sign = divmod(int(abs(until - now)), 60)[0], "-" if until < now else ""
    hours, minutes = divmod(minutes, 60)
    return f"{sign}{hours}h{minutes:02}m" if hours else f"{sign}{minutes}m"
