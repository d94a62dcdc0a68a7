"""This file decides how a crisis profile is proven complete from the shell. It does not know what makes it so."""

import json
import time
from pathlib import Path
from typing import Annotated

import typer

from ivr_engine.cli._options import DEFAULT_SETTINGS
from ivr_engine.dialplan.diagnostics import guess


def add_to(crisis: typer.Typer) -> None:
    """Add this command to those of crises."""
    crisis.command("check")(crisis_check)


def crisis_check(
    profile: Annotated[str, typer.Argument(help="A profile of the dialplan, such as recall.")],
    dialplan: Annotated[Path | None, typer.Argument(help="A hotline's folder; that of the settings otherwise.")] = None,
    settings: Annotated[
        Path | None,
        typer.Option("--settings", "-s", envvar="IVR_SETTINGS", help="Whom alerts reach is looked up there."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Prove a crisis profile complete, point by point; no engine need run. 预案完整性检查。"""
    from ivr_engine.dialplan.load import check, load
    from ivr_engine.nodes import NODE_TYPES
    from ivr_engine.prepared import Case, is_complete, points_of
    from ivr_engine.prompts import PromptBook
    from ivr_engine.settings import load_settings
    from ivr_engine.simulator.playing import play_files
    from ivr_engine.simulator.script import is_about, test_files

    if settings is None and dialplan is None:
        settings = DEFAULT_SETTINGS
    read = load_settings(settings) if settings else None
    where = dialplan or (read.dialplan if read else Path())
    hotline = load(where, NODE_TYPES)
    if profile not in hotline.crises:
        known = f"known: {', '.join(hotline.crises) or 'none'}"
        remedy = guess(profile, hotline.crises, known)
        raise typer.BadParameter(f"{hotline.name} has no profile {profile!r}; {remedy}", param_hint="PROFILE")
    now = time.time()
    found = check([where], NODE_TYPES, PromptBook(read.prompts).has if read else None, now)
    tests = test_files([where, where.resolve().parent]) if where.is_dir() else []
    played, findings = play_files(file for file in tests if is_about(file, where, profile))
    points = points_of(Case(hotline, profile, [*found, *findings.errors], played, where, now, read))
    complete = is_complete(points)
    if as_json:
        rows = [{"point": one.name, "ok": one.ok, "needed": one.needed, "lacks": one.lacks} for one in points]
        typer.echo(json.dumps({"profile": profile, "complete": complete, "points": rows}, ensure_ascii=False))
    else:
        for one in points:
            typer.echo(f"{'✓' if one.ok else '✗' if one.needed else '–'} {one.name}")
            for lack in one.lacks:
                typer.echo(f"    {lack}")
        typer.echo(f"{profile}: {'complete 完整' if complete else 'not complete 不完整'}")
    if not complete:
        raise typer.Exit(1)
