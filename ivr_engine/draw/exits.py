"""This file decides what of a step is worth drawing: its words, its settings, its exits. It does not know any word.

All of it comes from the fields the word declares, so a new word is drawn without a line here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from ivr_engine.dialplan.fields import Group, ListOf, MappingOf
from ivr_engine.dialplan.goal import GoalKind
from ivr_engine.dialplan.reader import Kind
from ivr_engine.dialplan.scalars import Duration, Flag, Name, OneOf, PhoneKey, PhoneKeys, Whole
from ivr_engine.dialplan.steps import Onward, Reference
from ivr_engine.dialplan.text import Text
from ivr_engine.dialplan.turns import PoolUse
from ivr_engine.dialplan.wording import Wording

THEN = "then"  # where a group says no more than this, its exit is called after the group: `silence`


@dataclass(frozen=True, slots=True)
class Exit:
    """A way out. `to` is a step, or a queue; `by_key`: the caller presses `label`; `aside`: nobody hopes for it."""

    label: str
    to: str
    to_queue: bool = False
    by_key: bool = False
    aside: bool = False
    remarks: tuple[str, ...] = ()


@dataclass(slots=True)
class Told:
    """What a group says: words for callers, settings as they are typed, and where it leads."""

    texts: list[Text] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)
    exits: list[Exit] = field(default_factory=list)


def told_by(group: Any, language: str, word: str = "") -> Told:
    """What a step, a queue or any other group says. The setting called `word` names the step's purpose, no exit."""
    told = Told()
    for one in Group(type(group)).fields.values():
        value = getattr(group, one.name)
        usual = value == one.default and _says_little(one.kind, value)
        if not one.is_own_key and not usual and value not in (None, (), "", {}):
            label = "" if one.key == word else one.key
            _take(one.kind, value, label, told, language)
    return told


def _says_little(kind: Kind, value: Any) -> bool:
    """Whether a value that nobody had to write need not be drawn: none, the least, one of a few words."""
    is_least = isinstance(kind, Whole) and value == kind.least
    return is_least or value == 0 or isinstance(kind, Flag | OneOf | Name | GoalKind)


def _take(kind: Kind, value: Any, label: str, told: Told, language: str) -> None:
    match kind:
        case Wording():
            told.texts.append(value)
        case Onward():
            told.exits.append(Exit(label, value))
        case Reference(of="queue"):
            told.exits.append(Exit(label, value, to_queue=True))
        case Group():
            _take_group(value, label, told, language)
        case MappingOf():
            _take_mapping(kind, value, told, language)
        case ListOf(item=Onward() | Group() | Reference(of="queue")):
            _take_list(kind, value, label, told, language)
        case _:
            told.settings.append(f"{label}: {typed(kind, value)}" if label else typed(kind, value))


def _take_group(value: Any, label: str, told: Told, language: str) -> None:
    inner = told_by(value, language)
    asks = any(one.by_key for one in inner.exits)  # then its words belong to all its exits, and those to the step
    if asks or not inner.exits:
        told.texts += inner.texts
        told.settings += [f"{label} {setting}" for setting in inner.settings]
    if asks:
        told.exits += inner.exits
        return
    words = [text.written(language, next(iter(text.words))) for text in inner.texts]
    for one in inner.exits:
        name = label if one.label == THEN else f"{label} {one.label}".rstrip()
        remarks = (*one.remarks, *inner.settings, *words)
        told.exits.append(replace(one, label=name, remarks=remarks, aside=True))


def _take_mapping(kind: MappingOf, value: Mapping[Any, Any], told: Told, language: str) -> None:
    for key, item in value.items():
        inner = Told()
        _take(kind.item, item, str(key), inner, language)
        told.texts += inner.texts
        told.settings += inner.settings
        by_key = isinstance(kind.key, PhoneKey | PhoneKeys)
        told.exits += [replace(one, by_key=by_key, aside=False) for one in inner.exits]


def _take_list(kind: ListOf, value: tuple[Any, ...], label: str, told: Told, language: str) -> None:
    inner = Told()
    for number, item in enumerate(value, start=1):
        _take(kind.item, item, f"{label} {number}".lstrip(), inner, language)
    told.texts += inner.texts
    told.settings += inner.settings
    told.exits += [replace(one, aside=False) for one in inner.exits]


def typed(kind: Kind, value: Any) -> str:
    """A value as its author would type it."""
    if isinstance(value, tuple):
        item = kind.item if isinstance(kind, ListOf) else kind
        return ", ".join(f"[{typed(item, one)}]" if _is_several(one) else typed(item, one) for one in value)
    if isinstance(value, PoolUse):
        when = " ".join(told_by(value.when, "").settings) if value.when else ""
        return f"{value.pool} when {when}" if when else value.pool
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return _as_time(value) if isinstance(kind, Duration) else str(value)


def _is_several(value: Any) -> bool:
    """Whether a list within a list holds more than one."""
    return isinstance(value, tuple) and len(value) > 1


def _as_time(seconds: float) -> str:
    units: Iterator[tuple[int, str]] = ((size, unit) for size, unit in ((3600, "h"), (60, "m")) if seconds % size == 0)
    size, unit = next(units, (1, "s")) if seconds else (1, "s")
    return f"{seconds / size:g}{unit}"
