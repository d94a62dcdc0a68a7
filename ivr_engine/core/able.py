"""This file decides which seat of a pool is next among those that have what is needed. It does not know who waits.

For each set of needs anybody ever asked a pool for, its seats that meet them stand here. By what they are ordered never
changes while they are ready, so each keeps its place, and finding the next one costs nothing.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Collection, Iterable

from ivr_engine.core.seat import ABSENT, Seat, SeatState
from ivr_engine.dialplan.skills import Ring
from ivr_engine.model.skills import Skills

LONGEST_IDLE: Ring = "longest idle"
Place = tuple[int, int, Seat]  # by what seats are ordered; among equals who got ready first; and the seat


class Able:
    """The seats of one pool that have what is needed."""

    def __init__(self, needs: Skills, seats: Iterable[Seat] = ()) -> None:
        self.needs = needs
        self.many_in_all = 0
        self._count: Counter[SeatState] = Counter()
        self._lines: dict[Ring, list[Place]] = {LONGEST_IDLE: []}
        for seat in seats:
            self.add(seat)

    @property
    def has_ready(self) -> bool:
        """Whether any of them could be rung now."""
        return bool(self._lines[LONGEST_IDLE])

    def many(self, *states: SeatState) -> int:
        """How many of them are in one of these states."""
        return sum(self._count[state] for state in states)

    @property
    def here(self) -> int:
        """How many of them can be reached, or are paused and will come back."""
        return self.many_in_all - self.many(SeatState.OFFLINE, SeatState.SIGNED_OUT)

    @property
    def on_duty(self) -> int:
        """How many of them can take calls, now or when they are free again."""
        return self.many_in_all - self.many(*ABSENT)

    def first(self, ring: Ring, but: Collection[str] = ()) -> Place | None:
        """The place of the seat to ring next; None when none is ready, or only such that are excluded."""
        if ring not in self._lines:
            self._lines[ring] = sorted(self._place(seat, ring) for _, _, seat in self._lines[LONGEST_IDLE])
        return next((place for place in self._lines[ring] if place[-1].id not in but), None)

    def add(self, seat: Seat) -> None:
        """Count a seat in, in the state it is in now."""
        self.many_in_all += 1
        self._count[seat.state] += 1
        if seat.state is SeatState.READY:
            for ring, line in self._lines.items():
                insort(line, self._place(seat, ring))

    def drop(self, seat: Seat) -> None:
        """Count a seat out; nothing of it may have changed since it was counted in."""
        self.many_in_all -= 1
        self._count[seat.state] -= 1
        if seat.state is SeatState.READY:
            for ring, line in self._lines.items():
                del line[bisect_left(line, self._place(seat, ring))]

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
