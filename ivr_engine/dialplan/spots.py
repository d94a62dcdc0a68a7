"""This file decides how a value is named within words: `<name as kind>`. It does not know which values there are."""

import re
import unicodedata
from collections.abc import Iterator

from ivr_engine.dialplan.diagnostics import guess, quote
from ivr_engine.dialplan.reader import Reader, Use
from ivr_engine.dialplan.source import Mark, Scalar, UnreadableError
from ivr_engine.dialplan.text import SPOT
from ivr_engine.spoken import KINDS

_ANGLES = re.compile("<[^<>]*>?|>|＜[^<>＜＞]*[＞>]?|＞")  # also the full-width ones of Chinese keyboards
_NEARLY = re.compile(
    rf"[< ]*([A-Za-z][\w.-]{{0,39}}?)(?:[ :,|]+(?:as |in )?({'|'.join(KINDS)}))?[ >]*(?=[^\w ]|[^\x00-\x7f]|$)"
)
_HOW = "write `<name>`, or how it is said too: `<name as money>`"


def note_values(words: str, value: Scalar, reader: Reader, *, allowed: bool) -> None:
    """Note the values that `words` name. Raises UnreadableError after telling of all that cannot be read as one."""
    complete = True
    for written, mark in _places(words, value):
        spot = SPOT.fullmatch(written)
        if not allowed:
            message = f"{reader.where} is said where no value is known, so {quote(written)} cannot be"
            reader.refuse(mark, "E212", message, "say it without")
        elif not spot:
            what = "names no value" if written.endswith((">", "＞")) else "has no `>`"
            reader.refuse(mark, "E212", f"{quote(written)} {what}", _remedy(written))
        elif spot[2] not in (None, *KINDS):
            place = Mark(mark.source, mark.line, mark.column + spot.start(2))
            remedy = guess(spot[2], KINDS, f"use one of: {', '.join(KINDS)}")
            reader.refuse(place, "E212", f"there is no way to say a value as {quote(spot[2])}", remedy)
        else:
            reader.uses.append(Use("value", spot[1], mark, reader.where, reader.step, path=reader.path, is_said=True))
            continue
        complete = False
    if not complete:
        raise UnreadableError


def _remedy(written: str) -> str:
    found = _NEARLY.match(unicodedata.normalize("NFKC", written))
    kind = f" as {found[2]}" if found and found[2] else ""
    return f"did you mean {quote(f'<{found[1]}{kind}>')}?" if found else _HOW


def _places(words: str, value: Scalar) -> Iterator[tuple[str, Mark]]:
    """Each thing in angle brackets, and where it stands in the file; where it is folded, where the text begins."""
    at: Mark | None = value.mark
    for found in _ANGLES.finditer(words):
        written = found.group().rstrip()
        place = _after(at, written, 8 * len(words)) if at else None  # a character is typed as `\u4f59` at most
        yield written, place or value.mark
        at = place and Mark(place.source, place.line, place.column + len(written))


def _after(mark: Mark, written: str, longest: int) -> Mark | None:
    """Where something is written next after a place, if it is within so many characters: files may be large."""
    lines, column = mark.source.lines, mark.column
    for number in range(mark.line, len(lines) + 1):
        at = lines[number - 1].find(written, column - 1, column + longest)
        if at >= 0:
            return Mark(mark.source, number, at + 1)
        longest -= len(lines[number - 1]) - column + 2
        column = 1
        if longest < 0:
            break
    return None
