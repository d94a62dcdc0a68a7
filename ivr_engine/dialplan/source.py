"""This file decides which YAML is accepted, and keeps the place of every key and value. It does not know their meaning.

It accepts less than YAML allows: no anchors, aliases, merges, tags or tabs, and only `true`, `false`, `null` and
decimal numbers are not text. So `no`, `on`, `08` and `1e3` are what they look like, and no small file grows large.
"""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import yaml

from ivr_engine.dialplan import colons, full_width, unquoted
from ivr_engine.dialplan.diagnostics import Diagnostic, Findings, Severity, quote
from ivr_engine.dialplan.syntax import Place, explain
from ivr_engine.dialplan.typed import Slip

LARGEST = 1_000_000  # bytes
DEEPEST = 20  # levels

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is 20 times faster; every wheel has it
_BREAK = re.compile(r"\r\n|\r|\n")
_ODD = re.compile(  # controls, zero-width and direction marks: what a person cannot see he cannot correct
    "[^\t\n\r\x20-\x7e\xa0-\u200a\u200c\u200d\u2010-\u2027\u202f-\u205f\u2070-\ud7ff\ue000-\ufefe\uff00-\ufffd"
    "\U00010000-\U0010ffff]"
)
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FRACTION = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}")
_SPECIAL: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


class UnreadableError(Exception):
    """What stands here cannot be read. The reason has been reported; there is nothing more to say."""


@dataclass(frozen=True, slots=True, eq=False)
class SourceFile:
    """A file by the name its author knows, and its lines."""

    name: str
    lines: tuple[str, ...] = ()

    def diagnostic(self, slip: Slip) -> Diagnostic:
        """A slip of the keyboard, at the sign that was typed."""
        excerpt = self.lines[slip.line - 1]
        return Diagnostic(self.name, slip.line, slip.column, slip.code, slip.message, slip.remedy, excerpt=excerpt)


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A place in a file, counted from 1."""

    source: SourceFile
    line: int
    column: int

    def diagnostic(self, code: str, message: str, remedy: str, severity: Severity = Severity.ERROR) -> Diagnostic:
        """A mistake at this place, or the slip of the keyboard that made it."""
        lines = self.source.lines
        excerpt = lines[self.line - 1] if 0 < self.line <= len(lines) else ""
        if excerpt[self.column - 1 : self.column] not in ("", '"', "'", "<"):  # words: signs in them are meant
            at = self.line, self.column, code
            slip = unquoted.comma_at(lines, *at) or full_width.sign_at(lines, *at, message)
            if slip := slip or colons.colon_at(lines, *at):
                return self.source.diagnostic(slip)
        return Diagnostic(self.source.name, self.line, self.column, code, message, remedy, severity, excerpt)


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A word, a number, a sentence. `text` is what its author typed."""

    mark: Mark
    text: str
    plain: bool = True  # written without quotes

    @property
    def value(self) -> str | int | float | bool | None:
        """What it stands for."""
        if not self.plain:
            return self.text
        if self.text in _SPECIAL:
            return _SPECIAL[self.text]
        if _WHOLE.fullmatch(self.text):
            return int(self.text)
        if _FRACTION.fullmatch(self.text):
            return float(self.text)
        return self.text


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    """A list."""

    mark: Mark
    items: tuple["Value", ...]


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A key and its value."""

    key: Scalar
    value: "Value"
    is_default: bool = False  # taken over from the file's `defaults`


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Keys and their values, in the order written."""

    mark: Mark
    entries: tuple[Entry, ...] = ()

    def get(self, key: str) -> "Value | None":
        """The value of a key, if it is there."""
        return next((entry.value for entry in self.entries if entry.key.text == key), None)


Value: TypeAlias = Scalar | Sequence | Table


def read_file(path: Path, findings: Findings) -> tuple[Value, bytes]:
    """The tree of a file and its bytes. Raises UnreadableError after reporting why."""
    readable = os.fsencode(path).decode("utf-8", "backslashreplace")
    if readable != str(path):  # no report, version or page could hold it
        findings.add(Diagnostic(readable, 0, 0, "E113", "cannot be read: its name is not UTF-8", "rename it"))
        raise UnreadableError
    try:
        raw = raw_of(path)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        findings.add(Diagnostic(str(path), 0, 0, "E113", f"cannot be read: {why}", "check the path and its rights"))
        raise UnreadableError from error
    return read_yaml(str(path), raw, findings), raw


def raw_of(path: Path) -> bytes:
    """The bytes of a file, or one more than the most it may have. Raises OSError, also for what is no file."""
    # A pipe nobody writes to would be waited for without end.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError("it is no file")
        return file.read(LARGEST + 1)


def read_yaml(name: str, raw: bytes, findings: Findings) -> Value:
    """The tree of a file's bytes. Raises UnreadableError after reporting why."""
    if len(raw) > LARGEST:
        findings.add(Diagnostic(name, 0, 0, "E108", "is larger than 1 MB", "split it, or look what went into it"))
        raise UnreadableError
    text = _decode(name, raw, findings)
    source = SourceFile(name, tuple(_BREAK.split(text)))
    _refuse_odd_characters(source, findings)
    return _Builder(source, findings).build(text)


def _decode(name: str, raw: bytes, findings: Findings) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        message, remedy = "this byte is not UTF-8", "save the file as UTF-8"
        excerpt = raw.split(b"\n")[line - 1].decode("utf-8", "replace")
        # Everything before the bad byte is good, so the column can be told in characters, as an editor does.
        column = len(raw[error.start - column + 1 : error.start].decode("utf-8")) + 1
        findings.add(Diagnostic(name, line, column, "E106", message, remedy, excerpt=excerpt))
        raise UnreadableError from error


