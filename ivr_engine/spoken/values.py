"""This file decides which sounds, one after the other, say a value. It does not know who speaks them, or to whom.

There is a fixed vocabulary for each kind and language: all its sounds are made beforehand, so that nothing has to be
spoken anew while a caller listens. Languages other than Chinese and English say characters in English.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from ivr_engine.model.prompt import Prompt
from ivr_engine.spoken import chinese, english, lengths, readings

Pieces = tuple[str, ...]
Ways = Mapping[str | None, tuple[Callable[[Any], Pieces], Pieces]]  # by kind: the words of a value, and all there are


def _span(text: str) -> lengths.Length | None:
    span = readings.span(text)
    return lengths.length(span) if span else None


_READ: Mapping[str | None, Callable[[str], Any]] = {
    "digits": lambda text: readings.characters(text) or None,
    "number": readings.figure,
    "money": readings.amount,
    "date": readings.day,
    "time": readings.clock,
    "duration": _span,
    "level": readings.level,
}
KINDS = ("digits", "number", "money", "date", "time", "duration", "level")
_DIGITS = "digits"  # how a value without a kind is said

_IN_CHINESE: Ways = {
    "digits": (chinese.characters, chinese.CHARACTERS),
    "number": (chinese.number, chinese.NUMBERS),
    "money": (chinese.money, chinese.MONEY),
    "date": (chinese.day, chinese.DAYS),
    "time": (chinese.clock, chinese.CLOCKS),
    "duration": (chinese.length, chinese.LENGTHS),
    "level": (chinese.level, chinese.LEVELS),
}
_IN_ENGLISH: Ways = {
    "digits": (english.characters, english.CHARACTERS),
    "number": (english.number, english.NUMBERS),
    "money": (english.money, english.MONEY),
    "date": (english.day, english.DAYS),
    "time": (english.clock, english.CLOCKS),
    "duration": (english.length, english.LENGTHS),
    "level": (english.level, english.LEVELS),
}
_IN_ANOTHER: Ways = {_DIGITS: _IN_ENGLISH[_DIGITS]}
_FAMILIES = {**dict.fromkeys(("zh", "cmn", "yue"), _IN_CHINESE), "en": _IN_ENGLISH}


def said(value: str, kind: str | None, language: str) -> tuple[Prompt, ...]:
    """The sounds of a value. What is not of its kind is said by its letters and digits; what has none is left out."""
    plain = readings.plain(value)
    tongue, ways = _tongue(language)
    for one in (kind, _DIGITS):
        known = _READ[one](plain) if one in ways else None
        if known is not None:
            return tuple(Prompt(tongue, piece) for piece in ways[one][0](known))
    return ()


@cache
def vocabulary(kind: str | None, language: str) -> tuple[Prompt, ...]:
    """Everything that values of a kind may be said with, also those that turn out not to be of that kind."""
    tongue, ways = _tongue(language)
    pieces = dict.fromkeys(piece for one in (kind, _DIGITS) if one in ways for piece in ways[one][1])
    return tuple(Prompt(tongue, piece) for piece in pieces)


def is_piece(prompt: Prompt) -> bool:
    """Whether a prompt is part of how a value is said, so that others are heard right before and after it."""
    return prompt.text in _all_pieces(prompt.language)


@cache
def _all_pieces(language: str) -> frozenset[str]:
    _, ways = _tongue(language)
    return frozenset(piece for _, pieces in ways.values() for piece in pieces)


def _tongue(language: str) -> tuple[str, Ways]:
    """The language that is spoken, and how it says each kind."""
    ways = _FAMILIES.get(language.partition("-")[0])
    return (language, ways) if ways else ("en", _IN_ANOTHER)
