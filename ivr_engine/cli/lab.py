"""This file decides how scenarios are played from the shell. It does not know what happens in them."""

import json
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

if TYPE_CHECKING:
    from ivr_engine.simulator.lab import Laboratory, Results, Scenario

SAY_EVERY_SECONDS = 2.0


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(lab)


def lab(
    scenario: Annotated[Path, typer.Argument(help="A file such as dialplans/lab/surge-3x.yaml.")],
    seed: Annotated[int, typer.Option(help="Another number is another day.")] = 1,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write all figures to this file.")] = None,
    html_file: Annotated[Path | None, typer.Option("--html", help="Write a page with plots to this file.")] = None,
    journal: Annotated[Path | None, typer.Option(help="Write a journal for `ivr review` to this new file.")] = None,
) -> None:
    """Play a day or a surge with thousands of callers, in virtual time. 压力实验室：模拟高峰与故障。"""
    from ivr_engine.dialplan.diagnostics import Findings, render
    from ivr_engine.simulator.lab import Laboratory, read_scenario
    from ivr_engine.simulator.lab.plots import page
    from ivr_engine.simulator.lab.tables import as_json, summary, tables

    findings = Findings()
    read = read_scenario(scenario, findings)
    if read is None:
        typer.echo(render(findings.found), err=True)
        raise typer.Exit(1)
    results = _with_journal(read, seed, journal) if journal else Laboratory(read, seed).run(Progress())
    notes = list(lacking(results))
    for table in tables(results):
        if table.rows:
            typer.echo(f"\n{table.title}")
            for row in _aligned([table.columns, *table.rows]):
                typer.echo(row)
    typer.echo("")
    for line in (summary(results), *notes):
        typer.echo(line)
    if json_file is not None:
        write(json_file, json.dumps(as_json(results), ensure_ascii=False, indent=1))
    if html_file is not None:
        write(html_file, page(results, notes))


def _with_journal(scenario: "Scenario", seed: int, path: Path) -> "Results":
    from ivr_engine.runtime.journal import Journal
    from ivr_engine.simulator.lab import Laboratory

    if path.exists():
        raise typer.BadParameter(f"{path} is there already: name a new file, or remove it", param_hint="--journal")
    journal = Journal(path, scenario.hotline.version)
    try:
        return Laboratory(scenario, seed, journal).run(Progress())
    finally:
        journal.close()
        typer.echo(f"wrote {path}" + (f" without {journal.lost} facts: the disk is too slow" if journal.lost else ""))


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows that stay whole in a pipe as well: names to the left, figures to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        yield "  ".join([f"  {row[0].ljust(widths[0])}", *cells])


class Progress:
    """Says where the run is, every few seconds of real time."""

    def __init__(self) -> None:
        self._next = time.monotonic() + SAY_EVERY_SECONDS
        self._decisions = 0

    def __call__(self, run: "Laboratory") -> None:
        """Say it, if it is time."""
        if time.monotonic() < self._next:
            return
        clock, dispatch = run.clockwork, run.clockwork.board.dispatch
        at = datetime.fromtimestamp(clock.now, ZoneInfo(run.scenario.hotline.timezone))
        waiting = sum(map(len, dispatch.queues.values()))
        busy = sum(pool.busy for pool in dispatch.seats.pools.values())
        pace = (len(clock.costs) - self._decisions) / (time.monotonic() - self._next + SAY_EVERY_SECONDS)
        typer.echo(
            f"{at:%H:%M:%S}  {run.figures.calls:,} calls, {waiting:,} wait, {busy:,} seats busy,"
            f" {pace:,.0f} facts a second",
            err=True,
        )
        self._next, self._decisions = time.monotonic() + SAY_EVERY_SECONDS, len(clock.costs)


def lacking(results: "Results") -> Iterator[str]:
    """What Erlang A says of the busiest half hour."""
    from ivr_engine.staffing import Load, seats_needed

    target, pools = results.scenario.file.target, results.scenario.hotline.pools.values()
    if not results.handling or not results.peak:
        return
    load = Load(results.peak, results.handling, results.scenario.file.patience.mean)
    seats = sum(len(plan.seats) for plan in pools)
    needed = seats_needed(load, target.share / 100, target.within)
    said = f"busiest half hour: {results.peak * 3600:,.0f} calls an hour, each {results.handling:.0f} s of a seat"
    if needed is None:
        yield f"{said}: no number of seats serves {target.share} % within {target.within:g} s"
    else:
        more = needed.seats - seats
        than = f"{more:,} more seats" if more > 0 else f"{needed.seats:,} seats, and there are {seats:,}"
        yield f"{said}: {target.share} % within {target.within:g} s needs {than}"


def write(path: Path, text: str) -> None:
    """Write a file that was asked for, and say so."""
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise typer.BadParameter(f"{path} cannot be written: {why}") from error
    typer.echo(f"wrote {path}")
