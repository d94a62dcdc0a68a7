"""This file decides what is next in virtual time. It does not know what anything on it is about."""

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Item:
    """Something that will happen, unless it is off when its time has come."""

    do: Callable[[], None]
    is_off: Callable[[], bool]


class Agenda:
    """What will happen when. `now` is seconds since 1970."""

    def __init__(self, now: float) -> None:
        self.now = now
        self._items: list[tuple[float, int, _Item]] = []
        self._serial = itertools.count()

    def put(self, seconds: float, do: Callable[[], None], is_off: Callable[[], bool]) -> None:
        """Something will happen in so many seconds, after all that was put there for the same time before."""
        heapq.heappush(self._items, (self.now + seconds, next(self._serial), _Item(do, is_off)))

    def next_at(self) -> float | None:
        """When the next thing happens; None if nothing will."""
        while self._items and self._items[0][2].is_off():
            heapq.heappop(self._items)
        return self._items[0][0] if self._items else None

    def go_on(self) -> None:
        """Let it happen, at its time. Raises IndexError if nothing will."""
        self.next_at()
        self.now, _, item = heapq.heappop(self._items)
        item.do()

    @property
    def left(self) -> int:
        """How many things are left; of those that are off by now some may be among them."""
        return len(self._items)

    def shift(self, seconds: float) -> None:
        """Make it another time, for everything alike."""
        self._items = [(at + seconds, serial, item) for at, serial, item in self._items]
        self.now += seconds
