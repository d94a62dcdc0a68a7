"""This file decides what is counted of crises: clocks, and who asked how it stands. It does not know why."""

from ivr_engine.metrics.instruments import Instruments
from ivr_engine.model import notices
from ivr_engine.model.crises import CrisisState


class CrisisFigures:
    """The clocks of crises as they stand, and briefings."""

    def __init__(self, instruments: Instruments) -> None:
        self._is = instruments
        self._set(notices.CrisisStateChanged(0.0, CrisisState()))
        for result in ("told", "refused", "wrong_pin", "locked"):
            instruments.briefings.labels(result)

    def briefed(self, result: str) -> None:
        """How it went that somebody typed a PIN to hear how the hotline stands."""
        self._is.briefings.labels(result).inc()

    def observe(self, notice: notices.AnyNotice) -> None:
        """Take a notice into the figures."""
        if isinstance(notice, notices.CrisisStateChanged):
            self._set(notice)

    def _set(self, notice: notices.CrisisStateChanged) -> None:
        late = [clock.overdue for clock in notice.state.clocks if clock.done_at is None]
        self._is.clocks.labels("overdue").set(sum(late))
        self._is.clocks.labels("running").set(len(late) - sum(late))
