"""This file decides which calls try a new version, and when it must be taken back. It does not know what is new in it.

Judged is the share of callers who hang up in the menu. A call counts from the moment it leaves the menu or ends, and
in the order of arrival: else a version in which people hang up sooner would look worse while it is young.
"""

from collections import deque
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

from ivr_engine.core.evidence import Evidence
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.model.causes import Outcome
from ivr_engine.model.ids import CallId
from ivr_engine.model.notices import AnyNotice, CanaryChanged, Ended, Queued
from ivr_engine.nodes import Node

MOST_PERCENT = 50
FEWEST_CALLS = 30  # of each version, before anything is judged
SURE_BELOW = 0.01  # the p-value; ADR 0021
PATIENCE_SECONDS = 300.0  # who has been in the menu for so long counts as one who stayed

State = Literal["on", "accepted", "stopped", "taken back"]


@dataclass(slots=True)
class Tally:
    """How many calls of a version were judged, and how many of them ended in the menu by the caller's hand."""

    calls: int = 0
    left: int = 0
    waiting: deque[bool] = field(default_factory=deque)  # judged, and not yet in a block

    def add(self, left: bool) -> None:
        """Count a call."""
        self.calls += 1
        self.left += left
        self.waiting.append(left)


@dataclass(slots=True)
class _Watched:
    arrived_at: float
    is_new: bool
    left: bool | None = None  # None: he is in the menu


class Canary:
    """A version on trial for `percent` of new calls."""

    def __init__(self, hotline: Hotline[Node], percent: int, by: str, since: float) -> None:
        self.hotline = hotline
        self.percent = percent
        self.by = by
        self.since = since
        self.new, self.old = Tally(), Tally()
        self._evidence = Evidence(max(1, round((100 - percent) / percent)))
        self._calls: dict[CallId, _Watched] = {}  # in the order of arrival
        self._changed = True

    def takes(self, call: CallId) -> bool:
        """Whether a call tries the new version. By its name alone, so that a replay chooses the same."""
        digest = sha256(f"{self.hotline.version} {call}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % 100 < self.percent

    def watch(self, call: CallId, now: float, *, is_new: bool) -> None:
        """A call begins that is to be judged."""
        self._calls[call] = _Watched(now, is_new)

    def hear(self, notice: AnyNotice) -> None:
        """Learn from a notice what became of a call."""
        match notice:
            case Queued(call=call):
                self._judge(call, left=False)
            case Ended(call=call, record=record):
                self._judge(call, left=record.outcome is Outcome.ABANDONED_IN_MENU)

    def is_worse(self, now: float) -> bool:
        """Whether surely more callers hang up in the new version; certain in 99 of 100 canaries that are not worse."""
        self._settle(now)
        enough = min(self.new.calls, self.old.calls) >= FEWEST_CALLS
        return enough and self._evidence.p_value < SURE_BELOW

    def figures(self, now: float, state: State = "on", by: str = "", why: str = "") -> CanaryChanged:
        """How it stands."""
        return CanaryChanged(
            version=self.hotline.version,
            at=now,
            state=state,
            percent=self.percent,
            by=by or self.by,
            why=why,
            calls=self.new.calls,
            left_in_menu=self.new.left,
            other_calls=self.old.calls,
            other_left_in_menu=self.old.left,
            p_value=round(self._evidence.p_value, 6),
        )

    def changed(self) -> bool:
        """Whether its figures are others than at the last time somebody asked this."""
        changed, self._changed = self._changed, False
        return changed

    def _judge(self, call: CallId, *, left: bool) -> None:
        watched = self._calls.get(call)
        if watched is not None and watched.left is None:
            watched.left = left

    def _settle(self, now: float) -> None:
        while self._calls:
            call, first = next(iter(self._calls.items()))
            if first.left is None and now - first.arrived_at < PATIENCE_SECONDS:
                break
            del self._calls[call]
            (self.new if first.is_new else self.old).add(bool(first.left))
            self._changed = True
        size = self._evidence.size
        while self.new.waiting and len(self.old.waiting) >= size:
            old = [self.old.waiting.popleft() for _ in range(size)]
            self._evidence.block(self.new.waiting.popleft(), old)
