"""This file decides when a seat is ready: what was seen of its phone, and its rest. It does not know who waits."""

from collections.abc import Mapping

from ivr_engine.core.outbox import Outbox, RestEnds
from ivr_engine.core.pool import Pool
from ivr_engine.core.seat import Seat, SeatState, SeatTrigger
from ivr_engine.dialplan.hotline import PoolPlan
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.commands import AgentPhone
from ivr_engine.model.events import PhonesSeen
from ivr_engine.model.ids import PoolName, SeatId

# A seat that did not take a call is left alone for a moment, so that the next offer goes to somebody else.
PAUSE_AFTER_NO_ANSWER_SECONDS = 5.0


class Seats:
    """All seats of all pools."""

    def __init__(self, out: Outbox, plans: Mapping[PoolName, PoolPlan]) -> None:
        self._out = out
        self.pools = {name: Pool(plan) for name, plan in plans.items()}
        self.by_id: dict[SeatId, Seat] = {seat.id: seat for pool in self.pools.values() for seat in pool.seats.values()}

    def happens(self, seat: Seat, trigger: SeatTrigger) -> None:
        """Move a seat on by its table."""
        self.pools[seat.pool].happens(seat, trigger)

    def seen(self, seen: PhonesSeen) -> None:
        """Take in which phones and trunks can be reached."""
        for seat in self.by_id.values():
            is_agent = isinstance(seat.to, AgentPhone)
            reachable = seat.id in seen.agents if is_agent else seat.pool in seen.trunks
            if reachable != seat.reachable:
                seat.reachable = reachable
                self._settle(seat)

    def free(self, seat: Seat, wrap_up: float, *, talked: bool, cause: LegEnd) -> None:
        """A seat's line has ended. An agent rests; a line of another site's trunk does not need to."""
        seat.leg = None
        self.happens(seat, SeatTrigger.LEG_ENDED)
        is_agent = isinstance(seat.to, AgentPhone)
        pause = 0.0 if cause is LegEnd.HUNG_UP else PAUSE_AFTER_NO_ANSWER_SECONDS
        seconds = (wrap_up if is_agent else 0.0) if talked else pause
        if seconds > 0 and seat.reachable:
            seat.rest = self._out.start_timer(seconds, RestEnds(seat.id))
        else:
            self.rested(seat.id)

    def rested(self, seat_id: SeatId) -> None:
        """A seat's rest is over."""
        seat = self.by_id[seat_id]
        seat.rest = None
        if seat.state is SeatState.WRAP_UP:
            self.happens(seat, SeatTrigger.RESTED)
            self._settle(seat)

    def _settle(self, seat: Seat) -> None:
        if seat.reachable and seat.state is SeatState.OFFLINE:
            self.happens(seat, SeatTrigger.APPEARED)
        elif not seat.reachable and seat.state in (SeatState.READY, SeatState.WRAP_UP):
            self._out.cancel(seat.rest)
            seat.rest = None
            self.happens(seat, SeatTrigger.VANISHED)
