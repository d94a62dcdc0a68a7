"""Asterisk, the broker, the database or the vault goes away under a running engine, and comes back."""

import asyncio
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from ivr_engine.stand.phones import AgentPhone
from ivr_engine.stand.process import Child
from ivr_engine.store.database import sqlite_file
from tests.acceptance.live import Live, eventually, press
from tests.faults.shell import ivr

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

AGENT, CALLER = 1700, 2310
GHOST_SECONDS = 10.0  # and the time to start


async def test_calls_go_on_without_a_broker_and_states_return(live: Live) -> None:
    async with on_duty(live) as agent:
        await live.stand.broker.kill()
        await live.until_health(200, "MQTT broker")
        assert await live.figure("ivr_mqtt_up") == 0
        await one_talk(live, agent)
        # An engine that never saw the broker starts all the same.
        await live.stand.stop_engine()
        await live.stand.start_engine()
        await live.until_health(200, "MQTT broker")
        await live.stand.broker.start()
        await live.until_health(200)
        assert await live.figure("ivr_mqtt_up") == 1
        states = await live.retained("ivr/engine", "ivr/link", "ivr/pools/local", "ivr/queues/local-only")
    assert states["ivr/engine"] == {"state": "online"}
    assert states["ivr/link"]["up"] is True
    assert states["ivr/pools/local"]["ready"] == 1
    assert states["ivr/queues/local-only"]["waiting"] == 0


async def test_calls_go_on_while_the_database_is_locked(live: Live) -> None:
    async with on_duty(live) as agent:
        with locked_database(live):
            caller = await talk_to_the_end(live, agent)
            await live.until_health(200, "database cannot be written")
            assert await live.figure("ivr_store_up") == 0
            assert await live.figure("ivr_store_backlog") >= 1
            assert await live.records(caller) == []
        assert (await live.record(caller)).seat == "1001"
        await live.until_health(200)
        await eventually(lambda: _is(live, "ivr_store_backlog", 0), "all records are written")
    await live.nothing_left()


async def test_records_outlive_an_engine_that_could_never_write_them(live: Live) -> None:
    """The disk of the database is away, and the engine is stopped before it is back."""
    file = sqlite_file(live.stand.settings.store.url)
    assert file is not None
    away = file.with_suffix(".away")
    await live.stand.stop_engine()
    file.rename(away)
    file.mkdir()
    try:
        await live.stand.start_engine()
        await live.until_health(200, "database cannot be written")
        async with on_duty(live) as agent:
            caller = await talk_to_the_end(live, agent)
        await live.stand.stop_engine()
    finally:
        file.rmdir()
        away.rename(file)
    await live.stand.start_engine()
    record = await live.record(caller)
    assert record.outcome.value == "answered"
    await live.sealed(record.call)


async def test_a_full_vault_keeps_plaintext_in_memory_until_there_is_space(live: Live) -> None:
    failures = "ivr_recordings_seal_failures_total"
    async with on_duty(live) as agent:
        before = await live.figure(failures)
        with small_disk(live.stand.settings.recording.vault) as make_space:
            caller = await talk_to_the_end(live, agent)
            record = await live.record(caller)
            await eventually(lambda: _more_than(live, failures, before), "a failed try is counted")
            assert await live.figure("ivr_recordings_unsealed") == 1
            assert live.spooled() == [f"{record.call}.raw"]
            make_space()
            heard = await live.heard(record.call, CALLER, AGENT)
            assert heard.caller[CALLER] > 1
            assert heard.other[AGENT] > 0.5
            await live.nothing_left()
        assert await live.figure("ivr_recordings_unsealed") == 0


async def test_a_killed_asterisk_comes_back_under_the_same_engine(live: Live) -> None:
    talker, chooser = live.number(), live.number()
    assert live.stand.engine is not None
    engine = live.stand.engine.pid
    agent = await live.agent("1001", AGENT)
    talking = await live.dial(talker, press("1"), tone=CALLER)
    choosing = await live.dial(chooser, tone=CALLER)
    await live.until(chooser, "menu main")
    await live.until(talker, "talking")
    await asyncio.sleep(2.5)  # Asterisk writes a recording once a second: let some of the talk be there

    await live.stand.site.kill()
    await live.until_health(503)
    assert await live.figure("ivr_asterisk_link_up") == 0
    assert (await live.health())[1]["blocking"] == ["the event link to Asterisk is down"]
    await live.stand.site.start()
    await live.until_health(200)
    assert await live.figure("ivr_asterisk_link_up") == 1
    assert await live.stand.ask("calls") == []

    cut = [await live.record(caller) for caller in (talker, chooser)]
    assert [record.outcome.value for record in cut] == ["answered", "abandoned in menu"]
    heard = await live.heard(cut[0].call, CALLER, AGENT)
    assert heard.caller[CALLER] > 1
    assert heard.other[AGENT] > 0.5
    await live.sealed(cut[1].call)
    for phone in (talking, choosing, agent):
        await phone.stop()

    async with on_duty(live) as agent:
        await one_talk(live, agent)
    assert live.stand.engine.pid == engine
    assert live.stand.engine.returncode is None


