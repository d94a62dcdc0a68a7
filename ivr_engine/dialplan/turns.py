"""This file decides how the pools of a queue are written: one after the other, some at once, some under conditions.

It does not know pools, or who waits. `[local, [wuhan, chengdu], {pool: night, when: {wait: 60s}}]` are three turns: a
later one is tried when nobody of the earlier ones is ready, and a pool with `when` is closed until a bound is reached.
"""

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Annotated, ClassVar

from ivr_engine.dialplan.diagnostics import quote
from ivr_engine.dialplan.fields import Group, Named, Place, kind_of
from ivr_engine.dialplan.reader import Kind, Reader
from ivr_engine.dialplan.scalars import Pause, Seconds, Whole
from ivr_engine.dialplan.schema import Schema, Terms
from ivr_engine.dialplan.shares import Share
from ivr_engine.dialplan.source import Scalar, Sequence, Table, UnreadableError, Value
from ivr_engine.dialplan.steps import PoolRef
from ivr_engine.model.ids import PoolName


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressure:
    """Bounds, one of which must be reached: how long the first caller has waited, how long one who came now would
    probably wait, how many wait, and how many of a hundred seats on duty of the pools before are taken.
    """

    wait: Seconds | None = None
    estimate: Seconds | None = None
    waiting: Annotated[int | None, Whole(1, 100_000)] = None
    occupancy: Share | None = None

    def judge(self, at: Place) -> None:
        """Tell of conditions that are none."""
        if not at.table.entries:
            at.reader.refuse(at.table.mark, "E209", f"{at.reader.where} is empty", "add for instance `wait: 60s`")


@dataclass(frozen=True, slots=True)
class PoolUse:
    """A pool as one queue makes use of it. It is open always, or `when` a bound has been reached `for` so long.

    Then it stays open until all is clearly below its bounds for as long as `back after` says. It is also open while
    nobody of the pools before it can be reached.
    """

    pool: PoolRef
    when: Pressure | None = None
    held: Annotated[Pause, Named("for")] = 0.0
    back_after: Pause = 120.0

    def judge(self, at: Place) -> None:
        """Tell of times without conditions."""
        for key in ("for", "back after"):
            if self.when is None and at.table.get(key) is not None:
                message = f"{at.reader.where} has {quote(key)} and no `when`: the pool is always open"
                remedy = f"add `when: {{wait: 60s}}`, or delete {quote(key)}"
                at.reader.refuse(at.of(key), "E202", message, remedy)


Turns = tuple[tuple[PoolUse, ...], ...]
_USE = Group(PoolUse)


@dataclass(frozen=True)
class InTurn(Kind):
    """The pools of a queue: a list, in it lists of those that are tried as one."""

    expected: ClassVar[str] = "a list of pools"
    example: ClassVar[str] = "[local]"

    def read(self, value: Value, reader: Reader) -> Turns:
        """The pools of each turn."""
        if isinstance(value, Scalar) and value.value is None:
            raise self.wrong(value, reader, f"write for instance `{self.example}`")
        seen: set[str] = set()
        read: list[tuple[PoolUse, ...]] = []
        complete = True
        for number, item in enumerate(_items(value, reader), start=1):
            try:
                with nullcontext() if isinstance(item, Scalar) else reader.inside(str(number)):
                    read.append(self._turn(item, seen, reader))
            except UnreadableError:
                complete = False
        if not complete:
            raise UnreadableError
        self._judge_first(read[0], value, reader)
        return tuple(read)

    def _judge_first(self, first: tuple[PoolUse, ...], value: Value, reader: Reader) -> None:
        for use in first:
            if use.when is not None:
                message = (
                    f"pool {quote(use.pool)} has `when`, and no pool is tried before it: callers would find nobody"
                )
                raise reader.refuse(value.mark, "E323", message, "delete `when`, or put another pool before it")

    def _turn(self, value: Value, seen: set[str], reader: Reader) -> tuple[PoolUse, ...]:
        return tuple(self._use(item, seen, reader) for item in _items(value, reader))

    def _use(self, value: Value, seen: set[str], reader: Reader) -> PoolUse:
        if isinstance(value, Sequence):
            message = f"{reader.where} has a list within a list"
            raise reader.refuse(value.mark, "E203", message, "write for instance `[local, [wuhan, chengdu]]`")
        use = _USE.read(value, reader) if isinstance(value, Table) else PoolUse(_pool(value, reader))
        if use.pool in seen:
            raise reader.refuse(value.mark, "E211", f"{quote(use.pool)} is listed twice", "keep one of the two")
        seen.add(use.pool)
        return use

    def schema(self, terms: Terms) -> Schema:
        """One pool, or a list of them and of lists of them."""
        one: Schema = {"anyOf": [_NAME.schema(terms), _USE.schema(terms)]}
        several = {"type": "array", "items": one, "minItems": 1, "uniqueItems": True}
        every = {"type": "array", "items": {"anyOf": [one, several]}, "minItems": 1, "uniqueItems": True}
        return {"anyOf": [every, one]}


_NAME: Kind = kind_of(PoolRef)


def _pool(value: Value, reader: Reader) -> PoolName:
    name: PoolName = _NAME.read(value, reader)
    return name


def _items(value: Value, reader: Reader) -> tuple[Value, ...]:
    if isinstance(value, Sequence) and not value.items:
        raise reader.refuse(value.mark, "E209", f"{reader.where} is empty", "add for instance `local`")
    return value.items if isinstance(value, Sequence) else (value,)


def in_turn(*pools: PoolName) -> Turns:
    """Pools that are always open, one after the other."""
    return tuple((PoolUse(pool),) for pool in pools)


def names_in(turns: Iterable[Iterable[PoolUse]]) -> tuple[PoolName, ...]:
    """All of them, in the order in which they are tried."""
    return tuple(use.pool for turn in turns for use in turn)
