# ruff: noqa: PLR0913, PLR0917 -- an option each for what can be said of an order
"""This file decides how crises are ordered and looked at from the shell. It does not know what an order leads to.

Times are those of the hotline's clock. Everything but `log` asks the running engine.
"""

import getpass
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

import typer

from ivr_engine.cli import crisis_check
from ivr_engine.cli._options import DEFAULT_SETTINGS, SettingsPath
from ivr_engine.cli.live import AsJson, ask
from ivr_engine.errors import RefusedError
from ivr_engine.model.crises import Level

if TYPE_CHECKING:
    from datetime import tzinfo

_crisis = typer.Typer(help="Switch the crisis mode. 危机模式开关。", no_args_is_help=True)

By = Annotated[str, typer.Option(help="Who orders it.", default_factory=getpass.getuser)]
Profile = Annotated[str, typer.Argument(help="A profile of the dialplan, such as recall. 预案。")]
Why = Annotated[str, typer.Option(help="Why. 原因。")]
LevelWord = Annotated[
    Level | None,
    typer.Option(help="一般 general, 较大 major, 重大 critical. Left out: as it is, or general."),
]
DryRunWanted = Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing. 预演。")]
FROM_SHELL = "ordered from the shell"


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    crisis_check.add_to(_crisis)
    app.add_typer(_crisis, name="crisis")


@_crisis.command("on")
def crisis_on(
    profile: Profile,
    by: By,
    level: LevelWord = None,
    number: Annotated[list[str] | None, typer.Option(help="For callers of this number only; again for more.")] = None,
    region: Annotated[list[str] | None, typer.Option(help="For callers from there only, such as 广东.")] = None,
    lasts: Annotated[str, typer.Option(help="For how long, such as 4h.")] = "",
    until: Annotated[str, typer.Option(help="Until when, such as 18:00.")] = "",
    reason: Why = FROM_SHELL,
    dry_run: DryRunWanted = False,
    as_json: AsJson = False,
    settings: SettingsPath = DEFAULT_SETTINGS,
) -> None:
    """Switch a crisis profile on, or to another level or scope. 启动危机预案。"""
    from ivr_engine.cli._times import length_in

    if lasts and until:
        raise RefusedError("--lasts and --until say the same: write one of them")
    order: dict[str, Any] = {"profile": profile, "by": by, "reason": reason, "dry_run": dry_run}
    order |= {"level": level} if level else {}
    order |= {"numbers": number or [], "regions": region or []}
    order |= {"lasts": length_in(lasts)} if lasts else {}
    order |= {"until": _moment(settings, until)} if until else {}
    _order(settings, order, as_json=as_json)


@_crisis.command("level")
def crisis_level(
    profile: Profile,
    level: Annotated[Level, typer.Argument(help="一般 general, 较大 major, 重大 critical.")],
    by: By,
    reason: Why = FROM_SHELL,
    dry_run: DryRunWanted = False,
    as_json: AsJson = False,
    settings: SettingsPath = DEFAULT_SETTINGS,
) -> None:
    """Bring a profile that is on to another level; scope and end stay. 调整级别。"""
    order = {"profile": profile, "by": by, "reason": reason, "level": level, "keep": True, "dry_run": dry_run}
    _order(settings, order, as_json=as_json)


@_crisis.command("off")
def crisis_off(
    by: By,
    profile: Annotated[str, typer.Argument(help="Which one; left out: the one that is on.")] = "",
    every: Annotated[bool, typer.Option("--all", help="All that are on.")] = False,
    reason: Why = FROM_SHELL,
    dry_run: DryRunWanted = False,
    as_json: AsJson = False,
    settings: SettingsPath = DEFAULT_SETTINGS,
) -> None:
    """Switch a crisis profile off: back to how it was. 解除危机预案。"""
    if every and profile:
        raise RefusedError(f"--all and {profile!r} do not go together: write one of them")
    which = profile or (None if every else _the_one(settings))
    order = {"profile": which, "by": by, "reason": reason, "on": False, "dry_run": dry_run}
    _order(settings, order, as_json=as_json)


@_crisis.command("status")
def crisis_status(as_json: AsJson = False, settings: SettingsPath = DEFAULT_SETTINGS) -> None:
    """Say what is on, what waits for a yes, and which clocks run. 当前状态。"""
    _tell(ask(settings, "GET", "crisis"), as_json=as_json)


@_crisis.command("confirm")
def crisis_confirm(
    proposal: Annotated[str, typer.Argument(help="Its number, as `status` shows it.")],
    by: By,
    reason: Annotated[str, typer.Option(help="Why; left out: as it was proposed.")] = "",
    as_json: AsJson = False,
    settings: SettingsPath = DEFAULT_SETTINGS,
) -> None:
    """Say yes to what a trigger or another person proposed. 确认。"""
    _answer(settings, proposal, {"answer": "yes", "by": by, "reason": reason}, as_json=as_json)


