"""This file decides how people see from the shell who wants to be called back. It does not know who calls, or how."""

import getpass
import json
import time
from contextlib import closing
from typing import Annotated

import typer

from ivr_engine.cli._options import DEFAULT_SETTINGS, SettingsPath
from ivr_engine.cli._tables import moment, show
from ivr_engine.model.causes import CalledBack

_callbacks = typer.Typer(help="Callers who want to be called back. 回拨请求。", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(_callbacks, name="callbacks")


@_callbacks.command("list")
def callbacks_list(
    settings: SettingsPath = DEFAULT_SETTINGS,
    every: Annotated[bool, typer.Option("--all", help="Those that are done, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Open wishes with the whole number, in the order in which the callers came. 待回拨。"""
    import msgspec

    from ivr_engine.settings import load_settings
    from ivr_engine.store.reader import StoreReader

    with closing(StoreReader(load_settings(settings).store.url)) as reader:
        found = reader.wishes(done=every)
    if as_json:
        typer.echo(json.dumps(msgspec.to_builtins(found), ensure_ascii=False))
        return
    columns = ("wish", "since", "number", "queue", "attempts", "last by", *(("done", "result") if every else ()))
    show(
        columns,
        (
            (one.wish, moment(one.since), one.number, one.queue, str(one.attempts), one.tried_by or "")
            + ((moment(one.done_at), one.result or "") if every else ())
            for one in found
        ),
    )


@_callbacks.command("done")
def callbacks_done(
    wish: Annotated[str, typer.Argument(help="The wish's id, as `list` shows it.")],
    by: Annotated[str, typer.Option(help="Who called.", default_factory=getpass.getuser)],
    result: Annotated[
        CalledBack, typer.Option(help="How it went; after `not-reached` it stays open.")
    ] = CalledBack.REACHED,
    settings: SettingsPath = DEFAULT_SETTINGS,
) -> None:
    """Say that somebody called back. 标记回拨结果。"""
    from ivr_engine.settings import load_settings
    from ivr_engine.store.marks import mark_called

    mark_called(load_settings(settings).store.url, wish, by, time.time(), result)
    typer.echo(f"{wish}: {result.value}, by {by}")
