"""This file decides how prompts are built from the shell. It does not know who speaks them."""

from pathlib import Path
from typing import Annotated

import typer

from ivr_engine.cli._options import DEFAULT_SETTINGS
from ivr_engine.cli.dialplans import DEFAULT_PROMPTS, Prompts
from ivr_engine.dialplan.files import hotlines_in
from ivr_engine.dialplan.load import load
from ivr_engine.nodes import NODE_TYPES
from ivr_engine.prompts import PromptBook

_prompts = typer.Typer(help="The sounds callers hear. 语音提示。", no_args_is_help=True)
Settings = Annotated[
    Path | None,
    typer.Option(
        "--settings",
        "-s",
        envvar="IVR_SETTINGS",
        help="The settings file, for its `voices`; ivr.yaml if there is one here.",
        show_default=False,
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(_prompts, name="prompts")


@_prompts.callback()
def _group() -> None:
    """Tell typer that these commands have names, although there is only one."""


@_prompts.command()
def build(
    paths: Annotated[list[Path] | None, typer.Argument(help="Hotline folders, or folders of them.")] = None,
    prompts: Prompts = DEFAULT_PROMPTS,
    settings: Settings = None,
) -> None:
    """Make every sound that is missing, or was spoken by another voice. 生成缺少的语音。"""
    from rich.console import Console
    from rich.progress import Progress

    from ivr_engine.settings import load_voices

    named = settings or (DEFAULT_SETTINGS if DEFAULT_SETTINGS.is_file() else None)
    book = PromptBook(prompts, load_voices(named) if named else None)
    built = 0
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("speaking", total=None)
        for path in hotlines_in(paths or [Path("dialplans")]):
            hotline = load(path, NODE_TYPES)
            built += len(book.build(hotline, lambda done, total, _: progress.update(task, completed=done, total=total)))
    typer.echo(f"{built} prompts built in {prompts}")
