"""This file decides how people see to callers' messages from the shell. It does not know how one is kept."""

import getpass
import json
import time
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from ivr_engine.cli._options import DEFAULT_SETTINGS, SettingsPath
from ivr_engine.cli._tables import moment, show

_messages = typer.Typer(help="Messages callers left. 留言。", no_args_is_help=True)

Message = Annotated[str, typer.Argument(help="The message's id, as `list` shows it.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(_messages, name="messages")


@_messages.command("list")
def messages_list(
    settings: SettingsPath = DEFAULT_SETTINGS,
    every: Annotated[bool, typer.Option("--all", help="Those somebody has heard, too.")] = False,
    numbers: Annotated[bool, typer.Option("--numbers", help="Callers' whole numbers.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Messages nobody has heard yet, oldest first. 待听留言。"""
    import msgspec

    from ivr_engine.model.ids import mask_number
    from ivr_engine.settings import load_settings
    from ivr_engine.store.reader import StoreReader

    with closing(StoreReader(load_settings(settings).store.url)) as reader:
        found = reader.messages(heard=every)
    if not numbers:
        found = [msgspec.structs.replace(one, caller=mask_number(one.caller or "") or None) for one in found]
    if as_json:
        typer.echo(json.dumps(msgspec.to_builtins(found), ensure_ascii=False))
        return
    columns = ("message", "left", "caller", "queue", "seconds", *(("heard by", "heard") if every else ()))
    show(
        columns,
        (
            (one.message, moment(one.left_at), one.caller or "", one.queue, f"{one.seconds:.0f}")
            + ((one.heard_by or "", moment(one.heard_at)) if every else ())
            for one in found
        ),
    )


@_messages.command("export")
def messages_export(
    message: Message,
    output: Annotated[Path, typer.Option("--output", "-o", help="The WAV file to write.")],
    identity: Annotated[Path, typer.Option(help="The private key.")],
    settings: SettingsPath = DEFAULT_SETTINGS,
    vault: Annotated[Path | None, typer.Option(help="The vault's folder, where there are no settings.")] = None,
) -> None:
    """Open a message with the private key. 解密并导出留言。"""
    from ivr_engine.recording.export import export
    from ivr_engine.settings import load_settings

    folder = vault if vault is not None else load_settings(settings).recording.vault
    typer.echo(f"wrote {export(folder, message, identity, output)}")


@_messages.command("done")
def messages_done(
    message: Message,
    by: Annotated[str, typer.Option(help="Who heard it.", default_factory=getpass.getuser)],
    settings: SettingsPath = DEFAULT_SETTINGS,
) -> None:
    """Say that a message was heard and seen to. 标记为已处理。"""
    from ivr_engine.settings import load_settings
    from ivr_engine.store.marks import mark_heard

    mark_heard(load_settings(settings).store.url, message, by, time.time())
    typer.echo(f"{message} was heard by {by}")
