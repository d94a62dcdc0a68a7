"""This file decides whether what a rule demands holds of a caller. It does not know what follows if it does.

Conditions are data: every fact is a field, so that loader, schema, drawing and reference follow by themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from ivr_engine import regions
from ivr_engine.dialplan.fields import Group, ListOf, Place
from ivr_engine.dialplan.places import Region
from ivr_engine.dialplan.reader import Kind, Reader
from ivr_engine.dialplan.scalars import Pattern, PhoneNumber, Phrase, Seconds, Tag
from ivr_engine.dialplan.schema import Schema, Terms
from ivr_engine.dialplan.source import Table, Value
from ivr_engine.dialplan.steps import Spoken, ValueRef
from ivr_engine.nodes._node import Caller
from ivr_engine.spoken import readings


@dataclass(frozen=True)
class Figure(Pattern):
    """A number, with decimals or without."""

    shape: str = r"-?[0-9]{1,12}(\.[0-9]{1,4})?"
    what: str = "a number"
    such_as: str = "60"

    def read(self, value: Value, reader: Reader) -> Decimal:  # type: ignore[override]
        """The number."""
        return Decimal(super().read(value, reader))


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which numbers something lies, both included."""

    at_least: Annotated[Decimal, Figure()] | None = None
    at_most: Annotated[Decimal, Figure()] | None = None

    def judge(self, at: Place) -> None:
        """Tell of bounds that are none, or leave nothing."""
        if self.at_least is None and self.at_most is None:
            at.reader.refuse(at.table.mark, "E209", f"{at.reader.where} is empty", "add for instance `at least: 3`")
        elif self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            message = f"no number is at least {self.at_least} and at most {self.at_most}"
            at.reader.refuse(at.of("at most"), "E204", message, "let `at most` be the larger one")

    def hold(self, number: Decimal) -> bool:
        """Whether a number lies between them."""
        return (self.at_least is None or self.at_least <= number) and (self.at_most is None or number <= self.at_most)

    def cover(self, other: "Bounds") -> bool:
        """Whether every number between the other bounds lies between these."""
        low = self.at_least is None or (other.at_least is not None and self.at_least <= other.at_least)
        return low and (self.at_most is None or (other.at_most is not None and other.at_most <= self.at_most))

    def __str__(self) -> str:
        """As its author might say it."""
        parts = (("at least", self.at_least), ("at most", self.at_most))
        return ", ".join(f"{what} {number}" for what, number in parts if number is not None)


_WORDS, _BOUNDS = ListOf(Phrase()), Group(Bounds)


@dataclass(frozen=True)
class Wanted(Kind):
    """What a value of the caller must be: a word, one of several, or a number within bounds."""

    expected: ClassVar[str] = "a word, a list of words, or bounds"
    example: ClassVar[str] = "gold"

    def read(self, value: Value, reader: Reader) -> tuple[str, ...] | Bounds:
        """The words, or the bounds."""
        found: tuple[str, ...] | Bounds = (_BOUNDS if isinstance(value, Table) else _WORDS).read(value, reader)
        return found

    def schema(self, terms: Terms) -> Schema:
        """The words, or the bounds."""
        return {"anyOf": [_WORDS.schema(terms), _BOUNDS.schema(terms)]}


@dataclass(frozen=True)
class KeysBefore(Pattern):
    """Keys in the order they were pressed."""

    shape: str = "[0-9*#]( ?[0-9*#]){0,19}"
    what: str = "keys in the order they were pressed"
    such_as: str = "1 3"

    def read(self, value: Value, reader: Reader) -> str:
        """The keys without blanks."""
        return super().read(value, reader).replace(" ", "")


Beginning = Annotated[str, Pattern(r"\+?[0-9]{1,20}", "a number, or the digits it begins with", "138")]


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """What must hold of a caller: all that is given here; of a list, one.

    `region` is where his number belongs, `caller` what it begins with, `number` the one he dialled, `keys` the last
    ones that chose something, `in the call for` how long he has been here. `calls in 24h` counts this call too.
    `value` is about what was kept of him.
    """

    tag: tuple[Tag, ...] = ()
    region: tuple[Region, ...] = ()
    caller: tuple[Beginning, ...] = ()
    number: tuple[PhoneNumber, ...] = ()
    language: tuple[Spoken, ...] = ()
    keys: tuple[Annotated[str, KeysBefore()], ...] = ()
    calls_in_24h: Bounds | None = None
    in_the_call_for: Seconds | None = None
    value: Mapping[ValueRef, Annotated[Any, Wanted()]] = field(default_factory=dict)

    def judge(self, at: Place) -> None:
        """Tell of conditions that are none."""
        if not at.table.entries:
            remedy = "add one, such as `tag: vip`; what is for everybody goes to `otherwise`"
            at.reader.refuse(at.table.mark, "E209", f"{at.reader.where} is empty", remedy)

    def hold(self, caller: Caller) -> bool:
        """Whether all of it holds."""
        return (
            (not self.tag or not set(self.tag).isdisjoint(caller.tags))
            and (not self.region or any(regions.is_within(caller.region, place) for place in self.region))
            and (not self.caller or _bare(caller.caller).startswith(tuple(map(_bare, self.caller))))
            and (not self.number or caller.number in self.number)
            and (not self.language or caller.language in self.language)
            and (not self.keys or caller.keys.endswith(self.keys))
            and (self.calls_in_24h is None or self.calls_in_24h.hold(Decimal(caller.calls_in_24h)))
            and (self.in_the_call_for is None or caller.now - caller.arrived_at >= self.in_the_call_for)
            and all(_is(caller.values.get(name, ""), wanted) for name, wanted in self.value.items())
        )

    def cover(self, other: "When") -> bool:
        """Whether this holds wherever the other does, as far as can be told from what is written."""
        return all(_covers(getattr(self, one.name), getattr(other, one.name)) for one in fields(self))


def _is(value: str, wanted: tuple[str, ...] | Bounds) -> bool:
    if not isinstance(wanted, Bounds):
        return value.strip().casefold() in {word.casefold() for word in wanted}
    figure = readings.figure(readings.plain(value))
    if figure is None:
        return False
    number = Decimal(f"{figure.whole}.{figure.decimals or 0}")
    return wanted.hold(-number if figure.negative else number)


def _bare(number: str) -> str:
    """A number as it is dialled at home; a foreign one with its +."""
    number = f"+{number[2:]}" if number.startswith("00") else number
    return number.removeprefix("+86")


def _covers(mine: Any, other: Any) -> bool:
    match mine:
        case None | ():
            return True
        case Bounds():
            return isinstance(other, Bounds) and mine.cover(other)
        case tuple():
            return isinstance(other, tuple) and bool(other) and set(other) <= set(mine)
        case Mapping():
            return all(name in other and _covers(wanted, other[name]) for name, wanted in mine.items())
        case _:
            return other is not None and bool(other >= mine)
