"""This file decides how dialplans are checked and drawn from the shell. It does not know their rules."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from ivr_engine.cli._options import DEFAULT_SETTINGS
from ivr_engine.dialplan.diagnostics import CODES, Diagnostic, guess, render
from ivr_engine.dialplan.explained import explained
from ivr_engine.dialplan.load import check as check_paths
from ivr_engine.dialplan.load import load
from ivr_engine.dialplan.reports import as_github, as_json
from ivr_engine.nodes import NODE_TYPES
from ivr_engine.prompts import PromptBook

if TYPE_CHECKING:
    from ivr_engine.draw.traffic import Traffic

if TYPE_CHECKING:
    from ivr_engine.simulator.waits import Attempt

Prompts = Annotated[Path, typer.Option("--prompts", help="The folder of the sounds.")]
DEFAULT_PROMPTS = Path("prompts")
EXAMPLES = Path("dialplans")
MOST_CALLS_DRAWN = 1_000_000  # the newest ones
Format: TypeAlias = Literal["text", "json", "github"]
FORMATS: Mapping[Format, Callable[[list[Diagnostic]], str]] = {
    "text": lambda found: render(_in_short(found)),
    "json": as_json,
    "github": as_github,
}


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(check)
    app.command()(draw)


def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Hotline folders, or folders of them; that of ./ivr.yaml otherwise.")
    ] = None,
    prompts: Annotated[
        Path | None, typer.Option(help="The folder of the sounds; `prompts` otherwise, or with ./ivr.yaml its own.")
    ] = None,
    format: Annotated[Format, typer.Option(help="For people, for programs, or for GitHub's pull requests.")] = "text",  # noqa: A002 - the option's name
    waits: Annotated[bool, typer.Option("--waits", help="Tell how long callers take to a queue, at worst.")] = False,
    explain: Annotated[str, typer.Option(help="Check nothing; tell what a code means.", metavar="CODE")] = "",
) -> None:
    """Find every mistake in dialplans before a caller does. 检查拨号方案。"""
    if explain:
        _explain(explain.upper())
        return
    dialplan, sounds = _own() if not paths else (EXAMPLES, DEFAULT_PROMPTS)
    prompts, places = prompts or sounds, paths or [dialplan]
    book = PromptBook(prompts)
    found = check_paths(places, NODE_TYPES, book.has, time.time())
    tried = _attempts(places, book) if waits else []
    if format == "json" and waits:
        typer.echo(as_json(found, waits=[one.plain() for one in tried]))
    elif told := "\n".join(filter(None, [FORMATS[format](found), *map(str, tried)])):
        typer.echo(told)
    if format == "text" and any(one.code == "E308" for one in found):
        where = " ".join(str(path) for path in places)
        typer.echo(f"to make the missing sounds: ivr prompts build --prompts {prompts} {where}")
    errors = sum(one.severity == "error" for one in found)
    if format != "json":
        typer.echo(f"{_many(errors, 'error')}, {_many(len(found) - errors, 'warning')}")
    if format == "text" and found:
        first = min(found, key=lambda one: (one.severity != "error", one.code == "E308", one))
        typer.echo(f"what a code means: ivr check --explain {first.code}")
    if errors:
        raise typer.Exit(1)


def _own() -> tuple[Path, Path]:
    """What is meant where nothing is named: dialplan and sounds of the settings that lie here, else the examples."""
    from ivr_engine.settings import load_settings

    if not DEFAULT_SETTINGS.exists():
        return EXAMPLES, DEFAULT_PROMPTS
    settings = load_settings(DEFAULT_SETTINGS)
    return settings.dialplan, settings.prompts


def _in_short(found: list[Diagnostic]) -> list[Diagnostic]:
    """The same with one line a file for texts without sound: after each change they are many, and no mistake."""
    mute = [one for one in found if one.code == "E308"]
    count = Counter(one.file for one in mute)
    told = {one.file: replace(one, line=0, column=0, message=_without_sound(count[one.file])) for one in mute}
    return [*(one for one in found if one.code != "E308"), *told.values()]


def _without_sound(texts: int) -> str:
    return f"{_many(texts, 'text')} {'has' if texts == 1 else 'have'} no sound yet"


def _many(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")


def _attempts(places: list[Path], book: PromptBook) -> "list[Attempt]":
    from ivr_engine.simulator.speech import Lengths
    from ivr_engine.simulator.waits import attempts

    return attempts(places, Lengths(book.seconds))


def _explain(code: str) -> None:
    if code not in CODES:
        remedy = guess(code, CODES, "all of them: docs/reference/diagnostics.md")
        raise typer.BadParameter(f"there is no code {code}; {remedy}", param_hint="--explain")
    typer.echo(explained(code))


def draw(  # noqa: PLR0913, PLR0917  # one for each option
    path: Annotated[Path, typer.Argument(help="A hotline's folder.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file; the screen otherwise.")] = None,
    mermaid: Annotated[bool, typer.Option("--mermaid", help="Mermaid, not SVG.")] = False,
    language: Annotated[str, typer.Option(help="Whose words are shown; the first of the hotline otherwise.")] = "",
    flow: Annotated[str, typer.Option(help="Only this: `normal`, or a crisis profile.")] = "",
    calls: Annotated[str, typer.Option(help="A store of past calls, to count who took which way.", metavar="URL")] = "",
    since: Annotated[datetime | None, typer.Option(help="With --calls: only those that arrived since then.")] = None,
    drills: Annotated[
        bool, typer.Option("--drills", help="With --calls: those made to rehearse, and no others.")
    ] = False,
) -> None:
    """Draw where callers go, on ordinary days and in each crisis. 画出流程图。"""
    from ivr_engine.draw.chart import charts_of
    from ivr_engine.draw.mermaid import as_mermaid
    from ivr_engine.draw.svg import as_svg

    hotline = load(path, NODE_TYPES)
    if language and language not in hotline.languages:
        raise typer.BadParameter(f"{hotline.name} speaks {', '.join(hotline.languages)}", param_hint="--language")
    flows = (hotline.normal.name, *hotline.crises)
    if flow and flow not in flows:
        raise typer.BadParameter(f"{hotline.name} has {', '.join(flows)}", param_hint="--flow")
    charts = charts_of(hotline, language, _traffic(calls, since, drills=drills) if calls else None, flow)
    drawn = as_mermaid(charts) if mermaid else as_svg(charts)
    if output is None:
        typer.echo(drawn, nl=False)
        return
    try:
        output.write_text(drawn, "utf-8")
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise typer.BadParameter(f"{output} cannot be written: {why}", param_hint="--output") from error
    typer.echo(f"drawn: {output}")


def _traffic(store: str, since: datetime | None, *, drills: bool) -> "Traffic":
    from ivr_engine.draw.traffic import traffic_of
    from ivr_engine.store.reader import StoreReader

    reader = StoreReader(store)
    try:
        begin = since.timestamp() if since else None
        return traffic_of(reader.calls(MOST_CALLS_DRAWN, since=begin, drills=drills))
    finally:
        reader.close()
