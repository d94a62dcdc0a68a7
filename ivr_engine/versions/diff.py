"""This file decides how the difference between two versions is told in words. It does not know a word of the dialplan.

What a setting is called and what kind of value it holds comes from the fields that declare it, so a new word, or a new
setting, is told of without a line here.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from ivr_engine.dialplan.fields import Field, Group, ListOf, MappingOf, kind_of
from ivr_engine.dialplan.hotline import Flow, Hotline
from ivr_engine.dialplan.reader import Kind
from ivr_engine.dialplan.scalars import PhoneKey, PhoneKeys, Seconds
from ivr_engine.dialplan.steps import Onward, Reference
from ivr_engine.dialplan.text import Text
from ivr_engine.draw.exits import THEN, told_by, typed

_NOT_TOLD = ("version", "sources", "normal", "crises", "facilities", "steps")
_CALLED = {
    "pools": "pool",
    "queues": "queue",
    "destinations": "destination",
    "lookups": "lookup",
    "shifts": "shift",
    "agents": "the note on agent",
}
_TIMES = ("ageing",)
_SPEECH = "the text"
_KEYS = re.compile(r"[0-9*#]+")


def differences(before: Hotline[Any], after: Hotline[Any]) -> list[str]:
    """What is different in `after`, one sentence each. Nothing when callers and agents will not notice anything."""
    told = [*_parts(before, after), *_flows(before.normal, after.normal)]
    for name in dict.fromkeys((*before.crises, *after.crises)):
        told += _profiles(name, before, after)
    return list(dict.fromkeys(told))


def _parts(before: Any, after: Any) -> Iterator[str]:
    """Everything but the flows."""
    for one in fields(before):
        old, new = getattr(before, one.name), getattr(after, one.name)
        if one.name in _NOT_TOLD or old == new:
            continue
        if one.name in _CALLED:
            yield from _named(_CALLED[one.name], old, new)
        elif one.name == "hours":
            yield from _parts(old, new)
        elif is_dataclass(old) and is_dataclass(new):
            yield from _Subject(f"the {_words(one.name)}").group(old, new)
        else:
            kind = kind_of(Seconds) if one.name in _TIMES else Kind()
            yield from _Subject("the hotline").value(_words(one.name), kind, old, new)


def _named(what: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Groups that have names: pools, queues."""
    yield from (f"{what} {name} is new" for name in after if name not in before)
    yield from (f"{what} {name} is gone" for name in before if name not in after)
    for name in before:
        if name in after:
            yield from _Subject(f"{what} {name}").value("", Kind(), before[name], after[name])


def _profiles(name: str, before: Hotline[Any], after: Hotline[Any]) -> Iterator[str]:
    old, new = before.crises.get(name), after.crises.get(name)
    if old is None or new is None:
        yield f"crisis profile {name} is {'gone' if new is None else 'new'}"
        return
    facilities = before.normal.facilities  # they are those of ordinary days, and told there
    old, new = _own(old, before.normal), replace(_own(new, after.normal), facilities=facilities)
    yield from (f"in crisis {name}, {told}" for told in _flows(old, new))


def _own(flow: Flow[Any], normal: Flow[Any]) -> Flow[Any]:
    """A profile without what it has from ordinary days."""
    steps = {name: step for name, step in flow.steps.items() if normal.steps.get(name) != step}
    human = None if flow.human == normal.human else flow.human
    return replace(flow, steps=steps, human=human, facilities=normal.facilities)


def _flows(before: Flow[Any], after: Flow[Any]) -> Iterator[str]:
    if before.start != after.start:
        yield f"calls now begin at {after.start} (before: {before.start})"
    for one in fields(before):
        old, new = getattr(before, one.name), getattr(after, one.name)
        if one.name == "facilities":
            yield from _parts(old, new)
        elif one.name not in ("name", "start", "steps") and old != new:
            yield from _Subject("the hotline", before, after).value(_words(one.name), Kind(), old, new)
    for name in dict.fromkeys((*before.steps, *after.steps)):
        yield from _step(name, before, after)


def _step(name: Any, before: Flow[Any], after: Flow[Any]) -> Iterator[str]:
    old, new = before.steps.get(name), after.steps.get(name)
    if old is None or new is None:
        if "." not in name:  # what has no name of its own is told of with the step it belongs to
            yield f"step {name} is {'gone' if new is None else 'new'}"
        return
    subject = _Subject(_called(name, after), before, after)
    if type(old) is not type(new):
        yield f"{subject.name} is now `{new.WORD}` (before: `{old.WORD}`)"
    else:
        yield from subject.group(old, new, word=new.WORD)


def _called(name: str, flow: Flow[Any]) -> str:
    """A step as people call it: `main.2` is key 2 of main."""
    owner, dot, last = name.rpartition(".")
    if not dot:
        return name
    place = f"key {last}" if _KEYS.fullmatch(last) else f"`{last}`"
    return f"{place} of {_called(owner, flow)}"


