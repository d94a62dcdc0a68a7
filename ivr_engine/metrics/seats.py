"""This file decides what agents and offers do to the figures. It does not know who waits."""

import re

from ivr_engine.metrics.instruments import Instruments
from ivr_engine.model import notices
from ivr_engine.model.ids import CallId, PoolName, SeatId

_GONE = "gone"

OfSeats = notices.AgentChanged | notices.CallsMissed | notices.Offered | notices.Ringing | notices.OfferEnded


class SeatFigures:
    """What agents do, and how soon their phones ring."""

    def __init__(self, instruments: Instruments) -> None:
        self._is = instruments
        self._offers: dict[CallId, tuple[PoolName, float]] = {}
        self._agents: dict[SeatId, str] = {}

    def observe(self, notice: OfSeats) -> None:
        """Take a notice into the figures."""
        match notice:
            case notices.CallsMissed(pool=pool):
                self._is.missed.labels(pool).inc()
            case notices.AgentChanged():
                self._agent(notice)
            case notices.Offered(call=call, queue=queue, pool=pool, at=at, overflow=overflow):
                self._offers[call] = (pool, at)
                if overflow:
                    self._is.overflow.labels(queue, pool).inc()
            case notices.Ringing(call=call, at=at, since_queued=since_queued):
                if since_queued is not None:
                    self._is.queued_to_ring.observe(since_queued)
                if call in self._offers:
                    pool, offered_at = self._offers.pop(call)
                    self._is.offer_to_ring.labels(pool).observe(max(0.0, at - offered_at))
            case notices.OfferEnded(call=call):
                self.ended(call)

    def ended(self, call: CallId) -> None:
        """A call, or the offer it was in, is over."""
        self._offers.pop(call, None)

    def _agent(self, notice: notices.AgentChanged) -> None:
        if (before := self._agents.pop(notice.agent, None)) is not None:
            self._is.agents.labels(before).dec()
        if notice.state != _GONE:
            self._agents[notice.agent] = state = re.sub(r"\W", "_", notice.state)
            self._is.agents.labels(state).inc()
