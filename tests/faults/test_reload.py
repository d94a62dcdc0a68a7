"""The dialplan is changed while real calls go on: nobody is dropped, and a bad file changes nothing."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from ivr_engine.stand.hotline import HotlineStand
from tests.acceptance.live import Live, press
from tests.faults.shell import Ended, ivr

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

HOTLINE = Path(__file__).parent / "hotline"
AGENT = 1700
LONGEST_STALL = 0.25  # seconds; measured are 0.02 on an idle machine


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Live]:
    folder = tmp_path_factory.mktemp("reload")
    shutil.copytree(HOTLINE, folder / "dialplan")
    async with HotlineStand(folder / "hotline", dialplan=folder / "dialplan") as stand:
        yield Live(stand)


def edit(live: Live, before: str, after: str) -> None:
    path = live.stand.dialplan / "hotline.yaml"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")


async def order(live: Live, *words: str) -> Ended:
    """Type an `ivr` command about this hotline."""
    return await asyncio.to_thread(ivr, *words, "--settings", live.stand.settings_path)


class Stalls:
    """How long the engine's loop answers nobody, at most, while this is entered."""

    def __init__(self, live: Live) -> None:
        self._url = f"{live.stand.web_url}/healthz"
        self.longest = 0.0

    async def __aenter__(self) -> "Stalls":
        self._task = asyncio.create_task(self._look())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _look(self) -> None:
        async with aiohttp.ClientSession() as session:
            while True:
                began = time.perf_counter()
                async with session.get(self._url) as response:
                    await response.read()
                self.longest = max(self.longest, time.perf_counter() - began)
                await asyncio.sleep(0.005)


async def test_a_reload_under_calls_drops_nobody(live: Live) -> None:
    agent = await live.agent("1001", AGENT)
    talker, waiter, chooser, remote = (live.number() for _ in range(4))
    talking = await live.dial(talker, press("1"))
    await live.until(talker, "talking")
    waiting = await live.dial(waiter, press("1"))
    far = await live.dial(remote, press("2"))
    choosing = await live.dial(chooser, [(at, "2") for at in range(9, 57, 2)])
    for number, doing in ((waiter, "waiting"), (remote, "talking"), (chooser, "menu main")):
        await live.until(number, doing)

    # Key 2 leads elsewhere, the queue of one who waits is gone, and a new text must be spoken.
    edit(live, "1: {enqueue: local-only}", "1: {enqueue: anywhere}")
    edit(live, "2: {enqueue: anywhere}", "2: busy")
    edit(live, "  otherwise:", "  busy: {say: {zh-CN: 线路繁忙。}, then: otherwise}\n\n  otherwise:")
    seats = live.stand.dialplan / "seats.yaml"
    text = seats.read_text("utf-8")
    seats.write_text(text[: text.index("  local-only:")] + text[text.index("  anywhere:") :], "utf-8")
    async with Stalls(live) as stalls:
        done = await order(live, "reload", "--by", "Li")
    assert done.status == 0, done
    assert "key 2 of main now goes to busy (before: anywhere)" in done.out
    assert "queue local-only is gone" in done.out
    assert stalls.longest < LONGEST_STALL

    newcomer = live.number()
    new = await live.dial(newcomer, press("2"))
    await live.until(newcomer, "menu busy")  # by the new version
    await live.until(chooser, "talking")  # by the version he began with: the other site
    assert await live.doing(waiter) == "waiting"
    assert (await live.ask_queue("local-only"))["waiting"] == 1
    talking.hang_up()
    await live.until(waiter, "talking")  # served by the old plan
    phones = [talking, waiting, choosing, far, new]
    assert [phone.so_far().ended_at for phone in phones[1:]] == [None] * 4
    for phone in phones[1:]:
        phone.hang_up()
    ended = [await phone.finished() for phone in phones]
    assert [(call.exit_code, call.hung_up_by) for call in ended] == [(0, "us")] * 5
    await live.nothing_left()
    assert [row["queue"] for row in await live.stand.ask("queues")] == ["anywhere"]
    await live.off_duty(agent)


async def test_a_bad_file_is_refused_in_full_and_taken_back_what_was_good(live: Live) -> None:
    first = (await live.stand.ask("dialplan"))["version"]
    edit(live, "2: busy", "2: bussy")
    edit(live, "{enqueue: anywhere}", "{enqueue: nowhere}")
    refused = await order(live, "reload", "--by", "Li")
    assert refused.status == 1
    assert "did you mean `busy`?" in refused.out
    assert "2 errors: refused, the old version goes on" in refused.out
    assert (await live.stand.ask("dialplan"))["version"] == first
    assert await live.figure("ivr_dialplan_reload_total", result="refused") == 1
    assert await live.figure("ivr_dialplan_broken") == 1

    back = await order(live, "rollback", "--by", "Wang")
    assert back.status == 0
    assert "key 2 of main now goes to anywhere (before: busy)" in back.out
    listed = await order(live, "versions")
    assert [line for line in listed.out.splitlines() if "rollback" in line and "running" in line]

    # The next engine begins with what ran, though the files on disk are broken, and says so.
    await live.stand.kill_engine()
    await live.stand.start_engine()
    state = await live.stand.ask("dialplan")
    assert (state["version"] != first, state["disk"]) == (True, "broken")
    status, health = await live.health()
    assert (status, health["degraded"]) == (200, ["the dialplan's files cannot be used"])
