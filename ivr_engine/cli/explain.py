"""This file decides how people ask from the shell why a call was served as it was. It does not know any reason."""

from pathlib import Path
from typing import Annotated

import typer

from ivr_engine.cli._options import DEFAULT_SETTINGS, SettingsPath
from ivr_engine.errors import HotlineError
from ivr_engine.model.ids import CallId
from ivr_engine.nodes import NODE_TYPES


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(explain)


def explain(
    call: Annotated[str, typer.Argument(help="The call's id, as `ivr calls` and the log show it.")],
    journal: Annotated[Path | None, typer.Option(help="Another journal than that of the settings.")] = None,
    settings: SettingsPath = DEFAULT_SETTINGS,
) -> None:
    """Tell why a call waited, and why that seat was rung then: each pool with its reason. 解释一通电话的分配过程。"""
    from ivr_engine.dialplan.load import load
    from ivr_engine.settings import load_settings
    from ivr_engine.simulator.explanation import explain as story
    from ivr_engine.versions.shelf import Shelf

    site = load_settings(settings)
    file = journal or site.journal
    if file is None:
        raise HotlineError(f"{settings} names no journal, and without one nobody knows: add `journal: journal.jsonl`")
    shelf = Shelf(site.state / "versions")
    kept = {one.version: one for one in shelf.load_all([one.version for one in shelf.all()], NODE_TYPES)}
    usual = next(iter(kept.values()), None) or load(site.dialplan, NODE_TYPES)
    for line in story(file, CallId(call), kept, usual):
        typer.echo(line)
