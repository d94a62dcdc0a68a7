"""Agents tell the hotline by their own phones, over MQTT and by API what they do, and a killed engine remembers it."""

import asyncio
import json

import aiomqtt
import pytest

from ivr_engine.commission import phone_passwords
from ivr_engine.stand.codes import dial_code
from ivr_engine.stand.phone_log import CallResult
from tests.acceptance.live import LONG, Live, press

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

AGENT = 1700


async def code(live: Live, agent: str, dialled: str, password: str = "") -> CallResult:
    known = phone_passwords(live.stand.phones_file, ())
    return await dial_code(live.stand.line(f"code-{agent}"), agent, password or known[agent], dialled)


async def state(live: Live, agent: str) -> str:
    return next(str(row["state"]) for row in await live.stand.ask("agents") if row["agent"] == agent)


async def test_an_agent_pauses_by_his_phone_and_is_not_rung_then_gets_ready_and_is(live: Live) -> None:
    agent = await live.agent("1001", AGENT)
    paused = await code(live, "1001", "*52")
    assert (paused.status, paused.hung_up_by) == (200, "far"), paused.trouble
    assert await state(live, "1001") == "paused"
    caller = live.number()
    phone = await live.dial(caller, press("1"))
    await live.until(caller, "waiting")
    await asyncio.sleep(3)  # a look at the phones comes in between
    assert (await live.doing(caller), agent.evidence().invites) == ("waiting", 0)
    assert (await code(live, "1001", "*54")).status == 403  # he does not rest
    assert (await code(live, "1001", "*59")).status == 404
    assert await live.doing(caller) == "waiting"  # no code took the caller from his queue

    # A killed engine changes nothing.
    await live.stand.kill_engine()
    await live.stand.start_engine()
    await live.until(caller, "waiting")
    assert (await state(live, "1001"), agent.evidence().invites) == ("paused", 0)

    ready = await code(live, "1001", "*51")
    assert (ready.status, ready.hung_up_by) == (200, "far"), ready.trouble
    await live.until(caller, "talking")
    phone.hang_up()
    await phone.finished()
    await live.nothing_left()
    assert 'ivr_agent_codes_total{result="done"} 1.0' in await live.stand.figures()

    mqtt = live.stand.settings.mqtt
    assert mqtt is not None
    async with aiomqtt.Client("127.0.0.1", mqtt.port) as client:
        await client.subscribe("ivr/reply/#", qos=1)
        for payload in ("garbage", '{"order": "sign out", "by": "Li"}'):
            await client.publish("ivr/command/agents/1001", payload, qos=1)
        answers = []
        async with asyncio.timeout(LONG):
            async for said in client.messages:
                assert isinstance(said.payload, bytes)
                answers.append(json.loads(said.payload))
                if len(answers) == 2:
                    break
    assert [answer["ok"] for answer in answers] == [False, True]
    assert await state(live, "1001") == "signed out"
    assert (await live.stand.ask("agents/1001", {"order": "sign in", "by": "Li"}))["state"] == "ready"
    await live.off_duty(agent)
