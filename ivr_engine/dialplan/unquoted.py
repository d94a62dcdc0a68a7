"""This file decides which text made a mistake for want of quotes. It finds no mistake itself: it is asked about one.

An unquoted text ends at the first sign that means something to YAML: `: `, ` #`, and between brackets `,` `[` `{` too.
What is left of it is read as something else.
"""

import re
from collections.abc import Sequence

from ivr_engine.dialplan.diagnostics import quote
from ivr_engine.dialplan.syntax import MISFIT
from ivr_engine.dialplan.typed import KEY, QUOTED, Slip, masked

LONGEST = 80  # characters of a text that are shown back

_KEYS = frozenset({"E201", "E205", "E207", "E307"})
_IN_BRACKETS = re.compile(rf".*[{{,\[] *{KEY}: +(?=\S)")
_IN_LINE = re.compile(rf" *(?:- +)?{KEY}: +(?=[^\s{{\[])")
_ENDING = re.compile(rf" *(?:[}}\]]* *, *{KEY}:(?: |$)|[}}\]][}}\], ]*$| #|$)")
_MANY_WORDS = re.compile(r"[^!-~]|[.?!]")  # more than a name: a blank, a Chinese letter, the end of a sentence
_FIRST_KEY = re.compile(rf" *(?:- +)?{KEY}")
_LANGUAGE = re.compile(r"[a-z]{2}|[a-z]{2,3}(?:-[A-Za-z0-9]+)+")
_SETTING = re.compile(r"(?:.* )?([a-z]+)")


def comma_at(lines: Sequence[str], line: int, column: int, code: str) -> Slip | None:
    """The comma that cut a text in two, where its second half was refused as a key."""
    text, at = lines[line - 1], column - 1
    head, tail = masked(text)[:at].rstrip(), re.match(r"[^,:：{}\[\]\"']+", text[at:])
    if code not in _KEYS or not head.endswith(",") or not tail or text[at + tail.end() :][:1] not in ("", ",", "}"):
        return None
    start = _start(head[:-1])
    if start is None or not _MANY_WORDS.search(text[start : len(head) - 1].strip() + tail[0].strip()):
        return None
    return _told(text, start, len(head) - 1, line, "the text ends at this `,`")


def sign_between(lines: Sequence[str], first: int, last: int, column: int, said: str) -> Slip | None:
    """The sign over which the parser stumbled at `column` of line `last`, in the midst of what began in line `first`.

    `said` is the parser's own complaint.
    """
    if "',' or" in said and (slip := _comment(lines, first)):
        return slip
    if last > len(lines):
        return None
    text, at = lines[last - 1], column - 1
    line = masked(text)
    if "mapping values" in said and _FIRST_KEY.fullmatch(line[:at]):
        return Slip(last, len(line) - len(line.lstrip(" ")) + 1, "E101", *MISFIT)
    if "mapping values" in said or ("',' or" in said and line[at : at + 1] == ":"):
        return _colon(text, line, at, last)
    if "',' or" in said and line[at : at + 1] in ("{", "["):
        return _told(text, _start(line[:at]), at, last, f"the text ends at this `{line[at]}`")
    return _goes_on(text, line, at, last)


def _colon(text: str, line: str, at: int, number: int) -> Slip | None:
    start = _start(line[:at])
    before = line[:at] if start is None else line[start:at]
    if start is None or QUOTED in before:
        return None
    if line.count("}") > line.count("{") or _LANGUAGE.fullmatch(before):
        what = quote(before + ":")
        return Slip(
            number, start + 1, "E101", f"no `{{` before {what}", "put what belongs together between `{` and `}`"
        )
    if setting := _SETTING.fullmatch(before):
        return _lost_key(number, start + setting.start(1), setting[1], is_in_brackets="{" in line[:start])
    return _told(text, start, at, number, "the text ends at this `:`")


def _lost_key(number: int, at: int, key: str, *, is_in_brackets: bool) -> Slip:
    message = f"{quote(key + ':')} {'has no `,` before it' if is_in_brackets else 'is not the first key of its line'}"
    instead = f"put {'a `,` before it' if is_in_brackets else 'it in a line of its own'}"
    return Slip(number, at + 1, "E101", message, f"{instead}, or the whole text in quotes")


def _comment(lines: Sequence[str], first: int) -> Slip | None:
    text = lines[first - 1] if first <= len(lines) else ""
    line = masked(text)
    at = len(line.rstrip())
    hash_at = text.find("#", at)
    if hash_at < 0 or "}" not in text[hash_at:]:
        return None
    return _told(text, _start(line[:at]), hash_at, first, "from ` #` on it is a comment")


def _goes_on(text: str, line: str, at: int, number: int) -> Slip | None:
    """A text whose first words stand in quotes or brackets, and whose others do not."""
    before = line[:at].rstrip()
    if not before or before[-1] not in (QUOTED, "]", "}"):
        return None
    opening = {"]": "[", "}": "{"}.get(before[-1])
    start = before.rfind(opening) if opening else len(before.rstrip(QUOTED))
    if start < 0 or not re.search(r"(?:^|[:,{\[-]) *$", line[:start]):
        return None
    if opening:
        return _told(text, start, start, number, f"a text cannot begin with `{opening}`")
    return _told(text, start, at, number, "the text goes on behind its quotes")


def _start(head: str) -> int | None:
    """Where the text begins that ends with `head`."""
    found = _IN_LINE.match(head) or _IN_BRACKETS.match(head)
    return found.end() if found else None


def _told(text: str, start: int | None, at: int, number: int, why: str) -> Slip | None:
    if start is None:
        return None
    end = _ENDING.search(text, max(at, start) + 1)
    whole = text[start : end.start() if end else len(text)].rstrip()
    shown = f"write {_in_quotes(whole)}" if len(whole) <= LONGEST else "put all of it in quotes"
    return Slip(number, at + 1, "E116", why, shown)


def _in_quotes(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1]
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"
