"""The engine is killed while a crisis is being switched: afterwards it is either on for everybody, or for nobody."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
import pytest_asyncio

from ivr_engine.model.crises import CrisisState
from ivr_engine.stand.hotline import REPOSITORY, HotlineStand
from ivr_engine.stand.media import MediaScript
from ivr_engine.stand.phones import CallerBurst, CallPlan
from tests.acceptance.live import Live, eventually

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

HOTLINE = REPOSITORY / "bench" / "switch" / "hotline"
LISTENING, WAITING = 6, 10  # callers in the menu, and in the queue
# From the sending of the order to the kill, in seconds: before it is read, in the middle, and when it is answered.
KILLED_AFTER = (0.0, 0.001, 0.003, 0.005, 0.008, 0.02)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Live]:
    folder = tmp_path_factory.mktemp("crisis") / "hotline"
    async with HotlineStand(folder, dialplan=HOTLINE, remote_talk_seconds=3600) as stand:
        yield Live(stand)


async def crowd(live: Live, prefix: str, many: int, *presses: tuple[float, str]) -> CallerBurst:
    voice = MediaScript(None, 600.0, presses, events_only=True)
    plan = CallPlan(live.stand.hotline.numbers[0], prefix, voice, longest_s=600.0)
    burst = CallerBurst(live.stand.line(f"crowd-{prefix}"), plan, rate_per_s=10.0, total=many)
    await burst.start()
    return burst


async def doing(live: Live, what: str) -> list[dict[str, Any]]:
    return [call for call in await live.stand.ask("calls") if call["doing"] == what]


async def order(live: Live, *, on: bool) -> bool:
    """Switch as `ivr crisis` does; whether somebody said that it is done."""
    said = {"profile": "recall", "by": "test", "reason": "to be killed", "on": on}
    with suppress(aiohttp.ClientError):
        return "error" not in await live.stand.ask("crisis", said)
    return False


async def test_a_killed_switch_is_fully_on_or_fully_off(live: Live) -> None:
    talker = await crowd(live, "1380", 1, (0.0, "9"), (1.5, "1"))
    await eventually(lambda: doing(live, "talking"), "the only line is taken")
    crowds = [await crowd(live, "1381", LISTENING), await crowd(live, "1382", WAITING, (0.0, "9"), (1.5, "1"))]

    async def are_all_there() -> bool:
        return len(await doing(live, "waiting")) == WAITING and len(await doing(live, "menu")) == LISTENING

    await eventually(are_all_there, "everybody is there")
    was = False
    for after in KILLED_AFTER:
        wanted = not was
        ordered = asyncio.create_task(order(live, on=wanted))
        await asyncio.sleep(after)
        await live.stand.kill_engine()
        answered = await ordered
        await live.stand.start_engine()
        was = await _one_and_the_same(live, are_all_there)
        kept = await asyncio.to_thread(_kept, live.stand.settings.state / "crisis.json")
        assert bool(kept.active) == was
        if answered:  # whoever was told that it is done can rely on it
            assert was == wanted
    for burst in (talker, *crowds):
        await burst.stop()


async def _one_and_the_same(live: Live, are_all_there: Any) -> bool:
    """Whether it is on, by every sign there is: nobody is lost, and everybody is where that word has him."""
    await eventually(are_all_there, "nobody was lost")
    is_on = bool((await live.stand.ask("crisis"))["active"])
    flow, queue = ("recall", "recalled") if is_on else ("normal", "general")

    async def follow() -> bool:
        menus = {call["flow"] for call in await doing(live, "menu")}
        return menus == {flow} and {call["queue"] for call in await doing(live, "waiting")} == {queue}

    await eventually(follow, f"everybody is in {flow} and in {queue}")
    probe = live.number()
    phone = await live.dial(probe)
    await live.until(probe, "menu hello" if is_on else "menu main")
    phone.hang_up()
    await phone.finished()
    await eventually(are_all_there, "the new caller is gone")
    return is_on


def _kept(path: Path) -> CrisisState:
    return msgspec.json.decode(path.read_bytes(), type=CrisisState) if path.exists() else CrisisState()
