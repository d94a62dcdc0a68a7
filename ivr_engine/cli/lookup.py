"""This file decides how a lookup is tried from the shell. It does not know how a system is asked."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ivr_engine.cli._options import DEFAULT_SETTINGS, SettingsPath

if TYPE_CHECKING:
    from ivr_engine.dialplan.lookups import LookupPlan
    from ivr_engine.lookup import System
    from ivr_engine.model.events import SystemAnswered

WORST = 2  # the exit status, when it has failed


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(lookup)


def lookup(
    name: Annotated[str, typer.Argument(help="A lookup of the dialplan.")],
    caller: Annotated[str, typer.Option(help="The caller's number.")] = "",
    value: Annotated[list[str] | None, typer.Option(help="Another value: order=80123456. Several times.")] = None,
    settings: SettingsPath = DEFAULT_SETTINGS,
) -> None:
    """Ask another system as a call would. 试查客户系统。"""
    import asyncio

    from ivr_engine.lookup import question

    plan, systems = _found(name, settings)
    values = {"caller": caller} | dict(one.partition("=")[::2] for one in value or ())
    if question(plan, values) is None:
        _tell_missing(plan, values)
        raise typer.Exit(1)
    told, seconds = asyncio.run(_ask(plan, systems, values))
    typer.echo(f"{told.answer} after {seconds * 1000:.0f} ms (callers wait at most {plan.within:g} s)")
    if told.why:
        typer.echo(told.why)
    for kept, said in told.values.items():
        typer.echo(f"{kept}: {said}")
    raise typer.Exit(WORST if told.answer == "failed" else 0)


def _tell_missing(plan: "LookupPlan", values: dict[str, str]) -> None:
    from ivr_engine.dialplan.lookups import VALUE_IN_PATH

    typer.echo("nobody was asked: a caller of whom this is not known goes to `not found` at once")
    for one in dict.fromkeys(VALUE_IN_PATH.findall(plan.path)):
        if not values.get(one, "").strip(". "):
            option = "--caller 13800000000" if one == "caller" else f"--value {one}=…"
            typer.echo(f"the path needs <{one}>: add {option}")


def _found(name: str, path: Path) -> "tuple[LookupPlan, list[System]]":
    from ivr_engine.dialplan.load import load
    from ivr_engine.errors import StartError
    from ivr_engine.model.ids import LookupName
    from ivr_engine.nodes import NODE_TYPES
    from ivr_engine.settings import load_settings
    from ivr_engine.systems import check_systems, systems_of

    settings = load_settings(path)
    hotline = load(settings.dialplan, NODE_TYPES)
    check_systems(hotline, settings)
    plan = hotline.lookups.get(LookupName(name))
    if plan is None:
        known = ", ".join(hotline.lookups) or "none"
        raise StartError(f"{settings.dialplan} has no lookup {name!r} (known: {known})")
    return plan, systems_of(settings)


async def _ask(plan: "LookupPlan", systems: "list[System]", values: dict[str, str]) -> "tuple[SystemAnswered, float]":
    import asyncio
    import time

    from ivr_engine.lookup import NO_FIGURES, WebSystems
    from ivr_engine.model.commands import AskSystem
    from ivr_engine.model.events import AnyEvent
    from ivr_engine.model.ids import CallId, QueryId

    answer: asyncio.Future[AnyEvent] = asyncio.get_running_loop().create_future()
    asking = WebSystems(systems, {plan.name: plan}, NO_FIGURES, time.monotonic)
    await asking.start(answer.set_result)
    try:
        start = time.monotonic()
        asking.ask(AskSystem(CallId("shell"), QueryId("shell.query1"), plan.name, values))
        told = await answer
        return told, time.monotonic() - start  # type: ignore[return-value]  # systems tell nothing else
    finally:
        await asking.stop()
