"""This file decides how a race is run on a side that is up, and how it is seen what it left. It does not judge."""

import asyncio
import csv
import re
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.race.contest import FORGOTTEN, Contest
from bench.race.evidence import Seen
from bench.race.journal import JournalVerdict, read_verdict
from bench.race.referee import Verdict, judge
from bench.sides import Side, Trial, native, ours

_HERE = Path(__file__).parent
RACE = Trial(_HERE / "hotline", _HERE / "native")
_SWEEP_EVERY, _OLD = 10.0, 20.0  # seconds; app_queue's recordings are nobody's, and memory is not without end
_CALM_WITHIN = 15.0

Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Rules:
    """How many answers must cross a CANCEL, within how many seconds, by which chances."""

    races: int
    seconds: float
    seed: int = 1
    forgotten: float = FORGOTTEN  # seconds in which a phone is to be rid of a call that is over, or to be heard


async def both(folder: Path, rules: Rules, progress: Progress) -> tuple[Verdict, Verdict, JournalVerdict]:
    """Both sides at the same time, on the same machine."""
    async with AsyncExitStack() as stack:
        sides = [await stack.enter_async_context(start(folder / start.__name__, RACE)) for start in (native, ours)]
        async with asyncio.TaskGroup() as group:
            running = [group.create_task(race(side, rules, progress)) for side in sides]
        theirs, ourselves = (judge(task.result()) for task in running)
        journal = await journal_of(sides[1])
    return theirs, ourselves, journal


async def journal_of(side: Side) -> JournalVerdict:
    """What the engine's journal proves of a race on our side."""
    assert side.stand is not None
    assert side.stand.settings.journal is not None
    return await asyncio.to_thread(read_verdict, side.stand.settings.journal)


async def race(side: Side, rules: Rules, progress: Progress) -> Seen:
    """The races on one side that is up, and a look at what they left."""
    contest = Contest(side, rules.seed, rules.forgotten)
    await contest.open()
    sweeping = asyncio.create_task(_sweep(side), name=f"sweep-{side.name}") if side.stand is None else None
    try:
        if side.stand is not None:
            await side.stand.agents_seen(len(side.passwords))
        await contest.run(rules.races, rules.seconds, progress)
        await _look(side, contest.seen)
        if side.stand is not None:
            contest.seen.unclaimed = await asyncio.to_thread(_in_fallback, side.asterisk.cdr_csv)
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


def _in_fallback(records: Path) -> frozenset[str]:
    """Callers whom Asterisk alone served, by its own records: the second field is who called."""
    if not records.exists():
        return frozenset()
    with records.open(newline="") as lines:
        return frozenset(row[1] for row in csv.reader(lines) if "fallback" in row)


async def _sweep(side: Side) -> None:
    while True:
        await asyncio.sleep(_SWEEP_EVERY)
        await asyncio.to_thread(_remove_old, side.spool)


def _remove_old(spool: Path) -> None:
    for raw in spool.iterdir():
        if time.time() - raw.stat().st_mtime > _OLD:
            raw.unlink()
