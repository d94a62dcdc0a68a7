"""This file decides how wide words are and where a line breaks, Chinese or not. It does not know what they say."""

import unicodedata
from collections.abc import Iterator

_NO_START = "·，。、；：？！）》」』】”’％…,.;:?!)]}%"  # a line must not begin with these
_NARROW = frozenset("iljtfr.,:;'!|()[]I ·")


def width(text: str, size: float) -> float:
    """About how wide `text` is in letters of `size`; rather too wide than too narrow."""
    return size * sum(map(_letter, text))


def _letter(char: str) -> float:
    if unicodedata.combining(char):
        return 0.0
    if unicodedata.east_asian_width(char) in "WF":
        return 1.0
    if char in _NARROW:
        return 0.34
    return 0.72 if char.isupper() else 0.92 if char in "mwMW@%—…→" else 0.58


def wrapped(text: str, size: float, widest: float, most: int) -> list[str]:
    """The text in at most `most` lines of at most `widest`; what is left out shows as an ellipsis."""
    lines: list[str] = [""]
    for piece in _pieces(text):
        if lines[-1] and width(lines[-1] + piece.rstrip(), size) > widest:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    lines = [line.rstrip() for line in lines]
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [shortened(line, size, widest) for line in lines]


def shortened(text: str, size: float, widest: float) -> str:
    """The text, or its beginning and an ellipsis."""
    if width(text, size) <= widest:
        return text
    while text and width(text + "…", size) > widest:
        text = text[:-1]
    return text.rstrip() + "…" if text else ""


def _pieces(text: str) -> Iterator[str]:
    """What must stay together: a word, or a Chinese character with the stop or the key behind it, as in `按1`."""
    piece = ""
    for char in text:
        wide = unicodedata.east_asian_width(char) in "WF"
        is_key = char in "0123456789*#" and not piece.endswith(" ")
        if piece and char not in _NO_START and not is_key and (wide or _is_end(piece[-1])):
            yield piece
            piece = ""
        piece += char
    if piece:
        yield piece


def _is_end(char: str) -> bool:
    return char == " " or unicodedata.east_asian_width(char) in "WF"
