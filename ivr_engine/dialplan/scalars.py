"""This file decides how single values read: names, numbers, times, keys. It does not know which setting holds one."""

import re
import unicodedata
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from ivr_engine.dialplan.diagnostics import guess, quote
from ivr_engine.dialplan.reader import Kind, Reader
from ivr_engine.dialplan.schema import WORDS, Schema, Terms
from ivr_engine.dialplan.source import Scalar, Value

_ASCII_NAME = r"[A-Za-z0-9]([A-Za-z0-9_-]{0,38}[A-Za-z0-9])?"


@dataclass(frozen=True)
class Phrase(Kind):
    """Any words."""

    expected: ClassVar[str] = "a text"
    example: ClassVar[str] = "some words"

    def read(self, value: Value, reader: Reader) -> str:
        """The words, without blanks around."""
        text = self.scalar(value, reader).strip()
        if not text:
            raise self.wrong(value, reader)
        return text

    def schema(self, terms: Terms) -> Schema:
        """Anything but nothing."""
        del terms
        return WORDS


@dataclass(frozen=True)
class Name(Kind):
    """A name somebody gives to something. `ascii_only` for names that leave the engine: phones, topics, metrics."""

    ascii_only: bool = True
    expected: ClassVar[str] = "a name"
    example: ClassVar[str] = "sales"

    def read(self, value: Value, reader: Reader) -> str:
        """The name."""
        text = self.scalar(value, reader)
        pattern = _ASCII_NAME if self.ascii_only else r"[^\W_][\w-]{0,39}"
        if re.fullmatch(pattern, text):
            return text
        letters = "the letters a-z, digits" if self.ascii_only else "letters, digits"
        plain = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFKC", text)).strip("-")
        fits = plain and re.fullmatch(pattern, plain)
        remedy = f"use {letters}, - and _" + (f": {quote(plain)}" if fits else ", at most 40 of them")
        raise reader.refuse(value.mark, "E207", f"{quote(text)} cannot be a name", remedy)

    def schema(self, terms: Terms) -> Schema:
        """Letters and digits; an editor's patterns know no Chinese letters, so those names only lack ASCII signs."""
        del terms
        pattern = _ASCII_NAME if self.ascii_only else r"[^\x00-/:-@\[-`{-\x7f][^\x00-,./:-@\[-^`{-\x7f]{0,39}"
        return {"type": ["string", "integer"], "pattern": f"^(?:{pattern})$", "minimum": 0}


@dataclass(frozen=True)
class Pattern(Kind):
    """Words of a fixed shape."""

    shape: str
    what: str
    such_as: str
    may_hold_secret: bool = False  # then what is wrong is not repeated

    def sample(self) -> str:
        """One that has the shape."""
        return self.such_as

    def takes(self, text: str) -> bool:
        """Whether it has the shape."""
        return re.fullmatch(self.shape, text) is not None

    def read(self, value: Value, reader: Reader) -> str:
        """The words, if they have the shape."""
        text = self.scalar(value, reader)
        if not re.fullmatch(self.shape, text):
            message = f"{reader.where} must be {self.what}"
            message += "" if self.may_hold_secret else f", not {quote(text)}"
            raise reader.refuse(value.mark, "E204", message, f"write for instance {quote(self.such_as)}")
        return text

    def schema(self, terms: Terms) -> Schema:
        """The shape; bare digits are a number to an editor."""
        del terms
        types = ["string", "integer"] if re.fullmatch(self.shape, "10") else ["string"]
        return {"type": types, "pattern": f"^(?:{self.shape})$", "examples": [self.such_as]}


