"""Both sites on real Asterisks: who is let in, what happens without an engine, and that nothing stays behind."""

import asyncio
import os
import re
from array import array
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import cos, sin, tau
from pathlib import Path

import aiohttp
import pytest

from ivr_engine.errors import StartError
from ivr_engine.stand.media import MediaScript
from ivr_engine.stand.phones import AgentPhone, CallerPhone, CallPlan, SeatPlan
from ivr_engine.stand.ports import require_free
from tests.stand.conftest import NUMBER, POOL, Pair

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

CALLER_HZ, AGENT_HZ = 1540, 2310
# Of Asterisk's own modules, when they are loaded side by side in another order: seen on a busy machine only.
REMARK = 'Module "Logging Module" registered during operation'


async def test_both_start_without_a_complaint(pair: Pair) -> None:
    for site in (pair.hotline, pair.remote):
        complaints = re.findall(r".*(?:ERROR|WARNING).*", site.full_log.read_text())
        assert not [one for one in complaints if REMARK not in one], site.site.name
        assert (site.site.directory / "log" / "console.log").read_text().strip() == ""


async def test_ari_answers_on_loopback_and_only_to_its_password(pair: Pair) -> None:
    async def ping(host: str, password: str) -> int:
        header = {"Authorization": aiohttp.encode_basic_auth("engine", password)}
        url = f"http://{host}:{pair.site.http_port}/ari/asterisk/ping"
        async with aiohttp.ClientSession() as http, http.get(url, headers=header) as response:
            return response.status

    assert await ping("127.0.0.1", pair.ari_password) == 200
    assert await ping("127.0.0.1", "wrong") == 401
    with pytest.raises(aiohttp.ClientConnectorError):
        await ping("127.0.0.3", pair.ari_password)


async def test_trunk_is_found_alive_agents_exist_and_nobody_is_anonymous(pair: Pair) -> None:
    async with asyncio.timeout(30):
        while not re.search(r"chengdu/sip:\S+ +\S+ Avail", await pair.hotline.cli("pjsip show contacts")):
            await asyncio.sleep(0.1)
    listed = re.findall(r"^ Endpoint:  ([\w-]+)", await pair.hotline.cli("pjsip show endpoints"), re.MULTILINE)
    assert sorted(listed) == ["1001", "1002", "carrier", "chengdu"]


async def test_unknown_number_is_refused(pair: Pair) -> None:
    assert await dialled(pair, "wrong-number", "4000000401") == 404


async def test_stranger_is_refused_and_noted(pair: Pair) -> None:
    assert await dialled(pair, "stranger", NUMBER, host="127.0.0.9") == 401
    assert "127.0.0.9" in pair.hotline.security_log.read_text()


async def test_nobody_becomes_a_trunk_by_writing_its_name(pair: Pair) -> None:
    assert await dialled(pair, "pretender", NUMBER, host="127.0.0.9", caller="chengdu") == 401


async def test_agent_with_a_wrong_password_is_refused_and_noted(pair: Pair) -> None:
    plan = SeatPlan("1002", MediaScript(None, 1), password="wrong")
    with pytest.raises(StartError):
        await AgentPhone(pair.line("wrong-password"), plan).start()
    await eventually_in(pair.hotline.security_log, "ChallengeResponseFailed")


async def test_without_an_engine_the_caller_reaches_a_human_and_both_are_recorded(pair: Pair) -> None:
    async with caller_and_agent(pair, "nobody") as (caller, agent):
        result = await caller.finished()
    assert (result.status, result.hung_up_by) == (200, "far")
    assert agent.evidence().answers == 1
    assert "13800000001" in agent.evidence().calls[0].far_party
    heard = both_heard(newest(pair.site.recording_dir))
    assert heard == {"left": CALLER_HZ, "right": AGENT_HZ}
    await eventually_in(pair.hotline.cdr_csv, '"fallback"')


async def test_engine_that_claims_and_is_gone_leaves_the_caller_to_a_human(pair: Pair) -> None:
    before = pair.hotline.full_log.read_text()
    async with claims_and_dies(pair), caller_and_agent(pair, "failed") as (caller, agent):
        assert (await caller.finished()).status == 200
    assert agent.evidence().answers == 1
    assert "not claimed" not in pair.hotline.full_log.read_text().removeprefix(before)


