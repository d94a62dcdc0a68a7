"""This file decides which ended call is sealed next, and when a failed one is tried again.

It does not know files' contents, processes or the clock: it is told the time.
"""

from dataclasses import dataclass
from pathlib import Path

_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0


@dataclass(slots=True)
class Waiting:
    """A raw file of an ended call. `since` is when the call ended, or the last write seen of it."""

    raw: Path
    since: float
    due: float
    failures: int = 0


class Backlog:
    """The raw files of ended calls, until each is sealed."""

    def __init__(self) -> None:
        self._waiting: dict[str, Waiting] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, call: str) -> bool:
        return call in self._waiting

    def add(self, call: str, raw: Path, since: float, now: float) -> None:
        """A call ended. Told twice changes nothing."""
        self._waiting.setdefault(call, Waiting(raw, since, due=now))

    def next_due(self, now: float) -> tuple[str, Waiting] | None:
        """The call that has been due longest; None when none is due yet."""
        due = [item for item in self._waiting.items() if item[1].due <= now]
        return min(due, key=lambda item: item[1].due, default=None)

    def pause(self, now: float) -> float | None:
        """Seconds until something is due; None when nothing waits."""
        if not self._waiting:
            return None
        return max(0.0, min(waiting.due for waiting in self._waiting.values()) - now)

    def done(self, call: str) -> None:
        """The call is sealed, or its file is gone."""
        self._waiting.pop(call, None)

    def failed(self, call: str, now: float) -> int:
        """Try again later, each time a longer while. Returns how often it failed."""
        waiting = self._waiting[call]
        waiting.failures += 1
        waiting.due = now + min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(waiting.failures - 1, 10))
        return waiting.failures

    def oldest_seconds(self, now: float) -> float:
        """How long the oldest has been waiting; 0 when none is."""
        return max((now - waiting.since for waiting in self._waiting.values()), default=0.0)
