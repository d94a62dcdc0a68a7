"""This file decides when a system that fails is left alone. It does not know how it is asked, and is told the time.

In a surge a dead system would hold up every caller for as long as he is willing to wait. So after a few failures in a
row lookups fail at once; now and then a single one tries whether it is back.
"""

FAILURES_IN_A_ROW = 5
SPARED_SECONDS = 5.0


class Breaker:
    """Counts one system's failures. Times are seconds of any one clock."""

    def __init__(self) -> None:
        self._failures = 0
        self._next_try = 0.0

    @property
    def spares(self) -> bool:
        """Whether the system is left alone."""
        return self._failures >= FAILURES_IN_A_ROW

    def allows(self, now: float) -> bool:
        """Whether the system may be asked now; if it is being left alone, that is the one try for the next seconds."""
        if not self.spares:
            return True
        if now < self._next_try:
            return False
        self._next_try = now + SPARED_SECONDS
        return True

    def succeeded(self) -> None:
        """It has answered, whatever it said."""
        self._failures = 0

    def failed(self, now: float) -> None:
        """It has not answered, or nothing that can be used."""
        self._failures += 1
        self._next_try = now + SPARED_SECONDS
