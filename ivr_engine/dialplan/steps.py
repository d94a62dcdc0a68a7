"""This file decides how steps are written, named and pointed to. It does not know what any word does.

Wherever a step's name may stand, a step may stand itself: `1: {enqueue: urgent}`. It becomes a step of its own, named
after its place (`main.1`), so that everything that runs, draws or counts steps sees only named ones.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import MISSING, dataclass, replace
from typing import Annotated, Any, ClassVar

from ivr_engine.dialplan.diagnostics import Findings, guess, quote
from ivr_engine.dialplan.fields import Group
from ivr_engine.dialplan.reader import Draft, Kind, Reader, Use
from ivr_engine.dialplan.scalars import LANGUAGE_TAG, Name
from ivr_engine.dialplan.schema import WORDS, Schema, Terms
from ivr_engine.dialplan.source import Entry, Mark, Table, UnreadableError, Value
from ivr_engine.model.ids import (
    DestinationName,
    LookupName,
    PoolName,
    QueueName,
    SeatId,
    ShiftName,
    StepName,
)

OTHERWISE = StepName("otherwise")  # the step for everyone whose step does not say where he goes
RETURN = StepName("return")  # no step: back to where the flow was called from


@dataclass(frozen=True)
class Reference(Kind):
    """The name of something declared elsewhere."""

    of: str
    such_as: str
    is_later: bool = False  # people who hear, or call, when he is gone
    expected: ClassVar[str] = "a name"

    def sample(self) -> str:
        """A name it could be."""
        return self.such_as

    def read(self, value: Value, reader: Reader) -> str:
        """The name. Whether it exists is asked when everything is read."""
        name = self.scalar(value, reader)
        reader.uses.append(
            Use(self.of, name, value.mark, reader.where, reader.step, path=reader.path, is_later=self.is_later)
        )
        return name

    def schema(self, terms: Terms) -> Schema:
        """A name; which there are, a schema cannot know."""
        del terms
        return {**WORDS, "description": f"the name of {'an' if self.of == 'agent' else 'a'} {self.of}"}


@dataclass(frozen=True)
class Onward(Kind):
    """Where a caller goes next.

    `by_caller`: only when he presses a key or has waited for long, so it may lead back. `comes_back`: where a called
    flow returns to. `after_talk`: when he has talked to a person.
    """

    by_caller: bool = False
    comes_back: bool = False
    after_talk: bool = False
    expected: ClassVar[str] = "a step"
    example: ClassVar[str] = "{enqueue: general}"

    def read(self, value: Value, reader: Reader) -> StepName:
        """The step's name."""
        name = StepName(".".join(reader.trail)) if isinstance(value, Table) else self._name(value, reader)
        reader.uses.append(self._use(name, value.mark, reader))
        if isinstance(value, Table):
            _draft(name, value, reader)
        return name

    def schema(self, terms: Terms) -> Schema:
        """A step's name, or a step."""
        return {"anyOf": [{**WORDS, "description": "the name of a step"}, _step_schema(terms)]}

    def _name(self, value: Value, reader: Reader) -> StepName:
        return StepName(self.scalar(value, reader))

    def left_out(self, default: Any, mark: Mark, reader: Reader) -> Any:
        """A default step is used like a written one."""
        if default is not MISSING and default is not None:
            reader.uses.append(self._use(default, mark, reader, left_out=True))
        return default

    def _use(self, name: str, mark: Mark, reader: Reader, *, left_out: bool = False) -> Use:
        how = (self.by_caller, left_out, self.comes_back, reader.path)
        return Use("step", name, mark, reader.where, reader.step, *how, after_talk=self.after_talk)


