"""This file decides how people ask from the shell how many seats they need. It does not know the formula."""

import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ivr_engine.cli._options import DEFAULT_SETTINGS, SettingsPath

if TYPE_CHECKING:
    from ivr_engine.staffing import Forecast, Load

MOST_CALLS = 1_000_000
HOUR = 3600.0


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(staffing)


def staffing(  # noqa: PLR0913, PLR0917  # one for each option
    calls: Annotated[float | None, typer.Option(help="Calls an hour; else those of the last hour are counted.")] = None,
    handling: Annotated[float, typer.Option(min=1, help="Seconds a call keeps a seat busy, rest included.")] = 180.0,
    patience: Annotated[float, typer.Option(min=1, help="Seconds callers are willing to wait, in the mean.")] = 120.0,
    queue: Annotated[str, typer.Option(help="Without --calls: whose calls are counted.")] = "",
    surge: Annotated[float, typer.Option(min=0, help="So many times the calls.")] = 1.0,
    seats: Annotated[int | None, typer.Option(min=0, help="The seats there are.")] = None,
    share: Annotated[float, typer.Option(min=1, max=99.9, help="Percent of all calls to be answered in time.")] = 95.0,
    within: Annotated[float, typer.Option(min=0, help="Seconds that count as in time.")] = 20.0,
    drills: Annotated[
        bool, typer.Option("--drills", help="Without --calls: calls made to rehearse, and no others.")
    ] = False,
    settings: SettingsPath = DEFAULT_SETTINGS,
) -> None:
    """How many seats the calls need, and what callers may expect (Erlang A). 座席需求预测。"""
    from ivr_engine.staffing import Load, forecast, seats_needed

    load = Load(calls / HOUR, handling, patience) if calls is not None else _measured(settings, queue, drills=drills)
    load = Load(load.arrivals * surge, load.handling, load.patience)
    typer.echo(
        f"{load.arrivals * HOUR:,.0f} calls an hour, {load.handling:.0f} s each, callers wait {load.patience:.0f} s"
    )
    if seats is not None:
        typer.echo(f"with {_said(forecast(load, seats, within), within)}")
    needed = seats_needed(load, share / 100, within)
    if needed is None:
        typer.echo(f"{share:g} % within {within:g} s cannot be had with any number of seats")
        raise typer.Exit(1)
    more = f", {needed.seats - seats} more than there are" if seats is not None and needed.seats > seats else ""
    typer.echo(f"{share:g} % within {within:g} s needs {_said(needed, within)}{more}")


def _said(one: "Forecast", within: float) -> str:
    return (
        f"{one.seats} seats: {one.within:.1%} within {within:g} s, {one.abandoned:.1%} give up,"
        f" mean wait {one.wait:.0f} s, seats busy {one.occupancy:.0%}"
    )


def _measured(settings_path: Path, queue: str, *, drills: bool) -> "Load":
    from ivr_engine.dialplan.load import load as load_hotline
    from ivr_engine.nodes import NODE_TYPES
    from ivr_engine.settings import load_settings
    from ivr_engine.staffing import load_of
    from ivr_engine.store.reader import StoreReader

    settings = load_settings(settings_path)
    queues = load_hotline(settings.dialplan, NODE_TYPES).queues
    known = {str(name): plan for name, plan in queues.items()}
    if queue not in known:
        raise typer.BadParameter(f"name one of {', '.join(known)}, or give --calls", param_hint="--queue")
    with closing(StoreReader(settings.store.url)) as reader:
        records = reader.calls(MOST_CALLS, queue=queue, since=time.time() - HOUR, drills=drills)
    measured = load_of(records, HOUR, known[queue].wrap_up)
    if measured is None:
        raise typer.BadParameter(
            f"nobody was answered in {queue} within the last hour: give --calls", param_hint="--queue"
        )
    return measured