@dataclass(frozen=True)
class _Subject:
    """Whose settings are compared; in which flows, if its settings lead on to steps."""

    name: str
    before: Flow[Any] | None = None
    after: Flow[Any] | None = None

    def group(self, old: Any, new: Any, label: str = "", word: str = "") -> Iterator[str]:
        """The settings of a group."""
        if old is None or new is None or type(old) is not type(new):
            yield f"{self.name}: {label or 'it'} is {'gone' if new is None else 'new'}"
            return
        for one in _settings(type(new)):
            before, after = getattr(old, one.name), getattr(new, one.name)
            if before != after and not one.is_own_key:
                key = _SPEECH if one.key == word and isinstance(after, Text) else one.key
                plain = one.key in (word, THEN) and not isinstance(after, Text)
                yield from self.value(label if plain else f"{label} {key}".strip(), one.kind, before, after)

    def value(self, label: str, kind: Kind, old: Any, new: Any) -> Iterator[str]:
        """One setting. Its label is empty if it says where the subject leads."""
        if isinstance(old, Text) or isinstance(new, Text):
            yield from self._text(label, old, new)
        elif isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from self._table(label, kind, old, new)
        elif is_dataclass(old) or is_dataclass(new):
            yield from self.group(old, new, label)
        elif isinstance(old, tuple | frozenset) and isinstance(new, tuple | frozenset):
            yield from self._list(
                label, kind, *(tuple(sorted(one) if isinstance(one, frozenset) else one) for one in (old, new))
            )
        elif isinstance(kind, Onward) or (isinstance(kind, Reference) and not label):
            place = f"{_quoted(label)} of {self.name}" if label else self.name
            yield f"{place} now goes to {_target(new, self.after)} (before: {_target(old, self.before)})"
        else:
            place = f"{_quoted(label)} of {self.name}" if label else self.name
            yield f"{place} is now {_typed(kind, new)} (before: {_typed(kind, old)})"

    def _text(self, label: str, old: Text | None, new: Text | None) -> Iterator[str]:
        before, after = old.words if old else {}, new.words if new else {}
        what = f"{label if label == _SPEECH else f'the {label}'} of {self.name}"
        for language in dict.fromkeys((*before, *after)):
            if language not in before:
                yield f"{what} in {language} is new: {after[language]}"
            elif language not in after:
                yield f"{what} in {language} is gone: {before[language]}"
            elif before[language] != after[language]:
                yield f"{what} in {language} changed: {before[language]} → {after[language]}"
            elif old and new and old.recordings.get(language) != new.recordings.get(language):
                yield f"the recording of {what.removeprefix('the ')} in {language} is another one"

    def _table(self, label: str, kind: Kind, old: Mapping[Any, Any], new: Mapping[Any, Any]) -> Iterator[str]:
        by_key = isinstance(kind, MappingOf) and isinstance(kind.key, PhoneKey | PhoneKeys)
        item = kind.item if isinstance(kind, MappingOf) else Kind()
        for key in dict.fromkeys((*old, *new)):
            name = f"key {key}" if by_key else f"{label} {key}".strip()
            if key not in old:
                yield f"{_of(name, self.name)} is new{_leads(item, new[key], self.after, 'it goes')}"
            elif key not in new:
                yield f"{_of(name, self.name)} is gone{_leads(item, old[key], self.before, 'it went')}"
            elif old[key] != new[key]:
                keyed = _Subject(_of(name, self.name), self.before, self.after)
                within = "" if isinstance(item, Onward | Reference) else "value"
                yield from keyed.value(within, item, old[key], new[key])

    def _list(self, label: str, kind: Kind, old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[str]:
        item = kind.item if isinstance(kind, ListOf) else Kind()
        if any(is_dataclass(one) for one in (*old, *new)):
            yield from self._groups(label, old, new)
            return
        name = label.removesuffix("s") or "entry"
        for many, verb in (
            ([one for one in new if one not in old], "added"),
            ([one for one in old if one not in new], "removed"),
        ):
            if many:
                what = name if len(many) == 1 else label
                yield f"{self.name}: {what} {', '.join(_typed(item, one) for one in many)} {verb}"
        if set(old) == set(new):
            listed: Callable[[tuple[Any, ...]], str] = lambda many: ", ".join(_typed(item, one) for one in many)  # noqa: E731
            yield f"{self.name}: the order of {label} is now {listed(new)} (before: {listed(old)})"

    def _groups(self, label: str, old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[str]:
        for number, (before, after) in enumerate(zip(old, new, strict=False), start=1):
            if before != after:
                yield from self.group(before, after, f"{label} {number}")
        for number in range(len(old) + 1, len(new) + 1):
            yield f"{_of(f'{label} {number}', self.name)} is new"
        for number in range(len(new) + 1, len(old) + 1):
            yield f"{_of(f'{label} {number}', self.name)} is gone"


def _settings(group: type[Any]) -> Iterable[Field]:
    """The settings of a group; of one that nobody writes in a file, its fields as they are called."""
    try:
        return Group(group).fields.values()
    except TypeError:
        return [Field(one.name, _words(one.name), Kind(), None, True, "", False) for one in fields(group)]


def _target(name: Any, flow: Flow[Any] | None) -> str:
    """Where a setting leads; a step without a name of its own is told by where that leads."""
    step = flow.steps.get(name) if flow and "." in str(name) else None
    if step is None:
        return "nowhere" if name is None else str(name)
    exits = told_by(step, "", step.WORD).exits
    return _target(exits[0].to, flow) if len(exits) == 1 and step.WORD != "say" else f"a `{step.WORD}` of its own"


def _leads(kind: Kind, value: Any, flow: Flow[Any] | None, verb: str) -> str:
    return f": {verb} to {_target(value, flow)}" if isinstance(kind, Onward | Reference) else ""


def _typed(kind: Kind, value: Any) -> str:
    return "not set" if value in (None, "", ()) else typed(kind, value)


def _quoted(label: str) -> str:
    return f"`{label}`"


def _of(name: str, subject: str) -> str:
    return f"{name} of {subject}"


def _words(name: str) -> str:
    return name.replace("_", " ")
