"""This file decides which pools are left alone because their lines do not work. It does not know who waits.

A pool whose lines failed so often in a row, without anybody ringing or answering, is skipped. After a pause one caller
is offered to it; if his line fails too, he is offered to the next at once, and the pause grows. What a person does,
or does not do, is never the line's fault.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr_engine.core.outbox import Outbox, PoolsDue
from ivr_engine.core.pool import Pool
from ivr_engine.core.seat import NO_POOL, Seat
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.ids import PoolName, SeatId, TimerId
from ivr_engine.model.notices import PoolHealthChanged

FAILURES = 3  # in a row, of so many seats, or of all there are
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 5.0, 60.0
OF_THE_LINE = (LegEnd.UNREACHABLE, LegEnd.FAILED)
OF_A_PERSON = (LegEnd.BUSY, LegEnd.REJECTED)  # whose phone was reached


@dataclass(slots=True)
class _Health:
    """`pause` is 0 while the pool is trusted. `trial` is the seat that is rung to find out."""

    failures: int = 0
    seats: set[SeatId] = field(default_factory=set)  # that failed since something worked
    pause: float = 0.0
    timer: TimerId | None = None
    trial: SeatId | None = None


class Health:
    """How well the lines of each pool work."""

    def __init__(self, out: Outbox, pools: Mapping[PoolName, Pool]) -> None:
        self._out = out
        self._pools = pools
        self._health: dict[PoolName, _Health] = {}
        self._skipped: frozenset[PoolName] = frozenset()

    def is_failing(self, pool: PoolName) -> bool:
        """Whether a pool is not trusted, be it that somebody may be offered to it to find out."""
        one = self._health.get(pool)
        return one is not None and one.pause > 0

    def is_skipped(self, pool: PoolName) -> bool:
        """Whether nobody may be offered to a pool now."""
        one = self._health.get(pool)
        return one is not None and one.pause > 0 and (one.timer in self._out.timers or one.trial is not None)

    def look(self) -> bool:
        """Whether other pools are skipped than when it was last looked."""
        before, self._skipped = self._skipped, frozenset(name for name in self._health if self.is_skipped(name))
        return before != self._skipped

    def rung(self, seat: Seat) -> None:
        """A line to a seat is opened."""
        one = self._health.get(seat.pool)
        if one is not None and one.pause > 0 and one.trial is None:
            one.trial = seat.id

    def works(self, seat: Seat) -> None:
        """A line to a seat was seen to work: it rings, or somebody answered."""
        one = self._health.pop(seat.pool, None)
        if one is not None and one.pause > 0:
            self._out.cancel(one.timer)
            self._out.tell(PoolHealthChanged(seat.pool, self._out.now, True, "a line to it works again"))

    def ended(self, seat: Seat, cause: LegEnd, *, is_ours: bool) -> None:
        """A line ended before anybody answered. `is_ours`: we ended it, which says nothing."""
        if seat.pool == NO_POOL:
            return
        if cause in OF_A_PERSON and not is_ours:
            self.works(seat)
        elif cause in OF_THE_LINE and not is_ours:
            self._failed(seat, cause)
        elif (one := self._health.get(seat.pool)) is not None and one.trial == seat.id:
            one.trial = None

    def forget(self) -> None:
        """Pools that are gone have no health."""
        for name in [name for name in self._health if name not in self._pools]:
            one = self._health.pop(name)
            self._out.cancel(one.timer)
            if one.pause > 0:
                self._out.tell(PoolHealthChanged(name, self._out.now, True, "the pool is gone"))

    def _failed(self, seat: Seat, cause: LegEnd) -> None:
        one = self._health.setdefault(seat.pool, _Health())
        one.failures += 1
        one.seats.add(seat.id)
        if one.pause > 0:
            if one.trial == seat.id:
                one.trial = None
                self._pause(one, min(LONGEST_PAUSE_SECONDS, 2 * one.pause))
        elif one.failures >= FAILURES and len(one.seats) >= min(FAILURES, self._pools[seat.pool].on_duty):
            self._pause(one, FIRST_PAUSE_SECONDS)
            why = f"{one.failures} lines to it failed in a row, the last one: {cause.value}"
            self._out.tell(PoolHealthChanged(seat.pool, self._out.now, False, why))

    def _pause(self, one: _Health, seconds: float) -> None:
        one.pause = seconds
        one.timer = self._out.start_timer(seconds, PoolsDue())
