"""Who is told by phone how the hotline stands, who is not, and that guessing gets nobody anywhere."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from ivr_engine.briefing import Briefings, spoken_of
from ivr_engine.model.commands import AskSystem
from ivr_engine.model.events import AnyEvent, SystemAnswered
from ivr_engine.model.ids import CallId, LookupName, QueryId
from ivr_engine.model.situation import Answered, ClockStanding, CrisisStanding, Situation, Volume
from ivr_engine.nodes.briefing import PIN, SITUATION, VALUES
from ivr_engine.people_pins import PeoplePins
from ivr_engine.runtime.ports import Tell
from ivr_engine.spoken import KINDS, said
from tests.unit.web.test_web import SITUATION as CALM

CRISIS = CrisisStanding("recall", "recall", "产品召回", "major", 1000.0, 1000.0, "all calls", "张伟", "批次 7")
LATE = ClockStanding("recall", "verify", "核实", 1600.0, "overdue")
BUSY = msgspec.structs.replace(
    CALM,
    at=4720.0,
    crises=(CRISIS,),
    volume=Volume(15, 128, 40.0),
    recently=Answered(0.0, 92, 8),
    waiting=9,
    oldest_seconds=75.4,
    ready=2,
    clocks=(LATE, msgspec.structs.replace(LATE, state="done")),
)


class Others:
    """Other systems, of which is known what they were asked."""

    def __init__(self) -> None:
        self.asked: list[LookupName] = []
        self.on = False

    async def start(self, tell: Tell) -> None:
        del tell
        self.on = True

    def ask(self, order: AskSystem) -> None:
        self.asked.append(order.lookup)

    async def stop(self) -> None:
        self.on = False


class Bench:
    def __init__(self, folder: Path, people: Mapping[str, str]) -> None:
        file = folder / "pins"
        file.write_text(json.dumps(people), "utf-8")
        self.now = 0.0
        self.others, self.counted, self.told = Others(), list[str](), list[AnyEvent]()
        self.situation: Situation = BUSY
        pins = PeoplePins(file, lambda: self.now)
        self.briefings = Briefings(self.others, pins, self._why_not, lambda: self.situation, self.counted.append)

    def _why_not(self, name: str) -> str | None:
        return None if name == "李总" else f"{name} may not listen: ask another"

    async def asks(self, pin: str, lookup: LookupName = SITUATION) -> SystemAnswered:
        self.briefings.ask(AskSystem(CallId("c.1"), QueryId(f"q{len(self.told)}"), lookup, {PIN: pin}))
        before = len(self.told)
        async with asyncio.timeout(10):
            while len(self.told) == before:
                await asyncio.sleep(0.001)
        answer = self.told[-1]
        assert isinstance(answer, SystemAnswered)
        return answer


@pytest.fixture
async def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path, {"李总": "123456", "王五": "654321"})
    await bench.briefings.start(bench.told.append)
    return bench


async def test_who_may_listen_is_told_how_it_stands(bench: Bench) -> None:
    answer = await bench.asks("123456")
    assert (answer.answer, answer.call, answer.query) == ("found", "c.1", "q0")
    assert list(answer.values) == list(VALUES)
    assert list(answer.values.values()) == ["major", "3720", "128", "320", "92", "9", "75", "2", "1"]
    assert bench.counted == ["told"]


def test_what_is_not_known_is_not_said() -> None:
    quiet = spoken_of(CALM)
    assert {name.partition(".")[2]: value for name, value in quiet.items()} == {
        **dict.fromkeys(("since", "share", "longest", "overdue"), ""),
        "level": "none",
        "calls": "3",
        "answered": "50",
        "waiting": "0",
        "ready": "0",
    }
    assert not spoken_of(msgspec.structs.replace(CALM, recently=Answered(0.0, 0, 0)))["briefing.answered"]


def test_each_value_can_be_said_as_what_it_is() -> None:
    kinds = ("level", "duration", *["number"] * 4, "duration", *["number"] * 2)
    assert set(kinds) <= set(KINDS)
    for (name, value), kind in zip(spoken_of(BUSY).items(), kinds, strict=True):
        for language in ("zh-CN", "en"):
            assert said(value, kind, language) != (), name
            assert said(value, kind, language) != said(value, "digits", language) or value.isdecimal(), name


async def test_a_wrong_pin_is_not_found_and_who_may_not_listen_is_refused(bench: Bench) -> None:
    assert (await bench.asks("000000")).answer == "not found"
    refused = await bench.asks("654321")
    assert (refused.answer, refused.why, refused.values) == ("failed", "briefing: 王五 may not listen: ask another", {})
    assert bench.counted == ["wrong_pin", "refused"]


async def test_after_five_wrong_pins_nobody_is_told_for_ten_minutes(bench: Bench) -> None:
    answers = [(await bench.asks(f"00000{guess}")).answer for guess in range(5)]
    assert answers == ["not found"] * 4 + ["failed"]
    locked = await bench.asks("123456")
    assert locked.answer == "failed"
    assert "wait 10 minutes" in locked.why
    assert bench.counted == [*["wrong_pin"] * 4, "locked", "locked"]
    bench.now += 601
    assert (await bench.asks("123456")).answer == "found"


async def test_other_questions_go_to_other_systems(bench: Bench) -> None:
    bench.briefings.ask(AskSystem(CallId("c.1"), QueryId("q"), LookupName("customer"), {}))
    assert (bench.others.asked, bench.others.on, bench.told) == (["customer"], True, [])
    await bench.briefings.stop()
    assert not bench.others.on


async def test_a_report_that_cannot_be_made_costs_no_answer(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench.briefings, "_report", lambda: 1 / 0)
    assert (await bench.asks("123456")).answer == "failed"
    assert bench.counted == ["refused"]
