"""Every order about a crisis, what came of it and what was refused is a line of the audit, also after an outage."""

from contextlib import closing
from pathlib import Path

import pytest

from ivr_engine.audited import deed_of
from ivr_engine.kept import row_of
from ivr_engine.model.crises import Proposal, RunningClock, Scope, Switch
from ivr_engine.model.crisis_orders import Deed
from ivr_engine.model.ids import AskId, StepName
from ivr_engine.model.notices import (
    AlertSent,
    AnyNotice,
    ArmChanged,
    ClockChanged,
    CrisisAnswered,
    CrisisChanged,
    CrisisProposed,
    LinkChanged,
    ProposalClosed,
    StatusChanged,
    TriggerChanged,
    TurnedAway,
)
from ivr_engine.store.reader import StoreReader
from ivr_engine.store.writer import StoreWriter

PROPOSAL = Proposal("3", Switch("recall", level="major"), "surge", "5 times as many calls", 1.0, 1801.0)
CLOCK = RunningClock("recall", "verify", "general", 1.0, 601.0, 300.0, "li-wei", "the plant confirms")
EACH: list[tuple[AnyNotice, tuple[str, str, str, bool, str]]] = [
    (
        CrisisAnswered(AskId("a"), 1.0, "zhang", "crisis recall off", False, "it is not on: look"),
        ("order", "zhang", "crisis recall off", False, "it is not on: look"),
    ),
    (
        CrisisAnswered(AskId("a"), 1.0, "zhang", "crisis outage on", True, proposal="3"),
        ("order", "zhang", "crisis outage on", True, "proposal 3 waits for another person's yes"),
    ),
    (
        CrisisChanged("recall", 1.0, "zhang", "batch 7", level="major", scope=Scope(regions=("广东",))),
        ("crisis", "zhang", "crisis recall on, level major, for 广东", True, "batch 7"),
    ),
    (CrisisChanged("recall", 1.0, "zhang", "over", on=False), ("crisis", "zhang", "crisis recall off", True, "over")),
    (
        CrisisProposed(1.0, PROPOSAL),
        ("proposal", "surge", "proposal 3: crisis recall on, level major, for all calls", True, PROPOSAL.reason),
    ),
    (
        ProposalClosed(2.0, PROPOSAL, "rejected", "zhang", "a test"),
        ("proposal", "zhang", "proposal 3 rejected: crisis recall on, level major, for all calls", False, "a test"),
    ),
    (
        ClockChanged(2.0, CLOCK, "done"),
        ("clock", "li-wei", "clock verify of recall: done", True, "the plant confirms"),
    ),
    (
        ClockChanged(2.0, RunningClock("recall", "verify", "general", 1.0, 601.0), "overdue"),
        ("clock", "the engine", "clock verify of recall: overdue", False, ""),
    ),
    (
        StatusChanged("outage", 2.0, "zhang", "set", {"zh-CN": "已修复80%"}),
        ("status", "zhang", "status of outage: set", True, "已修复80%"),
    ),
    (
        ArmChanged(StepName("hello"), "long", 2.0, "stopped", "", "more hang up"),
        ("arm", "the engine", "arm long of hello: stopped", True, "more hang up"),
    ),
    (
        TriggerChanged("surge", 2.0, "fired", 120.0, 60.0, "120 calls in 5 min, 60 are allowed"),
        ("trigger", "surge", "trigger surge: fired", True, "120 calls in 5 min, 60 are allowed"),
    ),
    (
        AlertSent("a1", 2.0, "138****5678", "sms", False, "no credit"),
        ("alert", "the engine", "told 138****5678 of a1 by sms", False, "no credit"),
    ),
    (
        TurnedAway(2.0, "phone", "1001", "*81", "this PIN is nobody's", 3),
        ("turned away", "1001", "*81 (3 times)", False, "this PIN is nobody's"),
    ),
]


@pytest.mark.parametrize(("notice", "line"), EACH)
def test_each_is_a_line_that_says_who_what_and_why(notice: AnyNotice, line: tuple[str, str, str, bool, str]) -> None:
    made = row_of(notice)
    assert isinstance(made, Deed)
    assert (made.kind, made.who, made.what, made.ok, made.why) == line
    assert "type" not in made.detail


def test_what_is_no_deed_is_no_line() -> None:
    assert deed_of(LinkChanged(up=True, at=1.0)) is None
    assert deed_of(ArmChanged(StepName("hello"), "long", 2.0, "on")) is None


def test_lines_come_back_in_order_and_an_outage_of_the_database_loses_none(tmp_path: Path) -> None:
    deeds = [deed for notice, _ in EACH if (deed := deed_of(notice)) is not None]
    blocked = tmp_path / "calls.db"
    blocked.mkdir()  # no database can be here
    writer = StoreWriter(f"sqlite:///{blocked}", tmp_path / "unwritten.jsonl")
    for deed in deeds:
        writer.put(deed)
    writer.start()
    writer.stop()
    assert (tmp_path / "unwritten.jsonl").exists()
    blocked.rmdir()
    after = StoreWriter(f"sqlite:///{tmp_path / 'calls.db'}", tmp_path / "unwritten.jsonl")
    after.start()
    after.stop()
    with closing(StoreReader(f"sqlite:///{tmp_path / 'calls.db'}")) as reader:
        found = reader.deeds(0.0)
        assert sorted(found, key=lambda one: one.entry) == sorted(deeds, key=lambda one: one.entry)
        assert [one.at for one in found] == sorted(one.at for one in deeds)
        assert {one.at for one in reader.deeds(1.5)} == {2.0}
        assert len(reader.deeds(0.0, most=2)) == 2
