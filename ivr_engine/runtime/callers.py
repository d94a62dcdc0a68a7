"""This file decides how often a caller has called lately. It does not know who he is, or what he wanted.

It counts where facts come in, so that a journal, whose numbers are masked, replays the same counts.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable

DAY = 24 * 3600.0
MOST_REMEMBERED = 200_000  # calls; beyond them the day gets shorter


class _Arrivals:
    """When which numbers called, oldest first, and how often each is among them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._order: deque[tuple[float, str]] = deque()
        self.counts: Counter[str] = Counter()

    def add(self, at: float, caller: str) -> None:
        self._order.append((at, caller))
        self.counts[caller] += 1
        if len(self._order) > self._most:
            self._forget_first()

    def forget(self, until: float) -> None:
        while self._order and self._order[0][0] <= until:
            self._forget_first()

    def _forget_first(self) -> None:
        _, caller = self._order.popleft()
        self.counts[caller] -= 1
        if not self.counts[caller]:
            del self.counts[caller]


class RecentCallers:
    """The arrivals of the last 24 hours. `now` tells the seconds since 1970."""

    def __init__(self, now: Callable[[], float], most: int = MOST_REMEMBERED) -> None:
        self._now = now
        self._most = most
        self._here = _Arrivals(most)
        self._before = _Arrivals(most)  # this engine's start

    def arrived(self, caller: str) -> int:
        """Somebody calls. Returns how often he did in 24 hours, with this call; 1 for one without a number."""
        if not caller:
            return 1
        now = self._now()
        self._here.add(now, caller)
        for arrivals in (self._before, self._here):
            arrivals.forget(now - DAY)
        return self._before.counts[caller] + self._here.counts[caller]

    def remember(self, earlier: Iterable[tuple[float, str]]) -> None:
        """Calls before this engine's start: when, and from which number, oldest first. May run in another thread."""
        before = _Arrivals(self._most)
        for at, caller in earlier:
            if caller:
                before.add(at, caller)
        self._before = before
