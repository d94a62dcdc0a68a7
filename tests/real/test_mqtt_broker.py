import asyncio
import contextlib
import json
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiomqtt import Client, MqttError

from ivr_engine.messengers.board import Board
from ivr_engine.messengers.post import try_once
from ivr_engine.model import notices
from ivr_engine.model.agents import AgentOrder, Duty
from ivr_engine.model.ids import CallId, PoolName, QueueName, SeatId, StepName
from ivr_engine.mqtt.intake import Intake
from ivr_engine.mqtt.once import publish_once
from ivr_engine.mqtt.publisher import Broker, MqttPublisher
from ivr_engine.stand import broker as stand
from ivr_engine.stand.ports import reserved_ports

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/bin") is None, reason="needs mosquitto"),
]


async def until(fact: Callable[[], object], within: float = 20.0) -> None:
    async with asyncio.timeout(within):
        while not fact():
            await asyncio.sleep(0.02)


def pool(ready: int) -> notices.PoolChanged:
    return notices.PoolChanged(PoolName("local"), 1.0, ready, 0, 0, 0, 0)


def step(number: int) -> notices.StepEntered:
    return notices.StepEntered(CallId(f"hotline-{number}.1"), 1.0, StepName("main"))


class Listener:
    """Somebody else on the broker: what he was told, and what he finds retained when he comes."""

    def __init__(self) -> None:
        self.told: dict[str, Any] = {}
        self.retained: set[str] = set()

    @classmethod
    @contextlib.asynccontextmanager
    async def on(cls, port: int) -> AsyncIterator["Listener"]:
        listener = cls()
        async with Client("127.0.0.1", port) as client:
            await client.subscribe("ivr/#", qos=1)
            ear = asyncio.create_task(listener._listen(client))
            try:
                yield listener
            finally:
                ear.cancel()
                await asyncio.gather(ear, return_exceptions=True)

    async def _listen(self, client: Client) -> None:
        with contextlib.suppress(MqttError):
            async for said in client.messages:
                assert isinstance(said.payload, bytes)
                if "/command/" in str(said.topic):
                    continue
                self.told[str(said.topic)] = json.loads(said.payload)
                if said.retain:
                    self.retained.add(str(said.topic))


