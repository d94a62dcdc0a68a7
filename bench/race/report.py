"""This file decides how the races of both sides are told beside each other. It judges nothing."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from bench.race.contest import DISTANCE
from bench.race.journal import JournalVerdict
from bench.race.referee import Verdict

_MOST_ODDITIES = 20
_FAULTS = {
    "seat rung for a second caller at once": "seats_rung_twice",
    "caller offered to two seats at once": "callers_offered_twice",
    "caller who heard two agents": "callers_with_two",
    "caller cut off or refused unserved": "cut_off",
    "caller who stayed, never served": "never_served",
    "phone left in a call where nobody hears it": "forgotten",
    "seats not ready at the end": "seats_not_ready",
    "channels left in Asterisk": "channels_left",
    "bridges left in Asterisk": "bridges_left",
    "messages that fit nothing": "strays",
}


def show(console: Console, native: Verdict, ours: Verdict, journal: JournalVerdict, about: str) -> None:
    """Print the table."""
    table = Table(box=None, pad_edge=False, title=None)
    for heading in ("", "app_queue", "ours", "ours/app_queue"):
        table.add_column(heading, justify="left" if not heading else "right")
    for row in (*_happened(native, ours), *_faults(native, ours), *_beside(native, ours)):
        table.add_row(*row)
    console.print(about, highlight=False, soft_wrap=True)
    console.print(
        f"phones are {DISTANCE * 1000:.0f} ms from the switchboard, so that messages can cross; only an answer sent"
        " before its phone heard the CANCEL, and arriving after that was sent, counts as a race",
        highlight=False,
        soft_wrap=True,
    )
    console.print()
    console.print(table)
    console.print()
    console.print(
        f"the engine's journal: {journal.calls:,} calls, {journal.calls_not_ended} of them not ended;"
        f" {journal.lines:,} lines to seats, {journal.lines_not_ended_once} of them not ended exactly once;"
        f" {journal.answered_after_its_caller_left} answers came within the engine after their caller had left,"
        f" {journal.answered_after_its_end} after their line's end",
        highlight=False,
        soft_wrap=True,
    )
    for one in (*native.oddities, *ours.oddities)[:_MOST_ODDITIES]:
        console.print(one, highlight=False, soft_wrap=True)


def _happened(native: Verdict, ours: Verdict) -> Iterator[tuple[str, str, str, str]]:
    yield _row("answers that crossed a CANCEL", native.races, ours.races)
    yield _row("  as the time to answer was over", native.raced_the_limit, ours.raced_the_limit)
    yield _row("  as the caller hung up", native.raced_the_caller, ours.raced_the_caller)
    yield _row("seconds", native.seconds, ours.seconds)
    yield _row("calls", native.calls, ours.calls)
    yield _row("rings at agents' phones", native.rings, ours.rings)
    yield _row("  cancelled before any answer", native.too_late, ours.too_late)
    yield _row("  answered, and heard by the caller", native.talks, ours.talks)
    yield _row("  answered as all was over: BYE", native.too_early, ours.too_early)
    yield "", "", "", ""


def _faults(native: Verdict, ours: Verdict) -> Iterator[tuple[str, str, str, str]]:
    for what, name in _FAULTS.items():
        yield _row(what, getattr(native, name), getattr(ours, name))
    yield _row("faults in all", native.faults, ours.faults)
    yield "", "", "", ""


def _beside(native: Verdict, ours: Verdict) -> Iterator[tuple[str, str, str, str]]:
    yield _row("calls the engine did not claim in time", None, ours.unclaimed)
    yield _row("seats rung twice as the fallback rang them", None, ours.rung_twice_by_fallback)
    yield _row("rung before the BYE of a crossed answer", native.rung_before_bye, ours.rung_before_bye)
    for place, share in enumerate(("p50", "p99")):
        yield _row(f"CANCEL to BYE at the phone {share}, ms", native.cleared_ms[place], ours.cleared_ms[place])
    for place, share in enumerate(("p50", "p99", "longest")):
        yield _row(f"offered again after {share}, s", native.again_s[place], ours.again_s[place])
    yield _row("phones held up by the machine, longest, ms", native.longest_stall_ms, ours.longest_stall_ms)


def _row(what: str, native: float | None, ours: float | None) -> tuple[str, str, str, str]:
    ratio = f"{ours / native:.2f}" if native and ours is not None else "–"
    return what, _number(native), _number(ours), ratio


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,}"
