"""This file decides what a text is: the same words in several languages, some recorded, some with values in them.

It does not know who speaks, and plays nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from ivr_engine import spoken
from ivr_engine.model.prompt import Prompt, Recording

# `<name>` or `<name as kind>`: the name, and the kind.
SPOT = re.compile(r"<\s*([^\W_][\w.-]{0,39})(?:\s+as\s+(\S+?))?\s*>")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a value is said within words. Without a kind it is spelt."""

    name: str
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in several languages. Where there is a recording, it is played, and holds no value."""

    words: Mapping[str, str]
    recordings: Mapping[str, Recording] = field(default_factory=dict)

    def __hash__(self) -> int:
        """So that no list has the same text twice."""
        return hash(frozenset(self.words.items()))

    def written(self, language: str, default: str) -> str:
        """The words as their author wrote them, in `language` or else in the hotline's `default` language."""
        return self.words[self._chosen(language, default)]

    def said(self, language: str, default: str, values: Mapping[str, str]) -> tuple[Prompt, ...]:
        """What a caller hears, one sound after the other, in `language` or else in `default`, which no text may lack.

        A value that is unknown, or cannot be said, is left out; so there may be nothing at all. Raises nothing.
        """
        chosen = self._chosen(language, default)
        heard: list[Prompt] = []
        for piece in self._pieces(chosen):
            if isinstance(piece, Spot):
                heard += spoken.said(values.get(piece.name, ""), piece.kind, chosen)
            else:
                heard.append(piece)
        return tuple(heard)

    def names(self, value: str) -> bool:
        """Whether it says a value, in each of its languages."""
        every = (self._pieces(language) for language in self.words)
        return all(any(isinstance(one, Spot) and one.name == value for one in heard) for heard in every)

    def prompts(self) -> tuple[Prompt, ...]:
        """Everything that can be heard of it, whatever the values are, each prompt once."""
        return tuple(dict.fromkeys(prompt for language in self.words for prompt in self.prompts_in(language)))

    def prompts_in(self, language: str) -> tuple[Prompt, ...]:
        """Everything that can be heard of it in one of its languages."""
        heard: dict[Prompt, None] = {}
        for piece in self._pieces(language):
            one = spoken.vocabulary(piece.kind, language) if isinstance(piece, Spot) else (piece,)
            heard.update(dict.fromkeys(one))
        return tuple(heard)

    def _pieces(self, language: str) -> tuple[Prompt | Spot, ...]:
        words = self.words[language]
        if recording := self.recordings.get(language):
            return (Prompt(language, words, recording),)
        return tuple(piece if isinstance(piece, Spot) else Prompt(language, piece) for piece in pieces(words))

    def _chosen(self, language: str, default: str) -> str:
        return language if language in self.words else default


@lru_cache(maxsize=4096)
def pieces(words: str) -> tuple[str | Spot, ...]:
    """Words between values, and the values. What is punctuation only makes no sound, so it is no piece."""
    if "<" not in words:
        return (words,)
    found: list[str | Spot] = []
    between = iter(SPOT.split(words))  # words, name, kind, words, name, kind, words …
    for piece in between:
        if any(char.isalnum() for char in piece):
            found.append(piece.strip())
        if name := next(between, None):
            found.append(Spot(name, next(between)))
    return tuple(found)
