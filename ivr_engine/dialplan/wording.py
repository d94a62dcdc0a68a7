"""This file decides how the words a caller hears are written in a file. It does not know who speaks them."""

from dataclasses import dataclass
from typing import ClassVar

from ivr_engine.dialplan import recorded
from ivr_engine.dialplan.diagnostics import guess, quote
from ivr_engine.dialplan.reader import Kind, Reader
from ivr_engine.dialplan.scalars import LANGUAGE_TAG
from ivr_engine.dialplan.schema import WORDS, Schema, Terms
from ivr_engine.dialplan.source import Entry, Scalar, Table, UnreadableError, Value
from ivr_engine.dialplan.spots import note_values
from ivr_engine.dialplan.text import Text
from ivr_engine.model.prompt import Recording


@dataclass(frozen=True)
class Wording(Kind):
    """A text: `{zh-CN: …, en: …}`, or words alone for the default language. It may name values, if any are known.

    Instead of words a language may have a recorded file and what is said in it: `{file: …, text: …}`.
    """

    may_name_values: bool = True
    is_for_callers: bool = True  # people at the seats hear the default language alone: they lack no other
    expected: ClassVar[str] = "a text"
    example: ClassVar[str] = "{zh-CN: 您好。, en: Hello.}"

    def read(self, value: Value, reader: Reader) -> Text:
        """The text. What is missing in a language is told, but only the default language is a must."""
        if isinstance(value, Table):
            return self._several(value, reader)
        words = self._words(value, reader)
        if not reader.languages:
            raise UnreadableError  # it is reported where the languages should be
        text = Text({reader.languages[0]: words})
        self._remember(text, {reader.languages[0]: value}, reader)
        self._warn_of_missing(text, value, reader)
        return text

    def schema(self, terms: Terms) -> Schema:
        """Words, or words by language; which languages there are, the hotline's own file says."""
        tongue = LANGUAGE_TAG.schema(terms)
        one = {"anyOf": [WORDS, recorded.schema(terms)]}
        several = {"type": "object", "propertyNames": tongue, "additionalProperties": one, "minProperties": 1}
        return {"anyOf": [WORDS, several]}

    def _several(self, table: Table, reader: Reader) -> Text:
        words: dict[str, str] = {}
        recordings: dict[str, Recording] = {}
        complete = True
        for entry in table.entries:
            try:
                language = self._language(entry, reader)
                if isinstance(entry.value, Table) and recorded.is_meant(entry.value):
                    recordings[language], written = recorded.read(entry.value, reader, language)
                    words[language] = self._spelt(written, reader)
                else:
                    words[language] = self._words(entry.value, reader)
            except UnreadableError:
                complete = False
        if complete and reader.languages and reader.languages[0] not in words:
            default = reader.languages[0]
            message = f"{reader.where} lacks words in the default language {quote(default)}"
            raise reader.refuse(table.mark, "E306", message, f"add `{default}: …`")
        if not complete:
            raise UnreadableError
        text = Text(words, recordings)
        self._remember(text, {entry.key.text: entry.value for entry in table.entries}, reader)
        self._warn_of_missing(text, table, reader)
        return text

    def _language(self, entry: Entry, reader: Reader) -> str:
        language = entry.key.text
        if reader.languages and language not in reader.languages:
            message = f"{quote(language)} is not among the hotline's languages"
            wider = language.partition("-")[0]
            if wider != language and wider in reader.languages:  # one mistake, made where the languages stand
                self._tell_once(language, wider, entry, reader)
                raise UnreadableError
            remedy = guess(language, reader.languages, f"`languages` are: {', '.join(reader.languages)}")
            raise reader.refuse(entry.key.mark, "E307", message, remedy)
        return language

    def _tell_once(self, language: str, wider: str, entry: Entry, reader: Reader) -> None:
        """Texts are in `zh-CN`, the hotline is in `zh`."""
        message = f"{quote(language)} is not among the hotline's languages, which have {quote(wider)}"
        if all(one.message != message for one in reader.findings.found):
            remedy = (
                f"write {quote(language)} in place of {quote(wider)} under `languages`, or {quote(wider)} in all texts"
            )
            reader.refuse(entry.key.mark, "E307", message, remedy)

    def _words(self, value: Value, reader: Reader) -> str:
        words = self._spelt(value, reader)
        assert isinstance(value, Scalar)
        note_values(words, value, reader, allowed=self.may_name_values)
        return words

    def _spelt(self, value: Value, reader: Reader) -> str:
        if isinstance(value, Scalar):
            words = " ".join(value.text.split())
            if not any(char.isalnum() for char in words):
                what = "has no word in it" if words else "says nothing"
                raise reader.refuse(value.mark, "E208", f"{reader.where} {what}", "write what callers hear")
            if all(char.isprintable() for char in words):
                return words
            message = f"{reader.where} holds a character nobody can hear"
            raise reader.refuse(value.mark, "E107", message, "delete it; `\\` inside quotes makes such ones")
        remedy = "put the text in quotes if it holds `: `, `{` or `[`"
        raise self.wrong(value, reader, remedy)

    def _remember(self, text: Text, places: dict[str, Value], reader: Reader) -> None:
        for language, place in places.items():
            reader.spoken.extend((prompt, place.mark) for prompt in text.prompts_in(language))

    def _warn_of_missing(self, text: Text, value: Value, reader: Reader) -> None:
        for language in reader.languages if self.is_for_callers else ():
            if language not in text.words:
                message = f"{reader.where} has no words in {quote(language)}; callers will hear the default language"
                reader.warn(value.mark, "W402", message, f"add `{language}: …`")
