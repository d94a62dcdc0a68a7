"""This file decides what was counted in the last so many seconds. It does not know of what, nor any clock.

Memory is bounded whatever happens, and each thing counted costs the same. Times never go back here: see `Steady`.
"""

from collections import OrderedDict, deque
from math import ceil

STEP_SECONDS = 5.0  # the finest that is told apart
STEPS = 60  # of a longer window
MOST_NAMES = 10_000  # of one window
GAP_SECONDS = 60.0  # longer than this nobody looked: the clock was put forward, or the machine slept


class Steady:
    """A time that goes on evenly, whatever is done to the clock. `known_since`: nothing was missed from then on."""

    def __init__(self) -> None:
        self._last: float | None = None
        self.at = 0.0
        self.known_since = 0.0

    def tick(self, now: float) -> bool:
        """The clock shows `now`, in seconds since 1970. False when it has jumped: what was counted is of no use.

        Time that a clock is put back by does not pass, nor what it is put forward by.
        """
        passed = now - self._last if self._last is not None else GAP_SECONDS + 1
        self._last = now
        if 0 <= passed <= GAP_SECONDS:
            self.at += passed
        if passed <= GAP_SECONDS:
            return True
        self.known_since = self.at
        return False


class Counts:
    """How often something happened in the last `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._step = max(STEP_SECONDS, seconds / STEPS)
        self._kept = max(1, ceil(seconds / self._step))
        self._steps: deque[list[int]] = deque()  # which step of time, and how often in it
        self._total = 0

    def add(self, at: float, many: int = 1) -> None:
        """It happened, so many times."""
        place = int(at // self._step)
        if self._steps and self._steps[-1][0] == place:
            self._steps[-1][1] += many
        else:
            self._steps.append([place, many])
        self._total += many

    def total(self, at: float) -> int:
        """How often until now."""
        oldest = int(at // self._step) - self._kept
        while self._steps and self._steps[0][0] <= oldest:
            self._total -= self._steps.popleft()[1]
        return self._total

    def forget(self) -> None:
        """Nothing is known of before."""
        self._steps.clear()
        self._total = 0

    def __len__(self) -> int:
        """How much is kept."""
        return len(self._steps)


class Names:
    """Which names were heard in the last `seconds`. Of too many the oldest is forgotten."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._heard: OrderedDict[str, float] = OrderedDict()

    def add(self, name: str, at: float) -> bool:
        """One is heard. Whether it is new; one heard again is not, and is as old as it was."""
        self.total(at)
        if name in self._heard:
            return False
        self._heard[name] = at
        if len(self._heard) > MOST_NAMES:
            self._heard.popitem(last=False)
        return True

    def renew(self, name: str, at: float) -> None:
        """One is heard, and is as young as can be."""
        self._heard.pop(name, None)
        self.add(name, at)

    def total(self, at: float) -> int:
        """How many there are."""
        while self._heard and next(iter(self._heard.values())) <= at - self._seconds:
            self._heard.popitem(last=False)
        return len(self._heard)

    def forget(self) -> None:
        """Nothing is known of before."""
        self._heard.clear()
