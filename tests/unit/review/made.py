"""Journals and reviews made by hand, or by the laboratory."""

from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

from ivr_engine.dialplan.diagnostics import Findings
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.model.commands import AnyCommand, Publish
from ivr_engine.model.events import AnyEvent, LinkLost
from ivr_engine.model.notices import AnyNotice
from ivr_engine.nodes import Node
from ivr_engine.review import Gathering, Reviewed, Tongue
from ivr_engine.runtime.journal import Journal
from ivr_engine.simulator.lab import Laboratory, Results, Scenario, read_scenario
from ivr_engine.simulator.replay import Lived, lived_again
from tests.simulation.world import acme

HOTLINE = acme()
ZONE = ZoneInfo("Asia/Shanghai")
NOON = 1_804_046_400.0  # 2027-03-03 12:00 there


def lived(at: float, *notices: AnyNotice, event: AnyEvent | None = None, drill: bool = False) -> Lived:
    """A decision in which these notices were told, `at` seconds after noon."""
    orders: list[AnyCommand] = [Publish(notice, drill) for notice in notices]
    return Lived(NOON + at, event or LinkLost(), orders)


def gathered(decisions: Iterable[Lived], gathering: Gathering | None = None) -> Gathering:
    gathering = gathering or Gathering()
    for one in decisions:
        gathering.take(one)
    return gathering


def reviewed(
    decisions: Iterable[Lived], gathering: Gathering | None = None, hotline: Hotline[Node] = HOTLINE, lang: str = "en"
) -> Reviewed:
    found = gathered(decisions, gathering).found()
    assert found is not None
    return Reviewed(*found, hotline, Tongue("en" if lang == "en" else "zh", ZONE))


def played(folder: Path, text: str) -> tuple[Scenario, Results, Path]:
    """A day in the laboratory, with its journal."""
    (folder / "day.yaml").write_text(text, "utf-8")
    scenario = read_scenario(folder / "day.yaml", findings := Findings())
    assert scenario is not None, [str(one) for one in findings.found]
    path = folder / "journal.jsonl"
    journal = Journal(path, scenario.hotline.version)
    results = Laboratory(scenario, 1, journal).run()
    journal.close()
    assert journal.lost == 0
    return scenario, results, path


def lived_through(path: Path, hotline: Hotline[Node], gathering: Gathering | None = None) -> Gathering:
    gathering = gathering or Gathering()
    for one in lived_again(path, {hotline.version: hotline}, hotline):
        gathering.take(one)
    return gathering
