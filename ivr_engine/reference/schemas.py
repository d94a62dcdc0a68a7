"""This file decides which files of a hotline an editor can check. It does not know what any of them may hold.

The schemas lie beside the shipped hotlines, whose first line names them: `# yaml-language-server: $schema=…`.
"""

import json
from collections.abc import Mapping
from typing import Any

from ivr_engine.dialplan.calendars import CalendarFile
from ivr_engine.dialplan.fields import Group
from ivr_engine.dialplan.files import CrisisFile, HotlineFile, IncludedFile, SeatsFile
from ivr_engine.dialplan.schema import Schema, Terms
from ivr_engine.drill.scenario import DrillFile
from ivr_engine.nodes import NODE_TYPES
from ivr_engine.reference.markdown import remarks
from ivr_engine.simulator.lab.scenario import ScenarioFile
from ivr_engine.simulator.script import TEST_WORDS, ScriptFile


def schema_of(form: type[Any], title: str) -> Schema:
    """What an editor may know about a file of this form."""
    terms = Terms(NODE_TYPES, _plain_remarks)
    Group(form).schema(terms)
    return terms.document(title, form)


def hotline() -> str:
    """The schema of `hotline.yaml`."""
    return _text(schema_of(HotlineFile, "hotline.yaml: what callers hear on an ordinary day"))


def seats() -> str:
    """The schema of `seats.yaml`."""
    return _text(schema_of(SeatsFile, "seats.yaml: who answers, and who waits for whom"))


def part() -> str:
    """The schema of files that `include` names."""
    return _text(schema_of(IncludedFile, "a part of a hotline in a file of its own"))


def crisis() -> str:
    """The schema of `crisis/*.yaml`."""
    return _text(schema_of(CrisisFile, "crisis/*.yaml: what callers hear while this profile is on"))


def calendar() -> str:
    """The schema of `calendars/*.yaml`."""
    return _text(schema_of(CalendarFile, "calendars/*.yaml: holidays, and the workdays that make up for them"))


def tests() -> str:
    """The schema of `tests/*.yaml`."""
    terms = Terms(TEST_WORDS, _plain_remarks)
    Group(ScriptFile).schema(terms)
    return _text(terms.document("tests/*.yaml: what callers do, and what must come of it", ScriptFile))


def lab() -> str:
    """The schema of `lab/*.yaml`."""
    return _text(schema_of(ScenarioFile, "lab/*.yaml: who calls on a day, who answers, and what goes wrong"))


def drill() -> str:
    """The schema of `drills/*.yaml`."""
    return _text(schema_of(DrillFile, "drills/*.yaml: who calls in a drill, and what it must show"))


def _plain_remarks(of: type[Any]) -> Mapping[str, str]:
    return {name: text[0].upper() + text[1:] for name, text in remarks(of).items()}


def _text(schema: Schema) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
