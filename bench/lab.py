"""This file decides how the switchboard's own cost and the told waits are measured, without a telephone.

It knows only the laboratory. `python -m bench.lab cost` holds 100, 1,000 and 10,000 callers waiting before 2,000 seats;
`python -m bench.lab waits` plays one queue at loads from 1.05 to 5 and judges what callers would be told.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from ivr_engine.dialplan.diagnostics import Findings, render
from ivr_engine.simulator.lab import Laboratory, Results, Scenario, read_scenario

HOTLINE = Path(__file__).resolve().parents[1] / "dialplans" / "acme"
SEATS, TALK, PATIENCE = 2000, 171.0, 120.0
HANDLING = TALK + 4 + 5  # and the ring, and the rest
FILLING = 16 * 3600  # more calls an hour at first, until every seat is taken
LOADS = (1.05, 1.2, 1.4, 2.0, 3.0, 5.0)

_COST = """\
hotline: {hotline}
begin: 2027-03-03 09:00
lasts: {lasts}s
seats: {{local: {local}, chengdu: {far}}}
arrivals: {{"00:00": {calls}}}
surge: {{at: "09:00", factor: {factor}, for: 3m}}
presses: {{main: {{1: 5, 2: 60, 3: 15}}}}
patience: {{mean: {patience}s, shape: exponential}}
talk: {{mean: {talk}s, spread: 80}}
witnesses: 0
"""
_WAITS = """\
hotline: {hotline}
begin: 2027-03-03 09:00
lasts: 3h
seats: {{local: {local}, chengdu: {far}}}
arrivals: {{"00:00": {calls}}}
presses: {{main: {{2: 100}}}}
patience: {{mean: {patience}s, shape: exponential}}
talk: {{mean: {talk}s, shape: exponential}}
witnesses: 10
"""


def main(arguments: Sequence[str]) -> int:
    """Measure what is asked for; print a row for each case."""
    rows = {"cost": _cost, "waits": _waits}.get(arguments[0] if arguments else "")
    if rows is None:
        sys.stderr.write("usage: python -m bench.lab cost|waits\n")
        return 2
    for row in rows():
        sys.stdout.write(f"{row}\n")
        sys.stdout.flush()
    return 0


def _cost() -> Iterator[str]:
    """So many wait when so many more come than 2,000 seats can take: each gives up at a rate of 1 / patience."""
    yield f"{'waiting':>14} {'decisions':>10} {'a second':>9} {'mean µs':>8} {'p99 µs':>7}"
    for waiting in (100, 1000, 10_000):
        calls = (SEATS / HANDLING + 1.3 * waiting / PATIENCE) * 3600
        results = _play(_COST, 400, calls, SEATS, round(1 + FILLING / calls))
        for cost in results.costs:
            if cost.waiting == waiting:
                rate = 1e6 / cost.mean
                yield f"{waiting:>14,} {cost.decisions:>10,} {rate:>9,.0f} {cost.mean:>8.0f} {cost.p99:>7.0f}"


def _waits() -> Iterator[str]:
    yield f"{'load':>5} {'seats':>5} {'rule':<28} {'callers':>7} {'bias':>6} {'RMSE':>6}"
    for load in LOADS:
        for seats in (20, 100):
            results = _play(_WAITS, 0, load * seats / HANDLING * 3600, seats)
            for rules in results.judged.values():
                for rule, how in rules.items():
                    yield f"{load:>5} {seats:>5} {rule:<28} {how.callers:>7} {how.bias:>+6.0%} {how.rmse:>6.0%}"


def _play(text: str, lasts: int, calls: float, seats: int, factor: int = 1) -> Results:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bench.yaml"
        filled = {"hotline": HOTLINE, "lasts": lasts, "local": seats - seats // 4, "far": seats // 4, "factor": factor}
        path.write_text(text.format(**filled, calls=round(calls), patience=PATIENCE, talk=TALK), "utf-8")
        return Laboratory(_read(path)).run()


def _read(path: Path) -> Scenario:
    scenario = read_scenario(path, findings := Findings())
    if scenario is None:
        raise SystemExit(render(findings.found))
    return scenario


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
