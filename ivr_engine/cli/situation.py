"""This file decides how a situation report is asked for in the shell. It does not know what stands in it."""

import json
from typing import Annotated, Literal

import typer

from ivr_engine.cli._options import DEFAULT_SETTINGS, SettingsPath
from ivr_engine.cli.live import AsJson, ask

Language = Annotated[Literal["zh", "en"], typer.Option(help="Of the report.")]


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(situation)


def situation(lang: Language = "zh", as_json: AsJson = False, settings: SettingsPath = DEFAULT_SETTINGS) -> None:
    """Report how the hotline stands: crisis, calls, waits, seats, clocks. 态势报告。"""
    import msgspec

    from ivr_engine.model.situation import Situation
    from ivr_engine.situation import in_markdown

    found = ask(settings, "GET", "situation")
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        typer.echo(in_markdown(msgspec.convert(found, Situation), lang), nl=False)
