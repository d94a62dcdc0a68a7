"""Whatever a file holds, its author gets diagnostics: never a traceback, never a hang."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivr_engine.dialplan.diagnostics import Severity, render
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
fuzz = settings(max_examples=150, deadline=5000, suppress_health_check=[HealthCheck.function_scoped_fixture])


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
