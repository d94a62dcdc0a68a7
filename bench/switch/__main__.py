"""This file decides what a run consists of: how many calls, how often it is switched. It does not know what is right.

    python -m bench.switch --calls 200 --times 50

Half of the callers stand in the menu, half wait in the queue with music, all on real SIP calls; others keep coming.
"""

import argparse
import asyncio
import os
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.figures import quantile
from bench.switch.watch import Seen
from ivr_engine.errors import HotlineError
from ivr_engine.stand.hotline import REPOSITORY, HotlineStand
from ivr_engine.stand.media import MediaScript
from ivr_engine.stand.phones import CallerBurst, CallPlan

_FOLDER = REPOSITORY / ".build" / "bench"
_HOTLINE = Path(__file__).parent / "hotline"
_STAYS = 3600.0
_PROBES = 5.0  # new calls a second while it is switched
_SETTLES = 2.0  # seconds between two switches


@dataclass
class Times:
    """Seconds of each switch, counted from the moment in which the order was sent."""

    answered: list[float] = field(default_factory=list)  # until whoever ordered it has the answer; new calls follow
    first: list[float] = field(default_factory=list)  # until the first new caller is known to be in the new menu
    all_told: list[float] = field(default_factory=list)  # until the last who waits is being told
    untold: list[int] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)
    late: int = 0  # callers who came after the answer and began in the menu of before


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.switch", description="How long a crisis switch takes.")
    parser.add_argument("--calls", type=int, default=200, help="live calls, half in the menu and half waiting")
    parser.add_argument("--times", type=int, default=50, help="switches, on and off in turn")
    parser.add_argument("--keep", action="store_true", help="keep what it leaves, to look at")
    given = parser.parse_args(arguments)
    folder = _FOLDER / f"switch-{os.getpid()}"
    try:
        told = asyncio.run(_run(folder, given.calls, given.times))
    except HotlineError as error:
        sys.stderr.write(f"the benchmark failed: {error}\n")
        return 1
    finally:
        if not given.keep:
            shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write("\n".join(told) + "\n")
    return 0


async def _run(folder: Path, calls: int, switches: int) -> list[str]:
    async with HotlineStand(folder, dialplan=_HOTLINE, remote_talk_seconds=3600) as stand:
        mqtt = stand.settings.mqtt
        assert mqtt is not None
        crowds = [await _crowd(stand, "1381", calls // 2, None), await _crowd(stand, "1382", calls - calls // 2, "1")]
        await _until(stand, calls)
        async with Seen.of(mqtt.port, mqtt.prefix) as seen:
            probes = await _probes(stand, switches * (_SETTLES + 2.0) + 10.0)
            await asyncio.sleep(_SETTLES)
            times = await _switch(stand, seen, switches)
            await probes.stop()
        figures = await stand.figures()
        for crowd in crowds:
            await crowd.stop()
    return list(_told(times, calls, figures))


async def _switch(stand: HotlineStand, seen: Seen, switches: int) -> Times:
    times = Times()
    for number in range(switches):
        order = {"profile": "recall", "by": "bench", "reason": "a measurement", "on": number % 2 == 0}
        waiting = sum(row["waiting"] for row in await stand.ask("queues"))
        begun = time.perf_counter()
        await stand.ask("crisis", order)
        times.answered.append(time.perf_counter() - begun)
        await asyncio.sleep(_SETTLES)
        flow = "recall" if order["on"] else "normal"
        arrived = seen.since("arrived", begun)
        times.first += [at for at, where in arrived if where == flow][:1]
        times.late += sum(where != flow for at, where in arrived if at > times.answered[-1] + 0.1)
        told = seen.since("announced", begun)
        times.all_told += [told[-1][0]] if told else []
        times.untold.append(max(0, waiting - len(told)))
        times.moved.append(len(seen.since("moved", begun)))
    return times


async def _crowd(stand: HotlineStand, prefix: str, many: int, key: str | None) -> CallerBurst:
    presses = ((0.0, "9"), (1.5, key)) if key else ()
    plan = CallPlan("4000000400", prefix, MediaScript(None, _STAYS, presses, events_only=True), longest_s=_STAYS)
    burst = CallerBurst(stand.line(f"crowd-{prefix}"), plan, rate_per_s=10.0, total=many)
    await burst.start()
    return burst


async def _probes(stand: HotlineStand, seconds: float) -> CallerBurst:
    plan = CallPlan("4000000400", "1390", MediaScript(None, 0.02), hang_up_after=0.5)
    total = int(seconds * _PROBES)
    burst = CallerBurst(stand.line("probes"), plan, rate_per_s=_PROBES, total=total, most_at_once=20)
    await burst.start()
    return burst


async def _until(stand: HotlineStand, calls: int) -> None:
    for _ in range(600):
        live = await stand.ask("calls")
        doing = [call["doing"] for call in live]
        if len(live) >= calls and doing.count("waiting") >= calls // 2 - 1:
            return
        await asyncio.sleep(0.2)
    raise HotlineError(f"only {len(live)} of {calls} calls are there after two minutes")


def _told(times: Times, calls: int, figures: str) -> list[str]:
    lag = next((line for line in figures.splitlines() if line.startswith("ivr_loop_lag_seconds ")), "")
    return [
        f"{len(times.answered)} switches, {calls} live calls; at most {max(times.untold)} waiting and not told",
        _line("order answered, and new calls follow", times.answered),
        _line("first new caller in the new menu", times.first),
        _line("last waiting caller is being told", times.all_told),
        f"callers in menus who moved, a switch: {min(times.moved)} to {max(times.moved)}",
        f"new callers in the old menu after the answer: {times.late}",
        lag,
    ]


def _line(what: str, values: Sequence[float]) -> str:
    p50, p99 = (quantile(values, share) for share in (0.5, 0.99))
    if p50 is None or p99 is None:
        return f"{what}: none"
    return f"{what}: p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, longest {max(values) * 1000:.0f} ms"


if __name__ == "__main__":
    sys.exit(main())
