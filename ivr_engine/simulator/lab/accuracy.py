"""This file decides how good a told wait was, beside other rules. It does not know how either is computed in service.

Each is judged on witnesses, callers who never give up: only of them is it known how long the wait was. The best
attainable is the same formula with what nobody knows beforehand: how long calls take in the whole run, and how patient
the scenario's callers are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Protocol

from ivr_engine.core.wait_estimate import estimate
from ivr_engine.model.ids import PoolName, QueueName

OURS, BEST, PLAIN, APP_QUEUE = "ours", "best attainable", "position x handling / seats", "app_queue"


class Worked(Protocol):
    """What a pool did in the whole run."""

    busy: float
    ended: int


@dataclass(slots=True)
class Guess:
    """What was known when a witness came to wait, and how long he then `waited`. `hold` is app_queue's average."""

    queue: QueueName
    at: float
    pools: tuple[PoolName, ...]
    seats: int
    position: int  # in his own queue, 0 for the first
    ahead: int  # in all queues at his seats
    delay: float
    share: float  # of these seats' work, left by higher priorities
    told: float
    hold: float | None
    waited: float = 0.0


@dataclass(frozen=True, slots=True)
class Judged:
    """How far off a rule was on `callers`: `bias` and `rmse` as shares of their mean wait."""

    callers: int
    bias: float
    rmse: float


def judged(
    guesses: Iterable[Guess], pools: Mapping[PoolName, Worked], patience: float
) -> dict[QueueName, dict[str, Judged]]:
    """Each rule by queue."""
    groups: dict[QueueName, list[Guess]] = {}
    for guess in guesses:
        groups.setdefault(guess.queue, []).append(guess)
    return {queue: _rules(group, pools, patience) for queue, group in groups.items()}


def _rules(group: list[Guess], pools: Mapping[PoolName, Worked], patience: float) -> dict[str, Judged]:
    handling = _handling(group[0].pools, pools)
    waited = [one.waited for one in group]
    rows = {OURS: _judge([one.told for one in group], waited)}
    if handling:
        best = [estimate(one.seats * one.share / handling, 1 / patience, one.ahead).mean + one.delay for one in group]
        plain = [(one.position + 1) * handling / max(1, one.seats) for one in group]
        rows[BEST], rows[PLAIN] = _judge(best, waited), _judge(plain, waited)
    rows[APP_QUEUE] = _judge([one.hold or 0.0 for one in group], waited)
    return rows


def _handling(names: Iterable[PoolName], pools: Mapping[PoolName, Worked]) -> float:
    ours = [pools[name] for name in names]
    ended = sum(pool.ended for pool in ours)
    return sum(pool.busy for pool in ours) / ended if ended else 0.0


def _judge(told: list[float], waited: list[float]) -> Judged:
    errors = [guess - wait for guess, wait in zip(told, waited, strict=True)]
    mean = sum(waited) / len(waited) or 1.0
    off = sqrt(sum(error * error for error in errors) / len(errors))
    return Judged(len(errors), sum(errors) / len(errors) / mean, off / mean)
