"""What the hotline promises, on real calls: each promise of the demo, proven from the evidence of both ends."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiomqtt
import pytest
import pytest_asyncio

from ivr_engine.errors import RecordingError
from ivr_engine.recording.export import export
from ivr_engine.recording.keys import init
from ivr_engine.stand.hotline import REMOTE_TONE_HZ, HotlineStand
from ivr_engine.stand.phones import AgentPhone, CallerPhone
from tests.acceptance.live import LONG, Live, eventually, press
from tests.faults.shell import Ended, ivr

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

AGENT_TONES = {"1002": 1540, "1003": 1700, "1001": 2430}  # in the order they come on duty
CALLER_TONE = 2310
KEY_AT = 6.5  # seconds after the answer: the greeting is over, and a key is waited for during 40 s


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Live]:
    async with HotlineStand(tmp_path_factory.mktemp("live") / "hotline") as stand:
        yield Live(stand)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def agents(live: Live) -> dict[str, AgentPhone]:
    """All three, on duty one after the other, so that the first has been idle longest."""
    return {user: await live.agent(user, tone) for user, tone in AGENT_TONES.items()}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def silent(live: Live) -> tuple[str, CallerPhone]:
    """Somebody who never presses a key. The menu bears with him for 40 s, so others call meanwhile."""
    caller = live.number()
    return caller, await live.dial(caller, tone=CALLER_TONE)


async def test_keys_choose_the_queue_and_the_longest_idle_agent_answers(
    live: Live, agents: dict[str, AgentPhone], silent: tuple[str, CallerPhone]
) -> None:
    """Press 1, 2, 3; a fourth caller finds all three busy and is answered by the remote site."""
    del silent  # he begins to say nothing
    async with aiomqtt.Client("127.0.0.1", live.stand.broker.port) as ear:
        await ear.subscribe("ivr/#")
        callers = {key: live.number() for key in ("1", "2", "3", "0")}
        phones: dict[str, CallerPhone] = {}
        for place, (key, caller) in enumerate(callers.items()):
            phones[key] = await live.dial(caller, press(key, KEY_AT + place), tone=CALLER_TONE)
        for caller in callers.values():
            await live.until(caller, "talking")
        assert await live.pool() == {"talking": 3}
        assert (await live.pool("chengdu"))["talking"] == 1
        assert [agent.evidence().talking_now for agent in agents.values()] == [1, 1, 1]
        await asyncio.sleep(1)  # of talk, to be found in the recordings
        for phone in phones.values():
            phone.hang_up()
        assert {(await phone.finished()).exit_code for phone in phones.values()} == {0}
        records = {key: await live.record(caller) for key, caller in callers.items()}
        told = await everything_until(ear, {f"ivr/calls/{record.call}/ended" for record in records.values()})

    queues = {"1": "urgent", "2": "general", "3": "complaint", "0": "general"}
    assert {key: record.queue for key, record in records.items()} == queues
    in_order = sorted(records.values(), key=lambda record: record.enqueued_at or 0)
    assert [record.seat for record in in_order] == [*AGENT_TONES, "chengdu#1"]
    assert records["1"].tags == ("safety",)
    assert {record.outcome.value for record in records.values()} == {"answered"}
    assert {record.steps[:2] for record in records.values()} == {("hello", "main")}
    assert {record.caller for record in records.values()} == set(callers.values())
    assert await live.figure("ivr_overflow_total", pool="chengdu") == 1

    stages = [topic.split("/")[-1] for topic, _ in told if records["1"].call in topic]
    assert stages == ["arrived", *["step"] * 2, "key", "step", "queued", "offered", "ringing", "connected", "ended"]
    assert not any(caller in json.dumps(said) for caller in callers.values() for _, said in told)

    for record, tone in zip(in_order, [*AGENT_TONES.values(), REMOTE_TONE_HZ], strict=True):
        heard = await live.heard(record.call, CALLER_TONE, tone)
        assert heard.caller[CALLER_TONE] > KEY_AT
        assert heard.other[tone] > 0.5
        assert heard.caller[tone] == heard.other[CALLER_TONE] == 0


async def test_a_recording_opens_with_its_key_alone(live: Live, tmp_path: Path) -> None:
    vault = live.stand.settings.recording.vault
    path = await live.sealed((await live.all_records())[-1].call)
    other, _ = init(tmp_path / "other")
    with pytest.raises(RecordingError, match="sealed for another key"):
        export(vault, path.stem, other, tmp_path / "x.wav")
    out = tmp_path / "x.wav"
    refused = await said(live, "recordings", "export", path.stem, "-o", out, "--identity", other)
    assert "sealed for another key" in refused.only_line
    assert not out.exists()
    assert b"RIFF" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0

    identity = live.stand.folder / "keys" / "recording-identity.txt"
    opened = await said(live, "recordings", "export", path.stem, "-o", out, "--identity", identity)
    assert opened.status == 0
    assert out.read_bytes().startswith(b"RIFF")
    assert path.stem in (await said(live, "recordings", "list")).out


async def test_who_presses_nothing_is_brought_to_a_person(live: Live, silent: tuple[str, CallerPhone]) -> None:
    caller, phone = silent
    await live.until(caller, "talking")
    phone.hang_up()
    assert (await phone.finished()).exit_code == 0
    record = await live.record(caller)
    assert (record.outcome.value, record.queue, record.steps[1:]) == ("answered", "general", ("main", "otherwise"))


async def test_a_wrong_key_is_forgiven_and_callers_in_menus_follow_a_crisis_and_come_back(
    live: Live, agents: dict[str, AgentPhone]
) -> None:
    del agents
    mistaken, here, late, after = (live.number() for _ in range(4))
    phones = {mistaken: await live.dial(mistaken, [(8.0, "9"), *press("3", 11.0)]), here: await live.dial(here)}
    unknown = (await said(live, "crisis", "on", "nonsense")).only_line
    assert "crisis profile 'nonsense' is not in the dialplan: known is recall" in unknown.replace('"', "'")
    await live.until(mistaken, "talking")
    await live.until(here, "menu main")
    assert (await said(live, "crisis", "on", "recall", "--by", "test", "--reason", "rehearsal")).status == 0
    assert await live.figure("ivr_crisis_active", profile="recall") == 1
    phones[late] = await live.dial(late, press("1", KEY_AT))
    await live.until(here, "menu recall-menu")  # once the word he was in is over
    await live.until(late, "talking")
    assert "recall" in (await said(live, "crisis", "status")).out
    assert "no crisis profile is on" in (await said(live, "crisis", "off", "--by", "test")).out
    phones[after] = await live.dial(after, press("2", KEY_AT))
    await live.until(here, "menu main")
    await live.until(after, "talking")
    for phone in phones.values():
        phone.hang_up()
    assert {(await phone.finished()).exit_code for phone in phones.values()} == {0}

    wrong = await live.record(mistaken)
    assert (wrong.queue, wrong.flow) == ("complaint", "normal")
    recall = await live.record(late)
    assert (recall.flow, recall.steps[:2]) == ("recall", ("hello", "recall-menu"))
    assert (recall.queue, recall.tags) == ("urgent", ("recall",))
    followed = await live.record(here)
    assert followed.steps == ("hello", "main", "hello", "recall-menu", "hello", "main")
    assert (followed.flow, followed.outcome.value) == ("normal", "abandoned in menu")
    assert (await live.record(after)).flow == "normal"
    assert await live.figure("ivr_keys_total", step="main", understood="no") == 1


async def test_figures_agree_with_the_records_and_mqtt(live: Live) -> None:
    """After all of the above: nothing is left, and every account of it says the same."""
    await live.nothing_left()
    records = await live.all_records()
    for outcome in ("answered", "abandoned in menu"):
        counted = await live.figure("ivr_calls_ended_total", outcome=outcome.replace(" ", "_"))
        assert counted == sum(record.outcome.value == outcome for record in records)
    assert await live.figure("ivr_calls_arrived_total") == len(records)
    assert await live.figure("ivr_wait_seconds_count") == sum(record.connected_at is not None for record in records)
    assert await live.figure("ivr_recordings_sealed_total") == len(records)
    assert await live.figure("ivr_recordings_unsealed") == 0
    assert await live.figure("ivr_trouble_total") == 0
    states = await live.retained(
        "ivr/pools/local", "ivr/pools/chengdu", "ivr/queues/urgent", "ivr/crisis", "ivr/engine"
    )
    assert {name: states["ivr/pools/local"][name] for name in ("ready", "talking")} == {"ready": 3, "talking": 0}
    assert states["ivr/pools/chengdu"]["ready"] == 10
    assert states["ivr/queues/urgent"]["waiting"] == 0
    assert states["ivr/crisis"]["state"].get("active", []) == []
    assert states["ivr/engine"] == {"state": "online"}
    for table in ("calls", "queues"):
        assert (await said(live, table)).status == 0


async def said(live: Live, *arguments: str | Path) -> Ended:
    """What `ivr` says, with the settings of the stand."""
    return await asyncio.to_thread(ivr, *arguments, "--settings", live.stand.settings_path)


async def everything_until(ear: aiomqtt.Client, last: set[str]) -> list[tuple[str, Any]]:
    """All that was told, until each of the last topics was."""
    told: list[tuple[str, Any]] = []
    async with asyncio.timeout(LONG):
        async for message in ear.messages:
            assert isinstance(message.payload, bytes)
            told.append((str(message.topic), json.loads(message.payload)))
            if last <= {topic for topic, _ in told}:
                break
    return told


async def test_the_day_is_told_in_figures(live: Live, agents: dict[str, AgentPhone]) -> None:
    """What came, was answered and by whom: over HTTP and in the shell, of what the database holds."""
    records = [record for record in await live.all_records() if record.queue]
    answered = [record for record in records if record.connected_at is not None]
    asked = await live.stand.ask("figures?since=1h&by=queue")
    total = asked["total"]
    assert (total["offered"], total["answered"]) == (len(records), len(answered))
    assert {one["group"] for one in asked["groups"]} >= {"urgent", "general", "complaint"}
    assert sum(one["offered"] for one in asked["groups"]) == total["offered"]
    assert total["wait"]["p50"] <= total["wait"]["p95"]
    assert total["overflow_share"] > 0  # the fourth caller
    by_agent = await eventually(lambda: figures_of(live, agents), "each agent's rest is over, and kept")
    mine = {one["group"]: one for one in by_agent["groups"]}
    for agent in agents:
        assert mine[agent]["answered"] >= 1
        assert 0 < mine[agent]["occupancy"] < 1
    assert not any(record.caller in json.dumps([asked, by_agent]) for record in records)
    assert (await live.stand.ask("figures?since=soon"))["error"]["cause"] == "'soon' is no time"


async def figures_of(live: Live, agents: dict[str, AgentPhone]) -> Any:
    """What `ivr figures` says of agents, once all of them have rested after a call; None until then."""
    told = json.loads((await said(live, "figures", "--since", "1h", "--by", "agent", "--format", "json")).out)
    rested = {one["group"] for one in told["groups"] if (one["rest_seconds"] or 0) > 1}  # `after call` of acme
    return told if rested >= agents.keys() else None
