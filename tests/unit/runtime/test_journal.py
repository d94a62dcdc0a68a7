"""What a journal keeps, what it must not keep, and what a bad disk costs."""

import errno
import time
from pathlib import Path

import msgspec
import pytest

from ivr_engine.errors import StartError
from ivr_engine.model.crises import (
    ActiveCrisis,
    CrisisState,
    LiveStatus,
    Proposal,
    RunningClock,
    Scope,
    StoppedArm,
    Switch,
    TriggerMemory,
)
from ivr_engine.model.events import (
    AnyEvent,
    ArmOrdered,
    CallArrived,
    CallerLeft,
    ClockAnswered,
    CrisisOrdered,
    CrisisRemembered,
    DigitPressed,
    LegPressed,
    LinkLost,
    PhonesSeen,
    ProposalAnswered,
    Resynced,
    SignalSeen,
    StatusOrdered,
    SystemAnswered,
    TimerFired,
    UsualSeen,
)
from ivr_engine.model.found import FoundCall, FoundLeg
from ivr_engine.model.ids import BridgeId, CallId, LegId, PoolName, QueryId, SeatId, StepName, TimerId
from ivr_engine.model.saved import SavedCall
from ivr_engine.runtime.journal import Journal, JournalHead, JournalLine, read_journal

CALL, CALLER, MASKED = CallId("hotline-17.1"), "13812345678", "138****5678"
SAVED = SavedCall("400", CALLER, 1.5, 7, "zh-CN", "normal", tags=("a", "b"))
FACTS: list[AnyEvent] = [
    CallArrived(CALL, "400", MASKED),
    DigitPressed(CALL, "1"),
    PhonesSeen(frozenset({SeatId("1001")}), frozenset({PoolName("chengdu")})),
    TimerFired(TimerId("board.0.timer1")),
    LinkLost(),
    Resynced((FoundCall(CALL, "400", MASKED),), (FoundLeg(LegId("x.1.leg1"), True),), frozenset({BridgeId("x.1.b2")})),
    UsualSeen({"1": (3, 4)}, closed=(2,)),
    SignalSeen("press", "a1", "monitor", 3, "产品故障"),
    CrisisOrdered("recall", "张伟", "batch 7", level="major", scope=Scope(regions=("广东",)), until=9.5),
    ProposalAnswered("1", True, "李娜"),
    ClockAnswered("recall", "核实", "李娜"),
    StatusOrdered("recall", {"zh-CN": "正在抢修。"}, "张伟", until=9.5),
    ArmOrdered(StepName("layout"), "short", True, "张伟"),
    CrisisRemembered(
        CrisisState(
            active=(ActiveCrisis("recall", "major", Scope(), "张伟", "batch 7", 1.5, 2.5),),
            proposals=(Proposal("1", Switch("outage"), "trigger surge", "why", 1.5, 2.5),),
            clocks=(RunningClock("recall", "核实", "major", 1.5, 2.5),),
            statuses=(LiveStatus("recall", {"zh-CN": "正在抢修。"}, "张伟", 1.5),),
            stopped_arms=(StoppedArm(StepName("layout"), "short", "the guard", 1.5, "worse"),),
            triggers={"surge": TriggerMemory(on=True)},
        )
    ),
    CallerLeft(CALL),
]


