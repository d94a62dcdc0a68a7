"""This file decides when a seat is ready: what was seen of its phone, and its rest. It does not know who waits."""

from collections.abc import Mapping

from ivr_engine.core.outbox import Outbox, RestEnds
from ivr_engine.core.pool import Pool
from ivr_engine.core.seat import Seat, SeatState, SeatTrigger
from ivr_engine.dialplan.hotline import PoolPlan
from ivr_engine.model.commands import AgentPhone
from ivr_engine.model.events import PhonesSeen
from ivr_engine.model.ids import PoolName, SeatId

# A seat that did not take a call is left alone for a moment, so that the next offer goes to somebody else, and one
# that picks up and drops at once is not rung without end.
PAUSE_IN_VAIN_SECONDS = 5.0


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

    def free(self, seat: Seat, wrap_up: float, *, in_vain: bool) -> None:
        """A seat's line has ended. An agent rests; a line of another site's trunk does not need to.

        `in_vain`: somebody waits still. Whatever cause its end gave, the next try must not follow at once.
        """
        seat.leg = None
        self.happens(seat, SeatTrigger.LEG_ENDED)
        rest = wrap_up if isinstance(seat.to, AgentPhone) else 0.0
        seconds = max(rest, PAUSE_IN_VAIN_SECONDS) if in_vain else rest
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
