"""`ivr`: everything an admin or an on-call engineer types. Knows how to say a failure in one line, and no more."""

import errno
import os
import sys
from typing import Annotated

import typer

from ivr_engine.cli import (
    agents,
    alert,
    arms,
    callbacks,
    crisis,
    dialplans,
    drill,
    engine,
    explain,
    figures,
    lab,
    live,
    lookup,
    messages,
    prompts,
    recordings,
    rehearse,
    review,
    situation,
    staffing,
    stand,
    status,
    versions,
)
from ivr_engine.errors import HotlineError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
_LIVE = (engine, live, crisis, status, arms, situation, explain, agents, alert, messages, callbacks, lookup)
_FILES = (recordings, figures, review, staffing, dialplans, lab, drill, prompts, rehearse, versions)
for part in (*_LIVE, *_FILES, stand):
    part.add_to(app)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"ivr {version('ivr-engine')}")
        raise typer.Exit


@app.callback()
def _ivr(
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    """The hotline that answers in its worst hour. 关键时刻也能接通的热线。"""


def main() -> None:
    """Run `ivr`; a failure we foresaw is one line with cause and remedy, and exit status 1."""
    try:
        app()
    except HotlineError as error:
        sys.exit(f"ivr: {error}")
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # else Python tries again when it ends
        sys.exit("ivr: there is no room for all that is to be written: make room, then say it again")
