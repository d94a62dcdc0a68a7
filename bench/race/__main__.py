"""This file decides what a run of the races consists of, from the command line. It does not know what counts."""

import argparse
import asyncio
import os
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.console import Console

from bench.race.journal import JournalVerdict
from bench.race.referee import Verdict
from bench.race.report import show
from bench.race.run import Progress, Rules, both
from ivr_engine.errors import HotlineError
from ivr_engine.stand.hotline import REPOSITORY
from ivr_engine.stand.site import find_asterisk, require_recent

_RESULTS = REPOSITORY / ".build" / "bench"
_WIDE = 110


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
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    version = await require_recent(find_asterisk())
    return *await both(folder, rules, progress), version


if __name__ == "__main__":
    sys.exit(main())
