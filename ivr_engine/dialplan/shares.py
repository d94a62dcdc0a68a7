"""This file decides how shares and numbers of seats are written: `90%`, or `3`. It does not know what they are of."""

import re
from dataclasses import dataclass
from typing import Annotated, ClassVar

from ivr_engine.dialplan.diagnostics import quote
from ivr_engine.dialplan.reader import Kind, Reader
from ivr_engine.dialplan.scalars import Whole
from ivr_engine.dialplan.schema import Schema, Terms
from ivr_engine.dialplan.source import Scalar, Value

_PERCENT = r"[0-9]{1,4}%"


@dataclass(frozen=True)
class Percent(Kind):
    """A share of a hundred, written with its sign so that nobody takes it for a number of seats."""

    least: int = 1
    most: int = 100
    expected: ClassVar[str] = "a share such as 90%"
    example: ClassVar[str] = "90%"

    def read(self, value: Value, reader: Reader) -> int:
        """How many of a hundred."""
        text = self.scalar(value, reader)
        if not re.fullmatch(_PERCENT, text, re.ASCII):
            bare = re.fullmatch(r"([0-9]{1,4}) ?[%％]?", text, re.ASCII)
            raise self.wrong(value, reader, f"write {quote(f'{bare[1]}%')}" if bare else "")
        percent = int(text[:-1])
        if not self.least <= percent <= self.most:
            message = f"{reader.where} must be between {self.least}% and {self.most}%, not {quote(text)}"
            raise reader.refuse(value.mark, "E204", message, f"write for instance `{max(self.least, 90)}%`")
        return percent

    def schema(self, terms: Terms) -> Schema:
        """Digits and the sign."""
        del terms
        return {"type": "string", "pattern": f"^{_PERCENT}$", "examples": [self.example]}


@dataclass(frozen=True, slots=True)
class SomeSeats:
    """So many seats, or (`is_share`) so many of a hundred."""

    number: int = 0
    is_share: bool = False

    def of(self, seats: int) -> int:
        """How many that is of so many; a part of a seat is a whole one."""
        return -(-seats * self.number // 100) if self.is_share else self.number

    def __str__(self) -> str:
        """As it is written."""
        return f"{self.number}%" if self.is_share else str(self.number)


@dataclass(frozen=True)
class SeatsOrShare(Kind):
    """A number of seats, or a share of those there are."""

    expected: ClassVar[str] = "a number of seats such as 2, or a share such as 30%"
    example: ClassVar[str] = "2"

    def read(self, value: Value, reader: Reader) -> SomeSeats:
        """The seats."""
        if isinstance(value, Scalar) and re.search("[%％]", value.text):
            return SomeSeats(Percent().read(value, reader), is_share=True)
        if isinstance(value, Scalar) and re.fullmatch(r"[0-9]{1,18}", value.text, re.ASCII):
            return SomeSeats(Whole(1, 10_000).read(value, reader))
        raise self.wrong(value, reader)

    def schema(self, terms: Terms) -> Schema:
        """Either."""
        return {"anyOf": [Whole(1, 10_000).schema(terms), Percent().schema(terms)]}


Share = Annotated[int, Percent()]
SeatsKept = Annotated[SomeSeats, SeatsOrShare()]
