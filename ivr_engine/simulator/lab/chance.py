"""This file decides what comes by chance: when callers call, how long things take. It does not know any hotline.

Each matter has a row of draws of its own, so that two runs of one seed differ only by what is different in them.
"""

from collections.abc import Iterator
from math import exp, log, sqrt
from random import Random

from ivr_engine.simulator.lab.scenario import Scenario, Span

HOUR = 3600.0


class Chance:
    """Draws of one seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._rows: dict[str, Random] = {}

    def seconds(self, of: str, span: Span) -> float:
        """How long a thing takes this time."""
        row = self._row(of)
        if span.shape == "exponential":
            return row.expovariate(1 / span.mean)
        wide = sqrt(log(1 + (span.spread / 100) ** 2))
        return exp(row.gauss(log(span.mean) - wide * wide / 2, wide)) if wide else span.mean

    def happens(self, of: str, percent: float) -> bool:
        """Whether a thing of so many percent happens this time."""
        return self._row(of).random() * 100 < percent

    def one_of(self, of: str, shares: dict[str, int]) -> str | None:
        """One of those that divide a hundred among them; None is the rest."""
        left = self._row(of).random() * 100
        for name, share in shares.items():
            left -= share
            if left < 0:
                return name
        return None

    def times(self, scenario: Scenario) -> Iterator[float]:
        """When callers call: at random, as many as the scenario has for the time of day."""
        row, now, end = self._row("calls"), scenario.begin, scenario.begin + scenario.file.lasts
        surge = scenario.file.surge
        most = max(scenario.file.arrivals.values()) * (surge.factor if surge else 1) / HOUR
        while most > 0:
            now += row.expovariate(most)
            if now >= end:
                return
            if row.random() * most < calls_a_second(scenario, now):
                yield now

    def _row(self, of: str) -> Random:
        if of not in self._rows:
            self._rows[of] = Random(f"{self._seed} {of}")  # noqa: S311 - a game, no secret
        return self._rows[of]


def calls_a_second(scenario: Scenario, at: float) -> float:
    """How many callers call, in the mean."""
    rows, minute = scenario.file.arrivals, scenario.minute_of_day(at)
    begun = [start for start in rows if start <= minute]
    usual = rows[max(begun or rows)]  # before the first row of a day the last one of yesterday counts
    return usual / HOUR * _surge(scenario, at)


def _surge(scenario: Scenario, at: float) -> float:
    surge = scenario.file.surge
    if surge is None:
        return 1.0
    since = at - scenario.clock(surge.at)
    left = surge.lasts - since
    if since < 0 or left < 0:
        return 1.0
    rise = max(surge.rise, 1e-9)
    return 1 + (surge.factor - 1) * min(1.0, since / rise, left / rise)
