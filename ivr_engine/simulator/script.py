"""This file decides how tests of a hotline are written in YAML. It does not know what any of their words does."""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import MISSING, dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Protocol

from ivr_engine.dialplan.diagnostics import Findings, guess, quote
from ivr_engine.dialplan.fields import Group
from ivr_engine.dialplan.files import files_of
from ivr_engine.dialplan.graph import check_names
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.dialplan.load import load
from ivr_engine.dialplan.reader import Kind, Reader
from ivr_engine.dialplan.schema import Schema, Terms
from ivr_engine.dialplan.source import Entry, Mark, Scalar, Sequence, Table, UnreadableError, Value, read_file
from ivr_engine.model.ids import LookupName
from ivr_engine.nodes import NODE_TYPES, Node
from ivr_engine.simulator.acts import ACTS, OFF
from ivr_engine.simulator.conduct import EVERYBODY
from ivr_engine.simulator.expectations import EXPECTATIONS
from ivr_engine.simulator.scene import Scene

TEST_WORDS: Mapping[str, type[Any]] = {one.WORD: one for one in (*ACTS, *EXPECTATIONS)}
FOLDER = "tests"


class Act(Protocol):
    """What one line of a test does, or expects."""

    def perform(self, scene: Scene) -> None:
        """Do it. Raises UnmetError."""
        ...


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a test."""

    mark: Mark
    act: Act


@dataclass(frozen=True)
class Script(Kind):
    """The lines of a test."""

    expected: ClassVar[str] = "a list of lines, each a word"
    example: ClassVar[str] = "[call, {press: 1}, {queue: general}]"

    def read(self, value: Value, reader: Reader) -> tuple[Line, ...]:
        """The lines, in order."""
        if not isinstance(value, Sequence):
            raise self.wrong(value, reader, f"write for instance `{self.example}`")
        if not value.items:
            raise reader.refuse(value.mark, "E209", f"{reader.where} is empty", f"write for instance `{self.example}`")
        lines: list[Line] = []
        for item in value.items:
            with suppress(UnreadableError):  # what is wrong has been reported
                lines.append(line_of(item, reader))
        if len(lines) < len(value.items):
            raise UnreadableError
        return tuple(lines)

    def schema(self, terms: Terms) -> Schema:
        """Lines by their words; a word that needs nothing may stand alone."""
        alone: Schema = {"enum": [word for word, act in TEST_WORDS.items() if not _needs(act)]}
        groups = [Group(act).schema(terms) for act in TEST_WORDS.values() if Group(act).fields]
        return {"type": "array", "items": {"anyOf": [alone, *groups]}, "minItems": 1}


@dataclass(frozen=True, kw_only=True)
class ScriptFile:
    """`tests/*.yaml`: what callers of one hotline do, and what must come of it. Each test is a call of its own."""

    hotline: str  # its folder, seen from this file
    tests: Mapping[str, Annotated[tuple[Line, ...], Script()]]


@dataclass(frozen=True, slots=True)
class Scripts:
    """A file of tests that can be played."""

    path: Path
    where: Path  # the hotline's folder
    hotline: Hotline[Node]
    scripts: Mapping[str, tuple[Line, ...]]


def test_files(paths: Iterable[Path]) -> list[Path]:
    """The files of tests in `paths`: named, in a folder `tests`, or in one beside or in a hotline."""
    found: dict[Path, None] = {}
    for path in paths:
        for one in [path] if path.is_file() else _in_folder(path):
            found.setdefault(one)
    return list(found)


def _in_folder(folder: Path) -> list[Path]:
    folders = [folder] if folder.resolve().name == FOLDER else [folder / FOLDER, *sorted(folder.glob(f"*/{FOLDER}"))]
    return [file for one in folders for file in sorted(one.glob("*.yaml"))]


def is_about(path: Path, hotline: Path, profile: str) -> bool:
    """Whether a file of tests is one of the hotline at a path, and names a crisis profile of it."""
    with suppress(UnreadableError):
        tree, raw = read_file(path, Findings())
        named = tree.get("hotline") if isinstance(tree, Table) else None
        if isinstance(named, Scalar) and profile.encode() in raw:
            return files_of(path.parent / named.text).hotline.resolve() == files_of(hotline).hotline.resolve()
    return False


def read_tests(path: Path, findings: Findings, known: dict[Path, Hotline[Node]]) -> Scripts | None:
    """The tests of a file; None after findings that forbid it. A hotline in `known` is not loaded again.

    Raises DialplanError when the hotline itself is wrong.
    """
    reader = Reader(findings)
    try:
        tree, _ = read_file(path, findings)
        file: ScriptFile = Group(ScriptFile).read(tree, reader)
        where = hotline_at(path, file.hotline, tree, reader)
    except UnreadableError:
        return None
    if where not in known:
        known[where] = load(where, NODE_TYPES)
    check_test_names(reader, known[where])
    return None if findings.errors else Scripts(path, where, known[where], file.tests)


def hotline_at(path: Path, named: str, tree: Value, reader: Reader) -> Path:
    """The folder a file at `path` calls its hotline. Reports that there is none, and raises UnreadableError."""
    where = Path(os.path.normpath(path.parent / named))
    if not files_of(where).hotline.is_file():
        place = tree.get("hotline") if isinstance(tree, Table) else None
        message = f"there is no hotline in {quote(named)}"
        raise reader.refuse((place or tree).mark, "E113", message, "write its folder, seen from this file")
    return where


def check_test_names(reader: Reader, hotline: Hotline[Node]) -> None:
    """Tell of every name that is none of the hotline's, and of answers that hold what their lookup does not keep."""
    check_names(reader, names_of(hotline))
    for use in reader.uses:
        plan = hotline.lookups.get(LookupName(use.path[-2])) if use.of == "value" else None
        if plan is not None and use.name not in plan.keep:
            keeps = ", ".join(plan.keep)
            remedy = guess(use.name, plan.keep, f"it keeps: {keeps}" if keeps else "write `found` alone")
            reader.refuse(use.mark, "E314", f"the lookup {quote(plan.name)} keeps no {quote(use.name)}", remedy)


