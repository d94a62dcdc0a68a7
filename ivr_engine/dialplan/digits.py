"""This file decides what a typed number must look like, and whether it does. It does not know who types it.

A shape is written as a regular expression of digits, and matched without going back: for each part of it, at which
places of the number it can end. So no shape, however it is written, takes longer than a moment.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from ivr_engine.dialplan.diagnostics import quote
from ivr_engine.dialplan.reader import Kind, Reader
from ivr_engine.dialplan.schema import Schema, Terms
from ivr_engine.dialplan.source import Value

MOST_DIGITS = 32
LONGEST_SHAPE = 100
MOST_GROUPS_INSIDE = 3
LUHN = "luhn"

# From the places where a part may begin to those where it may end.
_Part = Callable[[str, frozenset[int]], frozenset[int]]


@dataclass(frozen=True, slots=True)
class DigitCount:
    """How many digits a number has."""

    least: int
    most: int

    def __str__(self) -> str:
        return str(self.least) if self.least == self.most else f"{self.least} to {self.most}"

    def fits(self, number: str) -> bool:
        """Whether a number is neither too short nor too long."""
        return self.least <= len(number) <= self.most


@dataclass(frozen=True, slots=True)
class DigitCheck:
    """What a number must look like: Luhn's check digit, or a shape."""

    written: str
    _shape: _Part | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        return self.written

    def passes(self, number: str) -> bool:
        """Whether a number made of digits does."""
        if self._shape is None:
            return _luhn(number)
        return len(number) in self._shape(number, frozenset({0}))


def digit_check(written: str) -> DigitCheck:
    """The check that is written so. Raises ValueError with what is wrong with it."""
    return DigitCheck(written) if written == LUHN else DigitCheck(written, _Shape(written).read())


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return bool(digits) and (sum(digits[::2]) + sum(doubled)) % 10 == 0


class _Shape:
    """Reads a shape: digits, `.`, `\\d`, `[1-9]`, `( | )`, each perhaps with `?`, `*`, `+`, `{2}` or `{2,4}`."""

    def __init__(self, written: str) -> None:
        if len(written) > LONGEST_SHAPE:
            raise ValueError(f"it is longer than {LONGEST_SHAPE} characters")
        self._rest = written.removeprefix("^").removesuffix("$")
        self._inside = 0

    def read(self) -> _Part:
        """The whole of it."""
        part = self._choices()
        if self._rest:
            raise ValueError(f"{quote(self._rest)} closes nothing")
        return part

    def _take(self, pattern: str) -> re.Match[str] | None:
        found = re.match(pattern, self._rest, re.ASCII)
        if found:
            self._rest = self._rest[found.end() :]
        return found

    def _choices(self) -> _Part:
        choices = [self._row()]
        while self._take(r"\|"):
            choices.append(self._row())
        return lambda text, at: frozenset[int]().union(*(choice(text, at) for choice in choices))

    def _row(self) -> _Part:
        parts: list[_Part] = []
        while self._rest and self._rest[0] not in "|)":
            parts.append(self._repeated(self._one()))

        def row(text: str, at: frozenset[int]) -> frozenset[int]:
            for part in parts:
                at = part(text, at)
            return at

        return row

    def _one(self) -> _Part:
        if self._take(r"\((\?:)?"):
            return self._group()
        if self._take(r"\.|\\d"):
            return _digit_of("0123456789")
        if found := self._take(r"[0-9]"):
            return _digit_of(found[0])
        if found := self._take(r"\[(\^?)((?:[0-9]-[0-9]|\\d|[0-9])+)\]"):
            among = set("".join(_span(one) for one in re.findall(r"[0-9]-[0-9]|\\d|[0-9]", found[2])))
            return _digit_of("".join(set("0123456789") - among if found[1] else among))
        raise ValueError(f"{quote(self._rest)} is not about digits")

    def _group(self) -> _Part:
        self._inside += 1
        if self._inside > MOST_GROUPS_INSIDE:
            raise ValueError(f"there are more than {MOST_GROUPS_INSIDE} brackets inside each other")
        part = self._choices()
        if not self._take(r"\)"):
            raise ValueError("a bracket is not closed")
        self._inside -= 1
        return part

    def _repeated(self, part: _Part) -> _Part:
        found = self._take(r"([?*+])|\{([0-9]{1,2})(,([0-9]{0,2}))?\}")
        if not found:
            return part
        least, most = {"?": (0, 1), "*": (0, MOST_DIGITS), "+": (1, MOST_DIGITS)}.get(found[1], (0, 0))
        if found[2]:
            least = int(found[2])
            most = least if not found[3] else int(found[4] or MOST_DIGITS)
        if not least <= most <= MOST_DIGITS:
            raise ValueError(f"{quote(found[0])} cannot be: at most {MOST_DIGITS}, and the smaller number first")
        return _repeat(part, least, most)


