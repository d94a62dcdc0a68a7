"""The engine itself calls people back over a real trunk: both hear each other, all is recorded, nobody is forgotten."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio

from ivr_engine.model.notices import CallRecord
from ivr_engine.stand.hotline import REMOTE_TONE_HZ, HotlineStand
from ivr_engine.store.reader import StoreReader
from ivr_engine.store.tables import WishRow
from tests.acceptance.live import Live, eventually, press

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

HOTLINE = Path(__file__).parent / "call_backs"
CUSTOMER, NOBODY = "8001", "9999"
AGENT_TONE = 1250
TALK_SECONDS = 5


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Live]:
    folder = tmp_path_factory.mktemp("call-backs") / "hotline"
    async with HotlineStand(folder, dialplan=HOTLINE, remote_talk_seconds=TALK_SECONDS) as stand:
        yield Live(stand)


async def wishes(live: Live) -> list[WishRow]:
    def read() -> list[WishRow]:
        with closing(StoreReader(live.stand.settings.store.url)) as reader:
            return reader.wishes(done=True)

    return await asyncio.to_thread(read)


async def ask_for_it(live: Live, caller: str, key: str) -> WishRow:
    """A caller asks to be called back, and hangs up; his wish, once it is written down."""
    known = {wish.wish for wish in await wishes(live)}
    phone = await live.dial(caller, press(key))
    assert (await phone.finished()).exit_code == 0

    async def look() -> WishRow | None:
        return next((wish for wish in await wishes(live) if wish.wish not in known), None)

    wish = await eventually(look, f"the wish of {caller}")
    assert wish is not None
    return wish


async def done(live: Live, wish: WishRow) -> WishRow:
    async def look() -> WishRow | None:
        return next((one for one in await wishes(live) if one.wish == wish.wish and one.done_at), None)

    found = await eventually(look, f"{wish.wish} is done")
    assert found is not None
    return found


async def call_of(live: Live, wish: WishRow) -> CallRecord:
    """The last call that was made for a wish."""
    return next(record for record in await live.all_records() if record.wish == wish.wish)


async def test_his_agent_then_he_are_rung_and_hear_each_other(live: Live) -> None:
    agent = await live.agent("1001", AGENT_TONE)
    wish = await ask_for_it(live, CUSTOMER, "1")
    found = await done(live, wish)
    assert (found.result, found.attempts, found.tried_by) == ("reached", 1, "the engine")
    record = await call_of(live, wish)
    assert (record.outcome.value, record.queue, record.seat, record.caller) == ("answered", "general", "1001", CUSTOMER)
    assert record.enqueued_at is not None
    assert record.enqueued_at < record.arrived_at, "his place is that of his own call"
    heard = await live.heard(record.call, AGENT_TONE, REMOTE_TONE_HZ)
    assert heard.caller[REMOTE_TONE_HZ] > 2
    assert heard.other[AGENT_TONE] > 2
    assert heard.caller[AGENT_TONE] == heard.other[REMOTE_TONE_HZ] == 0
    await live.off_duty(agent)
    await live.nothing_left()


async def test_who_has_nobody_for_him_waits_and_an_engine_that_is_killed_forgets_him_not(live: Live) -> None:
    wish = await ask_for_it(live, CUSTOMER, "1")
    await live.stand.kill_engine()
    await live.stand.start_engine()
    agent = await live.agent("1001", AGENT_TONE)
    assert (await done(live, wish)).result == "reached"
    await live.off_duty(agent)
    await live.nothing_left()


async def test_the_customer_first_then_his_agent(live: Live) -> None:
    agent = await live.agent("1001", AGENT_TONE)
    wish = await ask_for_it(live, CUSTOMER, "2")
    assert (await done(live, wish)).result == "reached"
    heard = await live.heard((await call_of(live, wish)).call, AGENT_TONE, REMOTE_TONE_HZ)
    assert heard.caller[REMOTE_TONE_HZ] > 2
    assert heard.other[AGENT_TONE] > 1
    await live.off_duty(agent)
    await live.nothing_left()


async def test_who_cannot_be_reached_is_given_up_after_as_many_tries_as_the_plan_says(live: Live) -> None:
    agent = await live.agent("1001", AGENT_TONE)
    for_sales, for_general = await ask_for_it(live, NOBODY, "2"), await ask_for_it(live, NOBODY, "1")
    once = await done(live, for_sales)
    assert (once.result, once.attempts) == ("given-up", 1)
    thrice = await done(live, for_general)
    assert (thrice.result, thrice.attempts) == ("given-up", 3)
    assert {record.outcome.value for record in await live.all_records() if record.caller == NOBODY and record.wish} == {
        "not reached"
    }
    assert await live.figure("ivr_callbacks_tried_total", result="given-up") == 2
    await live.off_duty(agent)
    await live.nothing_left()
