"""This file decides how the settings of a group are read off its dataclass. It does not know any particular group.

Every setting is declared once, by the annotation of a field: its kind, its name in the file (`answer within` for
`answer_within`), whether it may be left out. Error messages and the editor's schema come from there.
"""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Literal,
    Protocol,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    runtime_checkable,
)

from ivr_engine.dialplan.diagnostics import did_you_mean, guess, quote
from ivr_engine.dialplan.hashes import HASH, hash_behind
from ivr_engine.dialplan.reader import Kind, Reader
from ivr_engine.dialplan.scalars import Flag, OneOf, Phrase, Whole
from ivr_engine.dialplan.schema import Schema, Terms
from ivr_engine.dialplan.several import ListOf, MappingOf
from ivr_engine.dialplan.source import Entry, Mark, Scalar, Table, UnreadableError, Value
from ivr_engine.dialplan.text import Text
from ivr_engine.dialplan.wording import Wording

__all__ = [
    "Field",
    "Group",
    "Judging",
    "ListOf",
    "MadeFrom",
    "MappingOf",
    "Named",
    "OwnKey",
    "Place",
    "Remedy",
    "kind_of",
]


@dataclass(frozen=True)
class Named:
    """The setting's name in the file, where it differs from the field's."""

    key: str


@dataclass(frozen=True)
class Remedy:
    """What to do when the setting is missing."""

    words: str


@dataclass(frozen=True)
class MadeFrom:
    """Left out, the setting is made from another: an editor must not miss it."""

    key: str


@dataclass(frozen=True)
class OwnKey:
    """The field holds the key under which the group stands; nobody writes it twice."""


@dataclass(frozen=True)
class Place:
    """Where a group stands in a file."""

    table: Table
    reader: Reader

    def of(self, key: str) -> Mark:
        """Where a setting stands; where the group does, if nobody wrote it."""
        value = self.table.get(key)
        return value.mark if value else self.table.mark


@runtime_checkable
class Judging(Protocol):
    """A group whose settings must fit each other."""

    def judge(self, at: Place) -> None:
        """Tell of what does not, once each setting by itself can be read."""
        ...


@dataclass(frozen=True)
class Field:
    """One setting of a group."""

    name: str
    key: str
    kind: Kind
    default: Any  # MISSING if it must be written
    optional: bool  # `key:` with nothing behind it is as good as leaving it out
    remedy: str
    is_own_key: bool
    is_made: bool = False  # from another setting, when left out

    def left_out(self, mark: Mark, reader: Reader) -> Any:
        """The value of a setting that is not in the file."""
        with reader.inside(self.key):
            value = self.kind.left_out(self.default, mark, reader)
        if value is MISSING:
            missing = f"{reader.where} lacks {quote(self.key)}"
            raise reader.refuse(mark, "E202", missing, self.remedy or f"add `{self.key}: {self.kind.sample()}`")
        return value


@dataclass(frozen=True)
class Group(Kind):
    """Settings that belong together, declared by a dataclass."""

    of: type[Any]
    is_group: ClassVar[bool] = True
    expected: ClassVar[str] = "a group of settings"
    example: ClassVar[str] = "{…}"

    @property
    def fields(self) -> Mapping[str, Field]:
        """The settings by the names they have in a file."""
        of: Any = self.of
        return _fields_of(of)

    def read(self, value: Value, reader: Reader) -> Any:
        """An instance of the dataclass."""
        if not isinstance(value, Table):
            raise self.wrong(value, reader, self._remedy(value))
        found = {entry.key.text: entry for entry in value.entries}
        unknown = self._refuse_unknown(value, reader)
        complete = not unknown
        own_key = reader.path[-1] if reader.path else ""
        values: dict[str, Any] = {}
        for setting in self.fields.values():
            if setting.default is MISSING and setting.key in unknown.values():
                continue  # it is there, misspelt, and that has been told
            try:
                values[setting.name] = own_key if setting.is_own_key else _read(setting, found, value.mark, reader)
            except UnreadableError:
                complete = False
        if not complete:
            raise UnreadableError
        made = self.of(**values)
        if isinstance(made, Judging):
            made.judge(Place(value, reader))
        return made

    def is_readable(self, entry: Entry, reader: Reader) -> bool:
        """Whether an entry is a setting of this group, and can be read. Tells what is wrong if not."""
        setting = self.fields.get(entry.key.text)
        if setting is None or setting.is_own_key:
            self._refuse_unknown(Table(entry.key.mark, (entry,)), reader)
            return False
        try:
            _read(setting, {entry.key.text: entry}, entry.value.mark, reader)
        except UnreadableError:
            return False
        return True

    def left_out(self, default: Any, mark: Mark, reader: Reader) -> Any:
        """A group nobody wrote is read as an empty one, so that the names its defaults use are checked too."""
        if default is MISSING or default is None:
            return default
        return self.read(Table(mark), reader)

    def schema(self, terms: Terms) -> Schema:
        """The settings by name, once for all places where the group may stand."""
        return terms.define(terms.name_of(self.of), lambda: self._shape(terms))

    def _shape(self, terms: Terms) -> Schema:
        remarks = terms.remarks(self.of)
        written = [one for one in self.fields.values() if not one.is_own_key]
        return {
            "type": "object",
            "properties": {one.key: _described(one, remarks.get(one.name, ""), terms) for one in written},
            "required": [one.key for one in written if one.default is MISSING and not one.is_made],
            "additionalProperties": False,
        }

    def _refuse_unknown(self, table: Table, reader: Reader) -> Mapping[str, str | None]:
        """Tell of keys that are no settings. Returns each with the setting that was probably meant."""
        known = [setting.key for setting in self.fields.values() if not setting.is_own_key]
        unknown = [entry.key for entry in table.entries if entry.key.text not in known]
        for key in unknown:
            remedy = guess(key.text, known, f"known here: {', '.join(known)}")
            reader.refuse(key.mark, "E201", f"{reader.where} has no setting {quote(key.text)}", remedy)
        return {key.text: did_you_mean(key.text, known) for key in unknown}

    def _remedy(self, value: Value) -> str:
        if isinstance(value, Scalar) and "：" in value.text:
            return "use the plain colon `:` with a space after it, not `：`"
        written = [setting for setting in self.fields.values() if not setting.is_own_key]
        first = next((setting for setting in written if setting.default is MISSING), written[0])
        return f"write for instance `{first.key}: {first.kind.sample()}`"


