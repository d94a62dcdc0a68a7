"""Whatever a file holds, its author gets diagnostics: never a traceback, never a hang.

More mutations than usual: IVR_MUTATIONS=20000 pytest -s tests/diagnostics/test_fuzz.py -k mutation
"""

import os
import random
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivr_engine.dialplan.diagnostics import Diagnostic, Severity, render
from ivr_engine.dialplan.load import check, load
from ivr_engine.errors import DialplanError
from ivr_engine.nodes import NODE_TYPES

ACME = Path(__file__).parents[2] / "dialplans" / "acme"
GOOD = "\n".join((ACME / name).read_text("utf-8") for name in ("hotline.yaml", "seats.yaml"))
PIECES = st.sampled_from(
    [*"{}[]:,-#&*!|>'\"%@`?~\\\n\t　：", ": ", "- ", "\n  ", "\n    ", "<<: ", "null", "08", "1", "1.5", "true"]  # noqa: RUF005 -- three short lists read better than one of forty lines
    + ["steps", "main", "menu", "say", "keys", "then", "silence", "otherwise", "goto", "enqueue", "zh-CN", "start"]
    + ["\x00", "\ud7ff", "\u2028", "9" * 5000, "!!python/name:os.system ", "您好。"]
)
fuzz = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def _survives(path: Path) -> None:
    found = check([path], NODE_TYPES)
    render(found)
    if all(one.severity is Severity.WARNING for one in found):
        load(path, NODE_TYPES)
        return
    with pytest.raises(DialplanError) as refused:
        load(path, NODE_TYPES)
    assert list(refused.value.diagnostics) == found
    assert "\n" not in str(refused.value)


@fuzz
@given(raw=st.binary(max_size=300))
def test_any_bytes_are_answered_by_diagnostics(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "any.yaml"
    path.write_bytes(raw)
    _survives(path)


@fuzz
@given(pieces=st.lists(PIECES, max_size=60))
def test_any_mixture_of_yaml_pieces_is_answered_by_diagnostics(pieces: list[str], tmp_path: Path) -> None:
    path = tmp_path / "any.yaml"
    path.write_text("".join(pieces), "utf-8")
    _survives(path)


@fuzz
@given(edits=st.lists(st.tuples(st.integers(0, len(GOOD)), st.integers(0, 12), PIECES), min_size=1, max_size=4))
def test_any_slip_in_a_good_file_is_answered_by_diagnostics(edits: list[tuple[int, int, str]], tmp_path: Path) -> None:
    text = GOOD
    for at, cut, piece in edits:
        text = text[:at] + piece + text[at + cut :]
    path = tmp_path / "any.yaml"
    path.write_text(text, "utf-8")
    _survives(path)


@pytest.mark.parametrize("name", ["hotline.yaml", "seats.yaml", "crisis", "crisis/recall.yaml"])
def test_a_folder_or_a_device_in_place_of_a_file_is_answered_by_diagnostics(name: str, tmp_path: Path) -> None:
    (tmp_path / "hotline.yaml").write_text(GOOD, "utf-8")
    (tmp_path / name).unlink(missing_ok=True)
    if name == "crisis":
        (tmp_path / name).write_text("no folder", "utf-8")
    else:
        (tmp_path / name).mkdir(parents=True)
    _survives(tmp_path)


SHIPPED = sorted(path.parent for path in ACME.parent.glob("*/hotline.yaml"))
MUTATIONS = int(os.environ.get("IVR_MUTATIONS", "150"))
SLOWEST = 2.0  # seconds
WIDE = "：，、；。｛｝［］“”‘’（）＃－　１２０Ａ＜＞＊\xa0\u200b\ufeff"
Mutation = Callable[[random.Random, list[str]], None]


def _delete(chance: random.Random, lines: list[str]) -> None:
    at = chance.randrange(len(lines))
    del lines[at : at + chance.randint(1, 4)]


def _double(chance: random.Random, lines: list[str]) -> None:
    lines.insert(chance.randrange(len(lines)), chance.choice(lines))


def _swap(chance: random.Random, lines: list[str]) -> None:
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]


