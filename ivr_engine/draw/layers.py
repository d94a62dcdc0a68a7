"""This file decides which column a box stands in, and in which order. It does not know what is in a box, or its size.

Callers go from left to right: a box stands right of all that lead to it, the ends in the last column. An exit that
leads back is no line but a name, so lines never run against the reading. All lines to one box that pass a column pass
it as one lane: forty exits to a queue are one line by the time they reach it. (The layout packages there are know
neither exits in a fixed order nor shared lanes, and the best of them are programs, not packages.)
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

SWEEPS = 12  # more changes nothing in a hotline of a thousand steps

Ways: TypeAlias = Mapping[str, Sequence[str]]  # where the exits of each box lead, in their order


@dataclass(frozen=True, slots=True)
class Spot:
    """A box in a column, or the lane on which lines to it pass that column."""

    box: str
    column: int
    is_lane: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line from one column to the next. `exit` counts the exits of a box; a lane has but one."""

    start: Spot
    exit: int
    end: Spot


@dataclass(frozen=True, slots=True)
class Layers:
    """Every column from top to bottom, the lines between them, and the exits that lead back."""

    columns: Sequence[Sequence[Spot]]
    lines: Sequence[Line]
    back: frozenset[tuple[str, int]]


def arranged(ways: Ways, last: Iterable[str]) -> Layers:
    """The boxes of `ways` in columns; those in `last` in the last one."""
    back = _leading_back(ways)
    columns = _columns(ways, back, frozenset(last))
    lines = _lines(ways, back, columns)
    return Layers(_ordered(ways, columns, lines), lines, back)


def _leading_back(ways: Ways) -> frozenset[tuple[str, int]]:
    """The exits that close a circle, as seen by a caller who takes the first exits first."""
    back: set[tuple[str, int]] = set()
    seen: set[str] = set()
    for root in ways:
        trail = {root: iter(enumerate(ways[root]))} if root not in seen else {}
        while trail:
            box = next(reversed(trail))
            seen.add(box)
            number, onto = next(trail[box], (0, ""))
            if not onto:
                del trail[box]
            elif onto in trail:
                back.add((box, number))
            elif onto not in seen:
                trail[onto] = iter(enumerate(ways[onto]))
    return frozenset(back)


def _columns(ways: Ways, back: frozenset[tuple[str, int]], last: frozenset[str]) -> Mapping[str, int]:
    """The column of each box: one more than the farthest that leads to it."""
    onward = {box: [to for number, to in enumerate(exits) if (box, number) not in back] for box, exits in ways.items()}
    leading = dict.fromkeys(ways, 0)
    for exits in onward.values():
        for to in exits:
            leading[to] += 1
    columns = dict.fromkeys(ways, 0)
    ready = [box for box, count in leading.items() if not count]
    for box in ready:
        for to in onward[box]:
            columns[to] = max(columns[to], columns[box] + 1)
            leading[to] -= 1
            if not leading[to]:
                ready.append(to)
    end = max((column + 1 for box, column in columns.items() if box not in last), default=0)
    return {box: end if box in last else column for box, column in columns.items()}


def _lines(ways: Ways, back: frozenset[tuple[str, int]], columns: Mapping[str, int]) -> list[Line]:
    lines: dict[Line, None] = {}
    for box, exits in ways.items():
        for number, to in enumerate(exits):
            if (box, number) in back:
                continue
            start, leaves = Spot(box, columns[box]), number
            for column in range(columns[box] + 1, columns[to] + 1):
                end = Spot(to, column, is_lane=column < columns[to])
                lines[Line(start, leaves, end)] = None
                start, leaves = end, 0
    return list(lines)


def _ordered(ways: Ways, columns: Mapping[str, int], lines: Iterable[Line]) -> list[list[Spot]]:
    """The order with the fewest crossings that sweeping to and fro finds."""
    lines = list(lines)
    order: list[list[Spot]] = [[] for _ in range(max(columns.values()) + 1)]
    spots = dict.fromkeys([*(Spot(box, columns[box]) for box in ways), *(line.end for line in lines)])
    for spot in spots:
        order[spot.column].append(spot)
    heights = {box: len(exits) + 1 for box, exits in ways.items()}
    best, fewest = order, _crossings(order, lines, heights)
    for sweep in range(SWEEPS):
        if not fewest:
            break
        order = _swept(order, lines, heights, rightward=sweep % 2 == 0)
        crossings = _crossings(order, lines, heights)
        if crossings < fewest:
            best, fewest = order, crossings
    return best


def _swept(
    order: list[list[Spot]], lines: list[Line], heights: Mapping[str, int], *, rightward: bool
) -> list[list[Spot]]:
    """Each column sorted by the middle of what it is joined to in the column before."""
    order = [list(column) for column in order]
    joined: dict[Spot, list[Line]] = defaultdict(list)
    for line in lines:
        joined[line.end if rightward else line.start].append(line)
    for column in order[1:] if rightward else order[-2::-1]:
        place = _places(order)
        wanted = {}
        for spot in column:
            ends = [_height(line, place, heights) if rightward else place[line.end] for line in joined[spot]]
            wanted[spot] = sum(ends) / len(ends) if ends else place[spot]
        column.sort(key=lambda spot: wanted[spot])
    return order


def _places(order: Iterable[Iterable[Spot]]) -> dict[Spot, float]:
    return {spot: float(number) for column in order for number, spot in enumerate(column)}


def _height(line: Line, place: Mapping[Spot, float], heights: Mapping[str, int]) -> float:
    """Where a line leaves its column: exits lie below one another within their box."""
    within = 0.5 if line.start.is_lane else (line.exit + 1) / heights[line.start.box]
    return place[line.start] + within


def _crossings(order: list[list[Spot]], lines: list[Line], heights: Mapping[str, int]) -> int:
    place = _places(order)
    between: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for line in lines:
        between[line.start.column].append((_height(line, place, heights), place[line.end]))
    return sum(_inversions([end for _, end in sorted(pairs)]) for pairs in between.values())


def _inversions(ends: list[float]) -> int:
    """How many pairs stand in the wrong order; counted while merging, as there may be thousands."""
    if len(ends) < 2:
        return 0
    middle = len(ends) // 2
    left, right = sorted(ends[:middle]), sorted(ends[middle:])
    count, taken = _inversions(ends[:middle]) + _inversions(ends[middle:]), 0
    for end in right:
        while taken < len(left) and left[taken] <= end:
            taken += 1
        count += len(left) - taken
    return count
