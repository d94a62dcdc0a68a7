"""This file decides how it is tried from the shell whether people can be reached. It does not know how they are."""

from typing import TYPE_CHECKING, Annotated

import typer

from ivr_engine.cli._options import DEFAULT_SETTINGS, SettingsPath

if TYPE_CHECKING:
    from ivr_engine.messengers.kept import Delivery
    from ivr_engine.messengers.post import Roster
    from ivr_engine.model.alerts import AlertRaised

_alert = typer.Typer(help="Alerts to people. 通知到人。", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(_alert, name="alert")


@_alert.callback()
def _alerts() -> None:
    """Alerts to people. 通知到人。"""


@_alert.command("test")
def try_out(
    group: Annotated[str, typer.Argument(help="A group of `people` in the settings.")],
    settings: SettingsPath = DEFAULT_SETTINGS,
) -> None:
    """Tell a group that this is a test, once, without an engine. Status 1 if somebody was not reached. 测试通知。"""
    import asyncio

    from ivr_engine.errors import StartError
    from ivr_engine.messengers.messenger import masked
    from ivr_engine.messengers.post import ways_of
    from ivr_engine.people import roster_of, unheard
    from ivr_engine.settings import load_settings

    read = load_settings(settings)
    if unheard([group], read):
        known = ", ".join(read.people) or "none"
        raise StartError(f"nobody is named for {group!r} (known: {known}): add it to `people` in {settings}")
    alert, roster = _made(group), roster_of(read)
    ways = ways_of(alert, roster.people)
    failed = False
    for way, (why, seconds) in zip(ways, asyncio.run(_tried(alert, roster, ways)), strict=True):
        failed = failed or bool(why)
        told = f"NOT SENT: {why}" if why else f"sent in {seconds:.1f} s"
        typer.echo(f"{way.messenger} {masked(way.address)}: {told}")
    raise typer.Exit(int(failed))


def _made(group: str) -> "AlertRaised":
    import getpass
    import time
    import uuid

    from ivr_engine.messengers.messenger import in_plain_words
    from ivr_engine.model.alerts import AlertRaised

    title = "Test of the hotline's alerts 热线告警测试"
    text = f"{getpass.getuser()} tries whether {group!r} can be reached. Nothing has happened. 仅为测试，无需处理。"
    return in_plain_words(AlertRaised(f"test-{uuid.uuid4()}", time.time(), (group,), "test", title, text))


async def _tried(alert: "AlertRaised", roster: "Roster", ways: "list[Delivery]") -> list[tuple[str, float]]:
    import asyncio

    async def timed(way: "Delivery") -> tuple[str, float]:
        from ivr_engine.messengers.post import try_once

        loop = asyncio.get_running_loop()
        begun = loop.time()
        why = await try_once(roster.messengers[way.messenger], alert, way.address)
        return why, loop.time() - begun

    return await asyncio.gather(*map(timed, ways))
