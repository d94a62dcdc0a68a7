"""This file decides what is counted of what must be done in a crisis. It does not know who does it."""

from ivr_engine.metrics.instruments import Instruments
from ivr_engine.model import notices
from ivr_engine.model.crises import CrisisState


class CrisisFigures:
    """The clocks of crises, as they stand."""

    def __init__(self, instruments: Instruments) -> None:
        self._is = instruments
        self._set(notices.CrisisStateChanged(0.0, CrisisState()))

    def observe(self, notice: notices.AnyNotice) -> None:
        """Take a notice into the figures."""
        if isinstance(notice, notices.CrisisStateChanged):
            self._set(notice)

    def _set(self, notice: notices.CrisisStateChanged) -> None:
        late = [clock.overdue for clock in notice.state.clocks if clock.done_at is None]
        self._is.clocks.labels("overdue").set(sum(late))
        self._is.clocks.labels("running").set(len(late) - sum(late))
