"""This file decides how rows and times read in a terminal. It does not know what they are about."""

from collections.abc import Iterable
from datetime import datetime


def show(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Print a table. The first column names the thing and is typed into other commands: it stays whole."""
    from rich.console import Console
    from rich.table import Table

    table = Table()
    for place, name in enumerate(columns):
        table.add_column(name, no_wrap=place == 0, overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def moment(at: float | None) -> str:
    """A time in seconds since 1970, as the clock on this wall shows it."""
    return "" if at is None else f"{datetime.fromtimestamp(at).astimezone():%Y-%m-%d %H:%M}"
