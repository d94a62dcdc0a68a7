"""A day with a recall in minutes, on real calls: noticed, proposed, confirmed, carried through, and over.

Twenty agents here and forty lines to another site; five times the calls of yesterday. What is claimed is read from the
phones of callers and agents, the other site's own records, and the sealed recordings.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from ivr_engine.model.causes import Outcome
from ivr_engine.model.ids import CallId
from ivr_engine.model.notices import CallRecord
from ivr_engine.recording.vault import Vault
from ivr_engine.stand.hotline import HotlineStand
from ivr_engine.stand.media import MediaScript
from ivr_engine.stand.phones import AgentPhone, BurstResult, CallerBurst, CallPlan
from ivr_engine.store.writer import StoreWriter
from tests.acceptance.live import Live, eventually

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

DAY = Path(__file__).parent / "day"
AGENTS = [str(3001 + number) for number in range(20)]
TALK = 8  # seconds
USUAL, SURGE = 0.6, 3.0  # calls a second
URGENT_SHARE = 0.6  # of the surge
USUAL_SECONDS, SURGE_SECONDS = 115.0, 50.0
SURGE_BEGINS = 15.0
LONG = 120.0
ANSWERED_SHARE = 0.95


@dataclass
class Day:
    """What was seen of it."""

    live: Live
    agents: list[AgentPhone]
    bursts: dict[str, BurstResult]
    records: list[CallRecord]
    heard_on: float  # when the crisis was confirmed, in seconds since 1970
    over: float


def again_and_again(key: str) -> tuple[tuple[float, str], ...]:
    """A script's first key goes out at once, whatever its time, and means nothing; the recall's menu begins later."""
    return (0.0, "9"), (2.5, key), (6.0, key), (9.0, key)


def burst(live: Live, prefix: str, key: str, *, rate: float, seconds: float) -> CallerBurst:
    plan = CallPlan(
        "4000000400", prefix, MediaScript(None, 90.0, again_and_again(key), events_only=True), longest_s=90.0
    )
    return CallerBurst(live.stand.line(f"burst-{prefix}"), plan, rate_per_s=rate, total=round(rate * seconds))


def remember_yesterday(url: str, folder: Path) -> None:
    """Calls of the last days at this time, as many as are usual."""
    writer, now = StoreWriter(url, folder / "unwritten.jsonl"), time.time()
    writer.start()
    for day in (1, 2, 7):
        for number in range(int(1800 * USUAL)):
            at = now - day * 86400 - 900 + number / USUAL
            call = CallId(f"hotline-{day}.{number}")
            writer.put(CallRecord(call, "4000000400", "138", "normal", Outcome.COMPLETED_IN_MENU, at, at + 20))
    writer.stop()


async def state(live: Live) -> dict[str, Any]:
    told: dict[str, Any] = await live.stand.ask("crisis")
    return told


async def proposal(live: Live) -> dict[str, Any]:
    async def look() -> list[dict[str, Any]]:
        return list((await state(live))["proposals"])

    return (await eventually(look, "something is proposed", LONG))[0]


async def confirm(live: Live, proposed: dict[str, Any]) -> None:
    said = {"answer": "yes", "by": "李娜", "reason": "checked"}
    assert "error" not in await live.stand.ask(f"crisis/proposals/{proposed['id']}", said)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def day(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Day]:
    folder = tmp_path_factory.mktemp("day") / "hotline"
    async with HotlineStand(folder, dialplan=DAY, remote_talk_seconds=TALK) as stand:
        live = Live(stand)
        await stand.stop_engine()
        await asyncio.to_thread(remember_yesterday, stand.settings.store.url, folder)
        await stand.start_engine()
        yield await _play(live)


async def _play(live: Live) -> Day:
    agents = await asyncio.gather(*(live.agent(user, 1540, ring_s=0.2, talk_s=float(TALK)) for user in AGENTS))
    bursts = {
        "usual": burst(live, "1390", "2", rate=USUAL, seconds=USUAL_SECONDS),
        "urgent": burst(live, "1381", "1", rate=SURGE * URGENT_SHARE, seconds=SURGE_SECONDS),
        "general": burst(live, "1382", "2", rate=SURGE * (1 - URGENT_SHARE), seconds=SURGE_SECONDS),
    }
    await bursts["usual"].start()
    await asyncio.sleep(SURGE_BEGINS)
    assert (await state(live))["proposals"] == []  # an ordinary day is no crisis
    await bursts["urgent"].start()
    await bursts["general"].start()

    proposed = await proposal(live)
    assert (proposed["switch"]["profile"], proposed["switch"]["level"]) == ("recall", "major")
    assert "surge" in proposed["by"]
    assert (await state(live))["active"] == []  # nobody has said yes
    await confirm(live, proposed)
    on = time.time()
    (active,) = (await state(live))["active"]
    assert (active["profile"], active["level"]) == ("recall", "major")
    assert [clock["clock"] for clock in (await state(live))["clocks"]] == ["核实"]
    await _tell_everybody(live)
    assert "error" not in await live.stand.ask("crisis/clocks", {"profile": "recall", "clock": "核实", "by": "李娜"})
    situation = await live.stand.ask("situation")
    assert "recall" in str(situation)

    results = {name: await bursts[name].finished() for name in ("urgent", "general")}
    over = await proposal(live)  # the trigger is over, and proposes to go back
    assert not over["switch"]["on"]
    await confirm(live, over)
    end = time.time()
    assert (await state(live))["active"] == []
    results["usual"] = await bursts["usual"].finished()
    await live.nothing_left()
    records = [record for record in await live.all_records() if record.arrived_at > on - 3600]
    return Day(live, list(agents), results, records, on, end)


async def _tell_everybody(live: Live) -> None:
    refused = await live.stand.ask("status", {"by": "张伟", "text": "全额退款，请稍候。"})
    assert "全额退款" in str(refused["error"])
    assert "error" not in await live.stand.ask("status", {"by": "张伟", "text": "故障已修复80%，预计18点恢复"})

    async def is_told() -> bool:
        return bool((await state(live))["statuses"])

    await eventually(is_told, "the text is what callers hear")


def served(records: list[CallRecord], queue: str) -> tuple[int, int]:
    """How many came to a queue, and how many of them somebody answered."""
    offered = [record for record in records if record.queue == queue]
    return len(offered), sum(record.outcome is Outcome.ANSWERED for record in offered)


async def test_nobody_was_lost(day: Day) -> None:
    results = day.bursts.values()
    assert [(one.failed, one.refused, one.exit_code) for one in results] == [(0, 0, 0)] * 3
    assert len(day.records) == sum(one.placed for one in results)
    assert {record.outcome for record in day.records} == {Outcome.ANSWERED}


async def test_urgent_callers_were_answered_by_people_at_both_sites(day: Day) -> None:
    offered, answered = served(day.records, "urgent")
    assert offered > SURGE * URGENT_SHARE * SURGE_SECONDS * 0.9
    assert answered >= ANSWERED_SHARE * offered
    by_pool = {pool: sum(record.pool == pool for record in day.records) for pool in ("local", "wuhan")}
    assert by_pool["wuhan"] > 0
    # The far ends' own word: every talk the engine claims was one of a phone's.
    assert sum(agent.evidence().answers for agent in day.agents) == by_pool["local"]
    cdr = (await asyncio.to_thread(day.live.stand.remote.cdr_csv.read_text)).splitlines()
    assert sum("ANSWERED" in line for line in cdr) == by_pool["wuhan"]


async def test_callers_followed_the_crisis_from_the_moment_it_was_confirmed_until_it_was_over(day: Day) -> None:
    during = [record for record in day.records if day.heard_on + 1 < record.arrived_at < day.over - 1]
    assert {record.flow for record in during} <= {"recall", "normal"}  # who was in its menu as it ended moved
    late = [record for record in during if record.ended_at < day.over - 1]
    assert {record.flow for record in late} == {"recall"}
    assert all("召回" in record.tags for record in late)
    after = [record for record in day.records if record.arrived_at > day.over + 1]
    assert {record.flow for record in after} == {"normal"}


async def test_every_call_is_recorded(day: Day) -> None:
    vault = Vault(day.live.stand.settings.recording.vault)

    async def missing() -> bool:
        return not [record.call for record in day.records if vault.find(record.call) is None]

    await eventually(missing, "every recording is sealed", LONG)
