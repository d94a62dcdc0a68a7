"""Commands over MQTT: each is answered and counted, whatever it holds."""

import json
from typing import Any

import pytest

from ivr_engine.errors import RefusedError
from ivr_engine.model.agents import AgentOrder, Duty
from ivr_engine.model.ids import PoolName, SeatId
from ivr_engine.model.notices import AgentChanged
from ivr_engine.mqtt.intake import LONGEST, Intake

TOPIC = "ivr/command/agents/1001"
PAUSED = AgentChanged(SeatId("1001"), PoolName("local"), 1.0, "paused", Duty("paused", "mqtt", "午餐", 1.0))


class Desk:
    def __init__(self) -> None:
        self.ordered: list[tuple[str, AgentOrder]] = []
        self.counted: list[str] = []
        self.trouble: Exception | None = None
        self.intake = Intake("ivr", self.order, self.counted.append)

    async def order(self, agent: SeatId, order: AgentOrder) -> AgentChanged:
        self.ordered.append((agent, order))
        if self.trouble is not None:
            raise self.trouble
        return PAUSED

    async def take(self, payload: bytes, topic: str = TOPIC, *, retained: bool = False) -> dict[str, Any]:
        said = await self.intake.take(topic, payload, retained=retained)
        assert said.topic == topic.replace("command", "reply", 1)
        assert (said.retain, said.sure) == (False, True)
        answer: dict[str, Any] = json.loads(said.payload)
        return answer


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_a_command_is_carried_out_and_answered_with_the_state(desk: Desk) -> None:
    said = await desk.take('{"order": "pause", "reason": "午餐", "id": "7"}'.encode())
    assert desk.ordered == [("1001", AgentOrder("pause", "mqtt", "午餐"))]
    assert (said["ok"], said["id"], said["agent"], said["state"]) == (True, "7", "1001", "paused")
    assert said["duty"] == {"word": "paused", "by": "mqtt", "reason": "午餐", "since": 1.0}
    assert desk.counted == ["done"]


async def test_who_orders_and_how_long_comes_along(desk: Desk) -> None:
    await desk.take(b'{"order": "extend rest", "seconds": 60, "by": "supervisor"}')
    assert desk.ordered == [("1001", AgentOrder("extend rest", "supervisor", "", 60.0))]


async def test_whom_and_how_it_went_come_along(desk: Desk) -> None:
    await desk.take(b'{"order": "consult", "to": "queue general"}')
    await desk.take(b'{"order": "dispose", "code": "2"}')
    assert [order for _, order in desk.ordered] == [
        AgentOrder("consult", "mqtt", to="queue general"),
        AgentOrder("dispose", "mqtt", code="2"),
    ]


async def test_what_the_core_refuses_is_answered_with_cause_and_remedy(desk: Desk) -> None:
    desk.trouble = RefusedError("1001 is signed in already: order `ready`")
    said = await desk.take(b'{"order": "sign in", "id": "8"}')
    assert said == {"ok": False, "id": "8", "cause": "1001 is signed in already", "remedy": "order `ready`"}
    assert desk.counted == ["refused"]


GARBAGE = [
    b'{"order": "pause", "reason": "\\u001b[2J"}',  # would clear the terminal of who reads it
    *(b"", b"{", b"[]", b"null", b"pause", b"\xff\xfe", b'"\xff"', b'{"order": "dance"}', b'{"order": 5}', b"{}"),
    *(b'{"order": "pause", "reson": "typo"}', b'{"order": "pause", "reason": null}'),
    *(b'{"order": "extend rest", "seconds": -1}', b'{"order": "extend rest", "seconds": 1e9}'),
    *(b'{"order": "extend rest", "seconds": "60"}', b"[" * 9000, b'{"order": "pause"}' + b" " * LONGEST),
]


@pytest.mark.parametrize("payload", GARBAGE, ids=lambda payload: payload[:40].decode("latin-1"))
async def test_garbage_is_answered_and_counted_and_orders_nothing(desk: Desk, payload: bytes) -> None:
    said = await desk.take(payload)
    assert not said["ok"]
    assert said["remedy"].startswith("send JSON such as")
    assert (desk.ordered, desk.counted) == ([], ["unreadable"])


@pytest.mark.parametrize("rest", ["", "/", "/agents", "/agents/", "/agents/1001/now", "/calls/1", "/crisis"])
async def test_a_command_that_does_not_exist_is_answered_too(desk: Desk, rest: str) -> None:
    said = await desk.take(b'{"order": "pause"}', f"ivr/command{rest}")
    assert said["remedy"] == "send to ivr/command/agents/<agent>"
    assert (desk.ordered, desk.counted) == ([], ["unreadable"])


async def test_a_retained_command_is_refused_for_it_would_come_again_at_each_connect(desk: Desk) -> None:
    said = await desk.take(b'{"order": "pause"}', retained=True)
    assert said["cause"] == "a retained command is not carried out"
    assert (desk.ordered, desk.counted) == ([], ["unreadable"])


async def test_a_bug_of_ours_is_an_answer_too(desk: Desk) -> None:
    desk.trouble = ZeroDivisionError()
    assert (await desk.take(b'{"order": "pause"}'))["cause"] == "a bug of ours"
    assert desk.counted == ["refused"]