def _refuse_odd_characters(source: SourceFile, findings: Findings) -> None:
    for number, line in enumerate(source.lines, start=1):
        if "\t" in line:
            mark = Mark(source, number, line.index("\t") + 1)
            findings.add(mark.diagnostic("E102", "a tab: its width is anybody's guess", "replace tabs by spaces"))
            raise UnreadableError
        if odd := _ODD.search(line):
            mark = Mark(source, number, odd.start() + 1)
            what = f"an invisible character (U+{ord(odd.group()):04X})"
            findings.add(mark.diagnostic("E107", what, "delete it and type the line again"))
            raise UnreadableError


class _Builder:
    """Makes a tree of YAML events. A nesting bomb ends at the depth limit, as events come one by one."""

    def __init__(self, source: SourceFile, findings: Findings) -> None:
        self.source = source
        self.findings = findings
        self.events: Iterator[yaml.Event] = iter(())

    def build(self, text: str) -> Value:
        self.events = iter(yaml.parse(text, Loader=_LOADER))
        try:
            return self._document()
        except yaml.MarkedYAMLError as error:
            raise self._not_yaml(error) from error
        except yaml.YAMLError as error:
            raise self._refuse(None, "E101", "this is not YAML", "check the file's beginning") from error

    def _not_yaml(self, error: yaml.MarkedYAMLError) -> UnreadableError:
        stumbled, said = error.problem_mark, error.problem or ""
        assert stumbled is not None, "a parser knows where it stands"
        lines, last = self.source.lines, stumbled.line + 1
        first = (error.context_mark or stumbled).line + 1
        slip = full_width.sign_between(lines, first, last) or colons.colon_between(lines, last, said)
        slip = slip or unquoted.sign_between(lines, first, last, stumbled.column + 1, said)
        if slip is None:
            place, message, remedy = explain(error)
            return self._refuse(place, "E101", message, remedy)
        self.findings.add(self.source.diagnostic(slip))
        return UnreadableError()

    def _document(self) -> Value:
        tree: Value | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent) and tree is not None:
                raise self._refuse(
                    event.start_mark, "E110", "a second document begins here", "keep one document a file, without `---`"
                )
            if isinstance(event, yaml.NodeEvent):
                tree = self._value(event, 0)
        if tree is None or (isinstance(tree, Scalar) and tree.value is None):
            raise self._refuse(None, "E111", "nothing is in this file", "write something, or delete the file")
        return tree

    def _value(self, event: yaml.Event, depth: int) -> Value:
        self._refuse_fancy(event, depth)
        mark = self._mark(event.start_mark)
        if isinstance(event, yaml.MappingStartEvent):
            return Table(mark, tuple(self._entries(depth)))
        if isinstance(event, yaml.SequenceStartEvent):
            return Sequence(mark, tuple(self._items(depth)))
        assert isinstance(event, yaml.ScalarEvent)
        return Scalar(mark, event.value, plain=event.style in (None, ""))

    def _refuse_fancy(self, event: yaml.Event, depth: int) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            remedy = "write it out, or make it a step of its own and name that"
            raise self._refuse(event.start_mark, "E104", "`&` and `*` (anchors, aliases) are not used here", remedy)
        if getattr(event, "tag", None):
            raise self._refuse(event.start_mark, "E105", "`!` (a tag) is not used here", "put the text in quotes")
        if depth > DEEPEST:
            remedy = "give inner steps a name of their own under `steps:`"
            raise self._refuse(event.start_mark, "E109", f"nested deeper than {DEEPEST} levels", remedy)

    def _items(self, depth: int) -> Iterator[Value]:
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                return
            yield self._value(event, depth + 1)

    def _entries(self, depth: int) -> Iterator[Entry]:
        seen: dict[str, Scalar] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                return
            key = self._key(event, depth)
            value = self._value(next(self.events), depth + 1)
            if first := seen.get(key.text):
                message = f"{quote(key.text)} is already in line {first.mark.line}"
                self.findings.add(key.mark.diagnostic("E103", message, "keep one of the two"))
                continue
            seen[key.text] = key
            yield Entry(key, value)

    def _key(self, event: yaml.Event, depth: int) -> Scalar:
        key = self._value(event, depth + 1)
        if not isinstance(key, Scalar):
            remedy = "put it in quotes if it is a text"
            raise self._refuse(event.start_mark, "E112", "a key must be a plain word", remedy)
        if key.plain and key.text == "<<":
            remedy = "write the settings out"
            raise self._refuse(event.start_mark, "E104", "`<<` (a merge) is not used here", remedy)
        return key

    def _within(self, mark: Mark) -> Mark:
        """The place, or the end of the last line with anything in it, where the parser stands behind that."""
        last = next((number for number, line in enumerate(self.source.lines[::-1]) if line.strip()), 0)
        number = len(self.source.lines) - last
        return mark if mark.line <= number else Mark(self.source, number, len(self.source.lines[number - 1]) + 1)

    def _mark(self, mark: Place | None) -> Mark:
        assert mark is not None, "an event always has its place"
        return Mark(self.source, mark.line + 1, mark.column + 1)

    def _refuse(self, mark: Place | None, code: str, message: str, remedy: str) -> UnreadableError:
        place = self._within(self._mark(mark)) if mark else Mark(self.source, 0, 0)
        self.findings.add(place.diagnostic(code, message, remedy))
        return UnreadableError()
