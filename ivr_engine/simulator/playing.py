"""This file decides how tests of a hotline are played, each in a world of its own. It does not know how they read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

from ivr_engine.dialplan.diagnostics import Diagnostic, Findings
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.nodes import Node
from ivr_engine.simulator.coverage import Missed, missed
from ivr_engine.simulator.rehearsal import Rehearsal
from ivr_engine.simulator.scene import Scene, UnmetError
from ivr_engine.simulator.script import Line, Scripts, read_tests
from ivr_engine.simulator.telling import Teller
from ivr_engine.simulator.visits import Visits

USUAL = datetime(2027, 3, 3, 10, 0)  # noqa: DTZ001 - the hotline knows the zone. A Wednesday: tests end alike every day
MOST_TOLD = 12  # lines of what happened before a failure; the last ones matter


@dataclass(frozen=True, slots=True)
class Played:
    """What became of one test. `failure` is at the line that was not so; `seconds` is how long playing took."""

    file: str
    name: str
    seconds: float
    visits: Visits
    failure: Diagnostic | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """What became of all tests, and what nobody came to, by hotline."""

    played: Sequence[Played]
    missing: Mapping[Path, Sequence[Missed]]

    @property
    def failed(self) -> int:
        """How many tests failed."""
        return sum(one.failure is not None for one in self.played)

    @property
    def is_complete(self) -> bool:
        """Whether every step and key of every hotline was come to."""
        return all(one.is_nothing for flows in self.missing.values() for one in flows)


def play_files(files: Iterable[Path]) -> tuple[Results, Findings]:
    """Play the tests of all files; none when any file is wrong. Raises DialplanError when a hotline is."""
    findings, known = Findings(), dict[Path, Hotline[Node]]()
    read = [read_tests(file, findings, known) for file in files]
    played: list[Played] = []
    visits: dict[Path, Visits] = {}
    for one in read if not findings.errors else ():
        if one is not None:
            played += (results := list(play(one)))
            for result in results:
                visits.setdefault(one.where, Visits()).update(result.visits)
    return Results(played, {where: missed(known[where], seen) for where, seen in visits.items()}), findings


def usual_time(timezone: str) -> float:
    """When a test begins that does not say: a working day, at ten."""
    return USUAL.replace(tzinfo=ZoneInfo(timezone)).timestamp()


def play(scripts: Scripts) -> Iterator[Played]:
    """Play the tests of a file, one after the other."""
    for name, lines in scripts.scripts.items():
        began = perf_counter()
        # Estimated lengths, whatever has been spoken already: a test must end alike on every machine.
        rehearsal = Rehearsal(scripts.hotline, usual_time(scripts.hotline.timezone))
        failure = _perform(name, lines, Scene(rehearsal))
        yield Played(str(scripts.path), name, perf_counter() - began, rehearsal.visits, failure)


def _perform(name: str, lines: tuple[Line, ...], scene: Scene) -> Diagnostic | None:
    for line in lines:
        try:
            line.act.perform(scene)
        except UnmetError as unmet:
            return line.mark.diagnostic("FAILED", f"{name}: {unmet}", _story(scene))
    return None


def _story(scene: Scene) -> str:
    """The caller's way so far, its last lines."""
    if scene.last is None:
        return "nothing has happened yet"
    told = list(Teller(scene.rehearsal.hotline).told(scene.rehearsal.of(scene.last)))
    cut = ["…"] if len(told) > MOST_TOLD else []
    return "\n  ".join([*cut, *map(str, told[-MOST_TOLD:])])
