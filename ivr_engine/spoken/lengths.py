"""This file decides how exactly a time span is told: minutes, hours and minutes, or days. It knows no language.

Who waits is told in whole units, rounded up: a promise that is kept early annoys nobody.
"""

from dataclasses import dataclass
from math import ceil
from typing import Literal

from ivr_engine.spoken.readings import Span

Unit = Literal["minute", "hour", "day"]
MOST_OF_A_UNIT = 99  # days; who waits longer is not told how long
_HOUR, _DAY = 60, 1440  # minutes
_UNITS: tuple[tuple[Unit, int], ...] = (("day", _DAY), ("hour", _HOUR), ("minute", 1))


@dataclass(frozen=True, slots=True)
class Length:
    """From `least` to `most` units, and `minutes` beside single hours. All zero: less than a minute."""

    unit: Unit
    least: int
    most: int
    minutes: int = 0


def length(span: Span) -> Length | None:
    """A span as it is told; None if it is longer than anyone is told."""
    if span.most < 60:
        return Length("minute", 0, 0)
    most = ceil(span.most / 60)
    told = _single(most) if span.least == span.most else _range(span.least / 60, most)
    return told if told.most <= MOST_OF_A_UNIT else None


def _single(minutes: int) -> Length:
    if minutes < _HOUR:
        return Length("minute", minutes, minutes)
    if minutes < _DAY:
        hours, rest = divmod(minutes, _HOUR)
        return Length("hour", hours, hours, rest)
    days = ceil(minutes / _DAY)
    return Length("day", days, days)


def _range(least: float, most: int) -> Length:
    """In the largest unit of which the range has about two or more."""
    unit, size = next((unit, size) for unit, size in _UNITS if most >= 2 * size or size == 1)
    upper = ceil(most / size)
    return Length(unit, min(max(1, int(least // size)), upper), upper)
