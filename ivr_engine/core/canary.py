"""This file decides which calls try a new version, and when it must be taken back. It does not know what is new."""

from hashlib import sha256
from typing import Literal

from ivr_engine.core.judging import SURE_BELOW, Comparison, InOrder
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.model.ids import CallId
from ivr_engine.model.notices import AnyNotice, CanaryChanged
from ivr_engine.nodes import Node

MOST_PERCENT = 50

State = Literal["on", "accepted", "stopped", "taken back"]


class Canary:
    """A version on trial for `percent` of new calls."""

    def __init__(self, hotline: Hotline[Node], percent: int, by: str, since: float) -> None:
        self.hotline = hotline
        self.percent = percent
        self.by = by
        self.since = since
        self._compared = Comparison(percent, 100 - percent)
        self._calls: InOrder[bool] = InOrder()  # whether it tries the new version
        self._changed = True

    def takes(self, call: CallId) -> bool:
        """Whether a call tries the new version. By its name alone, so that a replay chooses the same."""
        digest = sha256(f"{self.hotline.version} {call}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % 100 < self.percent

    def watch(self, call: CallId, now: float, *, is_new: bool) -> None:
        """A call begins that is to be judged."""
        self._calls.watch(call, now, is_new)

    def hear(self, notice: AnyNotice) -> None:
        """Learn from a notice what became of a call."""
        self._calls.hear(notice)

    def is_worse(self, now: float) -> bool:
        """Whether surely more callers hang up in the new version; certain in 99 of 100 canaries that are not worse."""
        for is_new, left in self._calls.settle(now):
            self._compared.add(left, is_one=is_new)
            self._changed = True
        return self._compared.is_enough and self._compared.p_value < SURE_BELOW

    def figures(self, now: float, state: State = "on", by: str = "", why: str = "") -> CanaryChanged:
        """How it stands."""
        new, old = self._compared.one, self._compared.others
        return CanaryChanged(
            version=self.hotline.version,
            at=now,
            state=state,
            percent=self.percent,
            by=by or self.by,
            why=why,
            calls=new.calls,
            left_in_menu=new.left,
            other_calls=old.calls,
            other_left_in_menu=old.left,
            p_value=round(self._compared.p_value, 6),
        )

    def changed(self) -> bool:
        """Whether its figures are others than at the last time somebody asked this."""
        changed, self._changed = self._changed, False
        return changed
