"""This file decides what a run of the benchmark consists of, from the command line. It does not know any figure."""

import argparse
import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich.console import Console

from bench.load import Load
from bench.measure import Result, Say, measure, sound_seconds
from bench.report import Report, show
from bench.sides import native, ours, sounds
from ivr_engine.errors import HotlineError
from ivr_engine.stand.hotline import REPOSITORY
from ivr_engine.stand.media import require_raw_sockets
from ivr_engine.stand.site import find_asterisk, require_recent

_RESULTS = REPOSITORY / ".build" / "bench"
_MOST_CALLS, _FASTEST = 1000, 20.0  # recordings of a whole burst lie in memory: 130 kB a call


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, save, tell."""
    given = _parser().parse_args(arguments)
    console = Console(stderr=given.json)
    try:
        report = asyncio.run(_run(given, console))
    except HotlineError as error:
        Console(stderr=True).print(f"the benchmark failed: {error}", style="red", soft_wrap=True)
        return 1
    except (asyncio.CancelledError, KeyboardInterrupt):
        return 130  # all is taken down by now
    saved = _save(report)
    if given.json:
        sys.stdout.write(saved.read_text("utf-8"))
    else:
        show(console, report)
        console.print(f"saved as {saved.relative_to(REPOSITORY)}", style="dim", soft_wrap=True)
    return 0 if report.as_planned else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="What a call costs in our engine and in a native dialplan. 性能对比。"
    )
    parser.add_argument("--calls", type=_within(int, 10, _MOST_CALLS), default=100, help="calls of each kind")
    parser.add_argument("--rate", type=_within(float, 0.5, _FASTEST), default=5.0, help="new calls a second")
    parser.add_argument("--idle", type=_within(float, 2, 120), default=10.0, help="seconds of the idle span")
    parser.add_argument("--voice", action="store_true", help="callers send sound all the time, not only keys")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--keep", action="store_true", help="keep what it leaves, to look at")
    return parser


class _within:  # noqa: N801  # reads as a phrase where it is used
    def __init__(self, kind: type[int] | type[float], least: float, most: float) -> None:
        self._kind, self._least, self._most = kind, least, most

    def __call__(self, text: str) -> float:
        value = self._kind(text)
        if not self._least <= value <= self._most:
            raise argparse.ArgumentTypeError(f"{text} is not within {self._least:g} and {self._most:g}")
        return value


async def _run(given: argparse.Namespace, console: Console) -> Report:
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    require_raw_sockets()
    version = await require_recent(find_asterisk())
    load = Load(int(given.calls), given.rate, given.voice)
    busy = os.getloadavg()[0]
    folder = _RESULTS / f"run-{os.getpid()}"

    def say(text: str) -> None:
        console.print(text, style="dim", highlight=False, soft_wrap=True)

    try:
        results = await _both(folder, load, given.idle, say)
    finally:
        if not given.keep:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    return Report(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        cores=os.cpu_count() or 1,
        load_average=round(busy, 2),
        asterisk=version,
        calls=load.calls,
        rate=load.rate,
        callers_send="sound" if load.voice else "keys only",
        results=tuple(results),
    )


async def _both(folder: Path, load: Load, idle_s: float, say: Say) -> list[Result]:
    greeting_s = sound_seconds((await asyncio.to_thread(sounds))[0])
    results = []
    for start in (native, ours):
        async with start(folder / start.__name__) as side:
            say(f"{side.name}: up")
            results += await measure(side, load, idle_s, greeting_s, say)
    return results


def _save(report: Report) -> Path:
    _RESULTS.mkdir(parents=True, exist_ok=True)
    path = _RESULTS / f"{report.at.replace(':', '')}.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n")
    return path


if __name__ == "__main__":
    sys.exit(main())
