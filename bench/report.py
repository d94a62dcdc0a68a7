"""This file decides how the comparison is told: a table, and what to bear in mind with it. It judges nothing."""

from collections.abc import Iterator
from typing import Literal

import msgspec
from rich.console import Console
from rich.table import Table

from bench.load import KINDS
from bench.measure import Delay, Result
from bench.sides import NATIVE, OURS


class Report(msgspec.Struct, frozen=True):
    """All that was measured, and where."""

    at: str
    cores: int
    load_average: float  # of the minute before: not ours
    asterisk: str
    calls: int
    rate: float
    callers_send: Literal["keys only", "sound"]
    results: tuple[Result, ...]

    @property
    def as_planned(self) -> bool:
        """Whether every call of both sides went its way."""
        return all(result.as_planned for result in self.results)


def show(console: Console, report: Report) -> None:
    """Print it."""
    for kind, meaning in KINDS.items():
        results = {result.side: result for result in report.results if result.kind == kind}
        console.print(f"{kind}: {meaning}", style="bold", highlight=False, soft_wrap=True)
        table = Table(box=None, pad_edge=False)
        for heading in ("", NATIVE, OURS, "ours/native"):
            table.add_column(heading, justify="left" if not heading else "right")
        for row in _rows(results[NATIVE], results[OURS]):
            table.add_row(*row)
        console.print(table)
        console.print(f"  ARI requests: {_list(results[OURS].ari_requests)}", style="dim", soft_wrap=True)
        console.print(f"  facts: {_list(results[OURS].facts)}", style="dim", soft_wrap=True)
        console.print()
    for remark in remarks(report):
        console.print(remark, style="yellow", highlight=False, soft_wrap=True)


def remarks(report: Report) -> Iterator[str]:
    """What to bear in mind."""
    yield (
        f"{report.calls} calls at {report.rate:g}/s, Asterisk {report.asterisk}, {report.cores} cores,"
        f" callers send {report.callers_send}"
    )
    if report.load_average > report.cores / 2:
        yield (
            f"The machine was busy before we began (load average {report.load_average:.1f} on {report.cores} cores):"
            " CPU times hold within some per cent, delays do not. Measure again when it is quiet."
        )
    for result in report.results:
        if not result.as_planned:
            yield (
                f"{result.side}, {result.kind}: of {result.calls} calls {result.answered} were answered and"
                f" {result.talked} reached an agent: these figures do not compare like with like"
            )


def _rows(native: Result, ours: Result) -> Iterator[tuple[str, str, str, str]]:
    theirs, asterisk = native.cpu_ms["asterisk"], ours.cpu_ms["asterisk"]
    engine, sealing = ours.cpu_ms["engine"], ours.cpu_ms["sealing"]
    yield "Asterisk CPU, ms a call", _ms(theirs), _ms(asterisk), _ratio(asterisk, theirs)
    yield "engine CPU, ms a call", "–", _ms(engine), _ratio(engine, theirs)
    yield "Asterisk and engine", _ms(theirs), _ms(asterisk + engine), _ratio(asterisk + engine, theirs)
    yield "sealing recordings, ms a call", "–", _ms(sealing), ""
    yield "ARI requests a call", "–", f"{sum(ours.ari_requests.values()):.1f}", ""
    yield "facts to the core a call", "–", f"{sum(ours.facts.values()):.1f}", ""
    if ours.key_to_invite.count:
        delays = _delay(native.key_to_invite), _delay(ours.key_to_invite)
        yield "key up → INVITE at agent p50/p99, ms", *delays, ""
        yield "queue → phone rings p50/p99, ms", "–", _delay(ours.queued_to_ring), ""
    yield "loop lag, longest in 30 s, ms", "–", f"{ours.loop_lag_ms:.1f}", ""
    alone, beside = native.idle_cpu_ms_a_second, ours.idle_cpu_ms_a_second
    yield "idle Asterisk, ms a second", _ms(alone["asterisk"]), _ms(beside["asterisk"]), ""
    yield "idle engine, ms a second", "–", _ms(beside["engine"]), ""


def _ms(value: float) -> str:
    return f"{value:.1f}"


def _ratio(ours: float, native: float) -> str:
    return f"{ours / native:.2f}" if native > 0 else "–"


def _delay(delay: Delay) -> str:
    return f"{delay.p50} / {delay.p99}" if delay.count else "none"


def _list(counts: dict[str, float]) -> str:
    return ", ".join(f"{name} {count:g}" for name, count in sorted(counts.items(), key=lambda one: -one[1]))
