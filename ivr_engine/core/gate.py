"""This file decides when a pool is open to a queue that may use it under conditions only. It does not know seats.

It opens when any bound is reached, and closes when for some time all is below the lower bounds, which are CALM of the
upper ones: so a load that goes to and fro about a bound opens it once. While nobody of the pools before can be
reached, it is open whatever the bounds say.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ivr_engine.dialplan.turns import PoolUse
from ivr_engine.model.ids import PoolName

CALM = 0.8  # of each bound
TICK = 0.001  # seconds a timer may fire early by rounding


@dataclass(frozen=True, slots=True)
class Load:
    """How it stands with a queue at a moment, without the pools that may be opened.

    `since` is when the first of its `waiting` callers came, None if nobody waits; `estimate` the seconds one who came
    now would wait, None if that cannot be told; `occupancy` how many of a hundred seats on duty are taken; `deserted`:
    nobody of those pools can be reached.
    """

    waiting: int = 0
    since: float | None = None
    estimate: float | None = None
    occupancy: float = 0.0
    deserted: bool = False


@dataclass(slots=True)
class Gate:
    """Whether one pool is open to one queue. `before` are the pools that are tried before it."""

    use: PoolUse
    before: tuple[PoolName, ...]
    is_open: bool = False
    pressed_since: float | None = None  # while closed: since when a bound is reached
    calm_since: float | None = None  # while open: since when all is below the lower bounds

    def judge(self, load: Load, now: float) -> str | None:
        """Open or close by what is true now. Returns why, if that changes something."""
        return self._closes(load, now) if self.is_open else self._opens(load, now)

    def _opens(self, load: Load, now: float) -> str | None:
        if load.deserted:
            self._turn(to_open=True)
            return "nobody can be reached before it"
        reached = next((what for what, over in _levels(self.use, load, now) if over >= 1.0), None)
        self.pressed_since = None if reached is None else now if self.pressed_since is None else self.pressed_since
        if self.pressed_since is None or now < self.pressed_since + self.use.held - TICK:
            return None
        self._turn(to_open=True)
        return reached

    def _closes(self, load: Load, now: float) -> str | None:
        is_calm = not load.deserted and all(over < CALM for _, over in _levels(self.use, load, now))
        self.calm_since = None if not is_calm else now if self.calm_since is None else self.calm_since
        if self.calm_since is None or now < self.calm_since + self.use.back_after - TICK:
            return None
        self._turn(to_open=False)
        return "all is below its bounds again"

    def due(self, load: Load, now: float) -> float | None:
        """When it must be judged again if nothing happens until then."""
        when, moments = self.use.when, []
        if when is not None and when.wait is not None and load.since is not None:
            moments += [load.since + CALM * when.wait, load.since + when.wait]
        if self.pressed_since is not None:
            moments.append(self.pressed_since + self.use.held)
        if self.calm_since is not None:
            moments.append(self.calm_since + self.use.back_after)
        return min((moment for moment in moments if moment > now + TICK), default=None)

    def _turn(self, *, to_open: bool) -> None:
        self.is_open, self.pressed_since, self.calm_since = to_open, None, None


def _levels(use: PoolUse, load: Load, now: float) -> Iterator[tuple[str, float]]:
    """Each bound with how much of it is reached. What is not known is neither reached nor calm."""
    when = use.when
    if when is None:
        return
    if when.wait is not None:
        waited = 0.0 if load.since is None else now - load.since + TICK
        yield f"the first caller has waited {waited:.0f} s, the bound is {when.wait:.0f} s", waited / when.wait
    if when.estimate is not None:
        known = load.estimate if load.waiting else 0.0
        told = 0.9 * when.estimate if known is None else known
        yield f"who came now would wait {told:.0f} s, the bound is {when.estimate:.0f} s", told / when.estimate
    if when.waiting is not None:
        yield f"{load.waiting} callers wait, the bound is {when.waiting}", load.waiting / when.waiting
    if when.occupancy is not None:
        taken = load.occupancy / when.occupancy
        yield f"{load.occupancy:.0f} % of the seats before it are taken, the bound is {when.occupancy} %", taken
