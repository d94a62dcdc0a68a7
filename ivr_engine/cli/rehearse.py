"""This file decides how a hotline is tried out from the shell, without a telephone. It does not know how it goes on."""

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias
from zoneinfo import ZoneInfo

import typer

from ivr_engine.cli.dialplans import DEFAULT_PROMPTS, Prompts

if TYPE_CHECKING:
    from rich.console import Console

    from ivr_engine.simulator.session import Session

ResultFormat: TypeAlias = Literal["text", "json", "junit"]
COLOURS = {"words": "bold", "doing": "cyan", "queue": "green", "trouble": "red", "step": "dim"}


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(simulate)
    app.command("test-dialplan")(run_tests)


def simulate(
    path: Annotated[Path, typer.Argument(help="A hotline's folder.")],
    language: Annotated[str, typer.Option(help="What the caller hears; the first of the hotline otherwise.")] = "",
    script: Annotated[Path | None, typer.Option(help="A file of lines to type.")] = None,
    at: Annotated[str, typer.Option(help="When it is there, such as 2027-02-17 03:00; now otherwise.")] = "",
    prompts: Prompts = DEFAULT_PROMPTS,
) -> None:
    """Call a hotline in the terminal, in virtual time. 在终端里试拨热线。"""
    from rich.console import Console

    from ivr_engine.dialplan.load import load
    from ivr_engine.nodes import NODE_TYPES
    from ivr_engine.prompts import PromptBook
    from ivr_engine.simulator.session import Session
    from ivr_engine.simulator.speech import Lengths

    hotline = load(path, NODE_TYPES)
    if language and language not in hotline.languages:
        raise typer.BadParameter(f"{hotline.name} speaks {', '.join(hotline.languages)}", param_hint="--language")
    lengths = Lengths(PromptBook(prompts).seconds)
    session = Session(hotline, datetime.now(ZoneInfo(hotline.timezone)).timestamp(), lengths, language or None)
    console = Console(highlight=False, soft_wrap=True)
    if at:
        _set_clock(session, at)
    _walk(session, console, ["call"], echo=False)
    if script is None and sys.stdin is not None and sys.stdin.isatty():
        _walk(session, console, _asked(session, console), echo=False)
    else:
        _walk(session, console, _written(script), echo=True)


def _set_clock(session: "Session", at: str) -> None:
    from ivr_engine.simulator.session import WrongLineError

    try:
        session.do(f"at {at}")
    except WrongLineError as wrong:
        raise typer.BadParameter(str(wrong), param_hint="--at") from wrong


def _walk(session: "Session", console: "Console", lines: "Iterator[str] | list[str]", *, echo: bool) -> None:
    from ivr_engine.simulator.session import HELP, WrongLineError

    for line in lines:
        if echo:
            console.print(f"> {line}", style="dim", markup=False)
        if line in ("quit", "exit"):
            return
        if line == "help":
            console.print(HELP, markup=False)
            continue
        try:
            session.do(line)
        except WrongLineError as wrong:
            console.print(str(wrong), style="red", markup=False)
        for told in session.news():
            console.print(f"{told.at}  {told.place:<14} {told.words}", style=COLOURS.get(told.kind, ""), markup=False)
        console.print(f"{session.time}  [{session.status()}]", style="dim", markup=False)


def _asked(session: "Session", console: "Console") -> Iterator[str]:
    """Lines as they are typed. An empty one lets time pass."""
    console.print(
        "press Enter to let time pass, digits to press keys; `help` shows the rest", style="dim", markup=False
    )
    while True:
        try:
            yield console.input(f"{session.time} > ", markup=False).strip() or "next"
        except (EOFError, KeyboardInterrupt):
            return


def _written(script: Path | None) -> Iterator[str]:
    """Lines of a file or a pipe; those that begin with `# ` are remarks."""
    try:
        text = script.read_text("utf-8") if script else sys.stdin.read() if sys.stdin else ""
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise typer.BadParameter(f"{script} cannot be read: {why}", param_hint="--script") from error
    except UnicodeDecodeError as error:
        raise typer.BadParameter("these lines are not UTF-8", param_hint="--script") from error
    for line in map(str.strip, text.splitlines()):
        if line and not line.startswith("# "):
            yield line


def run_tests(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files of tests, or folders that hold them.")] = None,
    format: Annotated[ResultFormat, typer.Option(help="For people, for programs, or for build servers.")] = "text",  # noqa: A002 - the option's name
    require_all: Annotated[bool, typer.Option("--require-all", help="Every step and key must be come to.")] = False,
) -> None:
    """Play the tests of dialplans, without a telephone. 运行拨号方案的脚本测试。"""
    from ivr_engine.dialplan.diagnostics import render
    from ivr_engine.simulator.playing import play_files
    from ivr_engine.simulator.results import as_json, as_junit, as_text
    from ivr_engine.simulator.script import test_files

    files = test_files(paths or [Path("dialplans")])
    if not files:
        raise typer.BadParameter("there are no tests: write some in a folder `tests`", param_hint="PATHS")
    results, findings = play_files(files)
    if findings.errors:
        typer.echo(render(findings.found), err=True)
        raise typer.Exit(1)
    forms = {"text": as_text, "json": as_json, "junit": as_junit}
    typer.echo(forms[format](results))
    if results.failed or (require_all and not results.is_complete):
        raise typer.Exit(1)
