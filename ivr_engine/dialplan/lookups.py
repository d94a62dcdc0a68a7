"""This file decides how a question to another system is written. It does not know where that system is, nor asks it.

Addresses and keys of systems stand in the engine's settings: one dialplan serves a test and a live system, and who
edits menus sees no key and sends callers' numbers nowhere else.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from ivr_engine.dialplan.diagnostics import quote
from ivr_engine.dialplan.fields import OwnKey
from ivr_engine.dialplan.reader import Kind, Reader, Use
from ivr_engine.dialplan.scalars import Duration, Label, Pattern
from ivr_engine.dialplan.schema import Schema, Terms
from ivr_engine.dialplan.source import Mark, Value
from ivr_engine.dialplan.steps import KeptValue, LookupKey, ValueRef

LONGEST_SECONDS = 10.0  # a caller waits for it in silence
VALUE_IN_PATH = re.compile(r"<([^\W_][\w-]{0,39})>")
_PLAIN = r"[A-Za-z0-9._~!$&'()*+,;=:@%/?-]"
_PATH = re.compile(rf"/(?!/)(?:{_PLAIN}|{VALUE_IN_PATH.pattern})*")


@dataclass(frozen=True)
class _AskedPath(Kind):
    """The end of an address, with values of the caller in it."""

    expected: ClassVar[str] = "a path such as /customers/<caller>"
    example: ClassVar[str] = "/customers/<caller>"

    def read(self, value: Value, reader: Reader) -> str:
        """The path as it is written. The values it names are noted."""
        path = self.scalar(value, reader)
        if not _PATH.fullmatch(path) or any(part in (".", "..") for part in re.split("[/?]", path)):
            message = f"{reader.where} cannot be {quote(path)}"
            remedy = f"write for instance {quote(self.example)}; the system's address stands in `ivr.yaml`"
            raise reader.refuse(value.mark, "E204", message, remedy)
        for found in VALUE_IN_PATH.finditer(path):
            column = value.mark.column + value.mark.source.lines[value.mark.line - 1][value.mark.column - 1 :].find(
                found[0]
            )
            mark = Mark(value.mark.source, value.mark.line, max(column, value.mark.column))
            reader.uses.append(Use("value", found[1], mark, reader.where, reader.step, is_in_address=True))
        return path

    def schema(self, terms: Terms) -> Schema:
        """A word that begins with a slash."""
        del terms
        return {"type": "string", "pattern": "^/", "examples": [self.example]}


AskedPath = Annotated[str, _AskedPath()]
AnswerPath = Annotated[str, Pattern(r"[\w-]+(\.[\w-]+)*", "a place in the answer", "order.0.product")]


@dataclass(frozen=True, slots=True)
class LookupPlan:
    """A question to a `system` of `ivr.yaml`: GET its `path`; with `send` a POST of those values.

    `keep` says under which name what part of the answer is kept. `within` is how long callers wait for it, at most 10
    seconds; for `remember` seconds the same question is not asked again.
    """

    name: Annotated[LookupKey, OwnKey()]
    system: Label
    path: AskedPath
    send: tuple[ValueRef, ...] = ()
    keep: Mapping[KeptValue, AnswerPath] = field(default_factory=dict)
    within: Annotated[float, Duration(longest=LONGEST_SECONDS)] = 2.0
    remember: Annotated[float, Duration(zero=True)] = 60.0
