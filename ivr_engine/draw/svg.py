"""This file decides how charts look: colours, lines, letters. It does not know what a hotline is.

One picture holds all charts, one below the other, and needs nothing else: no script, no font of its own, no link.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import cycle
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ivr_engine.draw.cards import CHIP, HEAD, INSIDE, ROW, SMALL_LINE, WIDTH, WORDS_LINE, Card, Row, card_of
from ivr_engine.draw.chart import Chart, Sort
from ivr_engine.draw.layers import Layers, Line, Spot, arranged
from ivr_engine.draw.places import Measures, placed

MARGIN = 28.0
BETWEEN_COLUMNS = 92.0
BETWEEN_BOXES = 26.0
HEADING = 52.0
LEGEND = 40.0

_ENDS = (Sort.QUEUE, Sort.END)
_LANE = Measures(6, 3, [3])
_PLAIN = "#64748b"
_OF_ENDS = ("#0f766e", "#b45309", "#6d28d9", "#1d4ed8", "#be185d", "#4d7c0f")  # told apart also where they cross
_EXPLAINED = (
    "line: the way a caller goes",
    "dashed line: silence or a wrong key",
    "↩ leads back",
    "dashed box: a step of ordinary days",
)
_STYLE = """
text { font: 13px 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif; fill: #0f172a }
.heading { font-size: 19px; font-weight: 700 } .title { font-weight: 700 }
.small { font-size: 11px; fill: #475569 } .word { font-size: 11px; fill: #475569; text-anchor: end }
.chip { font-size: 11px; text-anchor: middle } .key { font-size: 12px; font-weight: 700; fill: #fff }
.back { font-size: 11px; fill: #1d4ed8; text-anchor: end }
.line { fill: none; stroke-width: 1.8 } .aside { stroke-dasharray: 6 4 }
.box { fill: #fff; stroke-width: 1.4 } .borrowed { stroke-dasharray: 5 4 }
.entry .title, .entry .word { fill: #fff }
"""
_HEADS = {  # the head's colour, and the border's
    Sort.ENTRY: ("#334155", "#334155"),
    Sort.CHOICE: ("#dbeafe", "#3b82f6"),
    Sort.STEP: ("#f1f5f9", "#94a3b8"),
    Sort.QUEUE: ("#ecfdf5", ""),
    Sort.END: ("#fee2e2", ""),
}


def as_svg(charts: Iterable[Chart]) -> str:
    """All charts as one picture."""
    svg = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img"})
    SubElement(svg, "style").text = _STYLE
    ground = SubElement(svg, "rect", {"width": "100%", "height": "100%", "fill": "#fff"})
    ground.tail = "\n"
    charts = list(charts)
    ends = dict.fromkeys(key for chart in charts for key, box in chart.boxes.items() if box.sort in _ENDS)
    colours = dict(zip(ends, cycle(_OF_ENDS), strict=False))
    right, below = 0.0, MARGIN
    for number, chart in enumerate(charts, start=1):
        picture = _Picture(chart, f"f{number}", colours)
        picture.draw(svg, below)
        right, below = max(right, picture.width), below + HEADING + picture.height + MARGIN * 2
    _text(svg, MARGIN, below, "\u2003·\u2003".join(_EXPLAINED), "small")
    size = (right + 2 * MARGIN, below + LEGEND - MARGIN + SMALL_LINE)
    svg.set("viewBox", f"0 0 {_number(size[0])} {_number(size[1])}")
    svg.set("width", _number(size[0]))
    svg.set("height", _number(size[1]))
    indent(svg)
    return tostring(svg, encoding="unicode") + "\n"


class _Picture:
    """One chart with everything in its place."""

    def __init__(self, chart: Chart, name: str, colours: Mapping[str, str]) -> None:
        self.chart, self.name = chart, name
        ends = [key for key, box in chart.boxes.items() if box.sort in _ENDS]
        ways = {key: [way.to for way in box.exits] for key, box in chart.boxes.items()}
        self.layers: Layers = arranged(ways, ends)
        self.cards = {key: card_of(box, self._back(key)) for key, box in chart.boxes.items()}
        spots = [spot for column in self.layers.columns for spot in column]
        self.measures = {spot: _LANE if spot.is_lane else self.cards[spot.box].measures for spot in spots}
        self.tops = placed(self.layers, self.measures, BETWEEN_BOXES)
        self.colours = {key: colours.get(key, _PLAIN) for key in chart.boxes}
        self.hoped_for = set(self._hoped_for(ways))
        self.names = {key: f"{name}b{number}" for number, key in enumerate(chart.boxes)}

    def _back(self, key: str) -> Mapping[int, str]:
        exits = self.chart.boxes[key].exits
        back = [number for number in range(len(exits)) if (key, number) in self.layers.back]
        return {number: self.chart.boxes[exits[number].to].title for number in back}

    def _hoped_for(self, ways: Mapping[str, list[str]]) -> Iterator[Spot]:
        """The lanes that somebody takes by choice; only silent and wrong callers take the others."""
        columns = {spot.box: spot.column for spot in self.measures if not spot.is_lane}
        for key, exits in ways.items():
            chosen = {to for to, way in zip(exits, self.chart.boxes[key].exits, strict=True) if not way.aside}
            for to in chosen:
                yield from (Spot(to, column, is_lane=True) for column in range(columns[key] + 1, columns[to]))

    def _look(self, spot: Spot, aside: bool) -> dict[str, str]:
        return {"class": "line aside" if aside else "line", "stroke": self.colours[spot.box]}

    @property
    def width(self) -> float:
        return len(self.layers.columns) * (WIDTH + BETWEEN_COLUMNS) - BETWEEN_COLUMNS

    @property
    def height(self) -> float:
        return max(self.tops[spot] + self.measures[spot].height for spot in self.tops)

    def draw(self, svg: Element, top: float) -> None:
        _text(svg, MARGIN, top + 16, self.chart.title, "heading")
        chart = SubElement(svg, "g", {"id": self.name, "transform": f"translate({_number(MARGIN)} {top + HEADING:g})"})
        for line in self.layers.lines:
            self._line(chart, line)
        for spot in self.tops:
            if spot.is_lane:
                self._lane(chart, spot)
            else:
                self._card(chart, spot)

    def _line(self, chart: Element, line: Line) -> None:
        start, end = self.measures[line.start], self.measures[line.end]
        left, right = self._x(line.start) + WIDTH, self._x(line.end)
        high, low = self.tops[line.start] + start.exits[line.exit], self.tops[line.end] + end.entry
        middle = (left + right) / 2
        if line.start.is_lane:
            aside = line.start not in self.hoped_for
        else:
            aside = self.chart.boxes[line.start.box].exits[line.exit].aside
        curve = _path(f"M {left:.1f} {high:.1f} C", (middle, high), (middle, low), (right, low))
        SubElement(chart, "path", {"d": curve, **self._look(line.end, aside)})
        if not line.end.is_lane:
            head = _path(f"M {right:.1f} {low:.1f} L", (right - 9, low - 5), (right - 9, low + 5)) + " Z"
            SubElement(chart, "path", {"d": head, "fill": self.colours[line.end.box]})

    def _lane(self, chart: Element, spot: Spot) -> None:
        left, y = self._x(spot), self.tops[spot] + _LANE.entry
        look = self._look(spot, spot not in self.hoped_for)
        SubElement(chart, "path", {"d": f"M {left:.1f} {y:.1f} H {left + WIDTH:.1f}", **look})

    def _x(self, spot: Spot) -> float:
        return spot.column * (WIDTH + BETWEEN_COLUMNS)

    def _card(self, chart: Element, spot: Spot) -> None:
        card = self.cards[spot.box]
        box, height = card.box, card.measures.height
        place = f"translate({_number(self._x(spot))} {_number(self.tops[spot])})"
        group = SubElement(chart, "g", {"id": self.names[spot.box], "class": box.sort, "transform": place})
        SubElement(group, "title").text = "\n".join([f"{box.title} {box.word}", *box.texts, *box.settings])
        head, border = _HEADS[box.sort]
        border = border or self.colours[spot.box]
        shape = {"width": _number(WIDTH), "rx": "7"}
        look = {"class": "box borrowed" if box.borrowed else "box", "stroke": border}
        SubElement(group, "rect", {**shape, "height": _number(height), "fill": "#fff", "stroke": "none"})
        SubElement(group, "path", {"d": _head(height), "fill": head})
        SubElement(group, "rect", {**shape, "height": _number(height), **look, "style": "fill: none"})
        _text(group, INSIDE, HEAD / 2 + 5, card.title, "title")
        _text(group, WIDTH - INSIDE, HEAD / 2 + 4, box.word, "word")
        self._inside(group, card)

    def _inside(self, group: Element, card: Card) -> None:
        y = HEAD + 6
        for line in card.words:
            y += WORDS_LINE
            _text(group, INSIDE, y - 4, line, "")
        for line in card.small:
            y += SMALL_LINE
            _text(group, INSIDE, y - 3, line, "small")
        for row in card.rows:
            self._row(group, row, self.names[row.way.to])

    def _row(self, group: Element, row: Row, onto: str) -> None:
        middle = row.top + ROW / 2
        if row.label:
            fill = "#2563eb" if row.way.by_key else "#e2e8f0"
            chip = {"x": _number(INSIDE), "y": _number(middle - CHIP / 2 + 1), "rx": "5", "fill": fill}
            SubElement(group, "rect", {**chip, "width": _number(row.chip), "height": _number(CHIP - 2)})
            _text(group, INSIDE + row.chip / 2, middle + 4, row.label, "chip key" if row.way.by_key else "chip")
        for number, remark in enumerate(row.remarks):
            _text(group, INSIDE + row.chip + (8 if row.chip else 0), middle + 4 + number * SMALL_LINE, remark, "small")
        if row.back:
            link = SubElement(group, "a", {"href": f"#{onto}"})
            _text(link, WIDTH - INSIDE, middle + 4, row.back, "back")


def _head(height: float) -> str:
    """The upper part of a box, with its round corners; all of it where there is nothing below."""
    if height <= HEAD:
        inner = _number(WIDTH - 14)
        side = _number(HEAD - 14)
        return f"M 7 0 h {inner} q 7 0 7 7 v {side} q 0 7 -7 7 h -{inner} q -7 0 -7 -7 v -{side} q 0 -7 7 -7 Z"
    return f"M 7 0 H {WIDTH - 7:g} Q {WIDTH:g} 0 {WIDTH:g} 7 V {HEAD:g} H 0 V 7 Q 0 0 7 0 Z"


def _path(start: str, *points: tuple[float, float]) -> str:
    return f"{start} {', '.join(f'{x:.1f} {y:.1f}' for x, y in points)}"


def _text(parent: Element, x: float, y: float, words: str, look: str) -> None:
    if words:
        SubElement(parent, "text", {"x": _number(x), "y": _number(y), **({"class": look} if look else {})}).text = words


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