async def test_remote_pool_answers_as_many_as_it_has_seats(pair: Pair) -> None:
    plan = CallPlan(POOL, "13800000002", MediaScript(None, 5))
    calls = [CallerPhone(pair.line(f"overflow-{n}", server=pair.remote), plan) for n in range(3)]
    for call in calls:
        await call.start()
    results = await asyncio.gather(*(call.finished() for call in calls))
    assert sorted(result.status or 0 for result in results) == [200, 200, 486]
    assert all(result.hung_up_by == "far" for result in results if result.status == 200)
    await eventually_in(pair.remote.cdr_csv, f'"{POOL}"')


async def test_starting_again_after_a_kill_and_on_a_taken_port(pair: Pair) -> None:
    pid = pair.remote.pid
    assert pid
    await pair.remote.kill()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    await pair.remote.start()
    with pytest.raises(StartError, match="is taken"):
        require_free("127.0.0.2", pair.remote_site.sip_port, "a test")


async def dialled(pair: Pair, name: str, number: str, *, host: str = "127.0.0.1", caller: str = "138") -> int | None:
    phone = CallerPhone(pair.line(name, host=host), CallPlan(number, caller, MediaScript(None, 1)))
    await phone.start()
    return (await phone.finished()).status


@asynccontextmanager
async def caller_and_agent(pair: Pair, name: str) -> AsyncIterator[tuple[CallerPhone, AgentPhone]]:
    password = pair.site.agents[0].password
    agent = AgentPhone(
        pair.line(f"{name}-agent"), SeatPlan("1001", MediaScript(AGENT_HZ, 30), password=password, talk_s=3)
    )
    caller = CallerPhone(pair.line(f"{name}-caller"), CallPlan(NUMBER, "13800000001", MediaScript(CALLER_HZ, 60)))
    try:
        await agent.start()
        await caller.start()
        yield caller, agent
    finally:
        await caller.stop()
        await agent.stop()


@asynccontextmanager
async def claims_and_dies(pair: Pair) -> AsyncIterator[None]:
    """An engine that claims the next call for a name nobody listens to, as one that died in between would."""
    header = {"Authorization": aiohttp.encode_basic_auth("engine", pair.ari_password)}
    root = f"http://127.0.0.1:{pair.site.http_port}/ari"
    async with (
        aiohttp.ClientSession(headers=header) as http,
        http.ws_connect(f"{root}/events?app=hotline.a") as socket,
        asyncio.TaskGroup() as tasks,
    ):

        async def claim() -> None:
            async for message in socket:
                event = message.json()
                if event["type"] == "CallBroadcast":
                    claimed = {"channelId": event["channel"]["id"], "application": "hotline.ghost"}
                    async with http.post(f"{root}/events/claim", params=claimed) as response:
                        assert response.status == 204
                    return

        tasks.create_task(claim())
        yield


def newest(folder: Path) -> Path:
    return max(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)


def both_heard(raw: Path) -> dict[str, int]:
    """Whose tone fills each side in the last second but one, when both were speaking."""
    samples = array("h", raw.read_bytes()[-2 * 8000 * 4 : -8000 * 4])
    return {side: loudest(samples[offset::2]) for side, offset in (("left", 0), ("right", 1))}


def loudest(samples: "array[int]") -> int:
    def power(hz: int) -> float:
        turn = tau * hz / 8000
        even = sum(sample * cos(turn * n) for n, sample in enumerate(samples))
        odd = sum(sample * sin(turn * n) for n, sample in enumerate(samples))
        return (even * even + odd * odd) * 2 / len(samples) / sum(sample * sample for sample in samples)

    return next(hz for hz in (CALLER_HZ, AGENT_HZ) if power(hz) > 0.9)


def contains(path: Path, text: str) -> bool:
    return path.exists() and text in path.read_text()


async def eventually_in(path: Path, text: str) -> None:
    async with asyncio.timeout(30):
        while not contains(path, text):  # the writer is another process
            await asyncio.sleep(0.1)
