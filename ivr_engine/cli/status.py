"""This file decides how it is ordered from the shell what callers are told of how a matter stands. It knows no call."""

from datetime import datetime
from typing import Annotated, Any

import typer

from ivr_engine.cli._options import DEFAULT_SETTINGS, SettingsPath
from ivr_engine.cli.live import AsJson, By, ask
from ivr_engine.errors import SettingsError

_status = typer.Typer(help="What callers are told of how it stands. 进展播报。", no_args_is_help=True)
PATIENCE_SECONDS = 120.0  # a voice elsewhere may be slow

Profile = Annotated[
    str | None, typer.Option(help="A profile that is on, or normal; else the crisis that counts first.")
]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(_status, name="status")


@_status.command("set")
def set_status(  # noqa: PLR0913, PLR0917  # one for each option
    text: Annotated[str, typer.Argument(help="What is said, in the hotline's first language.")],
    by: By,
    lang: Annotated[list[str] | None, typer.Option(help='Another language: en="80 % is repaired".')] = None,
    profile: Profile = None,
    until: Annotated[str, typer.Option(help="When it is over: 18:00, or 2026-11-23 18:00.")] = "",
    refresh: Annotated[str, typer.Option(help="Within which time it must be written anew: 2h.")] = "",
    override: Annotated[str, typer.Option(help="Who answers for a promise in it.")] = "",
    waiting_only: Annotated[
        bool, typer.Option("--waiting-only", help="Those who wait, once, and nobody later.")
    ] = False,
    settings: SettingsPath = DEFAULT_SETTINGS,
) -> None:
    """Tell the next callers, and those who wait, how it stands. 发布进展。"""
    order: dict[str, Any] = {
        "by": by,
        "text": text,
        "texts": dict(_by_language(one) for one in lang or []),
        "flow": profile,
        "until": until,
        "refresh": refresh,
        "override": override,
        "waiting_only": waiting_only,
    }
    now = ask(settings, "POST", "status", order, within=PATIENCE_SECONDS)
    who = "those who wait" if waiting_only else "the next callers, and those who wait,"
    typer.echo(f"{who} hear it in {now['flow']!r}")
    _tell(now)


@_status.command()
def withdraw(by: By, profile: Profile = None, settings: SettingsPath = DEFAULT_SETTINGS) -> None:
    """Say again what the dialplan says itself. 撤回进展。"""
    now = ask(settings, "POST", "status", {"by": by, "flow": profile, "withdraw": True})
    typer.echo(f"callers of {now['flow']!r} hear what the dialplan says itself")


@_status.command("show")
def show_status(settings: SettingsPath = DEFAULT_SETTINGS, as_json: AsJson = False) -> None:
    """Say what callers are told just now. 当前播报。"""
    now = ask(settings, "GET", "status")
    if as_json:
        import json

        typer.echo(json.dumps(now, ensure_ascii=False))
    elif not now["statuses"]:
        typer.echo("callers hear what the dialplan says itself")
    else:
        _tell(now)


def _by_language(option: str) -> tuple[str, str]:
    language, is_given, text = option.partition("=")
    if not is_given or not text.strip():
        raise SettingsError(f'{option[:40]!r} has no language, or no words: write for instance en="80 % is repaired"')
    return language.strip(), text


def _tell(now: dict[str, Any]) -> None:
    for one in now["statuses"]:
        typer.echo(f"{one['flow']}, by {one['by']} at {_clock(one['at'])}{_until(one)}:")
        for language, text in one["texts"].items():
            typer.echo(f"  {language}: {text}")
        for language in now["lacking"].get(one["flow"], ()):
            typer.echo(f"  {language}: no words: its callers hear them in {now['language']}")


def _until(one: dict[str, Any]) -> str:
    told = "; STALE: it should have been written anew" if one.get("stale") else ""
    if one.get("refresh_by") and not told:
        told = f"; write it anew by {_clock(one['refresh_by'])}"
    if one.get("until"):
        told += f"; over at {_clock(one['until'])}"
    return f"; {one['overridden_by']} answers for its promise{told}" if one.get("overridden_by") else told


def _clock(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().strftime("%m-%d %H:%M")
