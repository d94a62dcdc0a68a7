"""This file decides which tables a run of the laboratory is told in. It does not know screens or pages."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ivr_engine.pages import Table
from ivr_engine.simulator.lab.figures import Results, quantile


def tables(results: Results) -> list[Table]:
    """All of them, in the order in which people ask."""
    return [_queues(results), _pools(results), _accuracy(results), _costs(results)]


def summary(results: Results) -> str:
    """The whole run in one line."""
    queues = results.queues.values()
    offered, answered = sum(one.offered for one in queues), sum(one.answered for one in queues)
    in_time = sum(one.in_time for one in queues)
    troubles = "".join(f", {many} times {kind}" for kind, many in results.troubles.items())
    return (
        f"{results.calls:,} calls, {offered:,} came to a queue, {answered / max(1, offered):.1%} answered,"
        f" {in_time / max(1, offered):.1%} within {results.scenario.file.target.within:g} s,"
        f" at most {results.most_waiting:,} waited{troubles}"
    )


def as_json(results: Results) -> dict[str, Any]:
    """Everything, for programs."""
    return {
        "scenario": results.scenario.name,
        "version": results.scenario.hotline.version,
        "calls": results.calls,
        "most_waiting": results.most_waiting,
        "handling": results.handling,
        "peak_calls_an_hour": results.peak * 3600,
        "outcomes": {outcome.value: many for outcome, many in results.outcomes.items()},
        "troubles": dict(results.troubles),
        "queues": {
            name: {
                "offered": one.offered,
                "answered": one.answered,
                "in_time": one.in_time,
                "abandoned": one.abandoned,
                "overflow": one.overflow,
                "wait": {
                    "mean": sum(one.waits) / max(1, len(one.waits)),
                    "p50": quantile(one.waits, 0.5),
                    "p90": quantile(one.waits, 0.9),
                    "max": max(one.waits, default=0.0),
                },
                "estimates": {rule: asdict(how) for rule, how in results.judged.get(name, {}).items()},
            }
            for name, one in results.queues.items()
        },
        "pools": {
            name: {"answered": one.answered, "occupancy": one.busy / one.on_duty if one.on_duty else 0.0}
            for name, one in results.pools.items()
        },
        "costs": [asdict(cost) for cost in results.costs],
        "samples": [asdict(sample) for sample in results.samples],
    }


def _queues(results: Results) -> Table:
    columns = ("queue", "offered", "answered", "in time", "gave up", "overflow", "wait", "p50", "p90", "max")
    rows = [
        (
            str(name),
            f"{one.offered:,}",
            _share(one.answered, one.offered),
            _share(one.in_time, one.offered),
            _share(one.abandoned, one.offered),
            _share(one.overflow, one.answered),
            *(f"{wait:.0f} s" for wait in (sum(one.waits) / max(1, len(one.waits)), *_tails(one.waits))),
        )
        for name, one in results.queues.items()
        if one.offered
    ]
    return Table("Callers by queue: shares of all offered; waits of those answered 各队列", columns, rows)


def _tails(waits: Sequence[float]) -> tuple[float, float, float]:
    return quantile(waits, 0.5), quantile(waits, 0.9), max(waits, default=0.0)


def _pools(results: Results) -> Table:
    plans = results.scenario.hotline.pools
    rows = [
        (str(name), f"{len(plans[name].seats):,}", f"{one.answered:,}", _share(one.busy, one.on_duty))
        for name, one in results.pools.items()
    ]
    return Table("Seats by pool 坐席", ("pool", "seats", "answered", "busy"), rows)


def _accuracy(results: Results) -> Table:
    rows = [
        (str(queue), rule, str(how.callers), f"{how.bias:+.0%}", f"{how.rmse:.0%}")
        for queue, rules in results.judged.items()
        for rule, how in rules.items()
    ]
    return Table(
        "Told waits, judged on callers who never give up; shares of their mean wait 预计等待的误差",
        ("queue", "rule", "callers", "bias", "RMSE"),
        rows,
    )


def _costs(results: Results) -> Table:
    rows = [
        (f"{one.waiting:,}", f"{one.decisions:,}", f"{1e6 / one.mean:,.0f}", f"{one.mean:.0f} µs", f"{one.p99:.0f} µs")
        for one in results.costs
    ]
    columns = ("waiting, at least", "decisions", "a second", "mean", "p99")
    return Table("What the switchboard's decisions cost here 决策开销", columns, rows)


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.1%}" if whole else "–"
