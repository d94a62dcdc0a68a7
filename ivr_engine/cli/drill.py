"""This file decides how drills are played from the shell. It does not know what happens in them."""

import asyncio
import getpass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ivr_engine.cli._options import DEFAULT_SETTINGS, SettingsPath
from ivr_engine.cli.lab import Progress, lacking, write

if TYPE_CHECKING:
    from ivr_engine.drill.report import Report
    from ivr_engine.simulator.lab import Scenario


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(drill)


def drill(  # noqa: PLR0913, PLR0917  # one for each option
    scenario: Annotated[Path, typer.Argument(help="A file such as dialplans/drills/outage-3x.yaml.")],
    by: Annotated[str, typer.Option(help="Who orders it.", default_factory=getpass.getuser)],
    lab: Annotated[bool, typer.Option("--lab", help="In the laboratory, at full size; no telephone rings.")] = False,
    seed: Annotated[int, typer.Option(help="With --lab: another number is another day.")] = 1,
    most: Annotated[int, typer.Option(min=1, max=2000, help="Without --lab: real calls at once.")] = 20,
    out: Annotated[Path, typer.Option(help="Where the report goes.", file_okay=False)] = Path(),
    settings: SettingsPath = DEFAULT_SETTINGS,
) -> None:
    """Rehearse a bad day, and say whether it was passed; exit status 1 if not. 演练并判定是否达标。"""
    from ivr_engine.dialplan.diagnostics import Findings, render
    from ivr_engine.drill.scenario import DrillFile
    from ivr_engine.simulator.lab import read_scenario

    findings = Findings()
    read = read_scenario(scenario, findings, DrillFile)
    if read is None:
        typer.echo(render(findings.found), err=True)
        raise typer.Exit(1)
    report = _in_the_laboratory(read, seed) if lab else _live(read, settings, most, by)
    for check in report.checks:
        typer.echo(f"  {check.what}: {check.shown}, wanted {check.wanted}")
    typer.echo(f"drill {read.name}: {report.verdict}")
    _keep(report, out)
    if report.failed:
        raise typer.Exit(1)


def _in_the_laboratory(scenario: "Scenario", seed: int) -> "Report":
    from ivr_engine.drill.judging import Beside, judge
    from ivr_engine.drill.report import Report
    from ivr_engine.drill.scenario import DrillFile
    from ivr_engine.simulator.lab import Laboratory

    assert isinstance(scenario.file, DrillFile)
    results = Laboratory(scenario, seed).run(Progress())
    how = f"in the laboratory, at full size, in virtual time (seed {seed}, dialplan {scenario.hotline.version})"
    return Report(results, judge(results, scenario.file.passing, Beside()), (how, *lacking(results)))


def _live(scenario: "Scenario", settings: Path, most: int, by: str) -> "Report":
    from ivr_engine.drill.judging import judge
    from ivr_engine.drill.live import LiveDrill
    from ivr_engine.drill.report import Report
    from ivr_engine.drill.scenario import DrillFile
    from ivr_engine.settings import load_settings

    assert isinstance(scenario.file, DrillFile)
    live = LiveDrill(scenario, load_settings(settings), most, by, lambda line: typer.echo(line, err=True))
    results, beside, how = asyncio.run(live.run())
    checks = judge(results, scenario.file.passing, beside)
    return Report(results, checks, how, broken_off=live.was_broken_off)


def _keep(report: "Report", out: Path) -> None:
    from ivr_engine.drill.report import as_markdown, as_page

    name = f"drill-{report.results.scenario.name}-{datetime.now().astimezone():%Y%m%d-%H%M%S}"
    write(out / f"{name}.md", as_markdown(report))
    write(out / f"{name}.html", as_page(report))
