"""This file decides how a running engine is asked and ordered from the shell. It does not know how it answers."""

import asyncio
import getpass
import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from ivr_engine.cli._options import DEFAULT_SETTINGS, SettingsPath
from ivr_engine.errors import DialplanError, HotlineError

ANSWER_WITHIN_SECONDS = 10.0

AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]
By = Annotated[str, typer.Option(help="Who orders it.", default_factory=getpass.getuser)]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(calls)
    app.command()(queues)


def calls(settings: SettingsPath = DEFAULT_SETTINGS, as_json: AsJson = False) -> None:
    """Show the calls going on now. 当前通话。"""
    rows = ask(settings, "GET", "calls")
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    show(rows, ("call", "caller", "doing", "flow", "step", "queue", "seat", "arrived_at"))


def queues(settings: SettingsPath = DEFAULT_SETTINGS, as_json: AsJson = False) -> None:
    """Show who waits, and the seats. 排队与坐席。"""
    lines, pools = ask(settings, "GET", "queues"), ask(settings, "GET", "pools")
    if as_json:
        typer.echo(json.dumps({"queues": lines, "pools": pools}, ensure_ascii=False))
        return
    show(lines, ("queue", "waiting", "oldest_since", "estimate"))
    show(pools, ("pool", "ready", "ringing", "talking", "wrap_up", "paused", "signed_out", "offline"))


def ask(
    settings: Path,
    method: str,
    path: str,
    body: dict[str, Any] | None = None,
    *,
    within: float = ANSWER_WITHIN_SECONDS,
) -> Any:
    """What the running engine answers. Raises HotlineError if it refuses, or none answers within that many seconds."""
    return asyncio.run(_request(settings, method, path, body, within))


async def _request(path: Path, method: str, name: str, body: dict[str, Any] | None, within: float) -> Any:
    import aiohttp

    from ivr_engine.settings import load_settings

    web = load_settings(path).web
    at = f"http://{web.host}:{web.port}"
    timeout = aiohttp.ClientTimeout(total=within)
    headers = {"Authorization": f"Bearer {web.token}"}
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, headers=headers) as session,
            session.request(method, f"{at}/api/{name}", json=body) as response,
        ):
            answer = await response.json()
    except (aiohttp.ClientError, TimeoutError) as error:
        why = str(error) or type(error).__name__
        raise HotlineError(
            f"no engine answers at {at} ({why}): start it (ivr serve), or name its --settings"
        ) from error
    if response.status >= 400:
        if "found" in answer["error"]:
            raise DialplanError(answer["error"]["cause"], answer["error"]["found"])
        raise HotlineError(f"{answer['error']['cause']}: {answer['error']['remedy']}")
    return answer


def show(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> None:
    """Rows as a table on the screen."""
    from rich.console import Console
    from rich.table import Table

    table = Table()
    for place, name in enumerate(columns):
        # The first names the thing and is typed into other commands: it must be whole.
        table.add_column(name.replace("_", " "), no_wrap=place == 0, overflow="fold")
    for row in rows:
        table.add_row(*(_cell(name, row.get(name)) for name in columns))
    Console().print(table)


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    return clock_time(value) if name in ("arrived_at", "oldest_since") else str(value)


def clock_time(at: float) -> str:
    """A moment of today as people say it."""
    return datetime.fromtimestamp(at).astimezone().strftime("%H:%M:%S")
