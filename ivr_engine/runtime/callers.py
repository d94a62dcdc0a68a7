"""This file decides what is remembered of a number: how often it called lately, and who talked to it last.

It does not know who calls, or what he wanted. It is asked where facts come in, so that a journal, whose numbers are
masked, replays the same.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable
from typing import NamedTuple

from ivr_engine.model.ids import SeatId
from ivr_engine.model.notices import AnyNotice, Ended
from ivr_engine.model.saved import LastTalk

DAY = 24 * 3600.0
MOST_REMEMBERED = 200_000  # calls; beyond them the day gets shorter


class Earlier(NamedTuple):
    """How often a caller called in 24 hours, with this call, and who talked to him last in that time."""

    calls: int = 1
    served: LastTalk | None = None


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
        self._talks: dict[str, LastTalk] = {}  # by number, the latest at the end
        self._talks_before: dict[str, LastTalk] = {}

    def arrived(self, caller: str) -> Earlier:
        """Somebody calls. Returns what is remembered of him; nothing of one without a number."""
        if not caller:
            return Earlier()
        now = self._now()
        self._here.add(now, caller)
        for arrivals in (self._before, self._here):
            arrivals.forget(now - DAY)
        served = self._talks.get(caller) or self._talks_before.get(caller)
        recent = served is not None and served.at > now - DAY
        return Earlier(self._before.counts[caller] + self._here.counts[caller], served if recent else None)

    def hear(self, notice: AnyNotice) -> None:
        """Remember who talked to whom."""
        if isinstance(notice, Ended) and notice.record.caller:
            record = notice.record
            if record.seat is not None and record.connected_at is not None:
                _talked(self._talks, record.caller, LastTalk(record.seat, record.connected_at), self._most)

    def remember(self, earlier: Iterable[tuple[float, str]], talks: Iterable[tuple[str, SeatId, float]] = ()) -> None:
        """Calls before this engine's start, oldest first: when, and from which number; and who talked to it, and when.

        May run in another thread.
        """
        before = _Arrivals(self._most)
        for at, caller in earlier:
            if caller:
                before.add(at, caller)
        known: dict[str, LastTalk] = {}
        for caller, agent, at in talks:
            if caller:
                _talked(known, caller, LastTalk(agent, at), self._most)
        self._before, self._talks_before = before, known


def _talked(talks: dict[str, LastTalk], caller: str, last: LastTalk, most: int) -> None:
    talks.pop(caller, None)
    talks[caller] = last
    if len(talks) > most:
        del talks[next(iter(talks))]
