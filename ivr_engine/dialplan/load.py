"""This file decides whether files make a hotline. It does not know any word: the table of words comes in.

Everything wrong is found before anything is said, so that one run of `ivr check` shows all of it.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from ivr_engine.dialplan.calendars import (
    CalendarFile,
    check_calendar,
    check_coverage,
    check_shifts,
    is_near,
    shifts_of,
    wall_at,
)
from ivr_engine.dialplan.choices import check_choices
from ivr_engine.dialplan.crises import CrisisPlan
from ivr_engine.dialplan.diagnostics import Diagnostic, Findings, TooManyError, quote
from ivr_engine.dialplan.examples import with_own_names
from ivr_engine.dialplan.fields import Group, kind_of
from ivr_engine.dialplan.files import (
    DEFAULT_LANGUAGES,
    HOTLINE,
    CrisisFile,
    HotlineFile,
    HotlineFiles,
    IncludedFile,
    SeatsFile,
    files_of,
    hotlines_in,
    is_file,
    is_file_beside,
)
from ivr_engine.dialplan.graph import (
    FlowGraph,
    check_loops,
    check_names,
    check_reached,
    check_targets,
    check_used,
)
from ivr_engine.dialplan.hotline import NORMAL, Facilities, Flow, Hotline
from ivr_engine.dialplan.hours import Hours
from ivr_engine.dialplan.people import check_people, who_comes_to_people
from ivr_engine.dialplan.profiles import check_profiles, profiles_in
from ivr_engine.dialplan.reader import Reader
from ivr_engine.dialplan.scalars import Language
from ivr_engine.dialplan.seating import Seating, destinations_of, items_of, lookups_of, skills_in, with_confirmation
from ivr_engine.dialplan.served import check_queues, check_served, people_in
from ivr_engine.dialplan.short import written_out
from ivr_engine.dialplan.source import Mark, Table, UnreadableError, Value, read_file
from ivr_engine.dialplan.staffed import check_pools, check_promises
from ivr_engine.dialplan.steps import defaults_of
from ivr_engine.dialplan.strays import strays_among, strays_in
from ivr_engine.dialplan.texts import HasSound, check_sounds, check_texts
from ivr_engine.dialplan.triggers import check_triggers
from ivr_engine.dialplan.values import check_secrets, known_values
from ivr_engine.errors import DialplanError
from ivr_engine.model.ids import StepName

StepT = TypeVar("StepT")

VERSION_LENGTH = 12  # typed into commands; and of the last fifty versions no two are alike in so much


def load(folder_or_file: Path, words: Mapping[str, type[StepT]]) -> Hotline[StepT]:
    """The hotline in a folder or file. Raises DialplanError with all that is wrong."""
    reading = _Reading(words)
    hotline = reading.read(files_of(folder_or_file))
    errors = sorted(reading.findings.errors)
    if errors or hotline is None:
        more = f" (and {len(errors) - 1} more: run `ivr check {folder_or_file}`)" if len(errors) > 1 else ""
        raise DialplanError(f"{errors[0]}{more}", sorted(reading.findings.found))
    return hotline


def check(
    paths: Iterable[Path],
    words: Mapping[str, type[Any]],
    has_sound: HasSound | None = None,
    now: float | None = None,
) -> list[Diagnostic]:
    """All that is wrong with the hotlines in `paths`, warnings included, in the order of the files.

    With `has_sound` also every prompt that has no sound yet; with `now`, in seconds since 1970, what is out of date.
    """
    paths = list(paths)
    found = [one for path in paths if not (path / HOTLINE).exists() for one in strays_among(path)]
    for path in hotlines_in(paths):
        reading = _Reading(words, has_sound, now)
        files = files_of(path)
        reading.read(files)
        found.extend(reading.findings.found)
        if files.hotline.name == HOTLINE:
            found.extend(strays_in(files.hotline.parent, reading.tried))
    return sorted(found)


@dataclass
class _Part:
    """One file as far as it could be read."""

    reader: Reader
    table: Value | None = None
    content: Any = None


@dataclass
class _Reading:
    """One hotline being read."""

    words: Mapping[str, type[Any]]
    has_sound: HasSound | None = None
    now: float | None = None
    wall: datetime | None = None
    findings: Findings = field(default_factory=Findings)
    languages: tuple[str, ...] = ()
    defaults: Mapping[str, Table] = field(default_factory=dict)
    digest: Any = field(default_factory=sha256)
    sources: dict[Path, bytes] = field(default_factory=dict)
    known: Mapping[str, Mapping[str, Mark | None]] = field(default_factory=dict)  # by what each is the name of
    tried: list[Path] = field(default_factory=list)  # also those that could not be read

    def read(self, files: HotlineFiles) -> Hotline[Any] | None:
        """The hotline; None after findings that forbid it."""
        hotline = self._read(files)
        self.findings.found = with_own_names(self.findings.found, self.known, self.languages)
        return hotline

    def _read(self, files: HotlineFiles) -> Hotline[Any] | None:
        try:
            normal = self._part(files.hotline, HotlineFile)
            seats = self._included(normal, files.hotline)
            seats += [self._part(files.seats, SeatsFile)] if files.seats else []
            crises = [self._part(path, CrisisFile) for path in files.crises]
            calendars = self._calendars(normal, files.hotline)
            self._check(normal, seats, crises)
            if self.findings.errors:
                return None
            hotline = self._hotline(normal, seats, crises, calendars)
            check_promises(hotline, self.known, [(part.reader, part.table) for part in (normal, *crises)])
            two = {name for name, flow in hotline.crises.items() if flow.plan and flow.plan.two_people}
            check_triggers(hotline.triggers, two, [(part.reader, part.table) for part in (normal, *seats)])
            if self.has_sound and not self.findings.errors:  # nothing could be spoken before those are gone
                check_sounds(_readers([normal, *seats, *crises]), self.has_sound)
        except TooManyError:
            return None
        return None if self.findings.errors else hotline

    def _included(self, normal: _Part, beside: Path) -> list[_Part]:
        """The files a hotline is split over: their steps are as good as its own."""
        included = normal.table.get("include") if isinstance(normal.table, Table) else None
        parts = []
        for name in items_of(included):
            path = beside.parent / name.text
            if not is_file_beside(beside, path):
                message = f"there is no file {quote(name.text)} in this hotline's folder"
                normal.reader.refuse(name.mark, "E113", message, "name a file beside this one, or in a folder of it")
                continue
            parts.append(self._part(path, IncludedFile, normal.reader))
        return parts

    def _calendars(self, normal: _Part, beside: Path) -> list[_Part]:
        named = normal.table.get("calendar") if isinstance(normal.table, Table) else None
        parts = []
        for name in items_of(named):
            path = beside.parent / name.text
            if not is_near(beside, name.text) or not is_file(path):
                message = f"there is no calendar {quote(name.text)} in this hotline's folder or one beside it"
                normal.reader.refuse(name.mark, "E113", message, "write for instance `../calendars/cn-2027.yaml`")
                continue
            parts.append(self._part(path, CalendarFile, Reader(self.findings)))
            check_calendar(parts[-1].table, parts[-1].reader)
        check_coverage((part.content.year for part in parts if part.content), named, normal.reader)
        if named is None and normal.content is not None and isinstance(normal.table, Table):
            check_shifts(normal.content.shifts, normal.table.get("shifts"), normal.reader)
        return parts

    def _part(self, path: Path, form: type[Any], reader: Reader | None = None) -> _Part:
        reader = reader or Reader(
            self.findings, self.words, self.languages, defaults=self.defaults, wall=self.wall, trail=("flow",)
        )
        part = _Part(reader)
        self.tried.append(path)
        with suppress(UnreadableError):  # what is wrong has been reported; other files are read all the same
            table, raw = read_file(path, self.findings)
            part.table = with_confirmation(table)
            self.sources[path] = raw
            self.digest.update(f"{path.name} {len(raw)}\n".encode() + raw)
            if form is HotlineFile:
                self.languages = reader.languages = _languages_of(part.table)
                self.wall = reader.wall = wall_at(part.table, self.now)
                part.table = written_out(part.table, self.languages)
                reader.defaults = self.defaults = defaults_of(part.table, reader)
            part.content = Group(form).read(part.table, reader)
            recorded = (prompt.recording.digest for prompt, _ in reader.spoken if prompt.recording)
            self.digest.update("".join(recorded).encode())
        return part

    def _check(self, normal: _Part, seats: list[_Part], crises: list[_Part]) -> None:
        parts = [normal, *seats, *crises]
        if all(part.table is not None for part in [normal, *seats]):  # else every name would look unknown
            self._check_seats([normal, *seats], parts)
        if normal.table is not None:
            self._check_flows(normal, crises)
        for reader in _readers(parts):
            check_texts(reader)

    def _check_seats(self, holders: list[_Part], parts: list[_Part]) -> None:
        seating = Seating()
        for part in holders:
            seating.add(part.table, part.reader)
        readers = _readers(parts)
        self.known = known = {
            **seating.known,
            "destination": destinations_of(part.table for part in holders),
            "shift": shifts_of(holders[0].table.get("shifts") if isinstance(holders[0].table, Table) else None),
            "lookup": lookups_of(part.table for part in holders),
            "value": known_values(readers),
            "skill": skills_in(part.table for part in holders),
            "profile": profiles_in(part.table for part in parts),
        }
        for reader in readers:
            check_names(reader, known)
        check_secrets(readers)
        for part in holders:
            if part.content:
                check_pools(part.content.pools, seating.pools, part.reader)
        if not self.findings.errors:
            people = people_in((part.content for part in holders), self.languages)
            check_served(people, readers)
            check_queues(people, seating.queues, holders[0].content.ageing, holders[-1].reader)
        if not self.findings.errors:
            check_used(readers, known, holders[-1].reader)

    def _check_flows(self, normal: _Part, crises: list[_Part]) -> None:
        check_profiles(crises, normal.content.people if normal.content else {})
        below = FlowGraph.of(normal.reader)
        graphs = [below, *(FlowGraph.of(part.reader, below) for part in crises)]
        for graph in graphs:
            check_targets(graph, self.known)
        for graph in graphs:
            check_loops(graph)
        if not self.findings.errors:  # a step that could not be read would make others look unreachable
            check_reached(graphs)
            for graph, part in zip(graphs, [normal, *crises], strict=True):
                human = part.content.human or normal.content.human
                check_people(graph, human.to if human else None)
                check_choices(graph, human.keys if human else (), who_comes_to_people(graph))

    def _hotline(self, normal: _Part, seats: list[_Part], crises: list[_Part], calendars: list[_Part]) -> Hotline[Any]:
        file: HotlineFile = normal.content
        holders: list[SeatsFile] = [file, *(part.content for part in seats)]
        steps = _nodes(normal.reader)
        holding = [file, *(part.content for part in seats if isinstance(part.content, IncludedFile))]
        destinations = {name: plan for one in holding for name, plan in one.destinations.items()}
        hours = Hours(
            file.timezone,
            file.shifts,
            tuple(closure for one in holding for closure in one.closures),
            frozenset().union(*(part.content.days_off for part in calendars)),
            frozenset(day for part in calendars for day in part.content.workdays),
        )
        facilities = Facilities(hours, destinations)

        def flow(name: str, part: _Part, steps: Mapping[StepName, Any]) -> Flow[Any]:
            plan = CrisisPlan.within(part.content) if isinstance(part.content, CrisisFile) else None
            return Flow(name, part.content.start, steps, part.content.human or file.human, facilities, plan)

        flows = {part.content.name: flow(part.content.name, part, {**steps, **_nodes(part.reader)}) for part in crises}
        return Hotline(
            name=file.hotline,
            numbers=file.numbers,
            languages=file.languages,
            timezone=file.timezone,
            normal=flow(NORMAL, normal, steps),
            pools={name: pool for holder in holders for name, pool in holder.pools.items()},
            queues={name: queue for holder in holders for name, queue in holder.queues.items()},
            fallback=file.fallback,
            version=self.digest.hexdigest()[:VERSION_LENGTH],
            crises=flows,
            lookups={name: plan for one in holding for name, plan in one.lookups.items()},
            agents={agent: plan for holder in holders for agent, plan in holder.agents.items()},
            triggers={name: plan for one in holding for name, plan in one.triggers.items()},
            people=file.people,
            ageing=file.ageing,
            sources=self.sources,
        )


def _nodes(reader: Reader) -> dict[StepName, Any]:
    return {name: draft.node for name, draft in reader.drafts.items()}


def _readers(parts: Iterable[_Part]) -> list[Reader]:
    """Those of the parts, each once: included files share the reader of the file that names them."""
    return list({id(part.reader): part.reader for part in parts}.values())


def _languages_of(table: Value) -> tuple[str, ...]:
    """The hotline's languages, read ahead of everything else, as every text needs them. None if they are wrong."""
    written = table.get("languages") if isinstance(table, Table) else None
    if written is None:
        return DEFAULT_LANGUAGES
    try:
        read = kind_of(tuple[Language, ...]).read(written, Reader(Findings()))
    except UnreadableError:
        return ()  # told when the file itself is read
    return tuple(read)
