"""This file decides what is counted of alerts on their way to people. It does not know how they are sent."""

from collections.abc import Iterable

from ivr_engine.metrics.instruments import Instruments
from ivr_engine.model import notices

NO_MESSENGER = "none"  # where a group has nobody


class MessengerFigures:
    """How alerts fare."""

    def __init__(self, instruments: Instruments) -> None:
        self._is = instruments
        self.expect(())

    def expect(self, messengers: Iterable[str]) -> None:
        """Begin with zeros for every messenger."""
        for messenger in (NO_MESSENGER, *messengers):
            for result in ("sent", "again", "given_up"):
                self._is.alerts.labels(messenger, result)

    def observe(self, notice: notices.AnyNotice) -> None:
        """Take a notice into the figures."""
        if isinstance(notice, notices.AlertSent):
            failed = "again" if notice.again else "given_up"
            self._is.alerts.labels(notice.messenger or NO_MESSENGER, "sent" if notice.ok else failed).inc()
