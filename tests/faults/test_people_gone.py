"""Callers hang up at every stage, agents' phones vanish, and numbers are not what they should be: nothing is left."""

import asyncio
import json
import re

import pytest

from ivr_engine.stand.phones import AgentPhone
from tests.acceptance.live import Live, eventually, press

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

AGENT, OTHER_AGENT, CALLER = 1700, 1540, 2310


async def test_a_caller_may_hang_up_at_every_stage(live: Live) -> None:
    never_picks_up = await live.agent("1001", AGENT, answers=False)
    dialling, greeted, choosing, ringing, waiting = (live.number() for _ in range(5))
    at_once = await live.dial(dialling, cancel_after=0.001)
    in_greeting = await live.dial(greeted, hang_up_after=0.05)
    in_menu = await live.dial(choosing)
    on_ring = await live.dial(ringing, press("1"))
    await live.until(choosing, "menu main")
    in_menu.hang_up()
    await eventually(lambda: _rings(never_picks_up), "the agent's phone rings")
    on_ring.hang_up()
    in_queue = await live.dial(waiting, press("1"))
    await live.until(waiting, "waiting", "offered")
    in_queue.hang_up()
    phones = (at_once, in_greeting, in_menu, on_ring, in_queue)
    assert [(await phone.finished()).exit_code for phone in phones] == [0] * 5
    await live.nothing_left()

    first = await live.record(greeted)
    assert (first.outcome.value, first.steps) == ("abandoned in menu", ("hello",))
    assert (await live.record(choosing)).steps == ("hello", "main")
    for caller in (ringing, waiting):
        record = await live.record(caller)
        assert (record.outcome.value, record.queue, record.seat) == ("abandoned in queue", "local-only", None)
    for caller in (greeted, choosing, ringing, waiting):
        await live.sealed((await live.record(caller)).call)
    assert never_picks_up.evidence().talking_now == 0
    assert never_picks_up.evidence().answers == 0
    await live.off_duty(never_picks_up)


async def test_an_agent_may_end_the_talk(live: Live) -> None:
    agent = await live.agent("1001", AGENT)
    caller = live.number()
    phone = await live.dial(caller, press("1"))
    await live.until(caller, "talking")
    agent.hang_up()
    ended = await phone.finished()
    assert (ended.exit_code, ended.hung_up_by) == (0, "far")
    await live.nothing_left()
    assert (await live.record(caller)).outcome.value == "answered"
    assert [call.hung_up_by for call in agent.evidence().calls] == ["us"]
    await live.off_duty(agent)


async def test_an_agents_phone_that_dies_while_ringing_costs_the_caller_only_time(live: Live) -> None:
    dying = await live.agent("1001", AGENT, answers=False)
    caller = live.number()
    phone = await live.dial(caller, press("1"), tone=CALLER)
    await eventually(lambda: _rings(dying), "the phone rings")
    await dying.kill()
    other = await live.agent("1002", OTHER_AGENT)
    await live.until(caller, "talking")
    assert other.evidence().talking_now == 1
    # Then the other one dies in the middle of the talk: the caller is not cut off, and may leave in order.
    await other.kill()
    await asyncio.sleep(1)
    assert await live.doing(caller) == "talking"
    phone.hang_up()
    assert (await phone.finished()).exit_code == 0
    record = await live.record(caller)
    assert (record.outcome.value, record.seat, record.offers) == ("answered", "1002", 2)
    await live.nothing_left()
    # Who comes back is rung again.
    back = await live.agent("1001", AGENT)
    await live.off_duty(back, other)


NASTY = {
    "an order to Asterisk": "%24%7BSHELL(touch%20pwned)%7D",
    "a header": "1%0d%0aX-Evil:%201",
    "the end of a line": "138%0a%7b%22event%22:%22forged%22%7d",
    "a path": "..%2f..%2f..%2fetc%2fpasswd",
    "SQL": "1'%3bdrop%20table%20calls%3b--",
    "a quotation mark": "1%22%3e%3csip:evil",
    "a zero": "12%0034",
    "no character": "%ff%fe",
    "very long": "9" * 60,
    "a format": "%25s%25n%7b0%7d",
    "another world": "+8613812345678",
}


async def test_numbers_that_are_none(live: Live) -> None:
    before = await live.figure("ivr_calls_arrived_total")
    phones = {what: await live.dial(number, hang_up_after=1.0) for what, number in NASTY.items()}
    ended = {what: await phone.finished() for what, phone in phones.items()}
    assert [what for what, call in ended.items() if not call.answered_at or call.exit_code] == []
    await live.nothing_left()
    assert await live.figure("ivr_calls_arrived_total") == before + len(NASTY)

    records = await live.records("8613812345678") + await live.records("+8613812345678")
    assert len(records) == 1
    long = await live.records("9" * 32)
    assert len(long) == 1
    log = live.log()
    assert [line for line in log.splitlines() if not isinstance(json.loads(line), dict)] == []
    assert not re.search(r"SHELL|Evil|forged|drop table|passwd", log)
    assert not list(live.stand.folder.glob("**/pwned"))
    names = [path.name for path in live.stand.settings.recording.vault.rglob("*.age")]
    assert all(re.fullmatch(r"hotline-\d+\.\d+\.age", name) for name in names)


async def _rings(agent: AgentPhone) -> bool:
    calls = agent.evidence().calls
    return bool(calls) and calls[-1].ringing_at is not None
