"""This file decides how long a caller will probably wait. It does not know who he is, or the clock.

With n callers ahead of him, seats that end s calls a second in all, and callers who give up at rate θ, a caller waits
through n + 1 departures; with j callers still ahead of him the next one comes at rate s + jθ. So the mean is
Σⱼ₌₀..ₙ 1/(s + jθ), the variance Σⱼ₌₀..ₙ 1/(s + jθ)².

Source: R. Ibrahim and W. Whitt, "Real-time delay estimation in overloaded multiserver queues with abandonments",
Management Science 55 (2009), the predictor QL_m. s and θ are measured on the last calls (`Pace`).

Seats that several queues share: whoever waits in another queue of the same or a higher priority is ahead as well, so
far as that queue's calls fall to our seats; and what a higher priority keeps sending in is taken off s. Callers whose
own priority is higher than their queue's are not foreseen.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import log, sqrt

from ivr_engine.core.pool import Pool
from ivr_engine.core.queue import Queue
from ivr_engine.model.ids import PoolName

SUMMED = 20  # departures that are summed; of those before them the integral is as good
LEAST_LEFT = 0.05  # of the seats' work must be left to this queue by those of higher priority, or nothing can be said


@dataclass(frozen=True, slots=True)
class Estimate:
    """A wait in seconds: its mean, and how far off that will typically be."""

    mean: float
    spread: float


def estimate(served: float, leaving: float, ahead: int) -> Estimate:
    """The wait with `ahead` callers in front, `served` calls taken a second and each giving up at rate `leaving`."""
    rates = [served + leaving * place for place in range(min(ahead + 1, SUMMED))]
    mean, variance = sum(1 / rate for rate in rates), sum(1 / rate**2 for rate in rates)
    more = ahead + 1 - len(rates)
    if more and leaving > 0:
        first, last = served + leaving * (SUMMED - 0.5), served + leaving * (ahead + 0.5)
        mean += log(last / first) / leaving
        variance += (1 / first - 1 / last) / leaving
    elif more:
        mean += more / served
        variance += more / served**2
    return Estimate(mean, sqrt(variance))


def expected_wait(
    queue: Queue, ahead: int, queues: Collection[Queue], pools: Mapping[PoolName, Pool]
) -> Estimate | None:
    """Until a caller talks who has `ahead` others of his queue in front of him; None if that cannot honestly be told.

    `ahead` counts also those for whom a seat is being rung.
    """
    rates = _rates(queue, pools)
    total = sum(rates.values())
    if total <= 0:
        return None
    ours = [pools[name] for name in rates]
    delay = _ring_delay(ours)
    if any(pool.has_ready for pool in ours):
        return Estimate(delay, delay)
    taken, before, giving_up = 0.0, float(ahead), ahead * queue.leaving.rate_so_far
    for other in queues:
        if other is queue or other.plan.priority < queue.plan.priority:
            continue
        theirs = _rates(other, pools)
        falls_to_us = sum(rate for name, rate in theirs.items() if name in rates) / (sum(theirs.values()) or 1.0)
        before += falls_to_us * len(other)
        giving_up += falls_to_us * len(other) * other.leaving.rate_so_far
        if other.plan.priority > queue.plan.priority:
            taken += falls_to_us * other.coming.rate_so_far
    if total - taken < LEAST_LEFT * total:
        return None
    leaving = giving_up / before if before else 0.0
    rung = sum(pool.ringing for pool in ours)  # for them a seat is found already
    found = estimate(total - taken, leaving, max(0, round(before) - rung))
    return Estimate(found.mean + delay, found.spread)


def _rates(queue: Queue, pools: Mapping[PoolName, Pool]) -> dict[PoolName, float]:
    """Calls each pool of a queue ends a second when all its seats work. One not known yet is like the others."""
    ours = {name: pools[name] for name in queue.plan.pools if name in pools}
    known = [pool.calls.rate for pool in ours.values()]
    rates = [rate for rate in known if rate is not None]
    usual = sum(rates) / len(rates) if rates else 0.0
    return {name: pool.on_duty * (pool.calls.rate or usual) for name, pool in ours.items()}


def _ring_delay(pools: Collection[Pool]) -> float:
    """Seconds of ringing until somebody answers, rung in vain included."""
    delays = [1 / pool.pick_ups.rate for pool in pools if pool.pick_ups.rate and pool.on_duty]
    return sum(delays) / len(delays) if delays else 0.0
