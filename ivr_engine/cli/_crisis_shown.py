"""This file decides how crises read on a screen. It does not know where what it shows comes from."""

from collections.abc import Iterable, Mapping
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import typer

from ivr_engine.cli._tables import show
from ivr_engine.cli._times import left, shown
from ivr_engine.model.crises import LEVELS_IN_CHINESE, Scope
from ivr_engine.model.crisis_orders import Deed

Rows = list[dict[str, Any]]


def show_now(now: dict[str, Any]) -> None:
    """All that is on, and waits. What there is nothing of is not shown."""
    at, zone = now["at"], ZoneInfo(now["timezone"])
    if now["proposal"]:
        typer.echo(f"NOT DONE YET 尚未生效: another person must say yes 需另一人确认: {_yes(now['proposal'])}")
    if now["active"]:
        _show_active(now["active"], at, zone)
    else:
        typer.echo(f"no crisis profile is on (known: {', '.join(now['known']) or 'none'})")
    if now["proposals"]:
        _show_proposals(now["proposals"], at, zone)
        first = now["proposals"][0]["id"]
        typer.echo(f"{_yes(first)} 确认; ivr crisis reject {first} --by NAME --reason WHY 否决")
    if now["clocks"]:
        _show_clocks(now["clocks"], at, zone)
        runs = [one for one in now["clocks"] if one.get("done_at") is None]
        if runs:
            first = runs[0]
            typer.echo(
                f"ivr crisis done {first['profile']} {first['clock']} --by NAME 报告完成; what it is for: ivr situation"
            )
    if now["statuses"]:
        _show_statuses(now["statuses"], zone)
    if now["stopped_arms"]:
        columns = ("experiment", "stopped arm", "since", "by", "why")
        arms = now["stopped_arms"]
        show(columns, ((one["split"], one["arm"], shown(one["at"], zone), one["by"], one["why"]) for one in arms))
    if now["triggers"]:
        show_triggers(now)


def show_triggers(now: dict[str, Any]) -> None:
    """Each trigger: whether it is on, and until when it keeps quiet."""
    zone = ZoneInfo(now["timezone"])
    triggers: Mapping[str, Any] = now["triggers"]
    if not triggers:
        typer.echo("the dialplan has no triggers")
        return
    show(
        ("trigger", "state", "since", "quiet until"),
        (
            (name, "on" if one.get("on") else "off", shown(one.get("since"), zone), shown(one.get("quiet_until"), zone))
            for name, one in triggers.items()
        ),
    )


def show_deeds(deeds: Iterable[Deed], zone: tzinfo) -> None:
    """The audit, a line each."""
    for one in deeds:
        went = "" if one.ok else " REFUSED" if one.kind == "order" else " !"
        why = f" ({one.why})" if one.why else ""
        typer.echo(f"{shown(one.at, zone, seconds=True)} {one.kind}{went} by {one.who}: {one.what}{why}")


def _show_active(active: Rows, at: float, zone: ZoneInfo) -> None:
    show(
        ("profile", "level", "for", "since", "until", "left", "by", "reason"),
        (
            (
                one["profile"],
                _level(one["level"]),
                _scope(one.get("scope")),
                shown(one["since"], zone),
                shown(one.get("until"), zone) or "switched off",
                left(one.get("until"), at),
                one["by"],
                one["reason"],
            )
            for one in active
        ),
    )


def _show_proposals(proposals: Rows, at: float, zone: ZoneInfo) -> None:
    show(
        ("proposal", "what", "level", "for", "by", "reason", "lapses", "left"),
        (
            (
                one["id"],
                f"{one['switch']['profile']} {'on' if one['switch'].get('on', True) else 'off'}",
                _level(one["switch"].get("level", "general")),
                _scope(one["switch"].get("scope")),
                one["by"],
                one["reason"],
                shown(one["lapses_at"], zone),
                left(one["lapses_at"], at),
            )
            for one in proposals
        ),
    )


def _show_clocks(clocks: Rows, at: float, zone: ZoneInfo) -> None:
    show(
        ("profile", "clock", "due", "left", "state", "by", "note"),
        (
            (
                one["profile"],
                one["clock"],
                shown(one["due"], zone),
                left(one["due"], at) if one.get("done_at") is None else "",
                "done" if one.get("done_at") is not None else "OVERDUE 超时" if one.get("overdue") else "runs",
                one.get("done_by", ""),
                one.get("note", ""),
            )
            for one in clocks
        ),
    )


def _show_statuses(statuses: Rows, zone: ZoneInfo) -> None:
    show(
        ("flow", "callers hear", "by", "since", "write anew by", "until"),
        (
            (
                one["flow"],
                " / ".join(one["texts"].values()),
                one["by"],
                shown(one["at"], zone),
                shown(one.get("refresh_by"), zone) + (" STALE 过期" if one.get("stale") else ""),
                shown(one.get("until"), zone),
            )
            for one in statuses
        ),
    )


def _yes(proposal: str) -> str:
    return f"ivr crisis confirm {proposal} --by NAME"


def _level(level: Any) -> str:
    return f"{level} {LEVELS_IN_CHINESE[level]}"


def _scope(scope: Mapping[str, Any] | None) -> str:
    said = scope or {}
    return str(Scope(tuple(said.get("numbers", ())), tuple(said.get("regions", ())), bool(said.get("drill"))))
