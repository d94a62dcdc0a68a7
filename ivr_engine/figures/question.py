"""This file decides what can be asked of the past, and to which group a call or an hour belongs. It knows no figure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import lru_cache

from ivr_engine.model.past import Dimension, PastCall

HOUR = 3600.0
QUARTER = 900.0
BANDS = (10.0, 30.0, 60.0, 120.0)
WINDOW = 72 * HOUR
SHORT = 5.0
NOBODY = "-"  # the group of calls that belong to none: never queued, answered by nobody, from an unknown region

_GROUPS: Mapping[Dimension, Callable[[PastCall], str | None]] = {
    "all": lambda _: "all",
    "queue": lambda call: call.queue,
    "pool": lambda call: call.pool,
    "agent": lambda call: call.seat,
    "region": lambda call: call.region,
    "flow": lambda call: call.flow,
}

# Whose groups are groups of seats: who was not answered belongs to none of them.
OF_SEATS: tuple[Dimension, ...] = ("pool", "agent")


@dataclass(frozen=True, slots=True)
class Target:
    """What a queue promises: this `share` of all its callers, from 0 to 1, is answered `within` so many seconds."""

    within: float = 20.0
    share: float = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which calls, from `since` on and before `until`, in which groups. Times are seconds since 1970.

    `bands` are the borders of waits, in seconds, growing. `window`: who calls again within so many seconds has not
    been helped. `short`: who gives up sooner was perhaps no caller at all; he is counted apart, and in.
    """

    since: float
    until: float
    now: float
    by: Dimension = "all"
    zone: tzinfo = UTC
    targets: Mapping[str, Target] = field(default_factory=dict)
    bands: tuple[float, ...] = BANDS
    window: float = WINDOW
    short: float = SHORT

    def group_of(self, call: PastCall) -> str:
        """The group a call is counted in."""
        if self.by == "hour":
            return self.hour_of(call.arrived_at)
        return _GROUPS[self.by](call) or NOBODY

    def hour_of(self, at: float) -> str:
        """The hour on the hotline's clock in which a moment lies."""
        return _hour(self.zone, int(at // QUARTER))[0]

    def hour_end(self, at: float) -> float:
        """When that hour is over. Zones are whole quarters of an hour apart, so it need not be one of ours."""
        return _hour(self.zone, int(at // QUARTER))[1]

    def target_of(self, queue: str | None) -> Target:
        """What a queue promises; as most do, if it is not known any more."""
        return self.targets.get(queue or "", Target())


@lru_cache(maxsize=10_000)
def _hour(zone: tzinfo, quarter: int) -> tuple[str, float]:
    wall = datetime.fromtimestamp(quarter * QUARTER, zone)
    return f"{wall:%Y-%m-%d %H:00}", quarter * QUARTER - wall.minute * 60.0 + HOUR
