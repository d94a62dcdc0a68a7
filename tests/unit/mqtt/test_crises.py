"""Crises and signals over MQTT: each message is answered, and garbage changes nothing and is noted."""

import asyncio
import json
from typing import Any

import pytest

from ivr_engine.errors import RefusedError
from ivr_engine.model.crises import DryRun
from ivr_engine.model.crisis_orders import ClockDone, CrisisNow, CrisisOrder, ProposalAnswer, Signal, Wire
from ivr_engine.mqtt.intake import LONGEST, Intake

ON = {"profile": "recall", "level": "major", "by": "li", "reason": "batch 7"}


class Front:
    def __init__(self) -> None:
        self.asked: list[object] = []
        self.strangers: list[tuple[str, str]] = []
        self.refusal = ""

    def foresee(self, order: CrisisOrder) -> DryRun:
        return DryRun((f"crisis {order.profile} comes on",))

    async def order(self, order: CrisisOrder) -> CrisisNow:
        return await self._ask(order)

    async def answer(self, proposal: str, answer: ProposalAnswer) -> CrisisNow:
        return await self._ask((proposal, answer))

    async def done(self, clock: ClockDone) -> CrisisNow:
        return await self._ask(clock)

    def signal(self, signal: Signal) -> None:
        self.asked.append(signal)

    def turned_away(self, wire: Wire, who: str, what: str, why: str) -> None:
        assert (wire, who, bool(why)) == ("mqtt", "mqtt", True)
        self.strangers.append((wire, what))

    async def _ask(self, what: object) -> CrisisNow:
        await asyncio.sleep(0)
        if self.refusal:
            raise RefusedError(self.refusal)
        self.asked.append(what)
        return CrisisNow(("recall",))


@pytest.fixture
def front() -> Front:
    return Front()


async def sent(front: Front, topic: str, payload: object, *, retained: bool = False) -> dict[str, Any]:
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    intake = Intake("ivr", None, front=front)  # type: ignore[arg-type]
    said = await intake.take(f"ivr/{topic}", raw, retained=retained)
    assert said.topic == f"ivr/reply/{topic.removeprefix('command/')}"
    answer: dict[str, Any] = json.loads(said.payload)
    return answer


async def test_every_word_is_an_order_and_is_answered_with_how_it_stands(front: Front) -> None:
    answer = await sent(front, "command/crisis/on", {**ON, "id": "7"})
    assert (answer["ok"], answer["id"], answer["known"]) == (True, "7", ["recall"])
    await sent(front, "command/crisis/off", {"profile": None, "by": "li", "reason": "over"})
    await sent(front, "command/crisis/confirm", {"proposal": "3", "by": "li"})
    await sent(front, "command/crisis/reject", {"proposal": "4", "by": "li", "reason": "a test"})
    await sent(front, "command/crisis/done", {"profile": "recall", "clock": "verify", "by": "li"})
    assert front.asked == [
        CrisisOrder("recall", "li", "batch 7", level="major"),
        CrisisOrder(None, "li", "over", on=False),
        ("3", ProposalAnswer("yes", "li")),
        ("4", ProposalAnswer("no", "li", "a test")),
        ClockDone("recall", "verify", "li"),
    ]


async def test_what_would_change_is_answered_and_not_ordered(front: Front) -> None:
    answer = await sent(front, "command/crisis/on", {**ON, "dry_run": True})
    assert (answer["would"], front.asked) == (["crisis recall comes on"], [])


async def test_a_refusal_has_cause_and_remedy(front: Front) -> None:
    front.refusal = "'li' is not among the hotline's people: order it as one of zhang"
    answer = await sent(front, "command/crisis/on", {**ON, "id": "8"})
    assert (answer["ok"], answer["id"], answer["remedy"]) == (False, "8", "order it as one of zhang")
    assert front.strangers == []  # it was read, and judged in the core


@pytest.mark.parametrize(
    ("payload", "count", "text"),
    [
        ({"id": "post-1", "source": "monitor", "count": 3, "text": "漏电"}, 3, "漏电"),
        (b"7", 7, ""),
        (b"3.0", 3, ""),
        ("漏电".encode(), 1, "漏电"),
        (b'"leak"', 1, "leak"),
        (b"", 1, ""),
    ],
)
async def test_a_signal_is_an_object_a_number_or_words(front: Front, payload: object, count: int, text: str) -> None:
    assert (await sent(front, "signal/complaints", payload))["ok"]
    (found,) = front.asked
    assert isinstance(found, Signal)
    assert (found.signal, found.count, found.text) == ("complaints", count, text)
    assert found.id == "post-1" if isinstance(payload, dict) else found.id
    assert found.source == ("monitor" if isinstance(payload, dict) else "mqtt")


async def test_bare_signals_are_told_apart(front: Front) -> None:
    await sent(front, "signal/complaints", b"1")
    await sent(front, "signal/complaints", b"1")
    assert len({found.id for found in front.asked if isinstance(found, Signal)}) == 2


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        *(("command/crisis/on", raw) for raw in (b"", b"{", b"[]", b"null", b"\xff", b"[" * 9000, b"{}")),
        ("command/crisis/on", {**ON, "level": "awful"}),
        ("command/crisis/on", {**ON, "reason": ""}),
        ("command/crisis/on", {**ON, "by": "li\u001b[2J"}),
        ("command/crisis/off", {"by": "li", "reason": "which?"}),
        ("command/crisis/confirm", {"proposal": "3"}),
        ("command/crisis/dance", ON),
        ("command/crisis/on", b" " * (LONGEST + 1)),
        *(("signal/complaints", raw) for raw in (b"{", b"[]", b"true", b"null", b"-1", b"1.5", b"\xff\xfe")),
        ("signal/complaints", {"signal": "other", "id": ""}),
        ("signal/complaints", {"counts": 3}),
    ],
)
async def test_garbage_is_answered_and_noted_and_changes_nothing(front: Front, topic: str, payload: object) -> None:
    answer = await sent(front, topic, payload)
    assert (answer["ok"], bool(answer["cause"]), bool(answer["remedy"])) == (False, True, True)
    assert (front.asked, front.strangers) == ([], [("mqtt", topic)])


@pytest.mark.parametrize("topic", ["command/crisis/on", "signal/complaints"])
async def test_what_is_retained_is_refused(front: Front, topic: str) -> None:
    assert "retained" in (await sent(front, topic, ON, retained=True))["cause"]
    assert front.asked == []
