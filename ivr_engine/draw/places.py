"""This file decides how high each box of a column stands. It does not know columns' order, or what is in a box.

Every spot wants to stand level with what it is joined to; a column gives all of them the least total disappointment
that keeps their order and their distance.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ivr_engine.draw.layers import Layers, Line, Spot

PASSES = 10


@dataclass(frozen=True, slots=True)
class Measures:
    """How tall a spot is, where lines reach it, and where each exit leaves it; all from its top."""

    height: float
    entry: float
    exits: Sequence[float]


def placed(layers: Layers, measures: Mapping[Spot, Measures], gap: float) -> dict[Spot, float]:
    """The top of every spot; the uppermost is at 0."""
    tops: dict[Spot, float] = {}
    for column in layers.columns:
        tops.update(zip(column, _spread([0.0] * len(column), column, measures, gap), strict=True))
    arriving: dict[Spot, list[Line]] = defaultdict(list)
    leaving: dict[Spot, list[Line]] = defaultdict(list)
    for line in layers.lines:
        arriving[line.end].append(line)
        leaving[line.start].append(line)
    for number in range(PASSES):
        rightward = number % 2 == 1
        joined = arriving if rightward else leaving
        for column in layers.columns if rightward else reversed(layers.columns):
            wanted = [_wanted(spot, joined[spot], tops, measures) for spot in column]
            tops.update(zip(column, _spread(wanted, column, measures, gap), strict=True))
    highest = min(tops.values())
    return {spot: top - highest for spot, top in tops.items()}


def _wanted(spot: Spot, lines: Sequence[Line], tops: Mapping[Spot, float], measures: Mapping[Spot, Measures]) -> float:
    """The top at which a spot's lines would be level on average."""
    if not lines:
        return tops[spot]
    falls = [_fall(line, tops, measures) for line in lines]
    fall = sum(falls) / len(falls)
    return tops[spot] - fall if spot == lines[0].end else tops[spot] + fall


def _fall(line: Line, tops: Mapping[Spot, float], measures: Mapping[Spot, Measures]) -> float:
    leaves = tops[line.start] + measures[line.start].exits[line.exit]
    return tops[line.end] + measures[line.end].entry - leaves


def _spread(
    wanted: Sequence[float], column: Sequence[Spot], measures: Mapping[Spot, Measures], gap: float
) -> list[float]:
    """The tops nearest to those wanted, in order and apart: whoever would overlap moves as one block."""
    offsets, below = [], 0.0
    for spot in column:
        offsets.append(below)
        below += measures[spot].height + gap
    blocks: list[list[float]] = []  # the sum of what its members want, and how many they are
    for top, offset in zip(wanted, offsets, strict=True):
        blocks.append([top - offset, 1.0])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += count
    bases = [total / count for total, count in blocks for _ in range(int(count))]
    return [base + offset for base, offset in zip(bases, offsets, strict=True)]