@dataclass(frozen=True)
class Zone(Kind):
    """A time zone of the IANA list."""

    expected: ClassVar[str] = "a time zone"
    example: ClassVar[str] = "Asia/Shanghai"

    def read(self, value: Value, reader: Reader) -> str:
        """The zone's name."""
        text = self.scalar(value, reader)
        zones = zoneinfo.available_timezones()
        if not zones:
            message = "this machine knows no time zones, so nobody could tell when a hotline is open"
            raise reader.refuse(value.mark, "E204", message, "install the package `tzdata`")
        if text not in zones:
            remedy = guess(text, sorted(z for z in zones if z[:1] == text[:1]), "write for instance `Asia/Shanghai`")
            raise reader.refuse(value.mark, "E204", f"there is no time zone {quote(text)}", remedy)
        return text

    def schema(self, terms: Terms) -> Schema:
        """A word: the list of zones is the machine's, and the schema is the same everywhere."""
        del terms
        return {"type": "string", "examples": [self.example]}


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number within bounds."""

    least: int = 0
    most: int = 1_000_000
    expected: ClassVar[str] = "a whole number"
    example: ClassVar[str] = "2"

    def read(self, value: Value, reader: Reader) -> int:
        """The number."""
        text = self.scalar(value, reader)
        if not re.fullmatch(r"[-+]?[0-9]{1,18}", text, re.ASCII):
            bare = re.fullmatch(r"([0-9]{1,18}) ?[%％]", text, re.ASCII)
            raise self.wrong(value, reader, f"write it without `%`: {quote(bare[1])}" if bare else "")
        if not self.least <= int(text) <= self.most:
            message = f"{reader.where} must be between {self.least} and {self.most}, not {quote(text)}"
            nearest = min(max(int(text), self.least), self.most)
            raise reader.refuse(value.mark, "E204", message, f"write for instance {quote(str(nearest))}")
        return int(text)

    def schema(self, terms: Terms) -> Schema:
        """The bounds; a number in quotes is one too."""
        del terms
        bounds = {"minimum": self.least, "maximum": self.most}
        return {"type": ["integer", "string"], "pattern": "^[-+]?[0-9]{1,18}$", **bounds}


_UNITS: Mapping[str, float] = {"": 1, "ms": 0.001, "s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True)
class Duration(Kind):
    """A time span; read as seconds."""

    zero: bool = False
    longest: float = 86400
    expected: ClassVar[str] = "a time such as 5s, 2m or 1h"
    example: ClassVar[str] = "5s"

    def read(self, value: Value, reader: Reader) -> float:
        """The seconds."""
        found = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,3})?) ?([a-z]{0,2})", self.scalar(value, reader), re.ASCII)
        if not found or found[2] not in _UNITS:
            raise self.wrong(value, reader)
        seconds = float(found[1]) * _UNITS[found[2]]
        if seconds > self.longest or (seconds == 0 and not self.zero):
            most = f"{self.longest:g}s" if self.longest < 3600 else f"{self.longest / 3600:g}h"
            message = f"{reader.where} must be {'at most' if seconds else 'longer than 0s and at most'} {most}"
            remedy = f"write {quote(most)}, or less" if seconds else "write for instance `5s`"
            raise reader.refuse(value.mark, "E204", message, remedy)
        return seconds

    def schema(self, terms: Terms) -> Schema:
        """A number with its unit; a bare number is seconds."""
        del terms
        some = "" if self.zero else r"(?![0.]+ ?[a-z]*$)"
        pattern = rf"^{some}[0-9]{{1,9}}(\.[0-9]{{1,3}})? ?(ms|s|m|h)?$"
        bounds = {"minimum" if self.zero else "exclusiveMinimum": 0, "maximum": self.longest}
        return {"type": ["string", "number"], "pattern": pattern, **bounds, "examples": [self.example]}


@dataclass(frozen=True)
class PhoneKey(Kind):
    """One key of a telephone."""

    expected: ClassVar[str] = "a key of a telephone"
    example: ClassVar[str] = "1"

    def takes(self, text: str) -> bool:
        """Whether it is a key."""
        return text in tuple("0123456789*#")

    def read(self, value: Value, reader: Reader) -> str:
        """The key."""
        text = self.scalar(value, reader)
        if self.takes(text):
            return text
        plain = unicodedata.normalize("NFKC", text).strip().lstrip("0") or "0"
        near = [plain] if plain in tuple("0123456789*#") else []
        remedy = f"did you mean {quote(plain)}?" if near else 'use one of 0-9, "*" or "#"'
        raise reader.refuse(value.mark, "E210", f"{quote(text)} is not a key of a telephone", remedy)

    def schema(self, terms: Terms) -> Schema:
        """One character."""
        del terms
        return {"type": ["string", "integer"], "pattern": "^[0-9*#]$", "minimum": 0, "maximum": 9}


@dataclass(frozen=True)
class PhoneKeys(Kind):
    """Keys of a telephone, pressed one after the other."""

    most: int = 4
    expected: ClassVar[str] = "keys of a telephone"
    example: ClassVar[str] = "1"

    def takes(self, text: str) -> bool:
        """Whether it is one key: nobody loses more of them at once."""
        return PhoneKey().takes(text)

    def read(self, value: Value, reader: Reader) -> str:
        """The keys."""
        text = self.scalar(value, reader)
        if len(text) < 2 or not re.fullmatch(rf"[1-9*#][0-9*#]{{1,{self.most - 1}}}", text, re.ASCII):
            one: str = PhoneKey().read(value, reader)
            return one
        return text

    def schema(self, terms: Terms) -> Schema:
        """A few characters; a bare number is one to an editor."""
        del terms
        return {
            "type": ["string", "integer"],
            "pattern": f"^([0-9*#]|[1-9*#][0-9*#]{{1,{self.most - 1}}})$",
            "minimum": 0,
        }


_FLAGS = {"true": ("yes", "on", "y", "true", "1", "是"), "false": ("no", "off", "n", "false", "0", "否")}


NEARLY_FLAGS = frozenset(word for others in _FLAGS.values() for word in others)  # what people write for true and false


@dataclass(frozen=True)
class Flag(Kind):
    """Yes or no."""

    expected: ClassVar[str] = "true or false"
    example: ClassVar[str] = "true"

    def read(self, value: Value, reader: Reader) -> bool:
        """The answer."""
        if isinstance(value, Scalar) and isinstance(value.value, bool):
            return value.value
        text = value.text.casefold() if isinstance(value, Scalar) else ""
        remedy = next((f"write `{plain}`" for plain, others in _FLAGS.items() if text in others), "")
        raise self.wrong(value, reader, remedy)

    def schema(self, terms: Terms) -> Schema:
        """The same."""
        del terms
        return {"type": "boolean"}


@dataclass(frozen=True)
class OneOf(Kind):
    """One of a few words."""

    choices: tuple[str, ...]

    def takes(self, text: str) -> bool:
        """Whether it is one of them."""
        return text in self.choices

    def read(self, value: Value, reader: Reader) -> Any:
        """The word."""
        text = self.scalar(value, reader)
        if text not in self.choices:
            known = ", ".join(self.choices)
            message = f"{reader.where} cannot be {quote(text)}"
            raise reader.refuse(value.mark, "E204", message, guess(text, self.choices, f"use one of: {known}"))
        return text

    def schema(self, terms: Terms) -> Schema:
        """The words."""
        del terms
        return {"enum": list(self.choices)}


LANGUAGE_TAG = Pattern(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", "a language tag", "zh-CN")

Seconds = Annotated[float, Duration()]
Pause = Annotated[float, Duration(zero=True)]
Repeats = Annotated[int, Whole(0, 9)]
Key = Annotated[str, PhoneKey()]
KeySequence = Annotated[str, PhoneKeys()]
Tag = Annotated[str, Name(ascii_only=False)]
Label = Annotated[str, Name()]
Language = Annotated[str, LANGUAGE_TAG]
PhoneNumber = Annotated[str, Pattern(r"\+?[0-9]{1,20}", "a phone number", "4000000400")]
TimeZone = Annotated[str, Zone()]
