"""This file decides when each caller of the demonstration calls. It does not judge what came of it."""

import asyncio
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console

from ivr_engine.stand.demo import script
from ivr_engine.stand.demo.evidence import Evidence, Load, collect
from ivr_engine.stand.demo.proof import prove
from ivr_engine.stand.demo.report import report
from ivr_engine.stand.demo.script import Part
from ivr_engine.stand.demo.timeline import Timeline
from ivr_engine.stand.hotline import REPOSITORY, HotlineStand
from ivr_engine.stand.phone_log import CallResult

_ACME = REPOSITORY / "dialplans" / "acme"


async def run_demo(console: Console, *, keep: bool = False) -> bool:
    """Play everything, prove it, tell it. True when every call did what it should."""
    folder = REPOSITORY / ".run" / f"demo-{os.getpid()}"
    dialplan = small_remote_site(_ACME, folder / "dialplan" / "acme")
    stand = HotlineStand(folder / "stand", dialplan=dialplan, remote_talk_seconds=script.REMOTE_TALKS)
    show = Timeline(console)
    proven = False
    try:
        show.say("starting Asterisk, a remote site, a broker and the engine, on own ports")
        async with stand:
            evidence = await _play(stand, show)
        evidence = evidence.with_recordings(stand, folder / "wav")
        checks = prove(evidence)
        proven = report(console, checks, evidence, show.ringing_after)
    finally:
        if proven and not keep:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            console.print(f"everything it left is in {folder}")
    return proven


def small_remote_site(source: Path, target: Path) -> Path:
    """The shipped hotline with fewer lines to the remote site, so that in the rush somebody has to wait."""
    shutil.copytree(source, target)
    seats = target / "seats.yaml"
    shipped = seats.read_text("utf-8")
    small = shipped.replace("capacity: 10", f"capacity: {script.REMOTE_SEATS}")
    assert small != shipped, "the shipped hotline no longer says `capacity: 10`"
    seats.write_text(small, "utf-8")
    return target


async def _play(stand: HotlineStand, show: Timeline) -> Evidence:
    assert stand.settings.mqtt is not None
    async with show.listening(stand.settings.mqtt.port, stand.settings.mqtt.prefix):
        agents = {agent: await stand.agent(script.seat_plan(agent)) for agent in script.AGENTS}
        await stand.agents_seen(len(agents))
        show.say(f"{len(agents)} agents are on duty, dial {script.NUMBER}")
        results, counted, load = await _all_calls(stand, show)
        await asyncio.sleep(1.0)  # the last notices
        return collect(stand, results, {name: phone.evidence() for name, phone in agents.items()}, counted, load)


async def _all_calls(stand: HotlineStand, show: Timeline) -> tuple[dict[str, CallResult], str, Load]:
    results: dict[str, CallResult] = {}

    async def call(part: Part, after: float = 0.0) -> None:
        await asyncio.sleep(after)
        phone = await stand.caller(part.plan())
        results[part.name] = await phone.finished()

    async def calls(parts: Iterable[Part]) -> None:
        await asyncio.gather(*(call(part) for part in parts))

    async with asyncio.TaskGroup() as patient:
        silent = next(part for part in script.FIRST if not part.presses and part.hang_up_after is None)
        patient.create_task(call(silent))
        await calls(part for part in script.FIRST if part is not silent)
        await _all_ready(stand)
        show.say("rush: three callers for three local agents, two more, and one too many")
        rush = asyncio.gather(calls(script.RUSH), *(call(part, 1.0) for part in script.OVERFLOW))
        await call(script.WAITS_IN_VAIN, 2.0)
        await rush
    await _all_ready(stand)
    await stand.crisis("recall")
    await call(script.CRISIS)
    await stand.crisis(None)
    await _all_ready(stand)
    counted = await stand.figures()
    show.say("stopping the engine: Asterisk alone must bring the next caller to a person", "bold red")
    await stand.stop_engine()
    show.say(
        f"{script.FALLBACK.name:18} dials {script.NUMBER}: greeting, queue and agent are Asterisk's own now", "cyan"
    )
    await call(script.FALLBACK)
    show.say(f"{script.FALLBACK.name:18} ends", "dim")
    await stand.start_engine()
    show.say("the engine is back", "bold green")
    await stand.agents_seen(len(script.AGENTS))
    before = await stand.figures()
    await call(script.BACK)
    return results, counted, Load(before, await stand.figures())


async def _all_ready(stand: HotlineStand) -> None:
    await stand.agents_seen(len(script.AGENTS), within=30.0)
    await stand.agents_seen(script.REMOTE_SEATS, "chengdu", within=30.0)