def _described(setting: Field, remark: str, terms: Terms) -> Schema:
    schema = setting.kind.schema(terms)
    if setting.optional:
        schema = {"anyOf": [schema, {"type": "null"}]}
    if remark and "$ref" in schema:
        schema = {"allOf": [schema]}  # beside a reference nothing else counts
    return {**schema, "description": remark} if remark else schema


def _read(setting: Field, found: Mapping[str, Entry], mark: Mark, reader: Reader) -> Any:
    entry = found.get(setting.key)
    nothing = entry and isinstance(entry.value, Scalar) and entry.value.value is None
    if entry and nothing:
        _refuse_comment(setting, entry, reader)
    if entry is None or (nothing and setting.optional):
        return setting.left_out(mark, reader)
    quiet = reader.quietly() if entry.is_default else nullcontext()
    is_named = not isinstance(setting.kind, MappingOf | ListOf)
    with quiet, reader.inside(setting.key, named=is_named):
        return setting.kind.read(entry.value, reader)


def _refuse_comment(setting: Field, entry: Entry, reader: Reader) -> None:
    """Tell of a `#` that was meant as the value."""
    takes_hash = setting.kind.takes("#")
    if place := hash_behind(entry.value.mark, takes_hash=takes_hash):
        message = f"{quote(setting.key)} says nothing: from ` #` on it is a comment"
        remedy = f"write `{setting.key}: {HASH}`" if takes_hash else "put the text in quotes"
        raise reader.refuse(place, "E116", message, remedy)


@cache
def _fields_of(cls: Any) -> Mapping[str, Field]:
    hints = get_type_hints(cls, include_extras=True)
    return {setting.key: setting for one in fields(cls) for setting in [_field(one, hints[one.name])]}


def _field(one: Any, hint: Any) -> Field:
    extras = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    key = next((e.key for e in extras if isinstance(e, Named)), one.name.replace("_", " "))
    remedy = next((e.words for e in extras if isinstance(e, Remedy)), "")
    is_own_key = any(isinstance(e, OwnKey) for e in extras)
    default = one.default if one.default_factory is MISSING else one.default_factory()
    is_made = any(isinstance(e, MadeFrom) for e in extras)
    return Field(one.name, key, kind_of(hint), default, default is None, remedy, is_own_key, is_made)


_PLAIN: Mapping[Any, Kind] = {Text: Wording(), str: Phrase(), bool: Flag(), int: Whole()}


@cache
def kind_of(hint: Any) -> Kind:
    """The kind of value an annotation stands for."""
    if get_origin(hint) is Annotated:
        base, *extras = get_args(hint)
        return next((extra for extra in extras if isinstance(extra, Kind)), None) or kind_of(base)
    if hint in _PLAIN:
        return _PLAIN[hint]
    if is_dataclass(hint) and isinstance(hint, type):
        return Group(hint)
    return _composite(hint, get_origin(hint), get_args(hint))


def _composite(hint: Any, origin: Any, args: tuple[Any, ...]) -> Kind:
    if origin in (Union, UnionType):
        (one,) = [arg for arg in args if arg is not NoneType]
        return kind_of(one)
    if origin is tuple:
        return ListOf(kind_of(args[0]))
    if origin is Mapping:
        return MappingOf(kind_of(args[0]), kind_of(args[1]))
    if origin is Literal:
        return OneOf(args)
    raise TypeError(f"{hint!r} says nothing about how it is written in a file")  # a bug of ours, not of a file
