"""This file decides how a line is looked at the way it was typed. It does not know what is wrong with it."""

import re
from dataclasses import dataclass

QUOTED = "\0"  # stands for each character inside quotes, where every sign is as good as another
KEY = rf"(?:[A-Za-z0-9#*][A-Za-z0-9 _#*-]{{0,39}}|{QUOTED}+)"

_QUOTES = re.compile(r"(?:(?<=[\s{\[,:｛［，、；：])|^)(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*')")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_WORD = re.compile(r"(?:(?! #|: |:$)[^,\[\]{}\"'])*")


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip of the keyboard, and what is said of it. Line and column count from 1."""

    line: int
    column: int
    code: str
    message: str
    remedy: str


def masked(line: str) -> str:
    """The line with neither quoted texts nor comment, each character still in its column."""
    line = _QUOTES.sub(lambda found: QUOTED * len(found[0]), line)
    return _COMMENT.sub(lambda found: " " * len(found[0]), line)


def word_at(line: str, at: int) -> str:
    """What begins at `at`, as far as YAML may read it in one piece. Nothing where it stands in quotes."""
    found = _WORD.match(line, at)
    return found[0].rstrip(" ") if found else ""