def facts(path: Path) -> list[AnyEvent]:
    return [line.event for line in read_journal(path) if isinstance(line, JournalLine)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "journal.jsonl"


def test_what_is_noted_is_read_again_in_order_with_its_time(path: Path) -> None:
    journal = Journal(path, "v1")
    for second, fact in enumerate(FACTS):
        journal.note(fact, 1_800_000_000.123456 + second)
    journal.close()
    head, *lines = read_journal(path)
    assert head == JournalHead("v1")
    expected = [JournalLine(n, 1_800_000_000.123456 + n - 1, fact) for n, fact in enumerate(FACTS, 1)]
    assert lines == expected
    assert journal.lost == 0


def test_no_callers_number_is_written_wherever_it_stands(path: Path) -> None:
    journal = Journal(path, "v1")
    journal.note(CallArrived(CALL, "400", CALLER), 1.0)
    journal.note(Resynced((FoundCall(CALL, "400", CALLER, SAVED),), (), frozenset()), 2.0)
    journal.close()
    assert CALLER not in path.read_text()
    assert path.read_text().count(MASKED) == 3


def test_what_another_system_said_is_written_but_for_long_numbers(path: Path) -> None:
    journal = Journal(path, "v1")
    values = {"tier": "gold", "open": "3", "account": "6222 0212 3456 7890", "phone": f"+86{CALLER}", "code": "123456"}
    journal.note(SystemAnswered(CALL, QueryId("x.1.query1"), "found", values), 1.0)
    journal.close()
    (fact,) = facts(path)
    assert isinstance(fact, SystemAnswered)
    assert {name: value for name, value in fact.values.items() if value == values[name]} == {
        "tier": "gold",
        "open": "3",
        "code": "123456",
    }
    assert "12345678" not in path.read_text()
    assert "0212 3456" not in path.read_text()


def test_of_a_private_key_only_that_one_was_pressed_is_written(path: Path) -> None:
    journal = Journal(path, "v1")
    journal.note(DigitPressed(CALL, "7"), 1.0, private=True)
    journal.note(DigitPressed(CALL, "1"), 2.0)
    journal.note(LegPressed(LegId("hotline-17.1.leg2"), "9"), 3.0, private=True)
    journal.close()
    assert facts(path) == [
        DigitPressed(CALL, "?"),
        DigitPressed(CALL, "1"),
        LegPressed(LegId("hotline-17.1.leg2"), "?"),
    ]


def test_a_new_engine_appends_under_a_head_of_its_own(path: Path) -> None:
    for version in ("v1", "v2"):
        journal = Journal(path, version)
        journal.note(LinkLost(), 1.0)
        journal.close()
    kinds = [line.dialplan if isinstance(line, JournalHead) else line.event for line in read_journal(path)]
    assert kinds == ["v1", LinkLost(), "v2", LinkLost()]


def test_each_batch_ends_its_last_line(path: Path) -> None:
    journal = Journal(path, "v1")
    journal.close()
    for sequence, fact in enumerate(FACTS):
        journal._append([msgspec.json.encode(JournalLine(sequence, 1.0, fact))])
    assert facts(path) == FACTS
    assert path.read_bytes().endswith(b"}\n")


def test_a_journal_closed_with_nothing_waiting_can_be_read(path: Path) -> None:
    journal = Journal(path, "v1")
    while not path.exists():
        pass  # its thread has taken the head and waits for more
    journal.close()
    assert list(read_journal(path)) == [JournalHead("v1")]


def test_half_a_line_left_by_a_kill_costs_that_line_only(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b'{"dialplan":"v0"}\n{"sequence":1,"now":1.0,"event":{"type":"Link')
    journal = Journal(path, "v1")
    journal.note(CallerLeft(CALL), 1.0)
    journal.close()
    assert list(read_journal(path)) == [JournalHead("v0"), JournalHead("v1"), JournalLine(1, 1.0, CallerLeft(CALL))]


def test_a_whole_line_that_is_no_fact_is_not_passed_over(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b'{"dialplan":"v0"}\n{"sequence":1,"now":1.0,"event":{"type":"Nonsense"}}\n')
    with pytest.raises(msgspec.ValidationError, match="Nonsense"):
        list(read_journal(path))


def test_a_fact_that_cannot_be_written_down_costs_its_line_and_is_counted(path: Path) -> None:
    journal = Journal(path, "v1")
    journal.note(UsualSeen({1: (2,)}), 1.0)  # type: ignore[dict-item]  # what no type checker lets pass
    journal.note(LinkLost(), 2.0)
    journal.close()
    assert journal.lost == 1
    assert facts(path) == [LinkLost()]


def test_a_disk_that_cannot_be_written_costs_lines_and_is_counted(path: Path) -> None:
    path.mkdir(parents=True)  # a folder in its place: every write fails
    journal = Journal(path, "v1")
    for fact in FACTS:
        journal.note(fact, 1.0)
    journal.close()
    assert journal.lost == 1 + len(FACTS)


def test_what_is_noted_after_a_full_disk_has_room_again_is_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(path, "v1")
    while journal._torn:  # its thread writes the head
        time.sleep(0.001)
    full = True
    really = Path.open

    def open_(self: Path, mode: str = "r", *rest: object) -> object:
        if full and mode == "ab":
            with really(self, mode) as file:
                file.write(b'{"sequence":9,"no')  # a full disk takes a part
            raise OSError(errno.ENOSPC, "No space left on device")
        return really(self, mode, *rest)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", open_)
    journal._append([b"{}"])
    full = False
    journal.note(LinkLost(), 1.0)
    journal.close()
    assert journal.lost >= 1
    assert facts(path) == [LinkLost()]


def test_a_disk_that_hangs_holds_up_nobody(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivr_engine.runtime.journal.MOST_WAITING_LINES", 3)
    monkeypatch.setattr(Journal, "_write", lambda _: None)  # its thread takes no line
    journal = Journal(path, "v1")
    for fact in FACTS:
        journal.note(fact, 1.0)
    assert journal.lost == len(FACTS) - 2
    journal._lines.get_nowait()
    journal.close()


def test_a_journal_that_cannot_be_is_one_line_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("a file")
    with pytest.raises(StartError, match="cannot be written"):
        Journal(tmp_path / "folder" / "journal.jsonl", "v")
