"""People in rehearsals take calls when they are asked, hear what they are told, and mailboxes do neither."""

from pathlib import Path

import pytest

from ivr_engine.dialplan.diagnostics import render
from ivr_engine.simulator.playing import Played, play_files

HOTLINE = Path(__file__).parents[2] / "acceptance" / "accepting"


def played(folder: Path, *lines: str) -> Played:
    file = folder / "tests.yaml"
    text = "".join(f"    - {line}\n" for line in ("call", *lines))
    file.write_text(f"hotline: {HOTLINE}\ntests:\n  a test:\n{text}", "utf-8")
    results, findings = play_files([file])
    assert render(findings.found) == ""
    return results.played[0]


@pytest.mark.parametrize(
    "lines",
    [
        ("press: 1", "talks to: carrier"),
        ("seats: {mailbox: mailbox, local: off}", "press: 2", "wait: 60s", "hears nothing", "queue: mailbox"),
        ("seats: {mailbox: mailbox}", "press: 2", "talks to: local"),
        ("press: 3", "rings: 1001", "{talks to: 1001, within: 20s}"),
        ("seats: {1001: no answer, 1002: busy}", "press: 4", "{talks to: 1003, within: 5s}"),
    ],
)
def test_what_people_at_seats_do(tmp_path: Path, lines: tuple[str, ...]) -> None:
    failure = played(tmp_path, *lines).failure
    assert failure is None, str(failure)


def test_a_mailbox_that_would_be_taken_for_a_person_is_told(tmp_path: Path) -> None:
    failure = played(tmp_path, "seats: {mailbox: mailbox, local: off}", "press: 2", "talks to: mailbox").failure
    assert failure is not None
