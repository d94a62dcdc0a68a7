"""This file decides how agents are shown and ordered from the shell. It does not know how the engine answers."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from ivr_engine.cli._options import DEFAULT_SETTINGS, SettingsPath
from ivr_engine.cli._tables import show
from ivr_engine.cli.live import AsJson, By, ask
from ivr_engine.errors import SettingsError

_agents = typer.Typer(help="Agents: who takes calls. 坐席状态。", no_args_is_help=True)
_UNITS = {"s": 1.0, "m": 60.0}

Agent = Annotated[str, typer.Argument(help="The agent's number, such as 1001.")]
Why = Annotated[str, typer.Option(help="Why.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(_agents, name="agents")


@_agents.command("list")
def list_agents(settings: SettingsPath = DEFAULT_SETTINGS, as_json: AsJson = False) -> None:
    """Show each agent, what he does, since when and why. 坐席列表。"""
    rows = ask(settings, "GET", "agents")
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    show(("agent", "pool", "state", "since", "told", "by", "reason"), (_row(row) for row in rows))


@_agents.command()
def ready(agent: Agent, by: By, reason: Why = "", settings: SettingsPath = DEFAULT_SETTINGS) -> None:
    """He takes calls: signed in, neither paused nor resting. 示闲。"""
    _order(settings, agent, "ready", by, reason)


@_agents.command()
def pause(agent: Agent, by: By, reason: Why = "", settings: SettingsPath = DEFAULT_SETTINGS) -> None:
    """He is not rung until he is ready again; a call he has goes on. 示忙(小休)。"""
    _order(settings, agent, "pause", by, reason)


@_agents.command()
def sign_in(agent: Agent, by: By, reason: Why = "", settings: SettingsPath = DEFAULT_SETTINGS) -> None:
    """He is at work; refused if somebody has signed him in already. 签入。"""
    _order(settings, agent, "sign in", by, reason)


@_agents.command()
def sign_out(agent: Agent, by: By, reason: Why = "", settings: SettingsPath = DEFAULT_SETTINGS) -> None:
    """He goes home; a call he has goes on. 签出。"""
    _order(settings, agent, "sign out", by, reason)


@_agents.command()
def rest(
    agent: Agent,
    by: By,
    over: Annotated[bool, typer.Option("--over", help="End it now. 立即结束话后处理。")] = False,
    longer: Annotated[str, typer.Option(help="By how much, such as 60s or 2m. 延长。")] = "",
    settings: SettingsPath = DEFAULT_SETTINGS,
) -> None:
    """End or extend his rest after a call. 话后处理。"""
    if over == bool(longer):
        raise SettingsError("a rest is either ended or made longer: give one of --over and --longer 60s")
    if over:
        _order(settings, agent, "end rest", by, "")
    else:
        _order(settings, agent, "extend rest", by, "", seconds=_seconds(longer))


@_agents.command()
def talk(  # noqa: PLR0913, PLR0917 -- what is ordered, by whom, and where the engine is
    agent: Agent,
    what: Annotated[
        str,
        typer.Argument(
            help="hold, resume, transfer, consult, complete, cancel, conference, escalate, dispose, listen, whisper"
            " or barge."
        ),
    ],
    by: By,
    to: Annotated[str, typer.Option(help="An agent, a queue, a pool or a destination; whom to listen to.")] = "",
    code: Annotated[str, typer.Option(help="How the call went, for dispose. 小结代码。")] = "",
    settings: SettingsPath = DEFAULT_SETTINGS,
) -> None:
    """What he does with the call he has; for a supervisor: to whom he listens. 通话中的操作。"""
    _order(settings, agent, what, by, "", to=to, code=code)


def _order(settings: Path, agent: str, order: str, by: str, reason: str, **more: float | str) -> None:
    told = {"order": order, "by": by, "reason": reason, **more}
    row = ask(settings, "POST", f"agents/{quote(agent, safe='')}", told)
    duty = row["duty"]["word"]
    then = "" if duty in ("on duty", row["state"]) else f", and {duty} when that is over"
    typer.echo(f"{row['agent']} is {row['state']}{then}")


def _row(row: dict[str, Any]) -> list[str]:
    duty = row["duty"]
    since = f"{datetime.fromtimestamp(row['at']).astimezone():%m-%d %H:%M:%S}" if row["at"] else ""
    return [row["agent"], row["pool"], row["state"], since, duty["word"], duty["by"], duty["reason"]]


def _seconds(text: str) -> float:
    number, unit = (text[:-1], text[-1:]) if text[-1:] in _UNITS else (text, "s")
    try:
        return float(number) * _UNITS[unit]
    except ValueError:
        raise SettingsError(f"{text!r} is no length of time: write for instance 60s or 2m") from None
