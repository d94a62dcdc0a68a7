"""Real callers are connected to somebody outside, over a real trunk: whoever hangs up, and whatever the engine does."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from ivr_engine.stand.hotline import REMOTE_TONE_HZ, HotlineStand
from tests.acceptance.live import Live, press

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

HOTLINE = Path(__file__).parent / "transfers"
TONE = 2310
TALK_SECONDS = 20


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Live]:
    folder = tmp_path_factory.mktemp("live") / "hotline"
    async with HotlineStand(folder, dialplan=HOTLINE, remote_talk_seconds=TALK_SECONDS) as stand:
        yield Live(stand)


@pytest.fixture(scope="module")
def calls() -> list[str]:
    """The calls that were transferred and talked."""
    return []


async def test_a_caller_talks_to_somebody_outside_and_hangs_up(live: Live, calls: list[str]) -> None:
    caller = live.number()
    phone = await live.dial(caller, press("1"), tone=TONE)
    await live.until(caller, "talking")
    await asyncio.sleep(2)
    phone.hang_up()
    assert (await phone.finished()).exit_code == 0
    record = await live.record(caller)
    assert (record.outcome.value, record.queue, record.seat, record.offers) == ("transferred", None, None, 0)
    heard = await live.heard(record.call, TONE, REMOTE_TONE_HZ)
    assert heard.caller[TONE] > 2
    assert heard.other[TONE] == heard.caller[REMOTE_TONE_HZ] == 0
    calls.append(record.call)


async def test_who_is_outside_hangs_up_and_the_caller_goes_on_although_the_engine_was_killed(
    live: Live, calls: list[str]
) -> None:
    caller = live.number()
    phone = await live.dial(caller, press("1"), tone=TONE)
    await live.until(caller, "talking")
    await live.stand.kill_engine()
    await live.stand.start_engine()
    assert await live.doing(caller) == "talking"
    assert (await phone.finished()).exit_code == 0
    record = await live.record(caller)
    assert (record.outcome.value, record.steps[-1]) == ("transferred", "after")
    assert record.ended_at - record.arrived_at > TALK_SECONDS  # nothing was cut
    calls.append(record.call)


async def test_who_finds_nobody_outside_goes_where_his_step_says(live: Live) -> None:
    caller = live.number()
    phone = await live.dial(caller, press("2"), tone=TONE)
    assert (await phone.finished()).exit_code == 0
    record = await live.record(caller)
    assert (record.outcome.value, record.steps[-1]) == ("completed in menu", "failed")
    await live.nothing_left()


async def test_what_was_said_outside_is_in_the_recording(live: Live, calls: list[str]) -> None:
    for call in calls:
        heard = await live.heard(call, TONE, REMOTE_TONE_HZ)
        assert heard.other[REMOTE_TONE_HZ] > 1