def _indent(chance: random.Random, lines: list[str]) -> None:
    at = chance.randrange(len(lines))
    for number in range(at, min(at + chance.choice([1, 1, 3]), len(lines))):
        lines[number] = chance.choice([" ", "   ", "\t", "　"]) + lines[number].removeprefix(chance.choice(["", "  "]))


def _widen(chance: random.Random, lines: list[str]) -> None:
    at = chance.randrange(len(lines))
    place = chance.randint(0, len(lines[at]))
    lines[at] = lines[at][:place] + chance.choice(WIDE) + lines[at][place + chance.randint(0, 1) :]


def _translate(chance: random.Random, lines: list[str]) -> None:
    at = chance.randrange(len(lines))
    plain, wide = chance.choice(list(zip(':,{}[]"#- ', "：，｛｝［］“＃－　", strict=True)))
    lines[at] = lines[at].replace(plain, wide, chance.choice([1, -1]))


def _forget(chance: random.Random, lines: list[str]) -> None:
    at = chance.randrange(len(lines))
    lines[at] = lines[at].replace(chance.choice(":,{}[]\"' "), "", 1)


def _truncate(chance: random.Random, lines: list[str]) -> None:
    at = chance.randrange(len(lines))
    lines[at:] = [lines[at][: chance.randint(0, len(lines[at]))]]


def _garble(chance: random.Random, lines: list[str]) -> None:
    at = chance.randrange(len(lines))
    place = chance.randint(0, len(lines[at]))
    lines[at] = lines[at][:place] + chance.randbytes(chance.randint(1, 6)).decode("latin-1") + lines[at][place:]


LIKELY: tuple[Mutation, ...] = (
    _delete, _double, _swap, _indent, _widen, _translate, _translate, _forget, _truncate, _garble
)  # fmt: skip


def _mutated(chance: random.Random, text: str) -> bytes:
    lines = text.split("\n")
    for mutate in chance.choices(LIKELY, k=chance.choice([1, 1, 1, 2, 4])):
        mutate(chance, lines)
        lines = "\n".join(lines).split("\n")
    encoding = chance.choices(["utf-8", "gb18030", "utf-16", "latin-1"], [97, 1, 1, 1])[0]
    return "\n".join(lines).encode(encoding, "replace")


def test_any_mutation_of_what_we_ship_is_answered_soon_and_at_a_line_that_is_there(tmp_path: Path) -> None:
    told: Counter[str] = Counter()
    slowest = 0.0
    for number in range(MUTATIONS):
        chance = random.Random(number)
        shipped = chance.choice(SHIPPED)
        folder = tmp_path / shipped.name
        if not folder.exists():
            shutil.copytree(shipped, folder)
        file = chance.choice(sorted(folder.rglob("*.yaml")))
        original = file.read_text("utf-8")
        file.write_bytes(_mutated(chance, original))
        began = time.process_time()
        found = check([folder], NODE_TYPES)
        slowest = max(slowest, time.process_time() - began)
        render(found)
        told.update({one.code for one in found})
        for one in found:
            assert _is_there(one), f"seed {number}: {one}"
        if errors := [one for one in found if one.severity is Severity.ERROR]:
            told["refused"] += 1
            # A file in which nothing is left has no line to show.
            assert any(one.line or one.code == "E111" for one in errors), f"seed {number}: {errors}"
        file.write_text(original, "utf-8")
    refused = told.pop("refused")
    print(f"\n{MUTATIONS} mutations, {refused} refused, slowest {slowest:.2f} s, {dict(told.most_common())}")  # noqa: T201
    assert slowest < SLOWEST


def _is_there(one: Diagnostic) -> bool:
    """Whether the place that is told is in the file, so that an editor can go there."""
    if not one.line:
        return True
    lines = re.split(r"\r\n|\r|\n", Path(one.file).read_bytes().decode("utf-8-sig", "replace"))
    return one.line <= len(lines) and 1 <= one.column <= len(lines[one.line - 1]) + 1