class Bench:
    """A private broker and a publisher on it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        self.broker = stand.Broker(folder, port)
        self.states: list[bool] = []
        self.dropped: list[int] = []

    @contextlib.asynccontextmanager
    async def publishing(self, limit: int = 1000) -> AsyncIterator[MqttPublisher]:
        publisher = MqttPublisher(
            Broker("127.0.0.1", self.port), "ivr", self.states.append, self.dropped.append, limit=limit
        )
        task = asyncio.create_task(publisher.run())
        try:
            yield publisher
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            await asyncio.sleep(0.05)
            assert [left.get_name() for left in asyncio.all_tasks() if left.get_name().startswith("mqtt")] == []


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setenv("PATH", "/usr/sbin", prepend=":")
    with reserved_ports() as ports:
        yield Bench(tmp_path, ports.one())


@pytest.fixture
async def running(bench: Bench) -> AsyncIterator[Bench]:
    await bench.broker.start()
    yield bench
    await bench.broker.stop()


async def test_whoever_comes_late_finds_the_state_and_then_hears_the_stages(running: Bench) -> None:
    async with running.publishing() as publisher:
        publisher.publish(pool(1))
        publisher.publish(pool(2))
        publisher.publish(notices.QueueChanged(QueueName("urgent"), 1.0, 3, 0.5))
        publisher.publish(notices.LinkChanged(True, 1.0))
        publisher.publish(step(0))
        await until(lambda: running.states == [True])
        await asyncio.sleep(0.2)
        async with Listener.on(running.port) as listener:
            await until(lambda: len(listener.retained) == 4)
            assert listener.retained == {"ivr/engine", "ivr/link", "ivr/pools/local", "ivr/queues/urgent"}
            assert listener.told["ivr/pools/local"]["ready"] == 2
            assert listener.told["ivr/engine"] == {"state": "online"}
            publisher.publish(step(1))
            await until(lambda: "ivr/calls/hotline-1.1/step" in listener.told)
            assert "ivr/calls/hotline-0.1/step" not in listener.told


async def test_a_lost_broker_stops_nothing_and_gets_its_state_again(running: Bench) -> None:
    async with running.publishing(limit=5) as publisher:
        publisher.publish(pool(1))
        await until(lambda: running.states == [True])
        await running.broker.kill()
        await until(lambda: running.states == [True, False])
        publisher.publish(pool(7))
        for number in range(8):
            publisher.publish(step(number))
        assert sum(running.dropped) == 3
        await running.broker.start()  # it has forgotten everything
        async with Listener.on(running.port) as listener:
            await until(lambda: "ivr/calls/hotline-7.1/step" in listener.told)
        assert running.states == [True, False, True]
        assert listener.told["ivr/pools/local"]["ready"] == 7
        assert listener.told["ivr/engine"] == {"state": "online"}
        assert "ivr/calls/hotline-2.1/step" not in listener.told


async def test_goodbye_is_said_and_what_waited_is_told(running: Bench) -> None:
    async with Listener.on(running.port) as listener:
        async with running.publishing() as publisher:
            await until(lambda: listener.told.get("ivr/engine") == {"state": "online"})
            publisher.publish(step(1))
        await until(lambda: listener.told["ivr/engine"] == {"state": "offline"})
        assert "ivr/calls/hotline-1.1/step" in listener.told


async def test_without_any_broker_it_ends_when_told_to(bench: Bench) -> None:
    async with bench.publishing() as publisher:
        publisher.publish(pool(1))
        await until(lambda: bench.states == [False])
        publisher.publish(step(1))


async def test_a_long_outbox_does_not_hold_up_the_loop(running: Bench) -> None:
    async with running.publishing(limit=5000) as publisher:
        for number in range(5000):
            publisher.publish(step(number))
        ticks = 0
        await until(lambda: running.states == [True])
        while len(publisher._outbox):
            await asyncio.sleep(0)
            ticks += 1
        assert ticks > 100


async def test_commands_are_answered_whatever_came_before_and_a_kept_one_is_refused(running: Bench) -> None:
    async def order(agent: SeatId, order: AgentOrder) -> notices.AgentChanged:
        return notices.AgentChanged(agent, PoolName("local"), 1.0, "paused", Duty("paused", order.by, order.reason))

    counted: list[str] = []
    async with Listener.on(running.port) as listener, Client("127.0.0.1", running.port) as somebody:
        await somebody.publish("ivr/command/agents/1003", b'{"order": "pause"}', qos=1, retain=True)
        async with running.publishing() as publisher:
            publisher.intake = Intake("ivr", order, counted.append)
            await until(lambda: counted == ["unreadable"])  # kept by the broker, and refused
            for payload in (b"garbage", b"\xff", '{"order": "pause", "reason": "午餐"}'.encode()):
                await somebody.publish("ivr/command/agents/1001", payload, qos=1)
            await until(lambda: len(counted) == 4)
            assert counted[1:] == ["unreadable", "unreadable", "done"]
            await until(lambda: listener.told.get("ivr/reply/agents/1001", {}).get("ok"))
            assert listener.told["ivr/reply/agents/1001"]["duty"]["reason"] == "午餐"
            assert not listener.told["ivr/reply/agents/1003"]["ok"]
            assert "ivr/reply/agents/1001" not in listener.retained


async def test_an_alert_is_published_surely_or_it_is_told_that_it_was_not(running: Bench) -> None:
    board = Board("ivr/alerts/<address>", partial(publish_once, Broker("127.0.0.1", running.port)))
    alert = notices.AlertRaised("a1", 1.0, ("duty",), "switched", "Recall", "# Situation")
    async with Listener.on(running.port) as listener:
        assert await try_once(board, alert, "hall/2#") == ""
        await until(lambda: "ivr/alerts/hall_2_" in listener.told)
    assert listener.told["ivr/alerts/hall_2_"]["title"] == "Recall"
    await running.broker.stop()
    assert (await try_once(board, alert, "hall")).startswith("the MQTT broker cannot be reached")
    assert [left for left in asyncio.all_tasks() if left.get_name().startswith("mqtt")] == []
