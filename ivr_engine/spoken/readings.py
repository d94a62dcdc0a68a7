"""This file decides what a value that a machine wrote means: a number, an amount, a day. It knows no language.

Values come from callers' keys, from other systems, from settings. What cannot be understood is None, never an error:
a caller is listening.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

MOST = 10**12  # numbers below it are said as numbers
LONGEST = 32  # characters; a longer value was not meant to be heard

_FIGURE = re.compile(r"([-+]?)((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+))(?:\.([0-9]+))?")
_YUAN = r"(?:¥|元|块|CNY|RMB|yuan)"
_AMOUNT = re.compile(rf"([-+]?) ?{_YUAN}? ?([-+]?[0-9,.]+) ?{_YUAN}?", re.IGNORECASE)
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})-|/([0-9]{1,2})/|\.([0-9]{1,2})\.|年([0-9]{1,2})月)([0-9]{1,2})日?")
_DAY_OF_EIGHT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?([ap])\.?m\.?)?", re.IGNORECASE)
_CLOCK_OF_FOUR = re.compile(r"([0-9]{2})([0-9]{2})")
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}.*?)(?:Z|[-+][0-9]{2}:?[0-9]{2})?")
_AMOUNT_OF_TIME = r"([0-9]{1,7}(?:\.[0-9]{1,3})?)"
_SPAN = re.compile(
    rf"{_AMOUNT_OF_TIME}(?: ?(?:-|~|–|到|to) ?{_AMOUNT_OF_TIME})?"
    r" ?(|s|secs?|seconds?|秒|m|mins?|minutes?|分|分钟|h|hours?|小时|d|days?|天)",
    re.IGNORECASE,
)
_HOURS_AND_MINUTES = re.compile(r"([0-9]{1,4}) ?h(?:ours?)? ?([0-9]{1,2}) ?m(?:in(?:utes?)?)?", re.IGNORECASE)
LEVELS = ("none", "general", "major", "critical")
_UNITS = {"": 1, "s": 1, "秒": 1, "m": 60, "分": 60, "h": 3600, "小": 3600, "d": 86400, "天": 86400}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number below `MOST`; `decimals` are the digits behind the point, if there are any."""

    negative: bool
    whole: int
    decimals: str = ""


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in fen."""

    negative: bool
    fen: int


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day; 24:00 is the end of it."""

    hour: int
    minute: int


@dataclass(frozen=True, slots=True)
class Span:
    """How long something takes, in seconds, from the least to the most."""

    least: float
    most: float


def plain(text: str) -> str:
    """A value with full-width characters made narrow and blanks made single. Nothing, if it is too long to be said."""
    narrow = " ".join(unicodedata.normalize("NFKC", text[: 2 * LONGEST]).split()).replace("−", "-")
    return narrow if len(narrow) <= LONGEST else ""


def characters(text: str) -> str:
    """What can be said of a value letter by letter: A-Z, 0-9 and the two other keys of a telephone."""
    return "".join(char for char in text.upper() if char.isascii() and (char.isalnum() or char in "*#"))


def figure(text: str) -> Figure | None:
    """A number; more than four decimals are what computers add, and are rounded away."""
    found = _FIGURE.fullmatch(text)
    if not found:
        return None
    number = Decimal(f"{found[2].replace(',', '')}.{found[3] or '0'}")
    decimals = found[3] or ""
    if len(decimals) > 4:
        number = number.quantize(Decimal("0.0001"), ROUND_HALF_UP)
        decimals = str(number).partition(".")[2].rstrip("0")
    if number >= MOST:
        return None
    return Figure(found[1] == "-" and number > 0, int(number), decimals)


def amount(text: str) -> Amount | None:
    """Money in yuan, to the fen. Another currency is none of ours: its number alone would be a lie."""
    found = _AMOUNT.fullmatch(text)
    number = _FIGURE.fullmatch(found[1] + found[2]) if found else None
    if number is None:
        return None
    yuan = Decimal(f"{number[2].replace(',', '')}.{number[3] or '0'}")
    if yuan >= MOST - 1:
        return None
    fen = int((yuan * 100).quantize(Decimal(1), ROUND_HALF_UP))
    return Amount(number[1] == "-" and fen > 0, fen)


def day(text: str) -> date | None:
    """A day with its year, year first, as other orders are anybody's guess."""
    moment = _MOMENT.fullmatch(text)
    written = moment[1] if moment else text
    found = _DAY.fullmatch(written) or _DAY_OF_EIGHT.fullmatch(written)
    year, month, number = [part for part in found.groups() if part] if found else ("0", "0", "0")
    try:
        day = date(int(year), int(month), int(number))
    except ValueError:
        return None
    return day if day.year >= 1000 else None


def clock(text: str) -> Clock | None:
    """A time of day, of 24 hours or with am and pm."""
    moment = _MOMENT.fullmatch(text)
    written = moment[2] if moment else text
    found = _CLOCK.fullmatch(written) or _CLOCK_OF_FOUR.fullmatch(written)
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2])
    half = found[3].lower() if found.re is _CLOCK and found[3] else ""
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return Clock(hour, minute) if (hour < 24 and minute < 60) or (hour, minute) == (24, 0) else None


def level(text: str) -> str | None:
    """How bad a crisis is; `none` is a level too."""
    return text if text in LEVELS else None


def span(text: str) -> Span | None:
    """A time span such as `90`, `2 min`, `1h30m` or `2-4 min`; a bare number is seconds."""
    if found := _HOURS_AND_MINUTES.fullmatch(text):
        seconds = float(int(found[1]) * 3600 + int(found[2]) * 60)
        return Span(seconds, seconds)
    found = _SPAN.fullmatch(text)
    if not found:
        return None
    unit = _UNITS[found[3][:1].lower()]
    least = float(found[1]) * unit
    most = float(found[2] or found[1]) * unit
    return Span(least, most) if least <= most else None
