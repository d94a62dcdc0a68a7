"""This file decides what is kept of seats and queues while time passes: by five minutes. It does not know any call."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from ivr_engine.model.notices import AnyNotice, PoolChanged, QueueChanged
from ivr_engine.review.calls import SLOT

LOST_WITHIN = 60.0  # seconds
LOST_AT_LEAST = 3  # seats
LOST_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class SeatsLost:
    """So many seats of a pool, of those that could be reached, could not be any more within a minute."""

    pool: str
    at: float
    seats: int
    of: int


@dataclass(slots=True)
class PoolTime:
    """Seat-seconds of a pool in five minutes: busy (ringing, talking, resting) and on duty; `full` with none ready."""

    busy: float = 0.0
    on_duty: float = 0.0
    full: float = 0.0


@dataclass(slots=True)
class Seats:
    """How it stood, by when five minutes begin: seats by pool, the most that waited by queue, the longest wait."""

    pools: dict[float, dict[str, PoolTime]] = field(default_factory=dict)
    waiting: dict[float, dict[str, int]] = field(default_factory=dict)
    _last: dict[str, PoolChanged] = field(default_factory=dict)
    _reach: dict[str, deque[tuple[float, int]]] = field(default_factory=dict)
    _waits: dict[str, int] = field(default_factory=dict)
    _slot: float = 0.0

    def hear(self, notice: AnyNotice) -> SeatsLost | None:
        """Take in a notice; what it says of seats lost at once is told."""
        match notice:
            case QueueChanged(queue=queue, waiting=waiting, at=at):
                self.pass_time(at)
                self._waits[queue] = waiting
                most = self.waiting.setdefault(self._slot, {})
                most[queue] = max(most.get(queue, 0), waiting)
            case PoolChanged(pool=pool, at=at):
                self._count(pool, at)
                self._last[pool] = notice
                return self._lost(notice)
            case _:
                pass
        return None

    def pass_time(self, now: float) -> None:
        """Who waited goes on waiting in the next five minutes."""
        slot = now // SLOT * SLOT
        if slot == self._slot:
            return
        begin = max(self._slot + SLOT, slot - 86400.0) if self._slot else slot
        self._slot = slot
        while begin <= slot:
            self.waiting[begin] = {name: many for name, many in self._waits.items() if many}
            begin += SLOT

    def end(self, now: float) -> None:
        """Count what passed since each pool was told of last."""
        for pool in list(self._last):
            self._count(pool, now)
        self.pass_time(now)

    def begin_anew(self) -> None:
        """Another engine: of the time between nothing is known."""
        self._last.clear()
        self._reach.clear()
        self._waits.clear()

    def forget(self, before: float) -> None:
        """What was before is not wanted."""
        self.pools = {slot: one for slot, one in self.pools.items() if slot + SLOT > before}
        self.waiting = {slot: one for slot, one in self.waiting.items() if slot + SLOT > before}

    def _count(self, pool: str, now: float) -> None:
        last = self._last.get(pool)
        if last is None:
            return
        busy = last.ringing + last.talking + last.wrap_up
        at = last.at
        while at < now:
            slot = at // SLOT * SLOT
            until = min(now, slot + SLOT)
            time = self.pools.setdefault(slot, {}).setdefault(pool, PoolTime())
            time.busy += busy * (until - at)
            time.on_duty += (busy + last.ready) * (until - at)
            time.full += (until - at) if busy and not last.ready else 0.0
            at = until
        self._last[pool] = msgspec.structs.replace(last, at=now)

    def _lost(self, notice: PoolChanged) -> SeatsLost | None:
        """Compare with a minute ago, and then with now."""
        there = notice.ready + notice.ringing + notice.talking + notice.wrap_up + notice.paused
        seen = self._reach.setdefault(notice.pool, deque())
        while seen and notice.at - seen[0][0] > LOST_WITHIN:
            seen.popleft()
        most = max((many for _, many in seen), default=there)
        seen.append((notice.at, there))
        if most - there < max(LOST_AT_LEAST, most * LOST_SHARE):
            return None
        seen.clear()
        return SeatsLost(notice.pool, notice.at, most - there, most)


def sums(pools: Mapping[float, Mapping[str, PoolTime]], since: float, until: float) -> dict[str, PoolTime]:
    """By pool, of the five minutes that begin in that time."""
    found: dict[str, PoolTime] = {}
    for slot, by_pool in pools.items():
        if since // SLOT * SLOT <= slot < until:
            for name, time in by_pool.items():
                whole = found.setdefault(name, PoolTime())
                whole.busy += time.busy
                whole.on_duty += time.on_duty
                whole.full += time.full
    return found
