"""This file decides how a hotline for trying out is started from the shell. It does not know what it consists of."""

import asyncio
from typing import Annotated

import typer


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(run)
    app.command()(demo)


def run() -> None:
    """Keep a hotline up on this machine until Ctrl-C. 在本机运行整套热线。"""
    from rich.console import Console

    from ivr_engine.stand.foreground import run_in_foreground

    asyncio.run(run_in_foreground(Console()))


def demo(keep: Annotated[bool, typer.Option("--keep", help="Keep everything it leaves, to look at.")] = False) -> None:
    """Make real calls through a real hotline, and prove what each did. 演示。"""
    from rich.console import Console

    from ivr_engine.stand.demo import run_demo

    if not asyncio.run(run_demo(Console(), keep=keep)):
        raise typer.Exit(1)
