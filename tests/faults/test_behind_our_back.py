"""Events that Asterisk never sends, and what others do there: two looks later belief is reality again, and it is told.

Asterisk is made to keep events back by its own filter, so that they are truly lost while the link is up.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from ivr_engine.stand.hotline import HotlineStand
from tests.acceptance.live import Live, eventually, press
from tests.faults.conftest import HOTLINE

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

AGENT, CALLER = 1700, 2310
A_CHANNELS_END = ("ChannelHangupRequest", "StasisEnd", "ChannelDestroyed")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Live]:
    async with HotlineStand(tmp_path_factory.mktemp("live") / "hotline", dialplan=HOTLINE) as stand:
        await stand.stop_engine()
        settings = stand.settings_path
        text, times = re.subn(r"(?m)^asterisk:.*\n", r"\g<0>  look every: 1s\n", settings.read_text("utf-8"))
        assert times == 1
        settings.write_text(text, "utf-8")
        await stand.start_engine()
        yield Live(stand, loses_events=True)


async def test_a_caller_whose_leaving_is_not_told_frees_his_agent(live: Live) -> None:
    async with on_duty(live), repairs(live, 1):
        caller = live.number()
        phone = await live.dial(caller, press("1"), tone=CALLER)
        await live.until(caller, "talking")
        async with kept_back(live, *A_CHANNELS_END):
            phone.hang_up()
            assert (await phone.finished()).exit_code == 0
            await eventually(lambda: gone_from_asterisk(live, caller), "the caller's channel is gone")
        await live.nothing_left()
        assert (await live.record(caller)).outcome.value == "answered"


async def test_an_agents_line_whose_end_is_not_told_frees_his_seat(live: Live) -> None:
    async with on_duty(live) as agent, repairs(live, 1):
        caller = live.number()
        phone = await live.dial(caller, press("1"), tone=CALLER)
        await live.until(caller, "talking")
        async with kept_back(live, *A_CHANNELS_END):
            agent.hang_up()
            await eventually(lambda: channels_are(live, 1), "the agent's channel is gone")
        assert (await phone.finished()).hung_up_by == "far"
        await live.nothing_left()
        again = live.number()
        other = await live.dial(again, press("1"), tone=CALLER)
        await live.until(again, "talking")
        other.hang_up()
        await live.nothing_left()


async def test_a_caller_whose_coming_is_not_told_is_served(live: Live) -> None:
    async with repairs(live, 1):
        caller = live.number()
        async with kept_back(live, "StasisStart"):
            phone = await live.dial(caller, tone=CALLER)
            await eventually(lambda: channels_are(live, 1), "Asterisk has the call")
            await live.until(caller, "menu hello", "menu main")
        phone.hang_up()
        await live.nothing_left()
        assert (await live.record(caller)).outcome.value == "abandoned in menu"


async def test_a_caller_whose_prompts_end_is_not_told_goes_on(live: Live) -> None:
    async with repairs(live, 1):
        caller = live.number()
        async with kept_back(live, "PlaybackFinished"):
            phone = await live.dial(caller, tone=CALLER)
            await live.until(caller, "menu hello")
            await live.until(caller, "menu main")
        phone.hang_up()
        await live.nothing_left()


async def test_two_whose_bridge_somebody_takes_down_are_joined_again(live: Live) -> None:
    async with on_duty(live), repairs(live, 1):
        caller = live.number()
        phone = await live.dial(caller, press("1"), tone=CALLER)
        await live.until(caller, "talking")
        (before,) = await live.ari("bridges")
        await order(live, "DELETE", f"bridges/{before['id']}")

        async def joined() -> bool:
            bridges = await live.ari("bridges")
            return [len(bridge["channels"]) for bridge in bridges] == [2]

        await eventually(joined, "they are in a bridge again")
        assert await live.doing(caller) == "talking"
        phone.hang_up()
        await live.nothing_left()


async def test_what_strangers_leave_in_our_application_is_cleared_away(live: Live) -> None:
    async with on_duty(live, answers=False), repairs(live, 2):
        app = live.stand.settings.asterisk.app
        await order(live, "POST", f"channels/hotline-9.9.leg1?endpoint=PJSIP/1001&app={app}&timeout=60")
        await order(live, "POST", "bridges/hotline-9.9.bridge2?type=mixing")
        await live.nothing_left()
    async with on_duty(live), repairs(live, 0):  # whose line has come in is no ghost: its end is told
        await order(live, "POST", f"channels/whoever.1?endpoint=PJSIP/1001&app={app}&timeout=60")
        await live.nothing_left()


async def test_what_the_console_hangs_up_needs_no_repair(live: Live) -> None:
    async with on_duty(live), repairs(live, 0):
        for victim in ("1001", "carrier"):
            caller = live.number()
            phone = await live.dial(caller, press("1"), tone=CALLER)
            await live.until(caller, "talking")
            names = [channel["name"] for channel in await live.ari("channels")]
            (name,) = [name for name in names if name.startswith(f"PJSIP/{victim}-")]
            await live.stand.site.cli(f"channel request hangup {name}")
            assert (await phone.finished()).hung_up_by == "far"
            await live.nothing_left()


# --- what they share --------------------------------------------------------------------------------------------


@asynccontextmanager
async def on_duty(live: Live, **plan: Any) -> AsyncIterator[Any]:
    """One agent, 1001, is on duty."""
    agent = await live.agent("1001", AGENT, **plan)
    yield agent
    await live.off_duty(agent)


@asynccontextmanager
async def repairs(live: Live, least: int) -> AsyncIterator[None]:
    """At least so many things are put right in here and told; none if none is to be."""
    before = await live.figure("ivr_trouble_total", kind="repaired")
    yield
    count = await live.figure("ivr_trouble_total", kind="repaired") - before
    assert not least or '"repaired"' in live.log()
    assert count >= least if least else count == 0, count


@asynccontextmanager
async def kept_back(live: Live, *kinds: str) -> AsyncIterator[None]:
    """Asterisk sends no events of those kinds in here."""
    app = live.stand.settings.asterisk.app
    allowed = (await live.ari(f"applications/{app}"))["events_allowed"]
    path = f"applications/{app}/eventFilter"
    await order(live, "PUT", path, allowed=allowed, disallowed=[{"type": kind} for kind in kinds])
    try:
        yield
        await asyncio.sleep(0.2)  # what was sent before that
    finally:
        await order(live, "PUT", path, allowed=allowed, disallowed=[])


async def order(live: Live, method: str, path: str, **body: Any) -> None:
    """Somebody else has Asterisk do something."""
    at = live.stand.settings.asterisk
    headers = {"Authorization": aiohttp.encode_basic_auth(at.user, at.password)}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, f"{at.url}/ari/{path}", json=body or None) as response,
    ):
        assert response.status < 300, await response.text()


async def channels_are(live: Live, count: int) -> bool:
    return len(await live.ari("channels")) == count


async def gone_from_asterisk(live: Live, caller: str) -> bool:
    return all(channel["caller"]["number"] != caller for channel in await live.ari("channels"))
