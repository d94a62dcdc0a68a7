"""This file decides what is remembered of what an Asterisk was told, to say later what it was not. It renders nothing.

<directory>/noted.json   beside the rendered files, written with them
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.provision.sites import HotlineSite

_NAME = "noted.json"


class Noted(msgspec.Struct, frozen=True):
    """What of a dialplan stands in Asterisk's files. `fallback`: whom it rings, then the sounds callers hear."""

    numbers: tuple[str, ...]
    fallback: tuple[str, ...]


def note(site: HotlineSite) -> None:
    """Remember what these files say. Raises OSError."""
    sounds = (f"{path.parent.name}/{path.name}" for path in site.fallback_prompts)
    told = Noted(site.numbers, (*site.fallback_agents, *sounds))
    (site.directory / _NAME).write_bytes(msgspec.json.encode(told))


def noted(directory: Path) -> Noted | None:
    """What the files in this folder say; None where they cannot be seen (containers), or are older than this note."""
    with suppress(OSError, msgspec.DecodeError, UnicodeDecodeError):
        return msgspec.json.decode((directory / _NAME).read_bytes(), type=Noted)
    return None


def untold(known: Noted | None, before: Hotline[Any], after: Hotline[Any]) -> tuple[str, ...]:
    """What of `after` is not in Asterisk's files; where those are not known, what is not as in `before`."""
    files, wanted = known or _of(before), _of(after)
    unless = "" if known else ", unless Asterisk knows this version already"
    restart = f"`ivr provision` and a restart of Asterisk, which ends every call{unless}"
    told = []
    if new := [number for number in wanted.numbers if number not in files.numbers]:
        told.append(f"calls to {', '.join(new)} come here only after {restart}")
    if wanted.fallback != files.fallback:
        told.append(f"Asterisk's own fallback is another than this version's until {restart}: it can wait")
    return tuple(told)


def _of(hotline: Hotline[Any]) -> Noted:
    sounds = (f"{prompt.language}/{prompt.key}" for prompt in hotline.fallback.say.prompts())
    return Noted(hotline.numbers, (*hotline.fallback.agents, *sounds))
