"""This file decides which `#` was meant as the key of a telephone, or as words, and is read as a comment.

It does not know what is wrong with a file: an empty setting, or a table, is shown to it.
"""

import re

from ivr_engine.dialplan.source import Mark, Table

HASH = '"#"'  # as it is to be written

_BEHIND = re.compile(r"\s+#(?P<tight>[^\s#]?)")
_KEY = re.compile(r" *(?P<key>#)\s*:(?:\s|$)")


def hash_behind(mark: Mark, *, takes_hash: bool) -> Mark | None:
    """The `#` that stands where the value of an empty setting should, if it was meant.

    `# seconds` is a comment; `#1 hotline` is none, nor is any `#` where the setting may be just that.
    """
    found = _BEHIND.match(mark.source.lines[mark.line - 1], mark.column - 1)
    if found is None or not (takes_hash or found["tight"]):
        return None
    return Mark(mark.source, mark.line, found.start("tight"))


def hash_as_key(table: Table) -> Mark | None:
    """A line `#: …` among the keys of a table, which is read as a comment."""
    first = table.entries[0].key.mark
    lines, indent = first.source.lines, first.column - 1
    if lines[first.line - 1][:indent].strip():
        return None  # several keys in a line: a lost one breaks it
    for number in range(_beginning(lines, first.line, indent), len(lines) + 1):
        line = lines[number - 1]
        before = len(line) - len(line.lstrip(" "))
        if line.strip() and before < indent:
            return None
        found = _KEY.match(line)
        if found and before == indent:
            return Mark(first.source, number, found.start("key") + 1)
    return None


def _beginning(lines: tuple[str, ...], first: int, indent: int) -> int:
    """The first of the comments, as far in as the keys, that stand right before the first key."""
    while first > 1 and lines[first - 2].startswith(" " * indent + "#"):
        first -= 1
    return first
