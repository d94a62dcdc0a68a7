"""This file decides what time it is. It does not know what for."""

import time


class SystemClock:
    """Wall time at start, carried on by the monotonic clock: a corrected system clock cannot reorder callers."""

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()

    def now(self) -> float:
        """Seconds since 1970."""
        return self._offset + time.monotonic()
