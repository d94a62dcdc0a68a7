"""This file decides how steps are written, named and pointed to. It does not know what any word does.

Wherever a step's name may stand, a step may stand itself: `1: {enqueue: urgent}`. It becomes a step of its own, named
after its place (`main.1`), so that everything that runs, draws or counts steps sees only named ones.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass
from typing import Annotated, Any, ClassVar

from ivr_engine.dialplan.diagnostics import guess, quote
from ivr_engine.dialplan.fields import Group
from ivr_engine.dialplan.reader import Draft, Kind, Reader, Use
from ivr_engine.dialplan.scalars import Name
from ivr_engine.dialplan.schema import WORDS, Schema, Terms
from ivr_engine.dialplan.source import Entry, Mark, Table, UnreadableError, Value
from ivr_engine.model.ids import PoolName, QueueName, SeatId, StepName

OTHERWISE = StepName("otherwise")  # the step for everyone whose step does not say where he goes


@dataclass(frozen=True)
class Reference(Kind):
    """The name of something declared elsewhere."""

    of: str
    such_as: str
    expected: ClassVar[str] = "a name"

    def sample(self) -> str:
        """A name it could be."""
        return self.such_as

    def read(self, value: Value, reader: Reader) -> str:
        """The name. Whether it exists is asked when everything is read."""
        name = self.scalar(value, reader)
        reader.uses.append(Use(self.of, name, value.mark, reader.where, reader.step))
        return name

    def schema(self, terms: Terms) -> Schema:
        """A name; which there are, a schema cannot know."""
        del terms
        return {**WORDS, "description": f"the name of {'an' if self.of == 'agent' else 'a'} {self.of}"}


@dataclass(frozen=True)
class Onward(Kind):
    """Where a caller goes next. `by_caller`: only when he presses a key, so it may lead back."""

    by_caller: bool = False
    expected: ClassVar[str] = "a step"
    example: ClassVar[str] = "{enqueue: general}"

    def read(self, value: Value, reader: Reader) -> StepName:
        """The step's name."""
        name = StepName(".".join(reader.trail)) if isinstance(value, Table) else self._name(value, reader)
        reader.uses.append(Use("step", name, value.mark, reader.where, reader.step, self.by_caller))
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
            use = Use("step", default, mark, reader.where, reader.step, self.by_caller, left_out=True)
            reader.uses.append(use)
        return default


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
                _draft(StepName(names.read(entry.key, reader)), entry.value, reader)
            except UnreadableError:
                complete = False
        if not complete:
            raise UnreadableError
        return {name: draft.node for name, draft in reader.drafts.items()}

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
    return Group(reader.words[leading[0].key.text]).read(value, reader)


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


Target = Annotated[StepName, Onward()]
ChosenTarget = Annotated[StepName, Onward(by_caller=True)]
QueueRef = Annotated[QueueName, Reference("queue", "general")]
PoolRef = Annotated[PoolName, Reference("pool", "local")]
AgentRef = Annotated[SeatId, Reference("agent", "1001")]
QueueKey = Annotated[QueueName, Name()]
PoolKey = Annotated[PoolName, Name()]
AgentId = Annotated[SeatId, Name()]