@dataclass(frozen=True)
class Steps(Kind):
    """The steps of a flow."""

    expected: ClassVar[str] = "a table of steps"
    example: ClassVar[str] = "{…}"

    def read(self, value: Value, reader: Reader) -> Mapping[StepName, Any]:
        """All steps written here; those that cannot be read have been reported."""
        if not isinstance(value, Table):
            raise self.wrong(value, reader, "write for instance `hello: {say: 您好。, then: main}`")
        names = Name(ascii_only=False)
        complete = True
        for entry in value.entries:
            try:
                self._step(StepName(names.read(entry.key, reader)), entry, reader)
            except UnreadableError:
                complete = False
        if not complete:
            raise UnreadableError
        return {name: draft.node for name, draft in reader.drafts.items()}

    def _step(self, name: StepName, entry: Entry, reader: Reader) -> None:
        if name == RETURN:
            message = f"{quote(name)} cannot be a step: it leads back to where a flow was called from"
            raise reader.refuse(entry.key.mark, "E207", message, "give the step another name")
        if name in reader.drafts:
            first = reader.drafts[name].mark
            message = f"step {quote(name)} is already in {first.source.name}:{first.line}"
            raise reader.refuse(entry.key.mark, "E309", message, "keep one of the two")
        _draft(name, entry.value, reader)

    def schema(self, terms: Terms) -> Schema:
        """Steps by name."""
        names = Name(ascii_only=False).schema(terms)
        return {"type": "object", "propertyNames": names, "additionalProperties": _step_schema(terms)}


def _step_schema(terms: Terms) -> Schema:
    """A step is the group of exactly one word: none allows the settings of another."""
    return terms.define("step", lambda: {"anyOf": [Group(node).schema(terms) for node in terms.words.values()]})


def _draft(name: StepName, value: Value, reader: Reader) -> None:
    reader.drafts[name] = draft = Draft(name, value.mark)
    with reader.reading(name):
        draft.node = read_step(value, reader)


def read_step(value: Value, reader: Reader) -> Any:
    """A step: the node class of its word, filled."""
    if not isinstance(value, Table):
        message = f"{reader.where} must be a step: a word and its settings"
        raise reader.refuse(value.mark, "E203", message, "write for instance `{enqueue: general}`")
    found = [entry for entry in value.entries if entry.key.text in reader.words]
    if not found:
        raise _no_word(value, reader)
    leading = [entry for entry in found if _knows(reader.words[entry.key.text], found)]
    if len(leading) != 1:
        first, second = found[0].key.text, found[1].key.text
        message = f"{reader.where} has two words, {quote(first)} and {quote(second)}"
        remedy = "make two steps of it; the first names the second after `then:`"
        raise reader.refuse(found[1].key.mark, "E206", message, remedy)
    word = leading[0].key.text
    return Group(reader.words[word]).read(_with_defaults(value, reader.defaults.get(word)), reader)


def _with_defaults(step: Table, defaults: Table | None) -> Table:
    if defaults is None:
        return step
    written = {entry.key.text for entry in step.entries}
    more = tuple(replace(entry, is_default=True) for entry in defaults.entries if entry.key.text not in written)
    return Table(step.mark, step.entries + more)


def _knows(word: type[Any], found: list[Entry]) -> bool:
    """Whether the others are settings of this word: `tag` is a word, and a setting of `enqueue`."""
    return all(entry.key.text in Group(word).fields for entry in found)


def _no_word(table: Table, reader: Reader) -> UnreadableError:
    known = ", ".join(reader.words)
    for entry in table.entries:
        remedy = guess(entry.key.text, reader.words, "")
        if remedy:
            message = f"{quote(entry.key.text)} is not a word"
            return reader.refuse(entry.key.mark, "E205", message, remedy)
    mark = table.entries[0].key.mark if table.entries else table.mark
    return reader.refuse(mark, "E205", f"{reader.where} has no word that says what it does", f"use one of: {known}")


