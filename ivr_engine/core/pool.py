"""This file decides which seat of a pool is next. It does not know who is waiting or which pools are tried."""

from collections import Counter, OrderedDict
from collections.abc import Collection, Iterable

from ivr_engine.core.pace import Pace
from ivr_engine.core.seat import Seat, SeatState, SeatTrigger, agent_seat, line_seat
from ivr_engine.dialplan.hotline import PoolPlan
from ivr_engine.model.ids import SeatId
from ivr_engine.model.notices import PoolChanged


class Pool:
    """The seats of one pool. Ready ones stand in line: who has been idle longest is in front."""

    def __init__(self, plan: PoolPlan, seats: Iterable[SeatId] | None = None) -> None:
        self.plan = plan
        self.seats: dict[SeatId, Seat] = {}
        self.changed = True  # since its figures were last told
        self.is_looked_at = True  # whether it is known of every seat if its phone can be reached
        self.calls = Pace()  # of a busy seat, from its first ring to the end of its rest
        self.pick_ups = Pace()  # of a ringing one
        self._ended = self._picked_up = 0  # since then
        self._count: Counter[SeatState] = Counter()
        self._idle: OrderedDict[SeatId, Seat] = OrderedDict()
        for seat in plan.seats if seats is None else seats:
            self.take_in(seat_of(seat, plan))

    def take_in(self, seat: Seat) -> None:
        """A seat belongs here from now on; one that is ready stands at the end of the line."""
        seat.pool = self.plan.name
        seat.to = seat_of(seat.id, self.plan).to
        self.seats[seat.id] = seat
        self._count[seat.state] += 1
        self.changed = True
        if seat.state is SeatState.READY:
            self._idle[seat.id] = seat

    def let_go(self, seat: Seat) -> None:
        """A seat does not belong here any more."""
        del self.seats[seat.id]
        self._count[seat.state] -= 1
        self.changed = True
        self._idle.pop(seat.id, None)

    def replan(self, plan: PoolPlan) -> None:
        """Go by another plan; whose seats it has is told apart."""
        self.plan = plan
        for seat in self.seats.values():
            seat.to = seat_of(seat.id, plan).to

    def longest_idle(self, but: Collection[SeatId] = ()) -> Seat | None:
        """The seat to ring next, or None when none is ready, or only such that are excluded."""
        return next((seat for seat in self._idle.values() if seat.id not in but), None)

    @property
    def has_ready(self) -> bool:
        """Whether any seat could be rung now."""
        return bool(self._idle)

    @property
    def ringing(self) -> int:
        """How many seats ring."""
        return self._count[SeatState.RINGING]

    @property
    def on_duty(self) -> int:
        """How many seats can take calls, now or when they are free again."""
        return len(self.seats) - self._nobody_there - self._count[SeatState.PAUSED]

    @property
    def busy(self) -> int:
        """How many of them are taken, by a call or the rest after it."""
        return self.on_duty - self._count[SeatState.READY]

    @property
    def is_deserted(self) -> bool:
        """Whether no seat can be reached at all, for all that is known. Who is paused comes back."""
        return self.is_looked_at and self._nobody_there == len(self.seats)

    @property
    def _nobody_there(self) -> int:
        return self._count[SeatState.OFFLINE] + self._count[SeatState.SIGNED_OUT]

    def happens(self, seat: Seat, trigger: SeatTrigger) -> None:
        """Move a seat on by its table, and keep the line of idle seats true."""
        before = seat.state
        seat.happens(trigger)
        self._count[before] -= 1
        self._count[seat.state] += 1
        self._ended += before is SeatState.TALKING and seat.state is not SeatState.TALKING
        self._picked_up += trigger is SeatTrigger.PICKED_UP
        self.changed = True
        if seat.state is SeatState.READY:
            self._idle[seat.id] = seat
        else:
            self._idle.pop(seat.id, None)

    def figures(self, now: float) -> PoolChanged:
        """How many seats are in which state. Asked when a decision is complete, it measures how fast they work."""
        count = self._count
        self.calls.look(now, self.busy, self._ended)
        self.pick_ups.look(now, self.ringing, self._picked_up)
        self._ended = self._picked_up = 0
        return PoolChanged(
            pool=self.plan.name,
            at=now,
            ready=count[SeatState.READY],
            ringing=count[SeatState.RINGING],
            talking=count[SeatState.TALKING],
            wrap_up=count[SeatState.WRAP_UP],
            offline=count[SeatState.OFFLINE],
            paused=count[SeatState.PAUSED],
            signed_out=count[SeatState.SIGNED_OUT],
        )


def seat_of(seat: SeatId, plan: PoolPlan) -> Seat:
    """A seat as a pool of that plan has it, nothing seen of its phone yet."""
    return line_seat(seat, plan.name, plan.number) if plan.trunk else agent_seat(seat, plan.name, sign_in=plan.sign_in)
