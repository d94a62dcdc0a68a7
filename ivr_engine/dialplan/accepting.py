"""This file decides what people at seats are told before they have a call, as it is written. It knows no seat.

Both are heard at their end of the line alone: the question whether they take the call, and what it is about.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from ivr_engine.dialplan.fields import Group, MappingOf
from ivr_engine.dialplan.reader import Kind, Reader
from ivr_engine.dialplan.scalars import Duration, Flag, Phrase, Tag
from ivr_engine.dialplan.schema import Schema, Terms
from ivr_engine.dialplan.source import Table, Value
from ivr_engine.dialplan.text import Text
from ivr_engine.dialplan.wording import Wording

TAKE_KEY = "1"
_TOLD = Wording(is_for_callers=False)
_Told = Annotated[Text, _TOLD]
_QUESTION = {
    "zh": "热线来电，请按 1 接听。",
    "en": "A call from the hotline. Press 1 to take it.",
}
_TAKEN = {"zh": "正在接通。", "en": "Connecting you."}


@dataclass(frozen=True, slots=True)
class ConfirmPlan:
    """Who picks up hears `say`, and takes the call by pressing 1 `within` so many seconds; then he hears `taken`.

    Without that he has not taken it: what answers may be a mailbox, or a child.
    """

    say: Text
    taken: Text
    within: float = 10.0


@dataclass(frozen=True, slots=True)
class WhisperPlan:
    """What an agent hears before he is joined with a caller: `say`, then what `tags` says of each of his tags."""

    say: _Told
    tags: Mapping[Tag, _Told] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Written:
    """Confirmation as its author wrote it."""

    say: _Told | None = None
    taken: _Told | None = None
    within: Annotated[float, Duration(longest=60)] = 10.0


@dataclass(frozen=True)
class Confirming(Kind):
    """Whether who picks up must say that he takes the call, and how he is asked."""

    expected: ClassVar[str] = "true, or how people are asked"
    example: ClassVar[str] = "true"

    def read(self, value: Value, reader: Reader) -> ConfirmPlan | None:
        """How they are asked; None if they are not."""
        if isinstance(value, Table):
            written: _Written = _WRITTEN.read(value, reader)
        elif Flag().read(value, reader):
            written = _Written()
        else:
            return None
        return ConfirmPlan(
            say=written.say or _shipped(_QUESTION, value, reader),
            taken=written.taken or _shipped(_TAKEN, value, reader),
            within=written.within,
        )

    def schema(self, terms: Terms) -> Schema:
        """Yes or no, or the group."""
        return {"anyOf": [Flag().schema(terms), _WRITTEN.schema(terms)]}


@dataclass(frozen=True)
class Whispering(Kind):
    """A text, or a text and more of them by tag."""

    expected: ClassVar[str] = "a text, or `say` and `tags`"
    example: ClassVar[str] = "{zh-CN: 投诉来电。, en: A complaint.}"

    def read(self, value: Value, reader: Reader) -> WhisperPlan:
        """What is said."""
        if isinstance(value, Table) and (value.get("say") or value.get("tags")):
            whisper: WhisperPlan = _WHISPER.read(value, reader)
            return whisper
        return WhisperPlan(_TOLD.read(value, reader))

    def schema(self, terms: Terms) -> Schema:
        """Words, or the group."""
        return {"anyOf": [_TOLD.schema(terms), _WHISPER.schema(terms)]}


_WRITTEN: Kind = Group(_Written)
_WHISPER: Kind = Group(WhisperPlan)

Confirm = Annotated[ConfirmPlan | None, Confirming()]
Whisper = Annotated[WhisperPlan | None, Whispering()]
Script = Annotated[str, Phrase()]
Authority = Annotated[Mapping[str, str], MappingOf(Phrase(), Phrase())]


def _shipped(words: Mapping[str, str], value: Value, reader: Reader) -> Text:
    """Words of ours in those of the hotline's languages that we can write. Its default language is a must."""
    found = {language: words.get(language.partition("-")[0]) for language in reader.languages}
    known: dict[str, Any] = {language: text for language, text in found.items() if text}
    if not reader.languages or reader.languages[0] not in known:
        default = reader.languages[0] if reader.languages else "en"
        message = f"{reader.where} has no words in the default language `{default}`"
        remedy = f"write them: `{{say: {{{default}: …}}, taken: {{{default}: …}}}}`"
        raise reader.refuse(value.mark, "E306", message, remedy)
    text = Text(known)
    reader.spoken.extend((prompt, value.mark) for prompt in text.prompts())
    return text
