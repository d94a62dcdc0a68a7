"""This file decides how long a caller will probably wait. It does not know who he is, or the clock.

With n callers ahead of him, seats that end s calls a second in all, and callers who give up at rate θ, a caller waits
through n + 1 departures; with j callers still ahead of him the next one comes at rate s + jθ. So the mean is
Σⱼ₌₀..ₙ 1/(s + jθ), the variance Σⱼ₌₀..ₙ 1/(s + jθ)².

Source: R. Ibrahim and W. Whitt, "Real-time delay estimation in overloaded multiserver queues with abandonments",
Management Science 55 (2009), the predictor QL_m. s and θ are measured on the last calls (`Pace`).

Seats that several queues share: whoever waits in another line and is served before him is ahead as well, so far as that
line's calls fall to the seats that have what he needs; and what queues of a higher priority keep sending in is taken
off s. Where waiting is worth priority (`ageing`), those who come after a certain moment do not overtake him: if he
waits until then, those who come before it are ahead, and nobody else. Callers to come whose own priority is higher than
their queue's are not foreseen.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import inf, log, sqrt

from ivr_engine.core.call import Call
from ivr_engine.core.pool import Pool
from ivr_engine.core.queue import Queue
from ivr_engine.model.ids import PoolName
from ivr_engine.model.skills import Skills, skills_of, spoken, together

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
    needs = queue.wants_of(call).needs if call else _needs_of(queue)
    ours = _Seats(pools, queue, needs)
    if ours.total <= 0:
        return None
    delay = ring_delay(ours.pools)
    if any(pool.able(needs).ready for pool in ours.pools):
        return Estimate(delay, delay)
    priority = queue.plan.priority + (call.priority if call else 0)
    since = now if call is None or call.enqueued_at is None else call.enqueued_at
    before, giving_up = 0.0, 0.0
    for other in queues:
        for theirs, many in other.before(priority, since):
            ahead = ours.share_of(other, theirs) * many
            before += ahead
            giving_up += ahead * other.leaving.rate_so_far
    leaving = giving_up / before if before else 0.0
    rung = sum(pool.ringing for pool in ours.pools)  # for them a seat is found already
    coming = sorted(_overtaking(queues, ours, priority, since, now))
    found = _after(ours.total, leaving, before - rung, coming)
    return Estimate(found.mean + delay, found.spread, found.ahead, found.share) if found else None


class _Seats:
    """The seats that serve a caller, by the calls they end a second when all of them work."""

    def __init__(self, pools: Mapping[PoolName, Pool], queue: Queue, needs: Skills) -> None:
        self._all = pools
        self._needs = needs
        self.rates = _rates(pools, queue, needs)
        self.total = sum(self.rates.values())
        self.pools = [pools[name] for name in self.rates]

    def share_of(self, queue: Queue, needs: Skills) -> float:
        """How much of what a queue's callers of such needs ask for falls to these seats."""
        theirs = _rates(self._all, queue, needs)
        both = theirs if needs == self._needs else _rates(self._all, queue, together(needs, self._needs))
        return sum(rate for name, rate in both.items() if name in self.rates) / (sum(theirs.values()) or 1.0)


def _overtaking(
    queues: Collection[Queue], ours: _Seats, priority: int, since: float, now: float
) -> Iterator[tuple[float, float]]:
    """Who will still come before him: for how many seconds from now, and how many a second, by queue."""
    for other in queues:
        points = other.plan.priority - priority
        lasts = inf if other.ageing is None else since + points * other.ageing - now
        if points > 0 and lasts > 0:
            yield lasts, ours.share_of(other, _needs_of(other)) * other.coming.rate(now)


def _after(total: float, leaving: float, before: float, coming: list[tuple[float, float]]) -> Estimate | None:
    """The wait behind so many, and those who come before him meanwhile, the soonest over first; None if too many."""
    while True:
        left = total - sum(rate for _, rate in coming)
        found = estimate(left, leaving, max(0, round(before))) if left >= LEAST_LEFT * total else None
        if found is not None and (not coming or found.mean <= coming[0][0]):
            return Estimate(found.mean, found.spread, found.ahead, left / total)
        lasts, rate = coming[0]
        if lasts == inf:
            return None
        before += lasts * rate
        coming = coming[1:]


def _needs_of(queue: Queue) -> Skills:
    """What every caller of a queue needs who comes now."""
    return skills_of(spoken(queue.plan.needs, "", ""))


def _rates(pools: Mapping[PoolName, Pool], queue: Queue, needs: Skills) -> dict[PoolName, float]:
    """Calls that seats with such skills end a second, by pool open to a queue. One not known yet is like the others."""
    ours = {name: pools[name] for name in queue.opened if name in pools}
    known = [pool.calls.rate for pool in ours.values()]
    rates = [rate for rate in known if rate is not None]
    usual = sum(rates) / len(rates) if rates else 0.0
    return {name: pool.able(needs).on_duty * (pool.calls.rate or usual) for name, pool in ours.items()}


def ring_delay(pools: Collection[Pool]) -> float:
    """Seconds of ringing until somebody answers, rung in vain included."""
    delays = [1 / pool.pick_ups.rate for pool in pools if pool.pick_ups.rate and pool.on_duty]
    return sum(delays) / len(delays) if delays else 0.0
