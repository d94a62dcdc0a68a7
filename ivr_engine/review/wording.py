"""This file decides how times, shares and names read in a review, in Chinese or English. It knows no figure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal

from ivr_engine.model.crises import Scope
from ivr_engine.model.ids import mask_number

Language = Literal["zh", "en"]
NONE = "–"
_NUMBER = re.compile(r"(?<![0-9])(?:1[0-9]{10}|0[0-9]{2,3}[- ]?[0-9]{7,8})(?![0-9])")


@dataclass(frozen=True, slots=True)
class Tongue:
    """Says things in one of two languages, on the hotline's clock."""

    language: Language
    zone: tzinfo

    def __call__(self, chinese: str, english: str) -> str:
        """One of the two."""
        return chinese if self.language == "zh" else english

    def clock(self, at: float | None) -> str:
        """The time of day, with seconds."""
        return NONE if at is None else f"{datetime.fromtimestamp(at, self.zone):%H:%M:%S}"

    def moment(self, at: float) -> str:
        """Day and time, with minutes."""
        return f"{datetime.fromtimestamp(at, self.zone):%Y-%m-%d %H:%M}"

    def minutes(self, at: float) -> str:
        """Hours and minutes, for an axis."""
        return f"{datetime.fromtimestamp(at, self.zone):%H:%M}"

    def scope(self, scope: Scope) -> str:
        """Whose calls."""
        if scope.is_everybody:
            return self("全部来电", "all calls")
        return self("仅演练来电", "drill calls only") if scope.drill else str(scope)

    def length(self, seconds: float | None) -> str:
        """How long something took."""
        if seconds is None:
            return NONE
        if seconds < 60:
            return f"{seconds:.0f} {self('秒', 's')}" if seconds >= 10 else f"{seconds:.1f} {self('秒', 's')}"
        minutes, left = divmod(round(seconds), 60)
        if minutes < 60:
            return f"{minutes} {self('分', 'min')} {left:02} {self('秒', 's')}"
        return f"{minutes // 60} {self('小时', 'h')} {minutes % 60:02} {self('分', 'min')}"


def masked(words: str) -> str:
    """What people or other systems wrote, without anybody's whole number."""
    return _NUMBER.sub(lambda found: mask_number(found[0]), words)


def share(part: float, whole: float) -> str:
    """So many of a hundred; nothing of nothing."""
    return f"{part / whole:.1%}" if whole else NONE


def quantile(values: Sequence[float], part: float) -> float | None:
    """The value that `part` of all do not exceed; None of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else None


def seconds(value: float | None) -> str:
    """In a table."""
    return NONE if value is None else f"{value:.0f} s"