def names_of(hotline: Hotline[Node]) -> Mapping[str, Iterable[str]]:
    """Everything in a hotline that a test can name, by what it is."""
    flows = (hotline.normal, *hotline.crises.values())
    agents = [agent for pool in hotline.pools.values() for agent in pool.agents]
    return {
        "queue": hotline.queues,
        "step": {step for flow in flows for step in flow.steps},
        "seat": {*agents, *hotline.pools, *hotline.normal.facilities.destinations, EVERYBODY},
        "lookup": hotline.lookups,
        "profile": {*hotline.crises, OFF},
    }


def line_of(item: Value, reader: Reader) -> Line:
    """One line. Reports what is wrong and raises UnreadableError."""
    if isinstance(item, Scalar):
        return Line(item.mark, _alone(item, reader))
    if isinstance(item, Table) and item.entries:
        entry = _leading(item, reader)
        return Line(entry.key.mark, _with_settings(entry, item, reader))
    message = f"{reader.where} holds a line without a word"
    raise reader.refuse(item.mark, "E205", message, "write for instance `- press: 1`")


def _alone(item: Scalar, reader: Reader) -> Act:
    """A word that stands for itself: `hangs up`."""
    word = TEST_WORDS.get(item.text)
    if word is None:
        raise _unknown(item, reader)
    if _needs(word):
        sample = Group(word).fields[word.WORD].kind.sample()
        message = f"{quote(item.text)} says not what"
        raise reader.refuse(item.mark, "E202", message, f"write for instance `- {item.text}: {sample}`")
    return _act(word, Table(item.mark), reader)


def _with_settings(entry: Entry, table: Table, reader: Reader) -> Act:
    word = TEST_WORDS[entry.key.text]
    if not Group(word).fields:
        message = f"{quote(entry.key.text)} takes nothing"
        raise reader.refuse(entry.value.mark, "E203", message, f"write `- {entry.key.text}` alone")
    return _act(word, table, reader)


def _act(word: type[Any], table: Table, reader: Reader) -> Act:
    act: Act = Group(word).read(table, reader)
    return act


def _leading(table: Table, reader: Reader) -> Entry:
    found = [entry for entry in table.entries if entry.key.text in TEST_WORDS]
    if not found:
        raise _unknown(table.entries[0].key, reader)
    leading = [entry for entry in found if all(other.key.text in _settings(entry) for other in found)]
    if len(leading) != 1:
        first, second = found[0].key.text, found[1].key.text
        message = f"two words in one line, {quote(first)} and {quote(second)}"
        raise reader.refuse(found[1].key.mark, "E206", message, "begin a new line, with `-`")
    return leading[0]


def _settings(entry: Entry) -> Iterable[str]:
    return {entry.key.text, *Group(TEST_WORDS[entry.key.text]).fields}


def _needs(word: type[Any]) -> bool:
    return any(one.default is MISSING for one in Group(word).fields.values())


def _unknown(word: Scalar, reader: Reader) -> UnreadableError:
    remedy = guess(word.text, TEST_WORDS, f"use one of: {', '.join(TEST_WORDS)}")
    return reader.refuse(word.mark, "E205", f"{quote(word.text)} is not a word of tests", remedy)
