"""This file decides what is written in a box, line by line, and how tall that makes it. It does not know where it is.

Each exit has a row of its own, in the order of the file, and its line begins there: no label floats between lines.
"""

from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Row:
    """One exit as it is written. `back` names the box it leads back to; then it has no line."""

    label: str
    chip: float
    remark: str
    back: str
    way: Exit
    top: float


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
    settings = " · ".join(setting.replace(" ", "\xa0") for setting in box.settings)  # each stays in one line
    small = [line.removesuffix(" ·") for line in wrapped(settings, SMALL, space, MOST_SMALL) if line]
    height = HEAD + len(words) * WORDS_LINE + len(small) * SMALL_LINE + (INSIDE if words or small else 0)
    if _needs_no_row(box) and not back:
        return Card(box, title, tuple(words), tuple(small), (), Measures(height, HEAD / 2, [HEAD / 2]))
    tops = [*accumulate([ROW] * len(box.exits), initial=height)]
    rows = [_row(way, back.get(number, ""), tops[number]) for number, way in enumerate(box.exits)]
    measures = Measures(tops[-1] + (4 if rows else 0), HEAD / 2, [row.top + ROW / 2 for row in rows])
    return Card(box, title, tuple(words), tuple(small), tuple(rows), measures)


def _needs_no_row(box: Box) -> bool:
    """Whether the only exit has nothing to say: its line then leaves beside the title."""
    return len(box.exits) == 1 and not box.exits[0].label and not box.exits[0].remarks


def _row(way: Exit, back: str, top: float) -> Row:
    chip = max(CHIP, width(way.label, SMALL) + 12) if way.label else 0.0
    space = WIDTH - 2 * INSIDE - chip - 8
    back = shortened(f"↩ {back}", SMALL, space) if back else ""
    left = space - (width(back, SMALL) + 12 if back else 0)
    return Row(way.label, chip, shortened(" · ".join(way.remarks), SMALL, left), back, way, top)
