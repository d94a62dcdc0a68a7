"""This file decides how the settings of YAML files are listed. It knows no single setting: each declares itself."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, is_dataclass
from pathlib import Path
from typing import Any

from ivr_engine.dialplan.fields import Field, Group, ListOf, MappingOf
from ivr_engine.dialplan.files import CrisisFile, HotlineFile, SeatsFile
from ivr_engine.dialplan.reader import Kind
from ivr_engine.dialplan.scalars import OneOf, Pattern, Whole
from ivr_engine.dialplan.steps import Onward, Reference
from ivr_engine.dialplan.wording import Wording
from ivr_engine.drill.scenario import DrillFile
from ivr_engine.nodes import NODE_TYPES
from ivr_engine.reference.markdown import about, code, page, remarks, section, table
from ivr_engine.settings import Settings
from ivr_engine.simulator.acts import ACTS
from ivr_engine.simulator.expectations import EXPECTATIONS
from ivr_engine.simulator.lab.scenario import ScenarioFile
from ivr_engine.simulator.script import ScriptFile


def words() -> str:
    """Everything an admin can write in a hotline's files."""
    told: set[type[Any]] = set()
    return page(
        "Words of a hotline · 拨号方案词汇",
        "What `hotline.yaml`, `seats.yaml` and `crisis/*.yaml` may hold. How to begin:"
        " [first hotline](../howto/first-hotline.md). A step has exactly one word; wherever a step's name may stand, a"
        " step may stand itself, as in `1: {enqueue: urgent}`. Values in texts and recorded files:"
        " [prompts](../howto/prompts.md).",
        *(section(code(name), *_group(form, told)) for name, form in _FILES.items()),
        section("Words of a step · 步骤", "Each step is one of these:", _list_of_words()),
        *(section(code(word), *_group(node, told, word, level=3), level=3) for word, node in NODE_TYPES.items()),
    )


def tests() -> str:
    """Everything a test of a hotline may hold."""
    told: set[type[Any]] = set()
    return page(
        "Words of tests · 测试词汇",
        "What `tests/*.yaml` may hold. How to write them: [test a dialplan](../howto/test-a-dialplan.md). Each line of"
        " a test has one word; a word that needs nothing stands alone, as in `- hangs up`.",
        section(code("tests/*.yaml"), *_group(ScriptFile, told)),
        section("What people do · 动作", *(_test_word(one, told) for one in ACTS)),
        section("What is expected · 预期", *(_test_word(one, told) for one in EXPECTATIONS)),
    )


def lab() -> str:
    """Everything a scenario of the laboratory may hold."""
    return page(
        "Scenarios of the laboratory · 压力实验室场景",
        "What `lab/*.yaml` may hold. How to play them: [laboratory](../howto/lab.md).",
        section(code("lab/*.yaml"), *_group(ScenarioFile, set())),
    )


def drill() -> str:
    """Everything a drill may hold."""
    return page(
        "Drills · 演练场景",
        "What `drills/*.yaml` may hold: a scenario of the [laboratory](lab.md), and what it must show. How to play"
        " them: [drills](../howto/drills.md).",
        section(code("drills/*.yaml"), *_group(DrillFile, set())),
    )


def _test_word(act: Any, told: set[type[Any]]) -> str:
    body = _group(act, told, act.WORD, level=3) if Group(act).fields else [about(act)]
    return section(code(act.WORD), *body, level=3)


def settings() -> str:
    """Everything `ivr.yaml` may hold."""
    return page(
        "Settings: ivr.yaml · 系统设置",
        "`ivr init FOLDER` writes one. Paths are relative to the file. A secret stands in a file of its own; the"
        " environment variable, where one is named, wins over the file. A mistake is told with line and column.",
        *_group(Settings, set()),
    )


_FILES: Mapping[str, type[Any]] = {
    "hotline.yaml": HotlineFile,
    "seats.yaml": SeatsFile,
    "crisis/*.yaml": CrisisFile,
}


def _list_of_words() -> str:
    firsts = {word: about(node).partition("\n\n")[0] for word, node in NODE_TYPES.items()}
    return "\n".join(f"- [`{word}`](#{word}): {first}" for word, first in firsts.items())


def _group(of: type[Any], told: set[type[Any]], path: str = "", level: int = 2) -> Iterator[str]:
    """The group's own table, then those of the groups inside it. A group in `told` is not told again."""
    told.add(of)
    notes = remarks(of)
    written = [one for one in Group(of).fields.values() if not one.is_own_key]
    rows = [(code(one.key), _kind(one.kind), _default(one), notes.get(one.name, "")) for one in written]
    yield _as_in_the_file(about(of), written)
    yield table(("setting", "takes", "left out", "remark"), rows)
    for one in written:
        inner = _group_in(one.kind)
        if inner and inner not in told:
            inside = f"{path} › {one.key}" if path else one.key
            each = ", each" if isinstance(one.kind, MappingOf | ListOf) else ""
            yield section(code(inside) + each, *_group(inner, told, inside, level + 1), level=level + 1)


def _as_in_the_file(text: str, written: Iterable[Field]) -> str:
    """A docstring speaks of fields; a reader knows the settings."""
    for one in written:
        text = text.replace(code(one.name), code(one.key))
    return text


def _group_in(kind: Kind) -> type[Any] | None:
    if isinstance(kind, MappingOf | ListOf):
        kind = kind.item
    return kind.of if isinstance(kind, Group) else None


_WAYS: Mapping[type[Kind], Callable[[Any], str]] = {
    Group: lambda _: "a group, see below",
    ListOf: lambda kind: f"a list: {_kind(kind.item)}",
    MappingOf: lambda kind: f"a table: {_kind(kind.key)} → {_kind(kind.item)}",
    OneOf: lambda kind: " or ".join(map(code, kind.choices)),
    Pattern: lambda kind: f"{kind.what}, such as {code(kind.such_as)}",
    Whole: lambda kind: f"a whole number, {kind.least} to {kind.most}",
    Reference: lambda kind: f"the name of {'an' if kind.of == 'agent' else 'a'} {kind.of}",
    Onward: lambda _: "a step, or its name",
    Wording: lambda kind: f"words: one text, or {code(kind.example)}",
}


def _kind(kind: Kind) -> str:
    say = _WAYS.get(type(kind))
    if say is not None:
        return say(kind)
    variable = getattr(kind, "variable", None)  # a secret: what is taken is the file that holds it
    return kind.expected + (f" of the secret, or {code('$' + variable)}" if variable else "")


def _default(one: Field) -> str:
    if one.default is MISSING:
        return "**must be there**"
    if one.default is None:
        return str(getattr(one.kind, "default", "")) or "none"
    return _value(one.default)


def _value(value: Any) -> str:
    match value:
        case bool():
            return code(str(value).lower())
        case float():
            return code(f"{value:g}s")
        case int() | str() | Path():
            return code(value) or "none"
        case _ if is_dataclass(value):
            return "as below"
        case _:
            return "none"