def _span(one: str) -> str:
    if one == r"\d":
        return "0123456789"
    first, last = one[0], one[-1]
    if first > last:
        raise ValueError(f"{quote(one)} runs backwards")
    return "0123456789"[int(first) : int(last) + 1]


def _digit_of(among: str) -> _Part:
    return lambda text, at: frozenset(place + 1 for place in at if place < len(text) and text[place] in among)


def _repeat(part: _Part, least: int, most: int) -> _Part:
    def repeat(text: str, at: frozenset[int]) -> frozenset[int]:
        for _ in range(least):
            before, at = at, part(text, at)
            if at == before:
                break  # however often: it ends where it began
        ends, new = at, at
        for _ in range(most - least):
            new = part(text, new) - ends
            if not new:
                break
            ends |= new
        return ends

    return repeat


@dataclass(frozen=True)
class _DigitCounts(Kind):
    """How many digits: `8`, or `6 to 20`."""

    expected: ClassVar[str] = "a number of digits such as 8, or 6 to 20"
    example: ClassVar[str] = "8"

    def read(self, value: Value, reader: Reader) -> DigitCount:
        """The least and the most."""
        found = re.fullmatch(r"([0-9]{1,3})(?: ?(?:to|-) ?([0-9]{1,3}))?", self.scalar(value, reader), re.ASCII)
        if not found:
            raise self.wrong(value, reader)
        count = DigitCount(int(found[1]), int(found[2] or found[1]))
        if not 1 <= count.least <= count.most <= MOST_DIGITS:
            message = f"{reader.where} must be between 1 and {MOST_DIGITS}, the smaller number first"
            raise reader.refuse(value.mark, "E204", message, "write for instance `6 to 20`")
        return count

    def schema(self, terms: Terms) -> Schema:
        """A number, or two."""
        del terms
        pattern = "^[0-9]{1,3}( ?(to|-) ?[0-9]{1,3})?$"
        return {"type": ["integer", "string"], "minimum": 1, "maximum": MOST_DIGITS, "pattern": pattern}


@dataclass(frozen=True)
class _DigitChecks(Kind):
    """`luhn`, or a shape."""

    expected: ClassVar[str] = "`luhn`, or what the number looks like"
    example: ClassVar[str] = "luhn"

    def read(self, value: Value, reader: Reader) -> DigitCheck:
        """The check."""
        written = self.scalar(value, reader)
        try:
            return digit_check(written)
        except ValueError as error:
            message = f"{reader.where} cannot be {quote(written)}: {error}"
            remedy = r"write `luhn`, or digits, `.`, `[1-9]`, `( | )`, `?`, `*`, `+` and `{2,4}`: `'1[3-9]\d{9}'`"
            raise reader.refuse(value.mark, "E214", message, remedy) from error

    def schema(self, terms: Terms) -> Schema:
        """A word; what is a shape an editor's pattern cannot say."""
        del terms
        return {"type": ["string", "integer"], "examples": [LUHN, r"1[3-9]\d{9}"]}


Length = Annotated[DigitCount, _DigitCounts()]
Check = Annotated[DigitCheck, _DigitChecks()]
