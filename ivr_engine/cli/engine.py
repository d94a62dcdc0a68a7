"""This file decides how an engine and its Asterisk's configuration are started from the shell. It knows no call."""

import asyncio
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ivr_engine.cli._options import DEFAULT_SETTINGS, SettingsPath

if TYPE_CHECKING:
    from ivr_engine.app import App


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(init)
    app.command()(provision)
    app.command()(serve)


def init(
    folder: Annotated[Path, typer.Argument(help="Where the new hotline's settings, secrets and keys go.")],
    dialplan: Annotated[Path, typer.Option(help="The hotline's dialplan folder.")] = Path("dialplans/acme"),
    prompts: Annotated[Path, typer.Option(help="Where its sounds are.")] = Path("prompts"),
    carrier: Annotated[str, typer.Option(help="The carrier's address, which calls come from.")] = "127.0.0.1",
) -> None:
    """Write a new hotline's settings, secrets and keys. 新建热线的设置、密码和密钥。"""
    from ivr_engine.commission import Plan, commission
    from ivr_engine.dialplan.load import load
    from ivr_engine.nodes import NODE_TYPES
    from ivr_engine.settings import TrunkSettings

    load(dialplan, NODE_TYPES)  # one that is not there, or broken, is better known now

    trunks = {"carrier": TrunkSettings(host=carrier)}
    settings = commission(folder, Plan(dialplan, prompts, trunks=trunks))
    typer.echo(f"wrote {settings}; the private key for recordings is in {folder / 'keys'}: move it off this machine")
    typer.echo(f"next: ivr provision -s {settings}; start Asterisk; ivr serve -s {settings}")


def provision(
    settings: SettingsPath = DEFAULT_SETTINGS,
    modules: Annotated[Path | None, typer.Option(help="Asterisk's modules; found by itself where it is here.")] = None,
    data: Annotated[Path | None, typer.Option(help="Asterisk's own data folder.")] = None,
) -> None:
    """Render the configuration Asterisk loads. 生成 Asterisk 的配置。"""
    from ivr_engine.commission import site_of
    from ivr_engine.dialplan.load import load
    from ivr_engine.nodes import NODE_TYPES
    from ivr_engine.provision import Installation, prepare
    from ivr_engine.settings import load_settings
    from ivr_engine.stand.site import find_asterisk, find_installation

    known = load_settings(settings)
    at = Installation(modules, data) if modules and data else find_installation(find_asterisk())
    conf = prepare(site_of(known, load(known.dialplan, NODE_TYPES), at))
    typer.echo(f"rendered {conf.parent}; start it with: asterisk -f -C {conf}")


def serve(settings: SettingsPath = DEFAULT_SETTINGS) -> None:
    """Run the engine until Ctrl-C or SIGTERM. 运行热线引擎。"""
    from ivr_engine.app import App
    from ivr_engine.logs import configure_logging
    from ivr_engine.settings import load_settings

    known = load_settings(settings)
    configure_logging(known.log)
    asyncio.run(_serve(App(known)))


async def _serve(app: "App") -> None:
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, app.stop)
    await app.run()
