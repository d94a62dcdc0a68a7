"""Real talks are held, handed on and listened to, over a killed engine; and what of it is in the recording."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from ivr_engine.stand.hotline import HotlineStand
from ivr_engine.stand.media import MediaScript
from tests.acceptance.live import Live, eventually, press

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

HOTLINE = Path(__file__).parent / "talks"
CALLER, FIRST, SECOND, LEAD = 2310, 1540, 1910, 1130
HELD_BY_KEYS = ((4.0, "*"), (4.4, "1"), (9.0, "*"), (9.4, "1"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Live]:
    folder = tmp_path_factory.mktemp("live") / "hotline"
    async with HotlineStand(folder, dialplan=HOTLINE) as stand:
        yield Live(stand)


async def order(live: Live, agent: str, word: str, **more: str) -> None:
    await live.stand.ask(f"agents/{agent}", {"order": word, "by": "tester", **more})


async def until(live: Live, agent: str, state: str) -> None:
    async def look() -> bool:
        return any((row["agent"], row["state"]) == (agent, state) for row in await live.stand.ask("agents"))

    await eventually(look, f"{agent} is {state}")


async def test_a_consult_goes_on_although_the_engine_was_killed_and_is_no_part_of_the_recording(live: Live) -> None:
    first = await live.agent("1001", FIRST)
    caller = live.number()
    phone = await live.dial(caller, press("1"), tone=CALLER)
    await until(live, "1001", "talking")
    await asyncio.sleep(2)
    second = await live.agent("1002", SECOND)
    await order(live, "1001", "consult", to="1002")
    await until(live, "1002", "talking")
    await live.stand.kill_engine()
    await asyncio.sleep(2)
    await live.stand.start_engine()
    await until(live, "1001", "talking")
    await until(live, "1002", "talking")
    await order(live, "1001", "complete")
    await until(live, "1001", "ready")
    await asyncio.sleep(2)
    await order(live, "1002", "dispose", code="2")
    phone.hang_up()
    assert (await phone.finished()).exit_code == 0
    record = await live.record(caller)
    assert (record.outcome.value, record.seat, record.disposition) == ("answered", "1002", "投诉")
    heard = await live.heard(record.call, CALLER, FIRST, SECOND)
    talked = record.ended_at - record.arrived_at
    assert heard.other[FIRST] > 1
    assert 1 < heard.other[SECOND] < talked - heard.other[FIRST] - 2, "they talked alone, and nobody recorded it"
    assert heard.caller[CALLER] > talked - 2, "the caller is recorded also while he is on hold"
    await live.nothing_left()
    await live.off_duty(first, second)


async def test_an_agent_holds_by_keys_and_a_supervisor_listens_unheard_until_he_comes_in(live: Live) -> None:
    before = await live.figure("ivr_talk_turns_total", what="held")
    first = await live.agent("1001", MediaScript(FIRST, 60.0, HELD_BY_KEYS))
    caller = live.number()
    phone = await live.dial(caller, press("1"), tone=CALLER)
    await until(live, "1001", "talking")
    lead = await live.agent("1900", LEAD)
    await order(live, "1900", "listen", to="1001")
    await until(live, "1900", "talking")
    await asyncio.sleep(2)
    await order(live, "1900", "whisper")
    await asyncio.sleep(1)

    async def held_and_back() -> bool:
        return await live.figure("ivr_talk_turns_total", what="held") > before

    await eventually(held_and_back, "the agent has held his caller by keys")
    await asyncio.sleep(7)
    await order(live, "1900", "barge")
    await asyncio.sleep(2)
    phone.hang_up()
    assert (await phone.finished()).exit_code == 0
    record = await live.record(caller)
    assert "listened" in record.tags
    heard = await live.heard(record.call, CALLER, FIRST, LEAD)
    talked = record.ended_at - record.arrived_at
    assert 1 < heard.other[LEAD] < 4, "he is heard when he has come in, and not before"
    assert heard.other[FIRST] < talked - 4, "the agent is not in it while the caller is on hold"
    await live.nothing_left()
    await live.off_duty(first, lead)
