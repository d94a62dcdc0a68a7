"""The engine is killed or stopped: nobody is dropped, callers still reach a human, and all is kept."""

import asyncio

import pytest

from ivr_engine.stand.hotline import REMOTE_TONE_HZ
from ivr_engine.stand.phones import AgentPhone
from tests.acceptance.live import Live, eventually, press

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

AGENT, TALKER, WAITER, CHOOSER, FAR = 1700, 2310, 1540, 2770, REMOTE_TONE_HZ


async def test_a_killed_engine_drops_nobody(live: Live) -> None:
    agent = await live.agent("1001", AGENT)
    talker, waiter, chooser = live.number(), live.number(), live.number()
    talking = await live.dial(talker, press("1"), tone=TALKER)
    await live.until(talker, "talking")
    waiting = await live.dial(waiter, press("1"), tone=WAITER)
    await live.until(waiter, "waiting")
    # He presses after the new engine has come; again and again, should it take its time.
    choosing = await live.dial(chooser, [(at, "2") for at in range(8, 57, 4)], tone=CHOOSER)
    await live.until(chooser, "menu main")

    await live.stand.kill_engine()
    await live.stand.start_engine()

    assert await live.doing(talker) == "talking"
    assert await live.doing(waiter) == "waiting"
    await live.until(chooser, "talking")  # with the remote site: the local seat is taken
    assert [phone.so_far().ended_at for phone in (talking, waiting, choosing)] == [None] * 3
    assert agent.evidence().talking_now == 1

    talking.hang_up()
    await live.until(waiter, "talking")
    assert agent.evidence().peak_calls == 1
    await asyncio.sleep(1.5)  # of talk, to be found in the recording
    waiting.hang_up()
    choosing.hang_up()
    await live.nothing_left()

    ended = [await phone.finished() for phone in (talking, waiting, choosing)]
    assert [(call.exit_code, call.hung_up_by) for call in ended] == [(0, "us")] * 3
    for caller, pool, tone, other in (
        (talker, "local", TALKER, AGENT),
        (waiter, "local", WAITER, AGENT),
        (chooser, "elsewhere", CHOOSER, FAR),
    ):
        record = await live.record(caller)
        assert (record.outcome.value, record.pool) == ("answered", pool)
        heard = await live.heard(record.call, tone, other)
        assert heard.caller[tone] > 1
        assert heard.other[other] > 0.3
    # They heard each other before the kill and after: nothing in between was lost.
    record = await live.record(talker)
    assert record.connected_at is not None
    talked = record.ended_at - record.connected_at
    heard = await live.heard(record.call, AGENT)
    assert heard.other[AGENT] > talked - 1
    await live.off_duty(agent)


async def test_without_an_engine_asterisk_alone_brings_callers_to_humans(live: Live) -> None:
    agents = [await live.agent("1001", AGENT), await live.agent("1002", AGENT)]
    before = {path.stem for path in live.stand.settings.recording.vault.rglob("*.age")}
    await live.stand.stop_engine()

    first = await live.dial(live.number(), tone=TALKER)
    await eventually(lambda: _talking(agents, 1), "an agent has the first caller")
    await asyncio.sleep(1)  # of talk, to be found in the recording
    first.hang_up()
    assert (await first.finished()).exit_code == 0
    await eventually(lambda: _talking(agents, 0), "the first call is over")
    second = await live.dial(live.number(), tone=TALKER)
    await eventually(lambda: _talking(agents, 1), "an agent has the second caller")

    await live.stand.start_engine()
    assert second.so_far().ended_at is None
    # The agent who talks to a caller the engine does not know is not rung for another.
    assert await live.pool() == {"ready": 1, "offline": 1}
    third, fourth = live.number(), live.number()
    calls = [await live.dial(third, press("1"), tone=WAITER)]
    await live.until(third, "talking")  # or whoever's key is heard first would have the agent
    calls.append(await live.dial(fourth, press("1"), tone=CHOOSER))
    await live.until(fourth, "waiting")
    assert [agent.evidence().peak_calls for agent in agents] == [1, 1]
    second.hang_up()
    await live.until(fourth, "talking")
    for call in calls:
        call.hang_up()
    await live.nothing_left()

    assert [agent.evidence().peak_calls for agent in agents] == [1, 1]
    by_engine = {(await live.record(caller)).call for caller in (third, fourth)}
    after = {path.stem for path in live.stand.settings.recording.vault.rglob("*.age")}
    fallbacks = after - before - by_engine
    assert len(fallbacks) == 2
    for name in fallbacks:
        heard = await live.heard(name, TALKER, AGENT)
        assert heard.caller[TALKER] > 1
        assert heard.other[AGENT] > 0.5
    await live.off_duty(*agents)


async def _talking(agents: list[AgentPhone], count: int) -> bool:
    return sum(agent.evidence().talking_now for agent in agents) == count
