"""This file decides what is counted of pools that open and close, or whose lines fail. It does not know why."""

from collections.abc import Iterable

from ivr_engine.metrics.instruments import Instruments
from ivr_engine.model import notices
from ivr_engine.model.ids import PoolName, QueueName


class Openings:
    """Which pools are open to whom, and which are skipped."""

    def __init__(self, instruments: Instruments) -> None:
        self._is = instruments

    def expect(self, pools: Iterable[PoolName], conditional: Iterable[tuple[QueueName, PoolName]]) -> None:
        """Begin with zeros for every pool, and for those that are open to a queue under conditions only."""
        for pool in pools:
            self._is.unhealthy.labels(pool)
        for queue, pool in conditional:
            self._is.overflow_open.labels(queue, pool)
            self._is.overflow_opened.labels(queue, pool)

    def observe(self, notice: notices.OverflowChanged | notices.PoolHealthChanged) -> None:
        """Take a notice into the figures."""
        match notice:
            case notices.OverflowChanged(queue=queue, pool=pool, open=is_open):
                self._is.overflow_open.labels(queue, pool).set(is_open)
                self._is.overflow_opened.labels(queue, pool).inc(is_open)
            case notices.PoolHealthChanged(pool=pool, healthy=healthy):
                self._is.unhealthy.labels(pool).set(not healthy)