async def test_a_wrong_ari_password_is_told_in_one_line(live: Live) -> None:
    settings = live.stand.settings_path
    ended = await asyncio.to_thread(ivr, "serve", "-s", settings, IVR_ARI_PASSWORD="wrong")
    line = ended.only_line
    assert "refuses user 'ivr'" in line
    assert "ivr provision" in line
    assert "wrong" not in line
    await live.until_health(200)  # the engine in service has not felt it


async def test_a_second_engine_of_the_same_settings_does_not_disturb_the_first(live: Live) -> None:
    ended = await asyncio.to_thread(ivr, "serve", "-s", live.stand.settings_path)
    assert "is taken: stop the program that has it" in ended.only_line
    await live.until_health(200)
    assert await live.figure("ivr_asterisk_link_up") == 1


async def test_a_rival_of_the_same_name_ends_the_first_engine_and_loses_no_call(live: Live) -> None:
    """Two engines of one name on one Asterisk: whoever connects last has the calls, the other says why it ends."""
    stand, caller = live.stand, live.number()
    async with on_duty(live):
        phone = await live.dial(caller, press("1"), tone=CALLER)
        await live.until(caller, "talking")
        # An engine that just connected takes a rival for a ghost of its own, and knocks again.
        first, settings = stand.engine, stand.settings_path
        assert first is not None
        await asyncio.sleep(max(0.0, GHOST_SECONDS - _age(first.pid)))
        rival = settings.with_name("rival.yaml")
        port = stand._ports.one()
        text = settings.read_text("utf-8")
        rival.write_text(text.replace(f"port: {stand.settings.web.port}", f"port: {port}", 1), "utf-8")
        command: list[str | Path] = [sys.executable, "-m", "ivr_engine.cli", "serve", "--settings", rival]
        second = await Child.start("rival", command, log=stand.folder / "rival.log")
        try:
            await eventually(lambda: _one_ended(first, second), "one of the two engines has ended")
            assert (first.returncode, second.returncode) == (1, None), second.last_lines()
            assert "another engine took the name 'hotline.a'" in first.last_lines(1)
            assert phone.so_far().ended_at is None
        finally:
            await second.stop(grace=20)
        await stand.start_engine()
        assert await live.doing(caller) == "talking"
        phone.hang_up()
        await live.nothing_left()
        assert (await live.record(caller)).outcome.value == "answered"


# --- what they share --------------------------------------------------------------------------------------------


@asynccontextmanager
async def on_duty(live: Live, **plan: Any) -> AsyncIterator[AgentPhone]:
    """One agent, 1001, is on duty."""
    agent = await live.agent("1001", AGENT, **plan)
    yield agent
    await live.off_duty(agent)


async def talk_to_the_end(live: Live, agent: AgentPhone) -> str:
    """A call through the menu to the agent and to its end; answers the caller."""
    caller = live.number()
    before = agent.evidence().answers
    phone = await live.dial(caller, press("1"), tone=CALLER)
    await live.until(caller, "talking")
    await asyncio.sleep(1)  # of talk, to be found in the recording
    phone.hang_up()
    assert (await phone.finished()).exit_code == 0
    assert agent.evidence().answers == before + 1
    return caller


async def one_talk(live: Live, agent: AgentPhone) -> None:
    """The same, recorded and with nothing left behind."""
    record = await live.record(await talk_to_the_end(live, agent))
    assert (record.outcome.value, record.queue, record.seat) == ("answered", "local-only", "1001")
    await live.sealed(record.call)
    await live.nothing_left()


@contextmanager
def locked_database(live: Live) -> Iterator[None]:
    """Somebody else has the database and does not let go."""
    file = sqlite_file(live.stand.settings.store.url)
    assert file is not None
    other = sqlite3.connect(file, isolation_level=None)
    try:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")
    finally:
        other.close()


@contextmanager
def small_disk(folder: Path) -> Iterator[Any]:
    """`folder` has no space for a recording, until what is yielded is called."""
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", folder], check=False)
    if mounted.returncode != 0:
        pytest.skip("only root may mount a small disk")
    try:
        yield lambda: subprocess.run(["mount", "-o", "remount,size=100m", folder], check=True)
    finally:
        subprocess.run(["umount", folder], check=True)


async def _one_ended(*engines: Child) -> bool:
    return any(engine.returncode is not None for engine in engines)


def _age(pid: int) -> float:
    return time.time() - Path(f"/proc/{pid}").stat().st_ctime


async def _is(live: Live, name: str, value: float) -> bool:
    return await live.figure(name) == value


async def _more_than(live: Live, name: str, value: float) -> bool:
    return await live.figure(name) > value
