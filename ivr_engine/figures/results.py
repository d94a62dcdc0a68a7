"""This file decides what a figure means and how it is made of counts. It does not know which calls were counted.

**Offered** are all calls that came to a queue, each once, in the queue that had it last. Service level is answered in
time / offered: nobody is left out, and who gave up counts against us however soon he did. That is the strictest of the
three usual ways ("abandoned calls negatively impact the service level": Cisco, ICM CTI Server User Guide, table 3,
ServiceLevelCalls / ServiceLevelCallsOffered). Systems that leave short abandons out show more; so that both can be
compared, `service_level_but_short` leaves out who gave up in the queue within `short` seconds (5).
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import ceil, fsum

import msgspec

from ivr_engine.model.past import Dimension


class Waits(msgspec.Struct, frozen=True):
    """How long answered callers waited until they talked, in seconds. Percentiles are waits that there were."""

    mean: float
    p50: float
    p90: float
    p95: float


class Figures(msgspec.Struct, frozen=True):
    """The figures of one group. Shares are from 0 to 1; None where there is nothing to divide by, or no meaning.

    offered = answered + abandoned + transferred + elsewhere: talked to an agent; hung up waiting; talked to somebody
    outside only; left the queue another way, for a message, say.
    """

    group: str
    calls: int
    offered: int
    answered: int
    abandoned: int
    transferred: int
    elsewhere: int
    answered_in_time: int
    short_abandoned: int
    answer_rate: float | None
    service_level: float | None
    service_level_but_short: float | None
    abandoned_share: float | None
    abandoned_by_wait: Mapping[str, int]
    wait: Waits | None
    talk_seconds: float | None  # in the mean, of answered calls
    rest_seconds: float | None  # in the mean, of those after which the rest is known
    handle_seconds: float | None  # talk and rest
    transfers: int  # answered or not, a caller talked to somebody outside
    overflow_share: float | None  # of answered calls: served by another than the queue's first pool
    missed: int  # times an agent was rung and did not take the call
    occupancy: float | None  # of agents' signed-in time: ringing, talking and resting
    signed_in_seconds: float
    paused_seconds: float
    repeat_rate: float | None  # of calls with a number: he had called within the window before
    first_calls: int  # answered, and not a repeat
    resolved: float | None  # of those whose window is over: he did not call again
    resolved_so_far: float | None  # of all of them: he has not called again yet


class Report(msgspec.Struct, frozen=True):
    """The figures of a time, whole and by group. Times are seconds since 1970."""

    since: float
    until: float
    by: Dimension
    window_seconds: float
    short_seconds: float
    total: Figures
    groups: Sequence[Figures]
    shortages: Sequence[str] = ()  # in words: which queues miss their target, and how many seats would do


def share(part: float, whole: float) -> float | None:
    """A part of a whole; None of nothing."""
    return part / whole if whole else None


def mean(values: Sequence[float]) -> float | None:
    """The mean, whatever their order; None of nothing."""
    return fsum(values) / len(values) if values else None


def waits(values: Sequence[float]) -> Waits | None:
    """How waits are spread; None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    p50, p90, p95 = (ordered[ceil(len(ordered) * one / 100) - 1] for one in (50, 90, 95))
    return Waits(fsum(ordered) / len(ordered), p50, p90, p95)


def band_names(bands: Sequence[float]) -> tuple[str, ...]:
    """How the bands between these borders are called: `0-10`, `10-30`, `30+`."""
    borders = [f"{border:g}" for border in (0.0, *bands)]
    between = [f"{low}-{high}" for low, high in pairwise(borders)]
    return (*between, f"{borders[-1]}+")
