"""This file decides which callers were answered in time. It does not know how a promise is written."""

from collections.abc import Mapping

from ivr_engine.metrics.instruments import Instruments
from ivr_engine.model.ids import QueueName
from ivr_engine.model.notices import AnyNotice, Connected


class Targets:
    """What each queue promises, and how often it is kept."""

    def __init__(self, instruments: Instruments) -> None:
        self._is = instruments
        self._within: dict[QueueName, float] = {}

    def expect(self, promised: Mapping[QueueName, tuple[float, float]]) -> None:
        """By queue: within how many seconds which share of callers is to be answered. Counts begin with zero."""
        self._within = {queue: within for queue, (within, _) in promised.items()}
        self._is.target_seconds.clear()
        self._is.target_share.clear()
        for queue, (within, share) in promised.items():
            self._is.in_time.labels(queue)
            self._is.target_seconds.labels(queue).set(within)
            self._is.target_share.labels(queue).set(share)

    def observe(self, notice: AnyNotice) -> None:
        """Take a notice into the figures."""
        if isinstance(notice, Connected) and not notice.again and notice.waited <= self._within.get(notice.queue, 0.0):
            self._is.in_time.labels(notice.queue).inc()
