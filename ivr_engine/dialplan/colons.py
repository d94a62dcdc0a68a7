"""This file decides which `:` lacks its blank. It finds no mistake itself: it is asked where one was found."""

import re
from collections.abc import Sequence

from ivr_engine.dialplan.typed import Slip, masked, word_at

_CODES = frozenset({"E201", "E203", "E205", "E207", "E307"})
_TIGHT = re.compile(r"(?!\d+:\d)\w[\w -]{0,39}(:)[^\s/]")
_LINE = re.compile(r" *(?:- +)?(?!\d+:\d)(\w[\w -]{0,39}):[^\s/]")


def colon_at(lines: Sequence[str], line: int, column: int, code: str) -> Slip | None:
    """The colon for which the key or group at this place was refused with this code."""
    found = _TIGHT.match(word_at(lines[line - 1], column - 1)) if code in _CODES else None
    return _told(line, column + found.start(1)) if found else None


def colon_between(lines: Sequence[str], last: int) -> Slip | None:
    """The colon over which the parser stumbled in line `last`: it is in the line before."""
    before = next((number for number in range(last - 1, 0, -1) if masked(lines[number - 1]).strip()), 0)
    found = _LINE.match(masked(lines[before - 1])) if before else None
    return _told(before, found.end(1) + 1) if found else None


def _told(line: int, column: int) -> Slip:
    return Slip(line, column, "E117", "no blank behind this `:`", "write `key: value`, with a blank behind the `:`")
