"""This file decides how a YAML parser's complaint reads in plain words. It does not know what the file is for."""

from typing import Protocol

import yaml


class Place(Protocol):
    """Where the parser stands, counted from 0. Its two implementations share no type."""

    line: int
    column: int


MISFIT = ("this line does not fit the lines above it", "check the indentation, here and in the line above")

# What the parser says, what it means to somebody who writes menus, and what he can do.
_PLAIN = (
    ("mapping values are not allowed", "a `:` where none can be", "put the text in quotes, or check the indentation"),
    ("did not find expected key", *MISFIT),
    ("expected <block end>", *MISFIT),
    ("could not find expected ':'", "this line has no `:`", "write `key: value`, with a blank behind the `:`"),
    ("',' or '}'", "this `{` has no `}`, or a comma is missing", "separate by commas and close it with `}`"),
    ("',' or ']'", "this `[` has no `]`, or a comma is missing", "separate by commas and close it with `]`"),
    ("unexpected end of stream", "a quote that is never closed", "close it with the same kind of quote"),
    ("unknown escape character", 'a `\\` inside "…" that means nothing', "use '…' instead of \"…\", or write `\\\\`"),
    ("cannot start any token", "a text cannot begin with this character", "put the text in quotes"),
    ("expected alphabetic or numeric", "`*` and `&` mean something else in YAML", 'put it in quotes: `"*"`'),
    ("found unexpected ':'", "a `:` without a space behind it", "write `key: value`"),
    (
        "expected node content",
        "a value is missing here, or is a text that begins oddly",
        "write it, in quotes if a text",
    ),
    ("sequence entries are not", "a list cannot begin in the line of its key", "begin it in a line of its own"),
    ("mapping keys are not", "a text cannot begin with `?`", "put the text in quotes"),
    ("comment or line break", "a text cannot begin with `>` or `|`", "put the text in quotes"),
    ("hexdecimal number", 'a `\\` inside "…" that means nothing', "use '…' instead of \"…\", or write `\\\\`"),
    ("expected '-' indicator", *MISFIT),
    ("<document start>", *MISFIT),
    ("incompatible YAML document", "a YAML version nobody speaks", "delete the line that begins with `%`"),
)


def explain(error: yaml.MarkedYAMLError) -> tuple[Place | None, str, str]:
    """Where it is, what it is, what to do."""
    said = error.problem or ""
    place: Place | None = error.problem_mark
    if "unexpected end of stream" in said or "',' or" in said or "find expected ':'" in said:
        place = error.context_mark  # where it was begun tells more than where its lack was noticed
    for words, message, remedy in _PLAIN:
        if words in said:
            return place, message, remedy
    return place, f"this is not YAML: {said}", "check indentation, quotes and brackets near here"
