"""This file decides how the arms of one experiment stand to each other. It does not know what comes of it."""

from collections.abc import Mapping

from ivr_engine.core.judging import SURE_BELOW, Comparison, InOrder, Tally
from ivr_engine.model.alarms import ArmChanged
from ivr_engine.model.ids import CallId, StepName
from ivr_engine.model.notices import AnyNotice

TOLD_EVERY_SECONDS = 10.0  # at most


class Trial:
    """The arms of a split to which callers come, by their `shares`. Each is compared with the others together."""

    def __init__(self, split: StepName, shares: Mapping[str, int], now: float) -> None:
        self._split = split
        total = sum(shares.values())
        several = len(shares) > 1
        self.arms = {arm: Comparison(share, total - share) for arm, share in shares.items()} if several else {}
        self._calls: InOrder[str] = InOrder()
        self._told_at = now
        self._is_changed = False

    def watch(self, call: CallId, now: float, arm: str) -> None:
        """A caller came to an arm. One that is stopped, or all alone, proves nothing."""
        if arm in self.arms:
            self._calls.watch(call, now, arm)

    def hear(self, notice: AnyNotice) -> None:
        """Learn from a notice what became of a call."""
        self._calls.hear(notice)

    def judge(self, now: float) -> str | None:
        """The arm in which surely more callers hang up; None while none is."""
        for arm, left in self._calls.settle(now):
            self._is_changed = True
            for name, comparison in self.arms.items():
                comparison.add(left, is_one=name == arm)
        return next((arm for arm, one in self.arms.items() if one.is_enough and self._p_value(arm) < SURE_BELOW), None)

    def is_due(self, now: float) -> bool:
        """Whether its figures are to be told: they are others, and were not told just now."""
        if not self._is_changed or now < self._told_at + TOLD_EVERY_SECONDS:
            return False
        self._is_changed, self._told_at = False, now
        return True

    def figures(self, arm: str, now: float) -> ArmChanged:
        """How an arm stands."""
        one, others = self.arms[arm].one, self.arms[arm].others
        return ArmChanged(
            split=self._split,
            arm=arm,
            at=now,
            state="on",
            calls=one.calls,
            left_in_menu=one.left,
            other_calls=others.calls,
            other_left_in_menu=others.left,
            p_value=round(self._p_value(arm), 6),
        )

    def in_words(self, arm: str) -> str:
        """Why it is called worse."""
        one, others = self.arms[arm].one, self.arms[arm].others
        return f"{_share(one)} hang up in it, {_share(others)} in the others (p {self._p_value(arm):.2g})"

    def _p_value(self, arm: str) -> float:
        """Each arm is a question of its own: so many chances to be wrong (Bonferroni)."""
        return min(1.0, self.arms[arm].p_value * len(self.arms))


def _share(tally: Tally) -> str:
    return f"{tally.left} of {tally.calls}" + (f" ({tally.left / tally.calls:.0%})" if tally.calls else "")
