"""This file decides how a report looks that is to be kept: as a page with plots, and as Markdown. It counts nothing.

The page is whole in itself: drawn here, nothing from the net. All words that come from elsewhere are escaped.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 900, 220, 64, 26, 8
COLOURS = ("#1f6feb", "#d1242f", "#1a7f37", "#9a6700", "#8250df", "#bf3989", "#0a7ea4", "#57606a")
GREY = COLOURS[-1]
TICKS = 5
LONGEST_BAR = 20  # signs of a mark's words: more would lie over the next one

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 960px; margin: 2em auto; padding: 0 1em; color: #1f2328 }
table { border-collapse: collapse; margin: .5em 0 1.5em }
td, th { padding: .2em .8em; border-bottom: 1px solid #d0d7de; vertical-align: top }
td, th { text-align: right } td:first-child, th:first-child, .words td, .words th { text-align: left }
pre { background: #f6f8fa; padding: .8em; overflow-x: auto }
svg { display: block } svg text { font: 11px system-ui, sans-serif; fill: #57606a }
.key { margin: 0 1em 0 .3em } .key i { display: inline-block; width: 12px; height: 3px; vertical-align: middle }
"""

_QUOTED = re.compile(r"`([^`<>]+)`")

Line = Sequence[float | None]
Lines = Mapping[str, Line]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns. The first column names the thing; the others are figures, or (`words`) texts."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    words: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """Where something else begins."""

    title: str


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence or some."""

    text: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Sentences one below the other."""

    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Code:
    """Lines to be copied into a file."""

    text: str
    language: str = "yaml fragment"


@dataclass(frozen=True, slots=True)
class Plot:
    """Lines over the time. `clock` names each place of a line; `marks` are words at a place, `grey` a line's name.

    A page shows it, Markdown leaves it out.
    """

    title: str
    clock: Sequence[str]
    lines: Lines
    marks: Sequence[tuple[float, str]] = ()
    grey: str = ""
    top: float | None = field(default=None)


Part = Heading | Said | Listed | Code | Table | Plot


def as_page(title: str, parts: Sequence[Part], language: str = "en") -> str:
    """The whole page."""
    name, shown = escape(title), "".join(map(_shown, parts))
    return (
        f'<!doctype html><html lang="{escape(language)}"><meta charset="utf-8"><title>{name}</title>'
        f"<style>{_STYLE}</style><h1>{name}</h1>{shown}</html>\n"
    )


def as_markdown(title: str, parts: Sequence[Part]) -> str:
    """The same in Markdown, without plots and empty tables."""
    written = [f"# {_plain(title)}", *map(_written, parts)]
    return "\n\n".join(part for part in written if part) + "\n"


# --- Markdown -------------------------------------------------------------------------------------------------------


def _written(part: Part) -> str:
    match part:
        case Heading(title):
            return f"## {_plain(title)}"
        case Said(text):
            return _plain(text)
        case Listed(items):
            return "\n".join(f"- {_plain(item)}" for item in items)
        case Code(text, language):
            return f"```{language}\n{text.replace('```', '')}\n```"
        case Table():
            return _table_written(part)
    return ""


def _table_written(table: Table) -> str:
    if not table.rows:
        return ""
    lines: Sequence[Sequence[str]] = (table.columns, ("---",) * len(table.columns), *table.rows)
    head = f"### {_plain(table.title)}\n\n" if table.title else ""
    return head + "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    return _plain(text).replace("|", "\\|")


def _plain(text: str) -> str:
    """No HTML comes through, and no line ends where a cell or a sentence does not."""
    return " ".join(text.replace("&", "&amp;").replace("<", "&lt;").split())


# --- the page -------------------------------------------------------------------------------------------------------


def _shown(part: Part) -> str:
    match part:
        case Heading(title):
            return f"<h2>{escape(title)}</h2>"
        case Said(text):
            quoted = _QUOTED.sub(r"<code>\1</code>", escape(text))
            return f"<p>{quoted}</p>"
        case Listed(items):
            return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>" if items else ""
        case Code(text):
            return f"<pre>{escape(text)}</pre>"
        case Table():
            return _table(part) if part.rows else ""
        case Plot():
            return _plot(part)


def _table(table: Table) -> str:
    heads = "".join(f"<th>{escape(name)}</th>" for name in table.columns)
    rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in table.rows)
    kind = ' class="words"' if table.words else ""
    title = f"<h3>{escape(table.title)}</h3>" if table.title else ""
    return f"{title}<table{kind}><tr>{heads}</tr>{rows}</table>"


def _plot(plot: Plot) -> str:
    most = max((value for line in plot.lines.values() for value in line if value is not None), default=0.0)
    most = plot.top or most or 1.0
    shapes = [_grid(most), _times(plot.clock), _marks(plot)]
    keys = []
    for place, (name, line) in enumerate(plot.lines.items()):
        colour = GREY if name == plot.grey else COLOURS[place % (len(COLOURS) - 1)]
        shapes.append(f'<path d="{_path(line, most)}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        keys.append(f'<span class="key"><i style="background:{colour}"></i> {escape(name)}</span>')
    drawn, title = "".join(shapes), escape(plot.title)
    return (
        f"<h3>{title}</h3><div>{''.join(keys)}</div>"
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="100%" role="img" aria-label="{title}">{drawn}</svg>'
    )


def _path(line: Line, most: float) -> str:
    """A line that breaks where nothing is known."""
    parts, is_on = [], False
    for place, value in enumerate(line):
        if value is not None:
            parts.append(f"{'L' if is_on else 'M'}{_x(place, len(line)):.1f} {_y(value, most):.1f}")
        is_on = value is not None
    return "".join(parts)


def _grid(most: float) -> str:
    rows = [most * step / TICKS for step in range(TICKS + 1)]
    return "".join(
        f'<line x1="{LEFT}" x2="{WIDTH}" y1="{_y(row, most):.1f}" y2="{_y(row, most):.1f}" stroke="#d0d7de"/>'
        f'<text x="{LEFT - 6}" y="{_y(row, most) + 4:.1f}" text-anchor="end">{row:,.0f}</text>'
        for row in rows
    )


def _times(clock: Sequence[str]) -> str:
    step = max(1, len(clock) // 10)
    return "".join(
        f'<text x="{_x(place, len(clock)):.1f}" y="{HEIGHT - 8}" text-anchor="middle">{escape(clock[place])}</text>'
        for place in range(0, len(clock), step)
    )


def _marks(plot: Plot) -> str:
    """Upright lines with words, each a line lower than the one before, so that neighbours can be read."""
    drawn = []
    for number, (place, words) in enumerate(plot.marks):
        x, y = _x(place, len(plot.clock)), TOP + 10 + 12 * (number % 5)
        short = words if len(words) <= LONGEST_BAR else f"{words[: LONGEST_BAR - 1]}…"
        anchor = "end" if x > WIDTH * 0.8 else "start"
        drawn.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" stroke="{GREY}" stroke-dasharray="3 3">'
            f"<title>{escape(words)}</title></line>"
            f'<text x="{x + (-3 if anchor == "end" else 3):.1f}" y="{y}" text-anchor="{anchor}">{escape(short)}</text>'
        )
    return "".join(drawn)


def _x(place: float, many: int) -> float:
    return LEFT + (WIDTH - LEFT - 20) * place / max(1, many - 1)


def _y(value: float, most: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * min(value, most) / most
