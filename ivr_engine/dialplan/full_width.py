"""This file decides which full-width sign made a mistake. It finds no mistake itself: it is asked where one was found.

A Chinese keyboard writes ：，｛“ and a wide blank, which look right and mean nothing to YAML, so the parser stumbles
later, over something else. Only refused places are looked at: what callers hear may hold any of these signs.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from ivr_engine.dialplan.diagnostics import quote
from ivr_engine.dialplan.typed import KEY, QUOTED, Slip, masked, word_at

_BLANKS = "\u3000\xa0\u2000-\u200a"  # all blanks that YAML takes for letters
_DASHES = "－–—−"
_WIDE = "０-９Ａ-Ｚａ-ｚ＋．－／"

_IN_KEYS = frozenset({"E201", "E205", "E207", "E210", "E307"})
_IN_NAMES = frozenset({"E207", "E301", "E302", "E303", "E304", "E311", "E312", "E313"})
_IN_VALUES = _IN_NAMES | {"E203", "E204"}

# Where no text of a caller can be, so that the parser may have stumbled over it. The sign is the group.
_IN_LINES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^ *([{_BLANKS}])",  # as indentation
        rf"^ *([{_DASHES}]) *(?![{_DASHES}])",  # before an item of a list
        rf"(?:^|[}}\]{QUOTED}]) *(＃)",  # before a comment
        rf"^ *(?:- *)?{KEY}(：)",
        r"^ *[\w-]{1,40}(：) *(?:$|[{\[])",
        rf"[{{,，] *{KEY}(：)",
        rf"[\w{QUOTED}]:([{_BLANKS}])",
        r"(?:[:：] ?|^ *- |[\[{,] *)([｛［])",
        rf"([，、；]) *{KEY} *[:：]",
        rf"{QUOTED} *([，、；]) *{QUOTED}",
        r"([｝］])[ ,}\]]*$",
    )
)
_OPENING = re.compile(r"(?:[:：] ?|^ *- |[\[{,] *)([“‘＂])")
_CLOSING = re.compile(r"(?:^|[\s{\[,:])[\"'][^\"'”’＂]*([”’＂])")

_SIGNS_OF_KEYS = re.compile(rf"[：，、；{_BLANKS}“”｛［]|(?<= )＃|^＃(?=.)")
_SIGNS_OF_NAMES = re.compile(rf"^[“‘＂「](?=[^”’＂」]*[”’＂」]$)|[，、；{_BLANKS}]|(?<= )＃")
_SIGNS_OF_VALUES = re.compile(
    rf"^[｛［【{_BLANKS}]"
    r"|^[“‘＂](?=[!-~ ]*[”’＂]?$)"  # quotes around words no caller hears
    r"|(?<=^[A-Za-z0-9])：|^[A-Za-z0-9#*][A-Za-z0-9 _#*-]{0,39}(：)|^[\w-]{1,40}(：)$"
    r"|^[A-Za-z0-9.+_-]+ *([，、；])(?= *[A-Za-z0-9+])"
    rf"|^[ -~]*([{_WIDE}])(?=[ -~{_WIDE}]*$)|^[ -~]+ (＃)"
)
_DASH = re.compile(rf"^[{_DASHES}](?= ?[^{_DASHES} ])")

_MEANT = {
    "、": ",",
    "；": ",",
    "–": "-",
    "—": "-",
    "−": "-",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "「": '"',
    "【": "[",
}


_INDENTED = re.compile(rf"^ *([{_BLANKS}])[ {_BLANKS}]*{KEY}:(?: |$)")


def sign_at(lines: Sequence[str], line: int, column: int, code: str, message: str) -> Slip | None:
    """The sign for which the key, value or group at this place was refused with this code."""
    text, at = lines[line - 1], column - 1
    found = next(_signs(text, at, code, message), None)
    return None if found is None else _told(text, found, line)


def sign_between(lines: Sequence[str], first: int, last: int) -> Slip | None:
    """The sign over which the parser stumbled in line `last`, in the midst of what began in line `first`."""
    before = next((number for number in range(last - 1, 0, -1) if lines[number - 1].strip()), last)
    for number in sorted({first, before, last}):
        if number > len(lines):
            continue
        line = masked(lines[number - 1])
        patterns = _IN_LINES if number == before != first else (*_IN_LINES, _OPENING, _CLOSING)
        if found := [match.start(1) for pattern in patterns if (match := pattern.search(line))]:
            return _told(lines[number - 1], min(found), number)
    # A line that seems to belong to the lines around it, and does not: what comes after it no longer fits.
    for number in range(min(last, len(lines)), first, -1):
        if indented := _INDENTED.match(lines[number - 1]):
            return _told(lines[number - 1], indented.start(1), number)
    return None


def _signs(text: str, at: int, code: str, message: str) -> Iterator[int]:
    word = word_at(text, at)
    if code in _IN_KEYS:
        yield from _places(_SIGNS_OF_KEYS, word, at)
    if code in _IN_VALUES:
        yield from _places(_SIGNS_OF_VALUES, word, at)
        if not text[:at].strip(" "):
            yield from _places(_DASH, word, at)
    if code in _IN_NAMES:
        yield from _places(_SIGNS_OF_NAMES, word, at)
    if code == "E202":
        # What is said to be missing is there, swallowed by the text before it.
        missing = "|".join(re.escape(name) for name in re.findall("`([^`]+)`", message))
        swallowed = (
            rf"([，、；。]) *(?:{missing}) *[:：]|[,.{{] *(?:{missing}) *(：)|[,.{{] *(?:{missing}):([{_BLANKS}])"
        )
        yield from _places(re.compile(swallowed), text[at:], at)


def _places(pattern: re.Pattern[str], text: str, offset: int) -> Iterator[int]:
    for match in pattern.finditer(text):
        yield offset + match.start(match.lastindex or 0)


def _told(text: str, at: int, line: int) -> Slip:
    sign = text[at]
    if sign.isspace():
        what = "full-width (全角)" if sign == "\u3000" else "special"
        return Slip(line, at + 1, "E115", f"a {what} blank, which is none to YAML", "type a plain blank (半角空格)")
    plain = _MEANT.get(sign) or unicodedata.normalize("NFKC", sign)
    more = " and a blank behind it" if plain == ":" and not _is_time(text, at) else ""
    message = f"{quote(sign)} is a full-width sign (全角) where a plain one is wanted"
    return Slip(line, at + 1, "E115", message, f"type {quote(plain)} (半角){more}")


def _is_time(text: str, at: int) -> bool:
    return text[:at][-1:].isdecimal() and text[at + 1 :][:1].isdecimal()
