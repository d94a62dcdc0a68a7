"""This file decides how a hotline for trying out is started from the shell. It does not know what it consists of."""

import typer


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
