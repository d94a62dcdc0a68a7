"""This file decides how people ask from the shell for the report after a crisis. It does not know what is in it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo

import typer

from ivr_engine.cli._options import DEFAULT_SETTINGS, SettingsPath
from ivr_engine.cli.lab import write
from ivr_engine.errors import HotlineError, RefusedError

if TYPE_CHECKING:
    from ivr_engine.dialplan.hotline import Hotline
    from ivr_engine.review import Gathering, Retuning, Reviewed
    from ivr_engine.simulator.replay import Begun, Lived

SAY_EVERY_SECONDS = 2.0


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(review)


@dataclass(frozen=True, slots=True)
class _Source:
    """What is lived through again: the journal, the versions that are kept, and one that stands for all others."""

    journal: Path
    versions: Mapping[str, "Hotline[Any]"]
    usual: "Hotline[Any]"
    store: str | None = None


def review(  # noqa: PLR0913, PLR0917  # one for each option
    crisis: Annotated[str | None, typer.Option(help="The last crisis of this profile, not the last of all.")] = None,
    since: Annotated[str | None, typer.Option(help="These hours instead: 3h, today, a date or a moment.")] = None,
    until: Annotated[str | None, typer.Option(help="The same; a day with all its hours.")] = None,
    journal: Annotated[Path | None, typer.Option(help="Another journal than that of the settings.")] = None,
    scenario: Annotated[
        Path | None, typer.Option(help="The journal is of `ivr lab`, which played this scenario.")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page with plots to this file.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write Markdown to this file.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write all figures to this file.")] = None,
    lang: Annotated[Literal["zh", "en"], typer.Option(help="In which language.")] = "zh",
    drill: Annotated[bool, typer.Option("--drill", help="Calls of a drill, and no others.")] = False,
    settings: SettingsPath = DEFAULT_SETTINGS,
) -> None:
    """Report on a crisis that is over: what happened when, figures, what callers heard. 复盘报告。"""
    from ivr_engine.review import Gathering, Retuning, Tongue, as_json, told_as_markdown, told_as_page

    source = _of_lab(journal, scenario) if scenario is not None else _of_engine(journal, settings)
    say = Tongue(lang, ZoneInfo(source.usual.timezone))
    hours = _hours(since, until, say.zone)
    gathering, retuning = Gathering(crisis, *hours, drill=drill), Retuning(source.usual)
    _live_through(source, gathering, retuning)
    one = _reviewed(source, gathering, retuning, say)
    if html is None and markdown is None and json_file is None:
        typer.echo(told_as_markdown(one), nl=False)
    for path, form in ((html, told_as_page), (markdown, told_as_markdown), (json_file, as_json)):
        if path is not None:
            write(path, form(one))


def _reviewed(source: _Source, gathering: "Gathering", retuning: "Retuning", say: Any) -> "Reviewed":
    from ivr_engine.review import Reviewed

    found = gathering.found()
    if found is None:
        raise HotlineError(
            f"the journal {source.journal} has no such crisis, or nothing of these hours: name another --crisis,"
            " or --since and --until"
        )
    notes = tuple(
        say(
            f"版本 {version} 已不在存档中，以现有版本代替，结果可能有偏差",
            f"version {version} is not kept any more: another one stands for it, and what callers did may differ",
        )
        for version in gathering.missing
    )
    for note in notes:
        typer.echo(note, err=True)
    sealed = _sealed(source.store) if source.store is not None else None
    return Reviewed(*found, source.usual, say, notes, sealed, retuning.plans, tuple(retuning.tried(found[0])))


def _sealed(store: str) -> frozenset[str] | None:
    """The calls with a sealed recording; None if the database cannot be asked: the rest of the report is as good."""
    from contextlib import closing

    from ivr_engine.store.reader import StoreReader

    try:
        with closing(StoreReader(store)) as reader:
            return frozenset(row.call for row in reader.recordings())
    except HotlineError as error:
        typer.echo(f"recordings are not checked: {error}", err=True)
        return None


def _live_through(source: _Source, gathering: "Gathering", retuning: "Retuning") -> None:
    import msgspec

    from ivr_engine.simulator.replay import lived_again

    say = _Progress()
    try:
        for one in lived_again(source.journal, source.versions, source.usual):
            gathering.take(one)
            retuning.take(one)
            say(one)
    except OSError as error:
        remedy = "a running engine writes it; name its --settings, or another --journal"
        raise HotlineError(f"the journal {source.journal} cannot be read: {error.strerror}; {remedy}") from error
    except msgspec.ValidationError as error:
        raise HotlineError(
            f"the journal {source.journal} is of another version of this engine ({error}): review it with that one"
        ) from error


class _Progress:
    """Says where it is, every few seconds."""

    def __init__(self) -> None:
        self._next = time.monotonic() + SAY_EVERY_SECONDS
        self._facts = 0

    def __call__(self, one: "Begun | Lived") -> None:
        self._facts += 1
        if self._facts % 1000 or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + SAY_EVERY_SECONDS
        from ivr_engine.cli._tables import moment

        typer.echo(f"{moment(getattr(one, 'now', None))}  {self._facts:,} facts", err=True)


def _of_engine(journal: Path | None, settings: Path) -> _Source:
    from ivr_engine.dialplan.load import load
    from ivr_engine.nodes import NODE_TYPES
    from ivr_engine.settings import load_settings
    from ivr_engine.versions.shelf import Shelf

    site = load_settings(settings)
    file = journal or site.journal
    if file is None:
        raise HotlineError(f"{settings} names no journal, and without one nobody knows: add `journal: journal.jsonl`")
    shelf = Shelf(site.state / "versions")
    kept = {one.version: one for one in shelf.load_all([one.version for one in shelf.all()], NODE_TYPES)}
    usual = next(iter(kept.values())) if kept else load(site.dialplan, NODE_TYPES)
    return _Source(file, {usual.version: usual} | kept, usual, site.store.url)


def _of_lab(journal: Path | None, scenario: Path) -> _Source:
    from ivr_engine.dialplan.diagnostics import Findings, render
    from ivr_engine.simulator.lab import read_scenario

    if journal is None:
        raise typer.BadParameter("name the journal that `ivr lab --journal` wrote", param_hint="--journal")
    read = read_scenario(scenario, findings := Findings())
    if read is None:
        typer.echo(render(findings.found), err=True)
        raise typer.Exit(1)
    return _Source(journal, {read.hotline.version: read.hotline}, read.hotline)


def _hours(since: str | None, until: str | None, zone: Any) -> tuple[float | None, float | None]:
    from ivr_engine.figures import begin_of, end_of

    now = time.time()
    begin = None if since is None else begin_of(since, now, zone)
    end = None if until is None else end_of(until, now, zone)
    if begin is not None and end is not None and begin >= end:
        raise RefusedError("that time ends before it begins: let `since` be before `until`")
    return begin, end
