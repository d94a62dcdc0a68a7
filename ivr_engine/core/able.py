"""This file decides which seat of a pool is next among those that have what is needed. It does not know who waits.

For each set of needs anybody ever asked a pool for, its seats that meet them stand here. By what they are ordered never
changes while they are ready, so each keeps its place, and finding the next one costs nothing.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Collection, Iterable

from ivr_engine.core.seat import Seat, SeatState
from ivr_engine.dialplan.skills import Ring
from ivr_engine.model.skills import Skills

LONGEST_IDLE: Ring = "longest idle"
Place = tuple[int, int, Seat]  # by what seats are ordered; among equals who got ready first; and the seat


class Able:
    """The seats of one pool that have what is needed."""

    def __init__(self, needs: Skills, seats: Iterable[Seat] = ()) -> None:
        self.needs = needs
        self.count: Counter[SeatState] = Counter()
        self.total = 0
        self.here = 0  # those that can be reached, or are paused and will come back
        self.on_duty = 0  # those that can take calls, now or when they are free again
        self.ready = 0  # those that could be rung now
        self._lines: dict[Ring, list[Place]] = {LONGEST_IDLE: []}
        for seat in seats:
            self.add(seat)

    def first(self, ring: Ring, but: Collection[str] = ()) -> Place | None:
        """The place of the seat to ring next; None when none is ready, or only such that are excluded."""
        if ring not in self._lines:
            self._lines[ring] = sorted(self._place(seat, ring) for _, _, seat in self._lines[LONGEST_IDLE])
        return next((place for place in self._lines[ring] if place[-1].id not in but), None)

    def add(self, seat: Seat) -> None:
        """Count a seat in, in the state it is in now."""
        self._tally(seat.state, 1)
        if seat.state is SeatState.READY:
            for ring, line in self._lines.items():
                insort(line, self._place(seat, ring))

    def drop(self, seat: Seat) -> None:
        """Count a seat out; nothing of it may have changed since it was counted in."""
        self._tally(seat.state, -1)
        if seat.state is SeatState.READY:
            for ring, line in self._lines.items():
                del line[bisect_left(line, self._place(seat, ring))]

    def _tally(self, state: SeatState, step: int) -> None:
        """Kept with every change: they are asked for far more often than anything changes."""
        self.total += step
        self.count[state] += step
        if state is SeatState.OFFLINE or state is SeatState.SIGNED_OUT:
            return
        self.here += step
        if state is not SeatState.PAUSED:
            self.on_duty += step
            self.ready += step if state is SeatState.READY else 0

    def _place(self, seat: Seat, ring: Ring) -> Place:
        match ring:
            case "most skilled":
                has = dict(seat.skills)
                by = -sum(has[name] for name, _ in self.needs)
            case "least skilled":
                by = sum(level for _, level in seat.skills)
            case "round robin":
                by = seat.rung
            case "fewest calls":
                by = seat.taken
            case _:
                by = 0
        return by, seat.turn, seat
