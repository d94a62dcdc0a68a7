"""Drill calls on a real Asterisk: marked by where they come in, served like all, and in nobody's figures."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiomqtt
import pytest
import pytest_asyncio

from ivr_engine.model.causes import Outcome
from ivr_engine.model.notices import CallRecord
from ivr_engine.stand.hotline import HotlineStand
from ivr_engine.stand.media import MediaScript
from ivr_engine.stand.phones import CallPlan
from ivr_engine.store.reader import StoreReader
from tests.acceptance.live import LONG, Live, eventually, press
from tests.faults.shell import ivr

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]
ORDINARY = ("ivr_calls_arrived_total", "ivr_calls_ended_total", "ivr_wait_seconds_count", "ivr_keys_total")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Live]:
    async with HotlineStand(tmp_path_factory.mktemp("drills")) as stand:
        yield Live(stand)


def plan(live: Live, caller: str, key: str = "", **more: Any) -> CallPlan:
    voice = MediaScript(2310, 60.0, tuple(press(key)) if key else ())
    return CallPlan(live.stand.hotline.numbers[0], caller, voice, **more)


async def drill_records(live: Live) -> list[CallRecord]:
    def read() -> list[CallRecord]:
        reader = StoreReader(live.stand.settings.store.url)
        try:
            return reader.calls(drills=True)
        finally:
            reader.close()

    return await asyncio.to_thread(read)


async def figures(live: Live) -> dict[str, float]:
    return {name: await live.figure(name) for name in ORDINARY}


async def test_a_drill_is_served_recorded_and_told_apart(live: Live) -> None:
    agent = await live.agent("1001", 1700, talk_s=2.0)
    before, topics, shown = await figures(live), [], []
    async with aiomqtt.Client("127.0.0.1", live.stand.broker.port) as client:
        await client.subscribe("ivr/#")
        phone = await live.stand.drill(plan(live, live.number(), "2"))
        async with asyncio.timeout(LONG):
            async for message in client.messages:
                topic = str(message.topic)
                topics.append(topic)
                assert isinstance(message.payload, bytes)
                if topic == "ivr/agents/1001/call":
                    shown.append(json.loads(message.payload)["call"])
                if topic.endswith("/ended"):
                    break
    result = await phone.finished()
    assert result.answered_at is not None
    assert (result.exit_code, result.trouble) == (0, "")
    (record,) = await eventually(lambda: drill_records(live), "the record of the drill")
    assert (record.drill, record.outcome, record.seat) == (True, Outcome.ANSWERED, "1001")
    assert await live.all_records() == []
    assert {call["drill"] for call in shown if call} == {True}
    assert f"ivr/drill/calls/{record.call}/connected" in topics
    assert not [topic for topic in topics if topic.startswith("ivr/calls/")]
    assert await figures(live) == before
    assert await live.figure("ivr_drill_calls_total", outcome="answered") == 1
    heard = await live.heard(record.call, 2310, 1700)
    assert min(heard.caller[2310], heard.other[1700]) > 0
    assert "DRILL" in (live.stand.folder / "phones" / "agent-1001" / "agent-1001.messages").read_text()
    await agent.stop()


async def test_nobody_is_taken_for_a_drill_without_its_password(live: Live) -> None:
    drills = await live.figure("ivr_drill_calls_total")
    forged = await live.stand.caller(plan(live, "drill"))  # says by the carrier that he is one
    refused = await forged.finished()
    guessing = await live.stand.caller(plan(live, live.number(), password="a-guess"))
    assert (refused.answered_at, (await guessing.finished()).answered_at) == (None, None)
    ordinary = live.number()
    caller = await live.stand.caller(plan(live, ordinary))
    await live.until(ordinary, "menu main")
    (call,) = await live.stand.ask("calls")
    assert not call["drill"]
    caller.hang_up()
    await caller.finished()
    assert not (await live.record(ordinary)).drill
    assert await live.figure("ivr_drill_calls_total") == drills


SCENARIO = """\
hotline: {acme}
begin: 2027-03-03 10:00
lasts: 10m
arrivals: {{"00:00": 1800}}
presses: {{main: {{1: 40, 2: 60}}, recall-menu: {{1: 50, 2: 50}}}}
patience: {{mean: 2m, shape: exponential}}
talk: {{mean: 2s}}
events: {{"10:01": {{crisis: recall}}}}
pass: {{answer rate: 20, switch within: 1s, recordings: 100}}
live: {{from: "10:00", for: 75s}}
"""


def kept_in(folder: Path) -> str:
    (kept,) = folder.glob("drill-small-*.md")
    return kept.read_text("utf-8")


async def test_a_scenario_is_played_with_real_calls_and_judged(live: Live, tmp_path: Path) -> None:
    agents = [await live.agent(name, 1700) for name in ("1001", "1002", "1003")]
    before = await figures(live)
    (tmp_path / "small.yaml").write_text(SCENARIO.format(acme=live.stand.dialplan), "utf-8")
    command = ("drill", str(tmp_path / "small.yaml"), "--most", "12", "--out", str(tmp_path))
    settings = ("--settings", str(live.stand.settings_path))
    told = await asyncio.to_thread(ivr, *command, *settings, within=240)
    assert told.status == 0, told
    report = kept_in(tmp_path)
    assert "# Drill small: passed" in report
    assert "not measured" not in report
    assert "calls are 1/" in report
    assert (await live.stand.ask("crisis"))["active"] == []
    assert await live.stand.ask("calls") == []
    assert await figures(live) == before
    assert len(await drill_records(live)) > 5
    for agent in agents:
        await agent.stop()


async def test_a_drill_without_an_engine_ends_and_rings_nobody(live: Live) -> None:
    agent = await live.agent("1002", 1910)
    await live.stand.kill_engine()
    phone = await live.stand.drill(plan(live, live.number()))
    result = await phone.finished()
    assert result.answered_at is None
    assert result.exit_code == 0
    assert agent.evidence().calls == ()
