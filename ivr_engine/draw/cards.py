"""This file decides what is written in a box, line by line, and how tall that makes it. It does not know where it is.

Each exit has a row of its own, in the order of the file, and its line begins there: no label floats between lines.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate

from ivr_engine.draw.chart import Box
from ivr_engine.draw.exits import Exit
from ivr_engine.draw.lettering import shortened, width, wrapped
from ivr_engine.draw.places import Measures

WIDTH = 264.0
INSIDE = 12.0  # from the border to the words
HEAD = 30.0
ROW = 25.0
CHIP = 20.0

WORDS, WORDS_LINE, MOST_WORDS = 13.0, 18.0, 4
SMALL, SMALL_LINE, MOST_SMALL = 11.0, 15.0, 3
MOST_REMARKS = 8  # lines of an exit: what a rule demands is worth reading whole


@dataclass(frozen=True, slots=True)
class Row:
    """One exit as it is written. `back` names the box it leads back to; then it has no line."""

    label: str
    chip: float
    remarks: tuple[str, ...]
    back: str
    way: Exit
    top: float = 0.0


@dataclass(frozen=True, slots=True)
class Card:
    """A box as it is written."""

    box: Box
    title: str
    words: tuple[str, ...]
    small: tuple[str, ...]
    rows: tuple[Row, ...]
    measures: Measures


def card_of(box: Box, back: Mapping[int, str]) -> Card:
    """The box written out; `back` has the titles of the boxes to which exits lead back."""
    space = WIDTH - 2 * INSIDE
    title = shortened(box.title, WORDS, space - width(box.word, SMALL) - INSIDE)
    words = [line for text in box.texts for line in wrapped(text, WORDS, space, MOST_WORDS)]
    small = _lines(box.settings, space, MOST_SMALL)
    height = HEAD + len(words) * WORDS_LINE + len(small) * SMALL_LINE + (INSIDE if words or small else 0)
    if _needs_no_row(box) and not back:
        return Card(box, title, tuple(words), tuple(small), (), Measures(height, HEAD / 2, [HEAD / 2]))
    flat = [_row(way, back.get(number, "")) for number, way in enumerate(box.exits)]
    tops = [*accumulate((ROW + max(0, len(row.remarks) - 1) * SMALL_LINE for row in flat), initial=height)]
    rows = [replace(row, top=top) for row, top in zip(flat, tops, strict=False)]
    measures = Measures(tops[-1] + (4 if rows else 0), HEAD / 2, [row.top + ROW / 2 for row in rows])
    return Card(box, title, tuple(words), tuple(small), tuple(rows), measures)


def _lines(settings: Iterable[str], space: float, most: int) -> list[str]:
    """Settings one after the other, in a few lines; each stays in one of them."""
    text = " · ".join(setting.replace(" ", "\xa0") for setting in settings)
    return [line.removeprefix("· ").removesuffix(" ·") for line in wrapped(text, SMALL, space, most) if line]


def _needs_no_row(box: Box) -> bool:
    """Whether the only exit has nothing to say: its line then leaves beside the title."""
    return len(box.exits) == 1 and not box.exits[0].label and not box.exits[0].remarks


def _row(way: Exit, back: str) -> Row:
    chip = max(CHIP, width(way.label, SMALL) + 12) if way.label else 0.0
    space = WIDTH - 2 * INSIDE - chip - 8
    back = shortened(f"↩ {back}", SMALL, space) if back else ""
    left = space - (width(back, SMALL) + 12 if back else 0)
    return Row(way.label, chip, tuple(_lines(way.remarks, left, MOST_REMARKS)), back, way)
