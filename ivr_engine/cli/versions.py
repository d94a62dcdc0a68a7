"""This file decides how versions of a dialplan are taken, taken back and compared from the shell. It knows no call.

Whatever changes something is asked of the running engine; `versions` and `diff` read the files themselves, so they
answer also when no engine runs; `versions` says whether one does.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from ivr_engine.cli._options import DEFAULT_SETTINGS, SettingsPath
from ivr_engine.cli.live import AsJson, By, ask, show
from ivr_engine.dialplan.diagnostics import Diagnostic, Severity, render
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.dialplan.load import load
from ivr_engine.errors import DialplanError, HotlineError
from ivr_engine.nodes import NODE_TYPES, Node

ALIVE_WITHIN_SECONDS = 1.0
PATIENCE_SECONDS = 600.0  # many new texts take long to be spoken
_canary = typer.Typer(help="A version on trial for a share of the calls. 灰度发布。", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(reload)
    app.command()(versions)
    app.command()(rollback)
    app.command()(diff)
    app.add_typer(_canary, name="canary")


def reload(
    by: By,
    canary: Annotated[int | None, typer.Option(min=1, max=50, help="Try it on so many per cent of new calls.")] = None,
    settings: SettingsPath = DEFAULT_SETTINGS,
) -> None:
    """Let new callers get the dialplan as its files are now. 重新加载拨号方案，通话不中断。"""
    order: dict[str, Any] = {"by": by, "canary": canary}
    try:
        done = ask(settings, "POST", "reload", order, within=PATIENCE_SECONDS)
    except DialplanError as error:
        found = [Diagnostic(**{**one, "severity": Severity(one["severity"])}) for one in error.diagnostics]
        typer.echo(render(found))
        typer.echo(f"{sum(one.severity is Severity.ERROR for one in found)} errors: refused, the old version goes on")
        raise typer.Exit(1) from None
    _tell(done)


def rollback(
    by: By,
    version: Annotated[str | None, typer.Argument(help="The beginning of its name; the one before otherwise.")] = None,
    settings: SettingsPath = DEFAULT_SETTINGS,
) -> None:
    """Let new callers get an earlier version again, or end a canary. 回退到上一个版本。"""
    _tell(ask(settings, "POST", "rollback", {"by": by, "version": version}, within=PATIENCE_SECONDS))


def versions(settings: SettingsPath = DEFAULT_SETTINGS, as_json: AsJson = False) -> None:
    """Show the versions that ever ran, the newest use first. 历史版本。"""
    import json

    from ivr_engine.settings import load_settings
    from ivr_engine.versions import Shelf

    known = load_settings(settings)
    shelf = Shelf(known.state / "versions")
    standing, disk = shelf.standing(), _version_on_disk(known.dialplan)
    runs = "running" if _is_up(settings) else "ran last"
    rows: list[dict[str, Any]] = []
    for kept in shelf.all():
        is_now = {
            runs: standing is not None and standing.version == kept.version,
            "canary": runs == "running" and standing is not None and standing.canary == kept.version,
            "on disk": disk == kept.version,
        }
        now = ", ".join(word for word, true in is_now.items() if true)
        last = {"at": kept.last.at, "by": kept.last.by, "how": kept.last.how}
        rows.append({"version": kept.version, **last, "now": now, "hotline": kept.hotline})
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    show([{**row, "at": _day(row["at"])} for row in rows], ("version", "at", "by", "how", "now"))
    if disk is None:
        typer.echo(f"the files on disk have mistakes: ivr check {known.dialplan}")
    elif all(row["version"] != disk for row in rows):
        typer.echo(f"the files on disk are version {disk}, which never ran: ivr diff, ivr reload")


def diff(
    before: Annotated[str | None, typer.Argument(help="A version; the one that runs otherwise.")] = None,
    after: Annotated[str | None, typer.Argument(help="Another; the files on disk otherwise.")] = None,
    settings: SettingsPath = DEFAULT_SETTINGS,
) -> None:
    """Say in words what is different between two versions. 比较两个版本。"""
    from ivr_engine.settings import load_settings
    from ivr_engine.versions import Shelf, differences

    known = load_settings(settings)
    shelf = Shelf(known.state / "versions")
    standing = shelf.standing()
    if before is None and standing is None:
        raise HotlineError("no version ever ran here: start the engine (ivr serve), or name its --settings")
    old: Hotline[Node] = shelf.load(before or (standing.version if standing else ""), NODE_TYPES)
    new: Hotline[Node] = shelf.load(after, NODE_TYPES) if after else load(known.dialplan, NODE_TYPES)
    told = differences(old, new)
    typer.echo("\n".join(told) if told else f"{old.version} and {new.version} are the same to callers and agents")


@_canary.command("status")
def canary_status(settings: SettingsPath = DEFAULT_SETTINGS) -> None:
    """Say how the version on trial does. 灰度状态。"""
    trial = ask(settings, "GET", "dialplan")["canary"]
    if trial is None:
        typer.echo("no version is on trial")
        return
    state = f"on for {trial['percent']} % of new calls" if trial["state"] == "on" else trial["state"]
    why = f" ({trial['why']})" if trial["why"] else ""
    typer.echo(f"version {trial['version']}: {state}{why}, by {trial['by']}")
    typer.echo(f"hung up in the menu: {_share(trial['left_in_menu'], trial['calls'])} of its calls,")
    typer.echo(f"                     {_share(trial['other_left_in_menu'], trial['other_calls'])} of the others")
    typer.echo(f"if it were called worse now, the chance to be wrong: at most {trial['p_value']:.2g}")


@_canary.command("accept")
def canary_accept(by: By, settings: SettingsPath = DEFAULT_SETTINGS) -> None:
    """Give all new callers the version on trial. 全量发布。"""
    _tell(ask(settings, "POST", "canary", {"by": by, "order": "accept"}, within=PATIENCE_SECONDS))


@_canary.command("stop")
def canary_stop(by: By, settings: SettingsPath = DEFAULT_SETTINGS) -> None:
    """Give no new caller the version on trial. 停止灰度。"""
    _tell(ask(settings, "POST", "canary", {"by": by, "order": "stop"}, within=PATIENCE_SECONDS))


def _tell(done: dict[str, Any]) -> None:
    if not done["changed"]:
        typer.echo(f"version {done['version']} runs already: nothing was changed")
    elif done["percent"]:
        typer.echo(f"version {done['version']} is on trial for {done['percent']} % of new calls; ivr canary status")
    else:
        typer.echo(f"new callers get version {done['version']} (before: {done['before']})")
    for line in done["differences"]:
        typer.echo(f"  {line}")
    if done["prompts_built"]:
        typer.echo(f"{done['prompts_built']} prompts were built")
    for line in done["warnings"]:
        typer.echo(f"to be done: {line}")


def _version_on_disk(dialplan: Path) -> str | None:
    try:
        found: Hotline[Node] = load(dialplan, NODE_TYPES)
    except DialplanError:
        return None
    return found.version


def _is_up(settings: Path) -> bool:
    try:
        ask(settings, "GET", "dialplan", within=ALIVE_WITHIN_SECONDS)
    except HotlineError:
        return False
    return True


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole}" + (f" ({part / whole:.0%})" if whole else "")


def _day(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M:%S")