@dataclass(frozen=True)
class Defaults(Kind):
    """Settings by word: what each step of that word says unless it says otherwise."""

    expected: ClassVar[str] = "a table of words"
    example: ClassVar[str] = "{menu: {silence: {after: 4s}}}"

    def read(self, value: Value, reader: Reader) -> Mapping[str, Table]:
        """The settings as written; they are read again within each step. What cannot be read is left out."""
        if not isinstance(value, Table):
            raise self.wrong(value, reader)
        read: dict[str, Table] = {}
        for entry in value.entries:
            word = entry.key.text
            if word not in reader.words:
                remedy = guess(word, reader.words, f"use one of: {', '.join(reader.words)}")
                reader.refuse(entry.key.mark, "E205", f"{quote(word)} is not a word", remedy)
                continue
            with suppress(UnreadableError), reader.inside(word):
                read[word] = self._settings(word, entry.value, reader)
        return read

    def _settings(self, word: str, value: Value, reader: Reader) -> Table:
        if not isinstance(value, Table):
            raise Group(reader.words[word]).wrong(value, reader, f"write for instance `{self.example}`")
        # Read once for what is wrong with it, at the place where it stands; nobody comes to steps found here.
        trial = replace(reader, uses=[], spoken=[], drafts={}, kept={})
        good = [entry for entry in value.entries if Group(reader.words[word]).is_readable(entry, trial)]
        return Table(value.mark, tuple(good))

    def schema(self, terms: Terms) -> Schema:
        """The settings of each word, none of which is a must here."""
        groups = {word: _optional(Group(node).schema(terms), terms, word) for word, node in terms.words.items()}
        return {"type": "object", "properties": groups, "additionalProperties": False}


def defaults_of(table: Value, reader: Reader) -> Mapping[str, Table]:
    """A file's `defaults`, read ahead of everything else, as every step may need them; told of with all the rest."""
    written = table.get("defaults") if isinstance(table, Table) else None
    trial = replace(reader, findings=Findings(), uses=[], spoken=[], drafts={}, kept={})
    try:
        return Defaults().read(written, trial) if written else {}
    except UnreadableError:
        return {}


def _optional(reference: Schema, terms: Terms, word: str) -> Schema:
    del reference  # made so that the word is described
    properties = terms.defined[word].get("properties", {})
    return {"type": "object", "properties": properties, "additionalProperties": False}


@dataclass(frozen=True)
class Kept(Name):
    """The name of a value that is remembered of a caller from here on."""

    ascii_only: bool = False
    example: ClassVar[str] = "order"

    def read(self, value: Value, reader: Reader) -> str:
        """The name."""
        name = super().read(value, reader)
        reader.kept.setdefault(name, value.mark)
        return name


@dataclass(frozen=True)
class SpokenLanguage(Kind):
    """One of the hotline's languages."""

    expected: ClassVar[str] = "a language"
    example: ClassVar[str] = "en"

    def read(self, value: Value, reader: Reader) -> str:
        """The language's tag."""
        language: str = LANGUAGE_TAG.read(value, reader)
        if reader.languages and language not in reader.languages:
            message = f"{quote(language)} is not among the hotline's languages"
            remedy = guess(language, reader.languages, f"`languages` are: {', '.join(reader.languages)}")
            raise reader.refuse(value.mark, "E307", message, remedy)
        return language

    def schema(self, terms: Terms) -> Schema:
        """A language tag; which languages there are, the hotline's own file says."""
        return LANGUAGE_TAG.schema(terms)


Spoken = Annotated[str, SpokenLanguage()]
Target = Annotated[StepName, Onward()]
AfterTalk = Annotated[StepName, Onward(by_caller=True, after_talk=True)]
BackTarget = Annotated[StepName, Onward(comes_back=True)]
ChosenTarget = Annotated[StepName, Onward(by_caller=True)]
QueueRef = Annotated[QueueName, Reference("queue", "general")]
LaterQueueRef = Annotated[QueueName, Reference("queue", "general", is_later=True)]
PoolRef = Annotated[PoolName, Reference("pool", "local")]
AgentRef = Annotated[SeatId, Reference("agent", "1001")]
DestinationRef = Annotated[DestinationName, Reference("destination", "police")]
ShiftRef = Annotated[ShiftName, Reference("shift", "office")]
LookupRef = Annotated[LookupName, Reference("lookup", "customer")]
ValueRef = Annotated[str, Reference("value", "order")]
KeptValue = Annotated[str, Kept()]
DestinationKey = Annotated[DestinationName, Name()]
ShiftKey = Annotated[ShiftName, Name(ascii_only=False)]
LookupKey = Annotated[LookupName, Name()]
QueueKey = Annotated[QueueName, Name()]
PoolKey = Annotated[PoolName, Name()]
AgentId = Annotated[SeatId, Name()]
