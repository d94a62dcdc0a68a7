"""This file decides how fast things end, or come, as measured on the last of them. It knows neither seats nor callers.

What goes on still counts as well: a talk of ten minutes that has not ended says that talks are long. Ends, divided by
the seconds all of them together went on, are the maximum likelihood of an exponential duration, cut off or not.
"""

from math import exp

FEWEST = 10  # ends before anything is said of the next one
MEMORY = 100.0  # the last so many count most
MEMORY_EACH = 5.0  # and so many more for each that goes on at once: a large group can be known more exactly


class Pace:
    """Ends a second of whatever goes on, several at once."""

    def __init__(self) -> None:
        self._ends = 0.0
        self._seconds = 0.0
        self._seen = 0
        self._going = 0
        self._at: float | None = None

    def look(self, now: float, going: int, ended: int = 0) -> None:
        """So many go on from now on, and so many have ended since the last look."""
        keep = (1 - 1 / (MEMORY + MEMORY_EACH * going)) ** ended
        passed = 0.0 if self._at is None else max(0.0, now - self._at)
        self._seconds = self._seconds * keep + self._going * passed
        self._ends = self._ends * keep + ended
        self._seen += ended
        self._at, self._going = now, going

    @property
    def rate(self) -> float | None:
        """Ends a second of one that goes on; None while too few have been seen."""
        return self._ends / self._seconds if self._seen >= FEWEST and self._seconds > 0 else None

    @property
    def rate_so_far(self) -> float:
        """The same of however few there were: 0 if nothing ever ended."""
        return self._ends / self._seconds if self._seconds > 0 else 0.0


class Flow:
    """How many come a second, as of the last minutes."""

    SECONDS = 300.0  # what came longer ago counts little

    def __init__(self) -> None:
        self._came = 0.0
        self._begun: float | None = None
        self._at = 0.0

    def come(self, now: float, many: int) -> None:
        """So many have come since the last look."""
        self._begun = now if self._begun is None else self._begun
        self._came = self._came * self._left(now) + many
        self._at = now

    def rate(self, now: float) -> float:
        """How many come a second. 0 until some time has passed."""
        passed = 0.0 if self._begun is None else now - self._begun
        if passed <= 0:
            return 0.0
        return self._came * self._left(now) / (self.SECONDS * (1 - exp(-passed / self.SECONDS)))

    def _left(self, now: float) -> float:
        """The share of what came before that still counts; all of it where the clock was put back."""
        return exp(-max(0.0, now - self._at) / self.SECONDS)
