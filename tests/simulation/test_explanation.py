"""`ivr explain`: why a call waited, and why that seat was rung then, from the journal."""

from pathlib import Path

import pytest

from ivr_engine.dialplan.load import load
from ivr_engine.errors import HotlineError
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.events import Resynced, WishesSeen
from ivr_engine.model.found import FoundCall
from ivr_engine.model.ids import CallId, QueueName, WishId
from ivr_engine.model.saved import SavedCall
from ivr_engine.model.wishes import Wish
from ivr_engine.nodes import NODE_TYPES
from ivr_engine.runtime.journal import Journal, JournalLine, read_journal
from ivr_engine.simulator.explanation import explain
from tests.simulation.stories import Story
from tests.simulation.world import acme

HOTLINE = acme()


def told(story: Story, path: Path, call: CallId) -> list[str]:
    """The story of a call, from a journal of all that has happened."""
    journal = Journal(path, HOTLINE.version)
    for now, event in story.log:
        journal.note(event, now)
    journal.close()
    assert sum(isinstance(line, JournalLine) for line in read_journal(path)) == len(story.log)
    versions = {HOTLINE.version: HOTLINE}
    return [line.strip() for line in explain(path, call, versions, HOTLINE)]


def what(lines: list[str]) -> list[str]:
    """Without the times."""
    return [line.split("  ", 1)[-1] for line in lines]


def test_why_he_waits_and_why_that_seat_is_rung_then(story: Story, tmp_path: Path) -> None:
    story.only_agents("1001")
    first = story.enqueue()
    story.pick_up(first)
    second = story.enqueue()
    story.pass_time(30)
    story.end_leg(first)
    story.pass_time(10)
    story.end_leg(second, LegEnd.REJECTED)
    story.pass_time(10)
    story.pick_up(second)
    story.hang_up(second)
    lines = what(told(story, tmp_path / "journal.jsonl", second))
    waited = lines.index("no seat yet")
    assert lines[waited + 1 : waited + 4] == [
        "0 before him in general, waiting for 0.0 s",
        "local: nobody is ready (0 ready of 1 on duty)",
        "chengdu: nobody is ready (0 ready of 0 on duty)",
    ]
    rung = lines.index("seat 1001 of pool local is rung for him")
    assert lines[rung + 1] == "because the rest of 1001 was over"
    assert lines[rung + 2].startswith("0 before him in general, waiting for 3")
    assert "seat 1001 did not take him: rejected" in lines
    assert any(line.startswith("talks with 1001 of pool local, after ") for line in lines)
    assert lines[-1] == "the end: answered"


def test_one_who_waits_still_is_told_of_to_the_last_fact(story: Story, tmp_path: Path) -> None:
    story.only_agents()
    waiting = story.enqueue()
    story.pass_time(60)
    story.enqueue()
    lines = what(told(story, tmp_path / "journal.jsonl", waiting))
    assert "the journal ends here; he waits still" in lines
    assert any(line.startswith("0 before him in general, waiting for 6") for line in lines)


def test_a_call_nobody_knows_is_said_to_be_none(story: Story, tmp_path: Path) -> None:
    story.enqueue()
    with pytest.raises(HotlineError, match=r"has no call nobody\.1"):
        told(story, tmp_path / "journal.jsonl", CallId("nobody.1"))


def test_a_version_that_is_not_kept_is_said_to_be_missing(story: Story, tmp_path: Path) -> None:
    call = story.enqueue()
    path = tmp_path / "journal.jsonl"
    journal = Journal(path, "0123456789")
    for now, event in story.log:
        journal.note(event, now)
    journal.close()
    (first, *_) = explain(path, call, {}, HOTLINE)
    assert first.startswith("(version 0123456789 of the dialplan is not kept any more")


CALLED_BACK = """\
hotline: back
numbers: ["4000000400"]
languages: [en]
fallback: {say: Hello., agents: [1001]}
pools: {local: {agents: [1001]}}
queues: {general: {pools: [local]}}
start: ask
steps:
  ask: {callback: general, no number: failed, then: bye}
  bye: {hangup: We will call you.}
  failed: {hangup: We cannot call you.}
"""


@pytest.mark.parametrize("number", ["13812345678", "02088887777"])
def test_who_asks_to_be_called_back_is_told_to_have_done_so_although_his_number_is_hidden(
    tmp_path: Path, number: str
) -> None:
    (tmp_path / "hotline.yaml").write_text(CALLED_BACK, "utf-8")
    hotline = load(tmp_path, NODE_TYPES)
    story, path = Story(hotline), tmp_path / "journal.jsonl"
    call = story.dial(caller=number)
    assert story.call(call).steps[-1] == "bye"
    journal = Journal(path, hotline.version)
    for now, event in story.log:
        journal.note(event, now)
    journal.close()
    assert number not in path.read_text("utf-8")
    lines = what([line.strip() for line in explain(path, call, {hotline.version: hotline}, hotline)])
    assert "step bye" in lines
    assert "step failed" not in lines


def test_no_number_of_one_to_be_called_back_is_in_the_journal(tmp_path: Path) -> None:
    path, wish = tmp_path / "journal.jsonl", Wish(WishId("h.1.wish2"), QueueName("general"), "13812345678", 1.0)
    saved = SavedCall("4000000400", "13812345678", 1.0, 3, "en", "normal", wish=wish)
    journal = Journal(path, "version")
    journal.note(WishesSeen((wish,)), 1.0)
    journal.note(Resynced((FoundCall(CallId("h-1-wish2.1"), "s", "13812345678", saved),), (), frozenset()), 2.0)
    journal.close()
    assert "13812345678" not in path.read_text("utf-8")
    assert path.read_text("utf-8").count("138****5678") == 4
