"""This file decides how several values are written: as a list, or by name. It does not know what they mean."""

from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, ClassVar

from ivr_engine.dialplan.diagnostics import quote
from ivr_engine.dialplan.hashes import HASH, hash_as_key
from ivr_engine.dialplan.reader import Kind, Reader
from ivr_engine.dialplan.schema import Schema, Terms
from ivr_engine.dialplan.source import Scalar, Sequence, Table, UnreadableError, Value


@dataclass(frozen=True)
class ListOf(Kind):
    """Several values of a kind, none twice. A single one needs no brackets."""

    item: Kind
    may_be_empty: bool = False
    expected: ClassVar[str] = "a list"

    def takes(self, text: str) -> bool:
        """Whether it may be the only one."""
        return self.item.takes(text)

    def sample(self) -> str:
        """A list of one."""
        return f"[{self.item.sample()}]"

    def read(self, value: Value, reader: Reader) -> tuple[Any, ...]:
        """The values."""
        misplaced = isinstance(value, Table) and not self.item.is_group
        if misplaced or (isinstance(value, Scalar) and value.value is None):
            raise self.wrong(value, reader, f"write for instance `{self.sample()}`")
        items = value.items if isinstance(value, Sequence) else (value,)
        if not items and not self.may_be_empty:
            raise reader.refuse(
                value.mark, "E209", f"{reader.where} is empty", f"add for instance `{self.item.sample()}`"
            )
        read: dict[Any, Any] = {}
        complete = True
        for number, item in enumerate(items, start=1):
            # A group says by its number which it is, and steps in it are named after that.
            place = reader.inside(str(number)) if self.item.is_group and len(items) > 1 else nullcontext()
            try:
                with place:
                    one = self.item.read(item, reader)
            except UnreadableError:
                complete = False
                continue
            once = number if self.item.is_group else one  # groups may hold what has no hash
            if once in read:
                reader.refuse(item.mark, "E211", f"{quote(str(one))} is listed twice", "keep one of the two")
                complete = False
            read[once] = one
        if not complete:
            raise UnreadableError
        return tuple(read.values())

    def schema(self, terms: Terms) -> Schema:
        """A list, or one of its items."""
        item = self.item.schema(terms)
        least = 0 if self.may_be_empty else 1
        return {"anyOf": [{"type": "array", "items": item, "minItems": least, "uniqueItems": True}, item]}


@dataclass(frozen=True)
class MappingOf(Kind):
    """Values by name or key."""

    key: Kind
    item: Kind
    may_be_empty: bool = False
    expected: ClassVar[str] = "a table"

    def sample(self) -> str:
        """A table of one."""
        return f"{{{self.key.sample()}: {self.item.sample()}}}"

    def read(self, value: Value, reader: Reader) -> dict[Any, Any]:
        """The values."""
        if not isinstance(value, Table):
            raise self.wrong(value, reader)
        if not value.entries and not self.may_be_empty:
            raise reader.refuse(value.mark, "E209", f"{reader.where} is empty", f"add for instance `{self.sample()}`")
        read: dict[Any, Any] = {}
        complete = True
        if self.key.takes("#") and (lost := hash_as_key(value)):
            message = "this line is a comment, so nobody is offered the key `#`"
            reader.refuse(lost, "E116", message, f"write `{HASH}: …`")
            complete = False
        for entry in value.entries:
            try:
                key = self.key.read(entry.key, reader)
                with reader.inside(key if isinstance(key, str) else entry.key.text):
                    read[key] = self.item.read(entry.value, reader)
            except UnreadableError:
                complete = False
        if not complete:
            raise UnreadableError
        return read

    def schema(self, terms: Terms) -> Schema:
        """A table with at least one entry, as a rule."""
        names, item = self.key.schema(terms), self.item.schema(terms)
        least = 0 if self.may_be_empty else 1
        return {"type": "object", "propertyNames": names, "additionalProperties": item, "minProperties": least}