@_crisis.command("reject")
def crisis_reject(
    proposal: Annotated[str, typer.Argument(help="Its number, as `status` shows it.")],
    by: By,
    reason: Annotated[str, typer.Option(help="Why. 原因。")],
    as_json: AsJson = False,
    settings: SettingsPath = DEFAULT_SETTINGS,
) -> None:
    """Say no to it. 否决。"""
    _answer(settings, proposal, {"answer": "no", "by": by, "reason": reason}, as_json=as_json)


@_crisis.command("done")
def crisis_done(
    profile: Profile,
    clock: Annotated[str, typer.Argument(help="The clock, as `status` shows it.")],
    by: By,
    note: Annotated[str, typer.Option(help="What was done, for the review.")] = "",
    as_json: AsJson = False,
    settings: SettingsPath = DEFAULT_SETTINGS,
) -> None:
    """Stop a clock: what it is for has been done. 完成时限任务。"""
    done = {"profile": profile, "clock": clock, "by": by, "note": note}
    _tell(ask(settings, "POST", "crisis/clocks", done), as_json=as_json)


@_crisis.command("triggers")
def crisis_triggers(as_json: AsJson = False, settings: SettingsPath = DEFAULT_SETTINGS) -> None:
    """Say which triggers are on, and until when they keep quiet. 触发器状态。"""
    from ivr_engine.cli._crisis_shown import show_triggers

    now = ask(settings, "GET", "crisis")
    if as_json:
        typer.echo(json.dumps(now["triggers"], ensure_ascii=False))
        return
    show_triggers(now)


@_crisis.command("log")
def crisis_log(
    since: Annotated[str, typer.Option(help="Since when: 24h, today, or a date.")] = "24h",
    as_json: AsJson = False,
    settings: SettingsPath = DEFAULT_SETTINGS,
) -> None:
    """Say who did what, and what was refused. Needs no engine. 操作审计。"""
    from contextlib import closing

    import msgspec

    from ivr_engine.cli._crisis_shown import show_deeds
    from ivr_engine.figures import begin_of
    from ivr_engine.settings import load_settings
    from ivr_engine.store.reader import StoreReader

    zone = _zone(settings)
    with closing(StoreReader(load_settings(settings).store.url)) as reader:
        deeds = reader.deeds(begin_of(since, time.time(), zone))
    if as_json:
        typer.echo(json.dumps(msgspec.to_builtins(deeds), ensure_ascii=False))
        return
    show_deeds(deeds, zone)


def _moment(settings: Path, text: str) -> float:
    """When that is by the hotline's clock."""
    from zoneinfo import ZoneInfo

    from ivr_engine.cli._times import moment_in

    now = ask(settings, "GET", "crisis")
    return moment_in(text, now["at"], ZoneInfo(now["timezone"]))


def _order(settings: Path, order: dict[str, Any], *, as_json: bool) -> None:
    answer = ask(settings, "POST", "crisis", order)
    if not order["dry_run"]:
        _tell(answer, as_json=as_json)
    elif as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False))
    else:
        typer.echo("\n".join(("dry run: nothing was changed. 预演，未作任何更改。", *answer["would"])))


def _answer(settings: Path, proposal: str, answer: dict[str, Any], *, as_json: bool) -> None:
    now = ask(settings, "POST", f"crisis/proposals/{quote(proposal, safe='')}", answer)
    _tell(now, as_json=as_json)


def _the_one(settings: Path) -> str | None:
    """The profile that is on. Several: which is for him who orders to say."""
    on = [one["profile"] for one in ask(settings, "GET", "crisis")["active"]]
    if len(on) > 1:
        raise RefusedError(f"{len(on)} crisis profiles are on: name one of {', '.join(on)}, or write --all")
    return on[0] if on else None


def _tell(now: dict[str, Any], *, as_json: bool) -> None:
    from ivr_engine.cli._crisis_shown import show_now

    if as_json:
        typer.echo(json.dumps(now, ensure_ascii=False))
        return
    show_now(now)


def _zone(settings: Path) -> "tzinfo":
    """Where the hotline's clock is; this machine's, while the dialplan has mistakes: the audit can still be read."""
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    from ivr_engine.dialplan.load import load
    from ivr_engine.errors import DialplanError
    from ivr_engine.nodes import NODE_TYPES
    from ivr_engine.settings import load_settings

    try:
        return ZoneInfo(load(load_settings(settings).dialplan, NODE_TYPES).timezone)
    except DialplanError:
        return datetime.now(UTC).astimezone().tzinfo or UTC
