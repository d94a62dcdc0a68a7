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
    drills: Annotated[bool, typer.Option("--drills", help="Calls made to rehearse, and no others.")] = False,
    settings: SettingsPath = DEFAULT_SETTINGS,
) -> None:
    """Answer rate, service level, waits, agents' time, repeat calls. 接通率、服务水平等报表。"""
    import msgspec

    from ivr_engine.model.past import FiguresAsked
    from ivr_engine.reports import report
    from ivr_engine.settings import load_settings

    site = load_settings(settings)
    asked = FiguresAsked(since, until, by, bands, window, short, drills)
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
    rows, by = [*found.groups, found.total], "" if found.by == "all" else found.by
    if found.by not in ("agent", "pool"):  # who was not answered belongs to no seat
        show((by, "offered", "answered", "接通率", "in time", "gave up", "elsewhere"), map(_came, rows))
        bands = (f"{name} s" for name in found.total.abandoned_by_wait)
        show(("gave up after", *bands, f"under {found.short_seconds:g} s"), map(_gave_up, rows))
    show((by, "wait", "50%", "90%", "95%", "overflow", "repeat", "resolved"), map(_served, rows))
    show((by, "answered", "talk", "rest", "busy", "missed", "transfers"), map(_worked, rows))
    for line in found.shortages:
        typer.echo(line)


def _came(one: "Figures") -> list[str]:
    rates = (_percent(one.answer_rate), _percent(one.service_level))
    elsewhere = one.elsewhere + one.transferred
    return [_name(one), str(one.offered), str(one.answered), *rates, str(one.abandoned), str(elsewhere)]


def _gave_up(one: "Figures") -> list[str]:
    return [_name(one), *map(str, one.abandoned_by_wait.values()), str(one.short_abandoned)]


def _served(one: "Figures") -> list[str]:
    # While callers may still call again, nobody knows more than a bound.
    resolved = _percent(one.resolved) or (f"≤{_percent(one.resolved_so_far)}" if one.first_calls else "")
    waits = one.wait
    wait = [_seconds(each) for each in (waits.mean, waits.p50, waits.p90, waits.p95)] if waits else [""] * 4
    return [_name(one), *wait, _percent(one.overflow_share), _percent(one.repeat_rate), resolved]


def _worked(one: "Figures") -> list[str]:
    spent = (_seconds(one.talk_seconds), _seconds(one.rest_seconds), _percent(one.occupancy))
    return [_name(one), str(one.answered), *spent, str(one.missed), str(one.transfers)]


def _seconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.0f} s"


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
