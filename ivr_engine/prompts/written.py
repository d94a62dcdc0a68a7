"""This file decides how a voice is written in the settings. It does not know how it speaks, or where secrets are."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ivr_engine.dialplan.fields import Group
from ivr_engine.dialplan.reader import Kind, Reader
from ivr_engine.dialplan.source import Mark, Sequence, Table, UnreadableError, Value
from ivr_engine.prompts.voice import TEXT_FILE, WAV, Command, Voice
from ivr_engine.prompts.web_voice import WebVoice

_EXAMPLE = "[piper, -m, zh_CN-huayan-medium, --input-file, '{text_file}', -f, '{wav}']"


@dataclass(frozen=True)
class Arguments(Kind):
    """A program and its arguments, word by word as it gets them: no shell takes part."""

    expected: ClassVar[str] = "a list: a program and its arguments"
    example: ClassVar[str] = _EXAMPLE

    def read(self, value: Value, reader: Reader) -> tuple[str, ...]:
        """The words. They say where the text is and where the sound is wanted."""
        if not isinstance(value, Sequence) or not value.items:
            raise self.wrong(value, reader, f"write for instance `command: {_EXAMPLE}`")
        arguments = tuple(self.scalar(item, reader) for item in value.items)
        missing = [name for name in (TEXT_FILE, WAV) if not any(name in argument for argument in arguments)]
        if missing:
            message = f"{reader.where} does not say where {' and '.join(f'`{name}`' for name in missing)} stands"
            raise reader.refuse(value.mark, "E204", message, f"write for instance `command: {_EXAMPLE}`")
        return arguments


@dataclass(frozen=True)
class VoiceKind(Group):
    """A voice, by the settings `command` and `timeout`, or `http`, `token` and `timeout` of the group."""

    def read(self, value: Value, reader: Reader) -> Voice:
        """The voice."""
        settings = super().read(value, reader)
        if settings.http is not None and settings.command:
            message = f"{reader.where} has both a command and an address"
            raise reader.refuse(_mark(value, "http"), "E204", message, "keep one of the two")
        if settings.http is not None:
            return WebVoice(settings.http, settings.token, settings.timeout)
        if settings.command:
            return Command(settings.command, settings.timeout)
        raise self._neither(value, reader)

    def left_out(self, default: Any, mark: Mark, reader: Reader) -> Any:
        """No voice of one's own: espeak-ng speaks."""
        del mark, reader
        return default

    def _neither(self, value: Value, reader: Reader) -> UnreadableError:
        remedy = f"add `command: {_EXAMPLE}`, or `http: https://…`"
        return reader.refuse(value.mark, "E202", f"{reader.where} names no voice", remedy)


def _mark(value: Value, key: str) -> Mark:
    found = value.get(key) if isinstance(value, Table) else None
    return found.mark if found else value.mark
