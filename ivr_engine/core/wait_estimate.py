"""This file decides how long a caller will probably wait. It does not know who he is, or the clock.

With n callers ahead of him, seats that end s calls a second in all, and callers who give up at rate θ, a caller waits
through n + 1 departures; with j callers still ahead of him the next one comes at rate s + jθ. So the mean is
Σⱼ₌₀..ₙ 1/(s + jθ), the variance Σⱼ₌₀..ₙ 1/(s + jθ)².

Source: R. Ibrahim and W. Whitt, "Real-time delay estimation in overloaded multiserver queues with abandonments",
Management Science 55 (2009), the predictor QL_m. s and θ are measured on the last calls (`Pace`).

Seats that several queues share: whoever waits in another queue and is served before him is ahead as well, so far as
that queue's calls fall to our seats; and what queues of a higher priority keep sending in is taken off s. Callers to
come whose own priority is higher than their queue's are not foreseen.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import log, sqrt

from ivr_engine.core.call import Call
from ivr_engine.core.pool import Pool
from ivr_engine.core.queue import Queue
from ivr_engine.model.ids import PoolName

SUMMED = 20  # departures that are summed; of those before them the integral is as good
LEAST_LEFT = 0.05  # of the seats' work must be left to this queue by those of higher priority, or nothing can be said


@dataclass(frozen=True, slots=True)
class Estimate:
    """A wait in seconds: its mean, and how far off that will typically be.

    `ahead` callers are before him at these seats, in all queues, for whom none rings yet; `share` of the seats' work is
    left to his queue by those of higher priority.
    """

    mean: float
    spread: float
    ahead: int = 0
    share: float = 1.0


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
    return Estimate(mean, sqrt(variance), ahead)


def expected_wait(
    queue: Queue, call: Call | None, queues: Collection[Queue], pools: Mapping[PoolName, Pool], now: float
) -> Estimate | None:
    """From `now` until a caller of a queue talks, or (None) one who came now; None if that cannot honestly be told."""
    rates = _rates(queue, pools)
    total = sum(rates.values())
    if total <= 0:
        return None
    ours = [pools[name] for name in rates]
    delay = ring_delay(ours)
    if any(pool.has_ready for pool in ours):
        return Estimate(delay, delay)
    priority = queue.plan.priority + (call.priority if call else 0)
    since = now if call is None or call.enqueued_at is None else call.enqueued_at
    taken, before, giving_up = 0.0, 0.0, 0.0
    for other in queues:
        falls_to_us = 1.0 if other is queue else _share(_rates(other, pools), rates)
        ahead = falls_to_us * other.before(priority, since)
        before += ahead
        giving_up += ahead * other.leaving.rate_so_far
        if other.plan.priority > priority:
            taken += falls_to_us * other.coming.rate(now)
    if total - taken < LEAST_LEFT * total:
        return None
    leaving = giving_up / before if before else 0.0
    rung = sum(pool.ringing for pool in ours)  # for them a seat is found already
    found = estimate(total - taken, leaving, max(0, round(before) - rung))
    return Estimate(found.mean + delay, found.spread, found.ahead, (total - taken) / total)


def _share(theirs: Mapping[PoolName, float], ours: Mapping[PoolName, float]) -> float:
    """How much of a queue's calls falls to our seats, as fast as each pool works."""
    return sum(rate for name, rate in theirs.items() if name in ours) / (sum(theirs.values()) or 1.0)


def _rates(queue: Queue, pools: Mapping[PoolName, Pool]) -> dict[PoolName, float]:
    """Calls each pool of a queue ends a second when all its seats work. One not known yet is like the others."""
    ours = {name: pools[name] for name in queue.plan.pools if name in pools}
    known = [pool.calls.rate for pool in ours.values()]
    rates = [rate for rate in known if rate is not None]
    usual = sum(rates) / len(rates) if rates else 0.0
    return {name: pool.on_duty * (pool.calls.rate or usual) for name, pool in ours.items()}


def ring_delay(pools: Collection[Pool]) -> float:
    """Seconds of ringing until somebody answers, rung in vain included."""
    delays = [1 / pool.pick_ups.rate for pool in pools if pool.pick_ups.rate and pool.on_duty]
    return sum(delays) / len(delays) if delays else 0.0
