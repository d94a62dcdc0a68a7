"""A caller's message at the border: what goes out, and that its end is told once whatever comes back."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ivr_engine.ari import AriError, AriTimeout, Conflict, models
from ivr_engine.asterisk import orders as border_orders
from ivr_engine.asterisk.facts import Facts
from ivr_engine.asterisk.orders import Orders
from ivr_engine.asterisk.outstanding import Outstanding
from ivr_engine.model import commands as c
from ivr_engine.model.events import (
    AnyEvent,
    CallArrived,
    CallerLeft,
    CommandFailed,
    MessageRecorded,
    Resynced,
)
from ivr_engine.model.found import FoundCall
from ivr_engine.model.ids import CallId, MessageId
from ivr_engine.model.saved import SavedCall
from tests.unit.asterisk.fake import FakeAri, not_found

CALL = CallId("h-1.1")
MESSAGE = MessageId("h-1.1.message-general-3")
RECORD, STOP = c.RecordMessage(CALL, MESSAGE, 89.5, 4.2), c.StopMessage(CALL, MESSAGE)
LIVE = {"name": MESSAGE, "format": "raw", "target_uri": f"channel:{CALL}", "state": "queued"}


def conflict() -> AriError:
    return Conflict("POST", "/x", "not recording", 409)


def timeout() -> AriError:
    return AriTimeout("POST", "/x", "no answer within 5 s")


class Border:
    def __init__(self) -> None:
        self.told: list[AnyEvent] = []
        self.ari = FakeAri()
        self.ari.answers["channels.record"] = LIVE
        self.outstanding = Outstanding(self.told.append)
        self.orders = Orders(self.ari.client, "hotline.a", lambda _: Path(), self.outstanding, self.told.append)
        nobody: list[Any] = []
        self.facts = Facts(self.outstanding, self.told.append, nobody.append, nobody.append, nobody.append)
        self.outstanding.caller_came(CALL, CallArrived(CALL, "400", "138"))
        self.told.clear()

    async def do(self, order: c.AnyCommand) -> list[AnyEvent]:
        self.orders.register(order)
        await self.orders.carry_out(order)
        return self.told

    def hear(self, kind: str, **fields: Any) -> list[AnyEvent]:
        stamp = "2026-01-01T00:00:00.000+0000"
        frame = {"type": kind, "application": "a", "timestamp": stamp, "asterisk_id": "x", "recording": LIVE | fields}
        self.facts.take(msgspec.json.decode(msgspec.json.encode(frame), type=models.AnyMessage))
        return self.told


@pytest.fixture
def border(monkeypatch: pytest.MonkeyPatch) -> Border:
    monkeypatch.setattr(border_orders, "BEEP_SECONDS", 0.0)
    monkeypatch.setattr(border_orders, "BEGINS_WITHIN_SECONDS", 0.05)
    monkeypatch.setattr(border_orders, "LATE_SECONDS", 0.02)
    return Border()


async def test_a_beep_is_heard_and_then_the_caller_is_recorded(border: Border) -> None:
    assert await border.do(RECORD) == []
    assert border.ari.operations == ["channels.play_with_id", "playbacks.stop", "channels.record"]
    query = dict(border.ari.sent[2].query or {})
    assert query["name"] == MESSAGE
    assert (query["format"], query["ifExists"], query["terminateOn"]) == ("raw", "fail", "none")
    assert (query["maxDurationSeconds"], query["maxSilenceSeconds"]) == (90, 5)
    assert not query["beep"]


async def test_it_ends_once_however_it_ends(border: Border) -> None:
    await border.do(RECORD)
    border.hear("RecordingStarted", state="recording")
    border.hear("RecordingFinished", state="done", duration=7)
    border.hear("RecordingFinished", state="done", duration=9)
    assert border.told == [MessageRecorded(CALL, MESSAGE, 7.0)]


@pytest.mark.parametrize(("kind", "length"), [("RecordingFinished", {"duration": -1}), ("RecordingFailed", {})])
async def test_what_could_not_be_written_has_no_length(border: Border, kind: str, length: dict[str, int]) -> None:
    await border.do(RECORD)
    assert border.hear(kind, **length) == [MessageRecorded(CALL, MESSAGE, 0.0)]


async def test_its_end_is_told_after_the_caller_left(border: Border) -> None:
    await border.do(RECORD)
    border.outstanding.caller_left(CALL)
    border.hear("RecordingFinished", duration=3)
    assert border.told == [CallerLeft(CALL), MessageRecorded(CALL, MESSAGE, 3.0)]


@pytest.mark.parametrize("operation", ["channels.play_with_id", "playbacks.stop", "channels.record"])
async def test_a_message_that_cannot_be_taken_ends_at_once(border: Border, operation: str) -> None:
    border.ari.fails[operation] = not_found
    assert await border.do(RECORD) == [MessageRecorded(CALL, MESSAGE, 0.0)]
    border.told.clear()
    border.ari.fails[operation] = timeout
    ended, failed = await border.do(RECORD)
    assert ended == MessageRecorded(CALL, MESSAGE, 0.0)
    assert isinstance(failed, CommandFailed)


async def test_a_stop_waits_until_asterisk_has_begun(border: Border) -> None:
    await border.do(RECORD)
    stopping = asyncio.create_task(border.do(STOP))
    await asyncio.sleep(0)
    assert "recordings.stop" not in border.ari.operations
    border.hear("RecordingStarted")
    await stopping
    assert border.ari.operations[-1] == "recordings.stop"


async def test_a_stop_goes_out_though_nobody_tells_that_it_began(border: Border) -> None:
    await border.do(RECORD)
    await border.do(STOP)
    assert border.ari.operations[-1] == "recordings.stop"


@pytest.mark.parametrize("failure", [not_found, conflict])
async def test_a_stop_that_comes_too_late_lets_the_event_tell_the_length(border: Border, failure: Any) -> None:
    await border.do(RECORD)
    border.ari.fails["recordings.stop"] = failure
    border.hear("RecordingStarted")
    await border.do(STOP)
    border.hear("RecordingFinished", duration=5)
    await asyncio.sleep(0.05)
    assert border.told == [MessageRecorded(CALL, MESSAGE, 5.0)]
    await border.do(STOP)
    assert border.ari.operations.count("recordings.stop") == 1


async def test_a_message_that_ended_unseen_ends_when_it_is_stopped(border: Border) -> None:
    saved = SavedCall("400", "138", 1.0, 5, "en", "normal", message=MESSAGE)
    border.outstanding.replace(Resynced((FoundCall(CALL, "400", "138", saved),), (), frozenset()))
    border.ari.fails["recordings.stop"] = not_found
    await border.do(STOP)
    await asyncio.sleep(0.05)
    assert border.told == [MessageRecorded(CALL, MESSAGE, 0.0)]


async def test_messages_of_callers_who_are_gone_are_forgotten_after_blindness(border: Border) -> None:
    await border.do(RECORD)
    border.outstanding.replace(Resynced((), (), frozenset()))
    assert border.hear("RecordingFinished", duration=5) == []
