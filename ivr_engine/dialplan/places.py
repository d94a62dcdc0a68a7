"""This file decides how a place callers may be from is written. It does not know who calls from where."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from ivr_engine import regions
from ivr_engine.dialplan.diagnostics import guess, quote
from ivr_engine.dialplan.reader import Kind, Reader
from ivr_engine.dialplan.schema import Schema, Terms
from ivr_engine.dialplan.source import Value


@dataclass(frozen=True)
class Somewhere(Kind):
    """A province, a city or a country."""

    expected: ClassVar[str] = "a province, a city or a country"
    example: ClassVar[str] = "广东"

    def read(self, value: Value, reader: Reader) -> str:
        """The place, as it was written."""
        text = self.scalar(value, reader).strip()
        if not regions.is_known(text):
            remedy = guess(text, regions.known_names(), _alike(text) or "write it as in 广东, 深圳 or 香港")
            raise reader.refuse(value.mark, "E204", f"no number is known to belong to {quote(text)}", remedy)
        return text

    def schema(self, terms: Terms) -> Schema:
        """A word: there are hundreds of places."""
        del terms
        return {"type": "string", "examples": [self.example]}


Region = Annotated[str, Somewhere()]


def _alike(text: str) -> str:
    """Places one character away: with two characters in all, a general guess finds none."""
    near = [
        name
        for name in regions.known_names()
        if len(name) == len(text) and sum(one != other for one, other in zip(name, text, strict=True)) == 1
    ]
    return f"did you mean one of {', '.join(near[:4])}?" if near and len(text) > 1 else ""
