"""This file decides what a text is: the same words in several languages. It does not know who speaks them."""

from collections.abc import Mapping
from dataclasses import dataclass

from ivr_engine.model.prompt import Prompt


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in several languages."""

    words: Mapping[str, str]

    def prompt(self, language: str, default: str) -> Prompt:
        """The prompt in `language`, or in the hotline's `default` language, which no text may lack."""
        chosen = language if language in self.words else default
        return Prompt(chosen, self.words[chosen])

    def prompts(self) -> tuple[Prompt, ...]:
        """One prompt a language."""
        return tuple(Prompt(language, words) for language, words in self.words.items())
