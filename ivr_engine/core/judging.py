"""This file decides when a call on trial is judged, and when one share of callers surely does worse. It knows no menu.

Judged is the share of callers who hang up in the menu. A call counts from the moment it leaves the menu or ends, and
in the order of arrival: else a menu in which people hang up sooner would look worse while it is young.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from ivr_engine.core.evidence import Evidence
from ivr_engine.model.causes import Outcome
from ivr_engine.model.ids import CallId
from ivr_engine.model.notices import AnyNotice, Ended, Queued

FEWEST_CALLS = 30  # of each share, before anything is judged
SURE_BELOW = 0.01  # the p-value; ADR 0021
PATIENCE_SECONDS = 300.0  # who has been in the menu for so long counts as one who stayed
# Of the share of which more calls came than fit into blocks, the oldest are left out, so that calls of one block are of
# one time: a rush in which everybody hangs up must not be held against the share that had it. So few blocks of before
# are no evidence, whatever is in them.
MOST_BLOCKS_WAITING = 3

ShareT = TypeVar("ShareT")


@dataclass(slots=True)
class _OnTrial(Generic[ShareT]):
    arrived_at: float
    share: ShareT
    left: bool | None = None  # None: he is in the menu


class InOrder(Generic[ShareT]):
    """Calls on trial, in the order of arrival, each of one share of callers."""

    def __init__(self) -> None:
        self._calls: dict[CallId, _OnTrial[ShareT]] = {}

    def watch(self, call: CallId, now: float, share: ShareT) -> None:
        """A call begins that is to be judged. One that is watched already is of the share it was."""
        self._calls.setdefault(call, _OnTrial(now, share))

    def hear(self, notice: AnyNotice) -> None:
        """Learn from a notice what became of a call."""
        match notice:
            case Queued(call=call):
                self._judge(call, left=False)
            case Ended(call=call, record=record):
                self._judge(call, left=record.outcome is Outcome.ABANDONED_IN_MENU)

    def settle(self, now: float) -> Iterator[tuple[ShareT, bool]]:
        """Those that can be judged now: of which share, and whether he hung up in the menu."""
        while self._calls:
            call, first = next(iter(self._calls.items()))
            if first.left is None and now - first.arrived_at < PATIENCE_SECONDS:
                return
            del self._calls[call]
            yield first.share, bool(first.left)

    def _judge(self, call: CallId, *, left: bool) -> None:
        on_trial = self._calls.get(call)
        if on_trial is not None and on_trial.left is None:
            on_trial.left = left


class Tally:
    """How many calls of a share were judged, how many of them hung up in the menu, and those not yet in a block."""

    def __init__(self, in_a_block: int) -> None:
        self.calls = 0
        self.left = 0
        self._in_a_block = in_a_block
        self._waiting: deque[bool] = deque(maxlen=MOST_BLOCKS_WAITING * in_a_block)

    def add(self, left: bool) -> None:
        """Count a call."""
        self.calls += 1
        self.left += left
        self._waiting.append(left)

    @property
    def has_a_block(self) -> bool:
        """Whether enough calls wait for a block."""
        return len(self._waiting) >= self._in_a_block

    def block(self) -> list[bool]:
        """Take the calls of a block."""
        return [self._waiting.popleft() for _ in range(self._in_a_block)]


class Comparison:
    """Whether more of one share of callers hang up than of the others; `one` of them come where `others` come."""

    def __init__(self, one: float, others: float) -> None:
        self.one = Tally(max(1, round(one / others)))
        self.others = Tally(max(1, round(others / one)))
        self._evidence = Evidence()

    def add(self, left: bool, *, is_one: bool) -> None:
        """Take in a call."""
        (self.one if is_one else self.others).add(left)
        while self.one.has_a_block and self.others.has_a_block:
            self._evidence.block(self.one.block(), self.others.block())

    @property
    def p_value(self) -> float:
        """The chance, at most, to be wrong if it is called worse now, or whenever somebody looked."""
        return self._evidence.p_value

    @property
    def is_enough(self) -> bool:
        """Whether there are so many calls of both that it may be judged."""
        return min(self.one.calls, self.others.calls) >= FEWEST_CALLS
