"""This file lists what a situation report tells: how a hotline stands in its worst hour. It does not know any wording.

Times are seconds since 1970. Nothing here names a caller, and calls of drills are not in it.
"""

from collections.abc import Mapping

import msgspec

from ivr_engine.model.crises import Level
from ivr_engine.model.ids import PoolName, QueueName


class CrisisStanding(msgspec.Struct, frozen=True):
    """A crisis that is on. `scope` says for whose calls."""

    profile: str
    kind: str
    title: str
    level: Level
    since: float
    level_since: float
    scope: str
    by: str
    reason: str
    until: float | None = None


class Volume(msgspec.Struct, frozen=True):
    """Calls that came in the last `minutes`; `usual`: on ordinary days at this time, None if that is not known."""

    minutes: int
    calls: int
    usual: float | None = None
    by_number: Mapping[str, int] = {}
    by_region: Mapping[str, int] = {}  # those with most calls


class Answered(msgspec.Struct, frozen=True):
    """What became of those who waited since a time, and do not wait any more."""

    since: float
    answered: int
    lost: int

    @property
    def rate(self) -> float | None:
        """The share that was answered, from 0 to 1; None if nobody was offered."""
        offered = self.answered + self.lost
        return self.answered / offered if offered else None


class QueueStanding(msgspec.Struct, frozen=True):
    """Who waits in a queue, and how long the answered ones of the last minutes waited, in seconds."""

    queue: QueueName
    waiting: int
    oldest_seconds: float | None = None
    half_within: float | None = None
    most_within: float | None = None  # nine of ten


class PoolStanding(msgspec.Struct, frozen=True):
    """The seats of a pool by what they are doing."""

    pool: PoolName
    ready: int
    ringing: int
    talking: int
    wrap_up: int
    paused: int
    signed_out: int
    offline: int


class Opened(msgspec.Struct, frozen=True):
    """A pool that is open to a queue as waits or numbers have reached a bound."""

    queue: QueueName
    pool: PoolName
    since: float
    why: str


class Counted(msgspec.Struct, frozen=True):
    """So many calls of something."""

    what: str
    calls: int


class ClockStanding(msgspec.Struct, frozen=True):
    """What must be done by when. `state` is running, overdue or done."""

    profile: str
    clock: str
    do: str
    due: float
    state: str
    by: str = ""
    note: str = ""


class Measure(msgspec.Struct, frozen=True):
    """What was done, by whom: what was switched, said, opened, or reported done."""

    at: float
    by: str
    what: str
    what_zh: str


class ProposalStanding(msgspec.Struct, frozen=True):
    """What waits for somebody's yes."""

    id: str
    what: str
    by: str
    reason: str
    lapses_at: float


class Situation(msgspec.Struct, frozen=True):
    """How the hotline stands. `counted_since`: what is counted since the crisis began is counted since then.

    It is later than the beginning where the engine was started in between.
    """

    at: float
    hotline: str
    timezone: str
    crises: tuple[CrisisStanding, ...]
    volume: Volume
    recently: Answered
    since_begun: Answered
    counted_since: float
    waiting: int
    oldest_seconds: float | None
    queues: tuple[QueueStanding, ...]
    pools: tuple[PoolStanding, ...]
    ready: int
    open_to: tuple[Opened, ...]
    choices: tuple[Counted, ...]
    topics: tuple[Counted, ...]
    clocks: tuple[ClockStanding, ...]
    measures: tuple[Measure, ...]
    proposals: tuple[ProposalStanding, ...]
