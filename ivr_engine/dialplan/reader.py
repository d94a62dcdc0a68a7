"""This file decides what is remembered while a file's values are read. It does not know any kind of value.

A `Kind` reads one value and can describe itself, so the same declaration serves the loader, its error messages, and
whoever generates an editor's schema or a reference page from it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from ivr_engine.dialplan.diagnostics import Findings, Severity, quote
from ivr_engine.dialplan.schema import Schema, Terms
from ivr_engine.dialplan.source import Mark, Scalar, Sequence, Table, UnreadableError, Value
from ivr_engine.model.ids import StepName
from ivr_engine.model.prompt import Prompt

_SHAPES = {Scalar: "a single value", Sequence: "a list", Table: "a group of settings"}


@dataclass(frozen=True, slots=True)
class Use:
    """A name that stands for something declared elsewhere. `by_caller`: only a key of the caller leads there."""

    of: str  # "step", "queue", "pool", "agent", "destination", "shift", "lookup", "value" or "skill"
    name: str
    mark: Mark
    where: str
    step: StepName | None
    by_caller: bool = False
    left_out: bool = False  # nobody wrote it: it is the setting's default
    comes_back: bool = False  # not left for: a flow that was called into comes back here
    path: tuple[str, ...] = ()  # the settings under which it stands
    is_said: bool = False  # a value that callers hear
    is_in_address: bool = False  # a value in the address of another system, which logs it
    is_later: bool = False  # people who hear, or call, when he is gone
    after_talk: bool = False  # he has talked to a person before he comes there


@dataclass(slots=True)
class Draft:
    """A step as far as it could be read. `node` is None if it could not."""

    name: StepName
    mark: Mark
    node: Any = None


class Kind:
    """A kind of value. `expected` completes "must be …"; `example` could stand in a file."""

    is_group: ClassVar[bool] = False  # read off a table
    expected: ClassVar[str] = "a value"
    example: ClassVar[str] = "…"

    def read(self, value: Value, reader: "Reader") -> Any:
        """The value in Python. Reports what is wrong and raises UnreadableError."""
        raise NotImplementedError

    def schema(self, terms: Terms) -> Schema:
        """What an editor checks and completes. It may let pass what `read` refuses, but not the other way round."""
        raise NotImplementedError

    def sample(self) -> str:
        """An example that says more than `example` can, where a kind is made of others."""
        return self.example

    def takes(self, text: str) -> bool:
        """Whether just this text is likely to be meant, where nothing was read."""
        del text
        return False

    def left_out(self, default: Any, mark: Mark, reader: "Reader") -> Any:
        """What stands for a value nobody wrote, where its group gives `default`."""
        del mark, reader
        return default

    def wrong(self, value: Value, reader: "Reader", remedy: str = "") -> UnreadableError:
        """Report a value that is not of this kind."""
        what = _SHAPES[type(value)] if not isinstance(value, Scalar) else quote(value.text)
        if isinstance(value, Scalar) and value.value is None:
            what = "nothing"
        message = f"{reader.where} must be {self.expected}, not {what}"
        return reader.refuse(value.mark, "E203", message, remedy or f"write for instance {quote(self.sample())}")

    def scalar(self, value: Value, reader: "Reader") -> str:
        """What the author typed, where a single value is wanted."""
        if not isinstance(value, Scalar) or value.value is None:
            remedy = ""
            if isinstance(value, Table) and not value.mark.source.lines[value.mark.line - 1].isascii():
                remedy = "put the text in quotes if it holds `: ` or `{`"
            raise self.wrong(value, reader, remedy)
        return value.text


@dataclass
class Reader:
    """Reads one flow's files: collects findings, names used, texts, and the steps found inside other steps."""

    findings: Findings
    words: Mapping[str, type[Any]] = field(default_factory=dict)
    languages: tuple[str, ...] = ()  # the first is the default; none while they are not known
    uses: list[Use] = field(default_factory=list)
    spoken: list[tuple[Prompt, Mark]] = field(default_factory=list)
    drafts: dict[StepName, Draft] = field(default_factory=dict)
    secret: dict[str, Mark] = field(default_factory=dict)  # those of them that nobody may hear or read
    kept: dict[str, Mark] = field(default_factory=dict)  # values that some step remembers of a caller
    defaults: Mapping[str, Table] = field(default_factory=dict)  # what a step of a word says unless it says otherwise
    wall: datetime | None = None  # what the hotline's clocks show while it is checked; None when nobody told
    is_quiet: bool = False  # what is read now has been told about already
    path: tuple[str, ...] = ()  # where we are, for people
    trail: tuple[str, ...] = ()  # the same, as steps found inside are named
    step: StepName | None = None  # the step being read

    @contextmanager
    def inside(self, key: str, *, named: bool = True) -> Iterator[None]:
        """Read something of a group or table. Not `named`: a step inside is not called after it."""
        before = self.path, self.trail
        self.path = (*self.path, key)
        self.trail = (*self.trail, key) if named else self.trail
        try:
            yield
        finally:
            self.path, self.trail = before

    @contextmanager
    def reading(self, step: StepName) -> Iterator[None]:
        """Read a step: what is used from here on is used by it."""
        before = self.path, self.trail, self.step
        self.path, self.trail, self.step = (step,), (step,), step
        try:
            yield
        finally:
            self.path, self.trail, self.step = before

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """Read again what has been read before, without warning again."""
        before, self.is_quiet = self.is_quiet, True
        try:
            yield
        finally:
            self.is_quiet = before

    @property
    def where(self) -> str:
        """Where we are, as said in a message."""
        return quote(" › ".join(self.path)) if self.path else "the file"

    def refuse(self, mark: Mark, code: str, message: str, remedy: str) -> UnreadableError:
        """Report an error. The caller raises what this returns, unless he can go on."""
        self.findings.add(mark.diagnostic(code, message, remedy))
        return UnreadableError()

    def warn(self, mark: Mark, code: str, message: str, remedy: str) -> None:
        """Report something that is odd but no error."""
        if not self.is_quiet:
            self.findings.add(mark.diagnostic(code, message, remedy, Severity.WARNING))
