"""This file decides which `:` is missing, or lacks its blank. It finds no mistake itself: it is asked about one."""

import re
from collections.abc import Sequence

from ivr_engine.dialplan.diagnostics import quote
from ivr_engine.dialplan.typed import Slip, masked, word_at

_CODES = frozenset({"E201", "E203", "E205", "E207", "E210", "E307"})
_TIGHT_COLON = r"((?<=\D):(?=[^\s/])|:(?=[^\s/\d]))"  # 08:00 is a time, and http:// an address
_TIGHT = re.compile(rf"\w[\w -]{{0,39}}{_TIGHT_COLON}")
_LINE = re.compile(rf" *(?:- +)?\w[\w -]{{0,39}}{_TIGHT_COLON}")
_WANTING = ("mapping values are not allowed", "could not find expected ':'", "did not find expected key")
_BRACKET = re.compile(r" *(?:- +)?[\w*#][\w -]{0,39} ([{\[])")
_FIRST_WORD = re.compile(r" *(\w[\w-]{0,39})(?= |$)(?!.*:)")


def colon_at(lines: Sequence[str], line: int, column: int, code: str) -> Slip | None:
    """The colon for want of which the key or group at this place was refused with this code."""
    if code not in _CODES:
        return None
    text, at = lines[line - 1], column - 1
    if found := _TIGHT.match(word_at(text, at)):
        return _tight(line, column + found.start(1))
    bracket = None if text[:at].strip(" ") else _BRACKET.match(text)
    return _before_bracket(line, bracket) if bracket else None


def colon_between(lines: Sequence[str], last: int, said: str) -> Slip | None:
    """The colon for want of which the parser stumbled in line `last`: there, or in the line before.

    `said` is the parser's own complaint.
    """
    if not said.startswith(_WANTING):
        return None
    if last <= len(lines) and (bracket := _BRACKET.match(masked(lines[last - 1]))):
        return _before_bracket(last, bracket)
    before, above = _lines_above(lines, last)
    if not before or said == _WANTING[-1]:
        return None
    line = masked(lines[before - 1])
    if found := _LINE.match(line):
        return _tight(before, found.start(1) + 1)
    word = _FIRST_WORD.match(line)
    if word and not _goes_on(line, masked(lines[above - 1]) if above else ""):
        remedy = f"write {quote(word[1] + ': …')}, with a blank behind the `:`"
        return Slip(before, word.end(1) + 1, "E101", "this line has no `:`", remedy)
    return None


def _lines_above(lines: Sequence[str], last: int) -> tuple[int, int]:
    """The numbers of the two lines before `last` that hold more than a comment; 0 where there is none."""
    above = (number for number in range(min(last - 1, len(lines)), 0, -1) if masked(lines[number - 1]).strip())
    return next(above, 0), next(above, 0)


def _goes_on(line: str, above: str) -> bool:
    """Whether a line may be the rest of a text that the line above it begins."""
    if not above.strip() or above.rstrip().endswith(":"):
        return False
    return len(above) - len(above.lstrip(" ")) < len(line) - len(line.lstrip(" "))


def _tight(line: int, column: int) -> Slip:
    return Slip(line, column, "E117", "no blank behind this `:`", "write `key: value`, with a blank behind the `:`")


def _before_bracket(line: int, found: re.Match[str]) -> Slip:
    sign = found[1]
    return Slip(line, found.start(1) + 1, "E101", f"no `:` before this `{sign}`", f"write `key: {sign}…`")
