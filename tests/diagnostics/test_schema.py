"""What an editor tells while typing: never a mistake where `ivr check` sees none, and most of those of shape."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from ivr_engine.dialplan.calendars import CalendarFile
from ivr_engine.dialplan.diagnostics import Findings, render
from ivr_engine.dialplan.fields import Group
from ivr_engine.dialplan.files import CrisisFile, HotlineFile, IncludedFile, SeatsFile
from ivr_engine.dialplan.load import check
from ivr_engine.dialplan.schema import Terms
from ivr_engine.dialplan.source import Scalar, Sequence, Value, read_yaml
from ivr_engine.drill.scenario import DrillFile
from ivr_engine.nodes import NODE_TYPES
from ivr_engine.simulator.lab.scenario import ScenarioFile

ROOT = Path(__file__).parents[2]
DIALPLANS = ROOT / "dialplans"
CASES = Path(__file__).with_name("cases")
FIRST_LINE = re.compile(r"# yaml-language-server: \$schema=(\S+)\n")
FORMS = {
    "hotline": HotlineFile,
    "seats": SeatsFile,
    "part": IncludedFile,
    "crisis": CrisisFile,
    "calendar": CalendarFile,
    "lab": ScenarioFile,
    "drill": DrillFile,
}
SHIPPED = sorted(path for path in DIALPLANS.rglob("*.yaml"))

# Mistakes of shape that a schema cannot see, each with the reason.
UNSEEN = {
    "unknown-time-zone": "the list of zones is the machine's, a schema is the same everywhere",
    "missing-settings": "the fallback may be made from `agents`",
    "three-lines-in-a-language-we-do-not-speak": "the fallback is made from `agents`, if we know its words",
    "values-in-texts": "what stands within a text is nothing to a schema",
}
SEEN_TOO = {
    "unknown-language": "a tag such as zh_CN can be no language at all",
    "true-as-text": "an editor would propose `true` for every text; in quotes it is one",
}
SHAPE = re.compile(r": E2\d\d ")


def as_editors_see_it(value: Value) -> Any:
    if isinstance(value, Scalar):
        return value.value
    if isinstance(value, Sequence):
        return [as_editors_see_it(item) for item in value.items]
    return {entry.key.text: as_editors_see_it(entry.value) for entry in value.entries}


def validator(form: str) -> Draft7Validator:
    schema = json.loads((DIALPLANS / "schema" / f"{form}.json").read_text("utf-8"))
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


def form_of(path: Path) -> str:
    if path.parent.name in ("crisis", "tests", "lab"):
        return path.parent.name
    if path.parent.name in ("calendars", "drills"):
        return path.parent.name.removesuffix("s")
    if path.name == "seats.yaml":
        return "seats"
    beside_one = path.name != "hotline.yaml" and path.with_name("hotline.yaml").exists()
    return "part" if beside_one else "hotline"


def complaints(path: Path, form: str) -> list[str]:
    tree = read_yaml(path.name, path.read_bytes(), Findings())
    return [error.message for error in validator(form).iter_errors(as_editors_see_it(tree))]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(DIALPLANS)))
def test_a_shipped_file_names_its_schema_in_its_first_line_and_keeps_it(path: Path) -> None:
    found = FIRST_LINE.match(path.read_text("utf-8"))
    assert found, "its first line turns the editor's checks on"
    assert (path.parent / found[1]).resolve() == DIALPLANS / "schema" / f"{form_of(path)}.json"
    assert complaints(path, form_of(path)) == []


def cases(*, of_shape: bool) -> list[str]:
    """Those whose files are YAML at all; an editor needs no schema to see that one is not."""
    told = {path.stem: path.with_suffix(".expected").read_text("utf-8") for path in sorted(CASES.glob("*.yaml"))}
    return [name for name, text in told.items() if ": E1" not in text and bool(SHAPE.search(text)) == of_shape]


@pytest.mark.parametrize("name", cases(of_shape=True))
def test_a_mistake_of_shape_is_seen_while_typing(name: str) -> None:
    assert bool(complaints(CASES / f"{name}.yaml", "hotline")) == (name not in UNSEEN), UNSEEN.get(name)


@pytest.mark.parametrize("name", cases(of_shape=False))
def test_nothing_is_seen_where_the_shape_is_right(name: str) -> None:
    assert bool(complaints(CASES / f"{name}.yaml", "hotline")) == (name in SEEN_TOO), SEEN_TOO.get(name)


RIGHT = """hotline: 7
numbers: 4000000400
languages: [zh-CN, en]
timezone: Asia/Shanghai
start: {say: 您好。, then: 咨询-1}
fallback: {say: {zh-CN: 10086, en: 1.5}, agents: 1001}
pools: {1: {agents: [a-1, 1002], answer within: 90, trunk: false}}
queues: {general: {pools: 1, after call: 0, priority: "-5", greeting: ~}}
steps:
  咨询-1: {menu: 请按1。,
    keys: {1: 咨询-1, "*": {hangup: ~}, "#": {hangup: 再见。}, 0: {enqueue: general, tag: [a, 乙]},
      2: {enqueue: general, tag: 乙}},
    silence: {after: 1.5m, repeat: 0, then: {goto: 咨询-1}}, wrong: {}}
"""


def test_every_way_to_write_a_value_that_check_takes_is_fine(tmp_path: Path) -> None:
    file = tmp_path / "right.yaml"
    file.write_text(RIGHT, "utf-8")
    assert not SHAPE.search(render(check([file], NODE_TYPES)))
    tree = read_yaml("right", RIGHT.encode(), Findings())
    assert list(validator("hotline").iter_errors(as_editors_see_it(tree))) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("answer within: 90", "answer within: 0s"),
        ("answer within: 90", "answer within: 0"),
        ("answer within: 90", "answer within: 5 minutes"),
        ("repeat: 0", "repeat: 10"),
        ("trunk: false", "trunk: no"),
        ("hotline: 7", "hotline: 热线"),
        ("after: 1.5m", "afer: 1.5m"),
        ("{hangup: ~}", "{hangup: 再见。, then: main}"),
        ('"*": {', '"*a": {'),
        ("pools: 1,", "pools: [],"),
        ("start: {say: 您好。, then: 咨询-1}", "start: {say: 您好。}"),
        ("start: {say: 您好。, then: 咨询-1}", "start:"),
        ("zh-CN: 10086", "Chinese: 10086"),
    ],
)
def test_what_is_wrong_is_seen(right: str, wrong: str) -> None:
    assert right in RIGHT
    tree = read_yaml("wrong", RIGHT.replace(right, wrong).encode(), Findings())
    assert list(validator("hotline").iter_errors(as_editors_see_it(tree)))


def test_remarks_of_the_code_are_shown_while_typing() -> None:
    pool = json.loads((DIALPLANS / "schema" / "seats.json").read_text("utf-8"))["definitions"]["PoolPlan"]
    assert pool["properties"]["number"]["description"] == "Dialled at the far end of the trunk"


def test_two_groups_of_one_name_are_a_bug_told_at_once() -> None:
    terms = Terms({"HotlineFile": NODE_TYPES["say"]})
    Group(NODE_TYPES["say"]).schema(terms)
    with pytest.raises(TypeError, match="two groups are called HotlineFile"):
        Group(HotlineFile).schema(terms)


def test_a_schema_exists_for_every_form_and_no_other() -> None:
    assert {path.stem for path in (DIALPLANS / "schema").iterdir()} == {*FORMS, "tests"}
    for form, of in FORMS.items():
        schema: Any = validator(form).schema
        assert set(schema["properties"]) == set(Group(of).fields)
