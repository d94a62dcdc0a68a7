"""This file decides what a run of the races consists of, from the command line. It does not know what counts."""

import argparse
import asyncio
import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import msgspec
from rich.console import Console

from bench.race.contest import Contest
from bench.race.evidence import Seen
from bench.race.journal import JournalVerdict, read_verdict
from bench.race.referee import Verdict, judge
from bench.race.report import show
from bench.sides import Side, Trial, native, ours
from ivr_engine.errors import HotlineError
from ivr_engine.stand.hotline import REPOSITORY
from ivr_engine.stand.site import find_asterisk, require_recent

HERE = Path(__file__).parent
RACE = Trial(HERE / "hotline", HERE / "native")
_RESULTS = REPOSITORY / ".build" / "bench"
_SWEEP_EVERY, _OLD = 10.0, 20.0  # seconds; app_queue's recordings are nobody's, and memory is not without end
_CALM_WITHIN = 15.0
_WIDE = 110

Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Rules:
    """How many answers must cross a CANCEL, within how many seconds, by which chances."""

    races: int
    seconds: float
    seed: int = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Race, tell, save."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.race", description="Answers that cross a CANCEL, ours and app_queue. 应答与取消同时发生。"
    )
    parser.add_argument("--races", type=int, default=10_000, help="answers that must cross a CANCEL, on each side")
    parser.add_argument("--minutes", type=float, default=30.0, help="stop by then, whatever was raced")
    parser.add_argument("--seed", type=int, default=1, help="another number is another run of chances")
    parser.add_argument("--keep", action="store_true", help="keep what it leaves, to look at")
    given = parser.parse_args(arguments)
    console, notes = Console(width=_WIDE), Console(stderr=True)
    rules = Rules(given.races, given.minutes * 60, given.seed)
    folder = _RESULTS / f"race-{os.getpid()}"

    def progress(side: str, crossed: int) -> None:
        notes.print(f"{time.strftime('%H:%M:%S')} {side}: {crossed:,} of {given.races:,}", style="dim")

    try:
        told = asyncio.run(_run(folder, rules, progress))
    except HotlineError as error:
        notes.print(f"the races failed: {error}", style="red", soft_wrap=True)
        return 1
    except (asyncio.CancelledError, KeyboardInterrupt):
        return 130
    finally:
        if not given.keep:
            shutil.rmtree(folder, ignore_errors=True)
    theirs, ourselves, journal, asterisk = told
    _RESULTS.mkdir(parents=True, exist_ok=True)
    (_RESULTS / "race.json").write_bytes(msgspec.json.format(msgspec.json.encode(told[:3]), indent=1))
    cores, busy = os.cpu_count(), os.getloadavg()[0]
    about = f"Asterisk {asterisk}, 20 agents, both sides at once on {cores} cores (load {busy:.1f}), seed {given.seed}"
    show(console, theirs, ourselves, journal, about)
    return 0 if not ourselves.faults else 1


async def _run(folder: Path, rules: Rules, progress: Progress) -> tuple[Verdict, Verdict, JournalVerdict, str]:
    """Both sides at the same time, on the same machine."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    version = await require_recent(find_asterisk())
    async with AsyncExitStack() as stack:
        sides = [await stack.enter_async_context(start(folder / start.__name__, RACE)) for start in (native, ours)]
        async with asyncio.TaskGroup() as group:
            running = [group.create_task(race(side, rules, progress)) for side in sides]
        theirs, ourselves = (judge(task.result()) for task in running)
        stand = sides[1].stand
        assert stand is not None
        assert stand.settings.journal is not None
        journal = await asyncio.to_thread(read_verdict, stand.settings.journal)
    return theirs, ourselves, journal, version


async def race(side: Side, rules: Rules, progress: Progress) -> Seen:
    """The races on one side that is up, and a look at what they left."""
    contest = Contest(side, rules.seed)
    await contest.open()
    sweeping = asyncio.create_task(_sweep(side), name=f"sweep-{side.name}") if side.stand is None else None
    try:
        if side.stand is not None:
            await side.stand.agents_seen(len(side.passwords))
        await contest.run(rules.races, rules.seconds, progress)
        await _look(side, contest.seen)
    finally:
        if sweeping is not None:
            sweeping.cancel()
            await asyncio.gather(sweeping, return_exceptions=True)
        contest.close()
    return contest.seen


async def _look(side: Side, seen: Seen) -> None:
    """Look until nothing is left, for a while; what is there then is left."""
    deadline = time.monotonic() + _CALM_WITHIN
    while True:
        seen.seats_not_ready = len(side.passwords) - await _ready(side)
        seen.channels_left = int(await _found(side, "core show channels count", r"(\d+) active channel"))
        bridges = (await side.asterisk.cli("bridge show all")).splitlines()[1:]
        seen.bridges_left = sum(bool(line.strip()) for line in bridges)
        if not (seen.seats_not_ready or seen.channels_left or seen.bridges_left) or time.monotonic() > deadline:
            return
        await asyncio.sleep(0.5)


async def _ready(side: Side) -> int:
    if side.stand is not None:
        pools = await side.stand.ask("pools")
        return next(int(row["ready"]) for row in pools if row["pool"] == "local")
    return (await side.asterisk.cli("queue show bench")).count("(Not in use)")


async def _found(side: Side, command: str, pattern: str) -> str:
    said = await side.asterisk.cli(command)
    found = re.search(pattern, said)
    assert found, said
    return found[1]


async def _sweep(side: Side) -> None:
    while True:
        await asyncio.sleep(_SWEEP_EVERY)
        await asyncio.to_thread(_remove_old, side.spool)


def _remove_old(spool: Path) -> None:
    for raw in spool.iterdir():
        if time.time() - raw.stat().st_mtime > _OLD:
            raw.unlink()


if __name__ == "__main__":
    sys.exit(main())
