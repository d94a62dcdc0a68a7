"""This file decides how experiments are shown and their arms stopped from the shell. It does not know who is in one."""

from typing import Annotated, Any

import typer

from ivr_engine.cli._options import DEFAULT_SETTINGS, SettingsPath
from ivr_engine.cli._tables import moment, show
from ivr_engine.cli.live import AsJson, By, ask

_arms = typer.Typer(help="Arms of experiments. 分流实验。")

Split = Annotated[str, typer.Argument(help="The step that divides callers.")]
ArmName = Annotated[str, typer.Argument(help="One of its arms.")]
Reason = Annotated[str, typer.Option(help="Why.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(_arms, name="arms")


@_arms.callback(invoke_without_command=True)
def show_arms(context: typer.Context, settings: SettingsPath = DEFAULT_SETTINGS, as_json: AsJson = False) -> None:
    """Arms of experiments: how many of their callers hang up in the menu. 分流实验各组的挂断情况。"""
    if context.invoked_subcommand is not None:
        return
    rows = ask(settings, "GET", "arms")
    if as_json:
        import json

        typer.echo(json.dumps(rows, ensure_ascii=False))
    else:
        _show(rows)


@_arms.command()
def stop(
    split: Split,
    arm: ArmName,
    by: By,
    reason: Reason = "ordered from the shell",
    settings: SettingsPath = DEFAULT_SETTINGS,
) -> None:
    """Let nobody new come to an arm. 停用某组。"""
    _order(settings, {"split": split, "arm": arm, "by": by, "reason": reason, "stop": True})


@_arms.command()
def resume(
    split: Split,
    arm: ArmName,
    by: By,
    reason: Reason = "ordered from the shell",
    settings: SettingsPath = DEFAULT_SETTINGS,
) -> None:
    """Let callers come to it again. 恢复某组。"""
    _order(settings, {"split": split, "arm": arm, "by": by, "reason": reason, "stop": False})


def _order(settings: Any, order: dict[str, Any]) -> None:
    _show(ask(settings, "POST", "arms", order))


def _show(rows: list[dict[str, Any]]) -> None:
    show(("arm", "split", "state", "hung up in the menu", "in the others", "p", "by", "why"), map(_row, rows))


def _row(row: dict[str, Any]) -> list[str]:
    stopped = row["state"] == "stopped"
    state = f"stopped {moment(row['at'])}" if stopped else "on"
    shares = [_share(row.get("left_in_menu", 0), row.get("calls", 0))]
    shares += [_share(row.get("other_left_in_menu", 0), row.get("other_calls", 0))]
    chance = "" if stopped else f"{row.get('p_value', 1.0):.2g}"
    return [row["arm"], row["split"], state, *shares, chance, row.get("by", ""), row.get("why", "")]


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / whole:.0%})" if whole else ""
