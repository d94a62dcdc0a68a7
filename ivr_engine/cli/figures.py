"""This file decides how figures of the past read in a terminal and in a file. It does not know how they are made."""

import csv
import io
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from ivr_engine.cli._options import DEFAULT_SETTINGS, SettingsPath
from ivr_engine.cli._tables import moment, show
from ivr_engine.errors import DialplanError

if TYPE_CHECKING:
    from ivr_engine.dialplan.hotline import Hotline
    from ivr_engine.figures import Figures, Report

By = Literal["all", "queue", "pool", "region", "agent", "hour", "flow"]
Format = Literal["table", "json", "csv"]


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(figures)


def figures(  # noqa: PLR0913, PLR0917  # one for each option
    since: Annotated[str, typer.Option(help="1h, 3d, today, yesterday, a date or a moment.")] = "today",
    until: Annotated[str, typer.Option(help="The same; a day with all its hours.")] = "0m",
    by: Annotated[By, typer.Option(help="In which groups.")] = "all",
    form: Annotated[Format, typer.Option("--format", help="json has every figure.")] = "table",
    bands: Annotated[str, typer.Option(help="Borders of waits, in seconds.")] = "10,30,60,120",
    window: Annotated[str, typer.Option(help="Who calls again within it has not been helped.")] = "72h",
    short: Annotated[float, typer.Option(min=0, max=3600, help="Who gives up sooner is counted apart, and in.")] = 5.0,
    settings: SettingsPath = DEFAULT_SETTINGS,
) -> None:
    """Answer rate, service level, waits, agents' time, repeat calls. 接通率、服务水平等报表。"""
    import msgspec

    from ivr_engine.model.past import FiguresAsked
    from ivr_engine.reports import report
    from ivr_engine.settings import load_settings

    site = load_settings(settings)
    asked = FiguresAsked(since, until, by, bands, window, short)
    found = report(site.store.url, _hotline(site.dialplan), asked, time.time())
    if form == "json":
        typer.echo(msgspec.json.encode(found))
    elif form == "csv":
        typer.echo(_csv(found), nl=False)
    else:
        _tables(found)


def _hotline(path: Path) -> "Hotline[Any]":
    from ivr_engine.dialplan.load import load
    from ivr_engine.nodes import NODE_TYPES

    try:
        return load(path, NODE_TYPES)
    except DialplanError as error:  # its targets, pools and time zone are needed: better none than wrong ones
        raise DialplanError(
            f"what the queues promise stands in the dialplan, which cannot be read: {error}", error.diagnostics
        ) from error


def _tables(found: "Report") -> None:
    typer.echo(f"{moment(found.since)} to {moment(found.until)}, {found.total.calls} calls")
    rows = [*found.groups, found.total]
    seats = found.by in ("agent", "pool")
    names = [found.by if found.by != "all" else "", *_COLUMNS]
    show([name for name in names if not (seats and name in _OF_CALLERS)], (_cells(one, seats=seats) for one in rows))
    if not seats:
        bands = list(found.total.abandoned_by_wait)
        show(
            ["gave up after, in s", *bands, f"in under {found.short_seconds:g}"],
            ([_name(one), *map(str, one.abandoned_by_wait.values()), str(one.short_abandoned)] for one in rows),
        )
    for line in found.shortages:
        typer.echo(line)


_OF_CALLERS = ("offered", "接通率", "in time", "gave up")  # columns without meaning for groups of seats
_COLUMNS = (
    *("offered", "answered", "接通率", "in time", "gave up", "wait mean/50/90/95 s", "talk+rest s", "busy", "missed"),
    *("transfers", "overflow", "repeat", "resolved"),
)


def _cells(one: "Figures", *, seats: bool) -> list[str]:
    waits = one.wait
    wait = f"{waits.mean:.0f}/{waits.p50:.0f}/{waits.p90:.0f}/{waits.p95:.0f}" if waits else ""
    handle = f"{one.talk_seconds:.0f}+{one.rest_seconds or 0:.0f}" if one.talk_seconds is not None else ""
    # While callers may still call again, nobody knows more than a bound.
    resolved = _percent(one.resolved) or (f"≤{_percent(one.resolved_so_far)}" if one.first_calls else "")
    cells = {
        "": _name(one),
        "offered": str(one.offered),
        "answered": str(one.answered),
        "接通率": _percent(one.answer_rate),
        "in time": _percent(one.service_level),
        "gave up": str(one.abandoned),
        "wait": wait,
        "handle": handle,
        "busy": _percent(one.occupancy),
        "missed": str(one.missed),
        "transfers": str(one.transfers),
        "overflow": _percent(one.overflow_share),
        "repeat": _percent(one.repeat_rate),
        "resolved": resolved,
    }
    return [text for name, text in cells.items() if not (seats and name in _OF_CALLERS)]


def _name(one: "Figures") -> str:
    return one.group or "all"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def _csv(found: "Report") -> str:
    import msgspec

    out = io.StringIO()
    rows = [_flat(msgspec.to_builtins(one)) for one in (*found.groups, found.total)]
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    waits = row.pop("wait") or dict.fromkeys(("mean", "p50", "p90", "p95"))
    bands = row.pop("abandoned_by_wait")
    return {
        **row,
        "group": row["group"] or "all",
        **{f"wait_{name}": value for name, value in waits.items()},
        **{f"abandoned_{band}": count for band, count in bands.items()},
    }
