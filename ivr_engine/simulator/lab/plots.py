"""This file decides how a run looks in a browser: one page, drawn here, nothing from the net. It counts nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from ivr_engine.simulator.lab.figures import Results, Sample
from ivr_engine.simulator.lab.tables import Table, summary, tables

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 900, 220, 64, 26, 8
COLOURS = ("#1f6feb", "#d1242f", "#1a7f37", "#9a6700", "#8250df", "#bf3989", "#0a7ea4", "#57606a")
TICKS = 5

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 960px; margin: 2em auto; padding: 0 1em; color: #1f2328 }
table { border-collapse: collapse; margin: .5em 0 1.5em }
td, th { padding: .2em .8em; border-bottom: 1px solid #d0d7de }
td { text-align: right } td:first-child, th:first-child, .words { text-align: left }
svg { display: block } svg text { font: 11px system-ui, sans-serif; fill: #57606a }
.key { margin: 0 1em 0 .3em } .key i { display: inline-block; width: 12px; height: 3px; vertical-align: middle }
"""

Line = Sequence[float | None]
Lines = Mapping[str, Line]


def page(results: Results, notes: Iterable[str] = (), first: Iterable[Table] = ()) -> str:
    """The whole page. `notes` are sentences under the title, and `first` tables before the plots."""
    samples, zone = results.samples, ZoneInfo(results.scenario.hotline.timezone)
    clock = [f"{datetime.fromtimestamp(sample.at, zone):%H:%M}" for sample in samples]
    used = [name for name, one in results.queues.items() if one.offered]
    on_duty = [float(sum(one.on_duty.values())) for one in samples]
    seats = {**_by_name(samples, "busy", results.pools), "on duty": on_duty}
    plots = [
        _plot("Callers waiting 排队人数", clock, _by_name(samples, "waiting", used)),
        _plot("Mean wait of those just answered, in seconds 等待秒数", clock, _by_name(samples, "waits", used)),
        _plot("What one who came would be told, in seconds 预计等待", clock, _by_name(samples, "estimates", used)),
        _plot("Seats busy, and (grey) on duty 坐席占用", clock, seats),
    ]
    said = "".join(f"<p>{escape(note)}</p>" for note in (summary(results), *notes))
    shown = "".join(_table(one) for one in tables(results))
    name = escape(results.scenario.name)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{name}</title><style>{_STYLE}</style>'
        f"<h1>{name}</h1>{said}{''.join(map(_table, first))}{''.join(plots)}{shown}</html>\n"
    )


def _by_name(samples: Sequence[Sample], of: str, names: Iterable[str]) -> Lines:
    values: list[Mapping[str, float]] = [getattr(one, of) for one in samples]
    return {name: [one.get(name) for one in values] for name in names}


def _plot(title: str, clock: Sequence[str], lines: Lines) -> str:
    most = max((value for line in lines.values() for value in line if value is not None), default=0.0) or 1.0
    shapes = [_grid(most), _times(clock)]
    keys = []
    for place, (name, line) in enumerate(lines.items()):
        colour = COLOURS[-1] if name == "on duty" else COLOURS[place % (len(COLOURS) - 1)]
        shapes.append(f'<path d="{_path(line, most)}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        keys.append(f'<span class="key"><i style="background:{colour}"></i> {escape(name)}</span>')
    drawn = "".join(shapes)
    return (
        f"<h2>{escape(title)}</h2><div>{''.join(keys)}</div>"
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="100%" role="img" aria-label="{escape(title)}">{drawn}</svg>'
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
        f'<text x="{_x(place, len(clock)):.1f}" y="{HEIGHT - 8}" text-anchor="middle">{clock[place]}</text>'
        for place in range(0, len(clock), step)
    )


def _x(place: int, many: int) -> float:
    return LEFT + (WIDTH - LEFT - 20) * place / max(1, many - 1)


def _y(value: float, most: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / most


def _table(table: Table) -> str:
    heads = "".join(f"<th>{escape(name)}</th>" for name in table.columns)
    rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in table.rows)
    return f"<h2>{escape(table.title)}</h2><table><tr>{heads}</tr>{rows}</table>"
