"""What agents dial on their own phones: done, refused, or by somebody who does not know the PIN."""

import json
from pathlib import Path

import pytest

from ivr_engine.errors import RefusedError
from ivr_engine.model.agents import AgentOrder, Duty
from ivr_engine.model.ids import PoolName, SeatId
from ivr_engine.model.notices import AgentChanged
from ivr_engine.phone_codes import BY_PHONE, PhoneCodes

AGENT = SeatId("1001")


class Desk:
    def __init__(self, pins: Path | None = None) -> None:
        self.ordered: list[tuple[str, AgentOrder]] = []
        self.counted: list[str] = []
        self.trouble: Exception | None = None
        self.codes = PhoneCodes(self.order, pins, self.counted.append)

    async def order(self, agent: SeatId, order: AgentOrder) -> AgentChanged:
        self.ordered.append((agent, order))
        if self.trouble is not None:
            raise self.trouble
        return AgentChanged(agent, PoolName("local"), 1.0, "ready", Duty("on duty"))


def write(pins: Path, text: str) -> None:
    pins.write_text(text)


@pytest.fixture
def pins(tmp_path: Path) -> Path:
    path = tmp_path / "pins.json"
    path.write_text(json.dumps({"1001": "004711"}))
    return path


@pytest.mark.parametrize(
    ("dialled", "word"), [("*51", "ready"), ("*52", "pause"), ("*53", "sign out"), ("*54", "end rest")]
)
async def test_each_code_is_one_order_of_the_agent_for_himself(dialled: str, word: str) -> None:
    desk = Desk()
    assert await desk.codes.take(AGENT, dialled)
    assert [(agent, order.order, order.by) for agent, order in desk.ordered] == [("1001", word, BY_PHONE)]
    assert desk.counted == ["done"]


@pytest.mark.parametrize(("with_pin", "dialled"), [(False, "*552"), (True, "*550047112")])
async def test_behind_the_last_code_comes_how_the_last_call_went(with_pin: bool, dialled: str, pins: Path) -> None:
    desk = Desk(pins if with_pin else None)
    assert await desk.codes.take(AGENT, dialled)
    assert [(order.order, order.code) for _, order in desk.ordered] == [("dispose", "2")]


@pytest.mark.parametrize("dialled", ["", "*", "*50", "*56", "51", "*5x"])
async def test_what_is_no_code_orders_nothing(dialled: str) -> None:
    desk = Desk()
    assert not await desk.codes.take(AGENT, dialled)
    assert (desk.ordered, desk.counted) == ([], ["refused"])


async def test_what_the_core_refuses_and_a_bug_of_ours_are_refused(caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk()
    for trouble in (RefusedError("1001 does not rest: later"), ZeroDivisionError()):
        desk.trouble = trouble
        assert not await desk.codes.take(AGENT, "*54")
    assert desk.counted == ["refused", "refused"]


async def test_where_pins_are_asked_for_a_code_without_the_right_one_orders_nothing(pins: Path) -> None:
    desk = Desk(pins)
    for dialled in ("*52", "*52000000", "*5204711", "*520047110"):
        assert not await desk.codes.take(AGENT, dialled)
    assert not await desk.codes.take(SeatId("1002"), "*52004711")  # nobody's PIN opens another's phone
    assert (desk.ordered, set(desk.counted)) == ([], {"wrong_pin"})
    assert await desk.codes.take(AGENT, "*52004711")
    write(pins, json.dumps({"1001": "123456"}))  # a new one holds at once
    assert not await desk.codes.take(AGENT, "*52004711")


async def test_where_no_pin_is_asked_for_digits_behind_a_code_are_a_mistake() -> None:
    desk = Desk()
    assert not await desk.codes.take(AGENT, "*52004711")
    assert desk.counted == ["wrong_pin"]


async def test_pins_that_cannot_be_read_let_nobody_in(pins: Path) -> None:
    write(pins, "{")
    desk = Desk(pins)
    assert not await desk.codes.take(AGENT, "*52004711")
    assert (desk.ordered, desk.counted) == ([], ["refused"])
