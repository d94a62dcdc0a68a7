"""This file decides what is counted of triggers. It does not know what they look at."""

from collections.abc import Iterable

from ivr_engine.metrics.instruments import Instruments
from ivr_engine.model import notices


class TriggerFigures:
    """How triggers stand, and how often they fired."""

    def __init__(self, instruments: Instruments) -> None:
        self._is = instruments

    def expect(self, triggers: Iterable[str]) -> None:
        """Begin with zeros for every trigger."""
        for trigger in triggers:
            self._is.trigger.labels(trigger)
            self._is.triggered.labels(trigger)

    def observe(self, notice: notices.AnyNotice) -> None:
        """Take a notice into the figures."""
        if isinstance(notice, notices.TriggerChanged) and notice.state != "blind":
            self._is.trigger.labels(notice.trigger).set(notice.state != "over")
            self._is.triggered.labels(notice.trigger).inc(notice.state == "fired")
        elif isinstance(notice, notices.CrisisStateChanged):
            for trigger, memory in notice.state.triggers.items():  # also what was on before a restart
                self._is.trigger.labels(trigger).set(memory.on)
