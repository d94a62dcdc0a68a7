"""This file decides how keys and recordings are handled from the shell. It does not know how one is sealed."""

from pathlib import Path
from typing import Annotated

import typer

from ivr_engine.cli._options import DEFAULT_SETTINGS, SettingsPath

_keys = typer.Typer(help="The keys of recordings. 录音密钥。", no_args_is_help=True)
_recordings = typer.Typer(help="Sealed recordings. 加密录音。", no_args_is_help=True)


# The private key belongs on a machine that has no settings of the hotline, only a copy of its vault.
Vault = Annotated[Path | None, typer.Option(help="The vault's folder, where there are no settings.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(_keys, name="keys")
    app.add_typer(_recordings, name="recordings")


@_keys.command("init")
def keys_init(folder: Annotated[Path, typer.Argument(help="Where the private key goes.")] = Path("keys")) -> None:
    """Make a private key, and the public one for the settings. 生成录音密钥对。"""
    from ivr_engine.recording.keys import init

    identity, recipient = init(folder)
    typer.echo(f"private key: {identity} (keep it away from this machine: whoever has it hears every recording)")
    typer.echo("put this into ivr.yaml:")
    typer.echo(f"recording:\n  recipients: [{recipient}]")


@_recordings.command("list")
def recordings_list(settings: SettingsPath = DEFAULT_SETTINGS, vault: Vault = None) -> None:
    """List what the vault holds. 列出录音。"""
    from rich.console import Console
    from rich.table import Table

    from ivr_engine.recording.export import list_recordings

    table = Table("call", "sealed", "seconds", "kB")
    for entry in list_recordings(_vault(vault, settings)):
        seconds = "damaged" if entry.seconds is None else f"{entry.seconds:.1f}"
        day = "-".join(entry.path.parts[-4:-1])
        table.add_row(entry.call, day, seconds, f"{entry.bytes / 1000:.0f}")
    Console().print(table)


@_recordings.command("export")
def recordings_export(
    call: Annotated[str, typer.Argument(help="The call's id.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The WAV file to write.")],
    identity: Annotated[Path, typer.Option(help="The private key.")],
    settings: SettingsPath = DEFAULT_SETTINGS,
    vault: Vault = None,
) -> None:
    """Open one recording with the private key. 解密并导出录音。"""
    from ivr_engine.recording.export import export

    path = export(_vault(vault, settings), call, identity, output)
    typer.echo(f"wrote {path}")


def _vault(folder: Path | None, settings: Path) -> Path:
    from ivr_engine.settings import load_settings

    return folder if folder is not None else load_settings(settings).recording.vault
