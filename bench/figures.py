"""This file decides what is made of raw figures: shares by rank, and counts a call. It knows no call and no process."""

from collections.abc import Mapping, Sequence

from ivr_engine.stand.demo.evidence import counters


def quantile(values: Sequence[float], share: float) -> float | None:
    """The value below which that share of all lies; None of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


def rise(before: str, after: str, name: str) -> dict[str, float]:
    """How much a counter rose between two looks at /metrics, by its first label."""
    first, last = counters(before, name), counters(after, name)
    return {label: count - first.get(label, 0.0) for label, count in last.items()}


def without_background(load: Mapping[str, float], idle: Mapping[str, float], times: float) -> dict[str, float]:
    """What calls caused: what happened under load less what happens anyway, in `times` the length of the idle span.

    What is looked at every few seconds never comes out at exactly nothing: less than half of one is taken for it.
    """
    left = {label: count - idle.get(label, 0.0) * times for label, count in load.items()}
    return {label: count for label, count in left.items() if count > max(0.5, 2 * idle.get(label, 0.0) ** 0.5)}


def gauge(metrics: str, name: str) -> float:
    """A gauge without labels."""
    return sum(counters(metrics, name).values())
