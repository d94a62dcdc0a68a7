"""This file decides when a seat is ready: what was seen of its phone, and its rest. It does not know who waits."""

from ivr_engine.core.outbox import Outbox, RestEnds
from ivr_engine.core.plan import Plan
from ivr_engine.core.pool import Pool, seat_of
from ivr_engine.core.seat import NO_POOL, Seat, SeatState, SeatTrigger
from ivr_engine.model.commands import AgentPhone
from ivr_engine.model.events import PhonesSeen
from ivr_engine.model.ids import PoolName, SeatId

# A seat that did not take a call is left alone for a moment, so that the next offer goes to somebody else, and one
# that picks up and drops at once is not rung without end.
PAUSE_IN_VAIN_SECONDS = 5.0


class Seats:
    """All seats of all pools."""

    def __init__(self, out: Outbox) -> None:
        self._out = out
        self.pools: dict[PoolName, Pool] = {}
        self.by_id: dict[SeatId, Seat] = {}
        self.trunks: frozenset[PoolName] = frozenset()  # that can be reached, as last seen
        self._plan = Plan()

    def replan(self, plan: Plan) -> None:
        """Go by another plan. A seat that has a line keeps its place until the line has ended."""
        self._plan = plan
        for name, one in plan.pools.items():
            if name in self.pools:
                self.pools[name].replan(one)
            else:
                self.pools[name] = Pool(one, ())
        for seat in list(self.by_id.values()):
            self._place(seat)
        for seat_id, name in plan.places.items():
            if seat_id not in self.by_id:
                self._take_in(seat_id, name)
                self.pools[name].is_looked_at = False
        self._close_pools()

    def guest(self, seat: SeatId, pool: PoolName) -> Seat | None:
        """A seat that is in no plan any more, and talks still; None if its pool is gone too."""
        if pool not in self.pools:
            return None
        self._take_in(seat, pool)
        return self.by_id[seat]

    def happens(self, seat: Seat, trigger: SeatTrigger) -> None:
        """Move a seat on by its table."""
        if seat.pool == NO_POOL:
            seat.happens(trigger)
        else:
            self.pools[seat.pool].happens(seat, trigger)

    def seen(self, seen: PhonesSeen) -> None:
        """Take in which phones and trunks can be reached."""
        self.trunks = seen.trunks
        for pool in self.pools.values():
            pool.is_looked_at = True
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
        if seat.pool == NO_POOL:
            return
        self._place(seat)
        self._close_pools()
        if seat.id not in self.by_id:
            return
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

    def _take_in(self, seat_id: SeatId, pool: PoolName) -> None:
        seat = seat_of(seat_id, self.pools[pool].plan)
        self.pools[pool].take_in(seat)
        self.by_id[seat_id] = seat

    def _place(self, seat: Seat) -> None:
        """Put a seat where the plan has it, unless it has a line."""
        wanted = self._plan.places.get(seat.id)
        if wanted == seat.pool or seat.state in (SeatState.RINGING, SeatState.TALKING):
            return
        self.pools[seat.pool].let_go(seat)
        if wanted is not None:
            self.pools[wanted].take_in(seat)
            return
        self._out.cancel(seat.rest)
        del self.by_id[seat.id]

    def _close_pools(self) -> None:
        gone = [name for name, pool in self.pools.items() if name not in self._plan.pools and not pool.seats]
        for name in gone:
            self._out.tell(self.pools.pop(name).figures(self._out.now))

    def _settle(self, seat: Seat) -> None:
        if seat.reachable and seat.state is SeatState.OFFLINE:
            self.happens(seat, SeatTrigger.APPEARED)
        elif not seat.reachable and seat.state in (SeatState.READY, SeatState.WRAP_UP):
            self._out.cancel(seat.rest)
            seat.rest = None
            self.happens(seat, SeatTrigger.VANISHED)
