"""This file decides which seats a pool has, and what they do. It does not know who waits, or which pools are tried.

Which of its seats is next is decided in able.py.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import count

from ivr_engine.core.able import Able
from ivr_engine.core.pace import Pace
from ivr_engine.core.seat import ABSENT, BUSY, SEAT_TABLE, Seat, SeatState, SeatTrigger, agent_seat, line_seat
from ivr_engine.dialplan.hotline import PoolPlan
from ivr_engine.model.commands import TrunkLine
from ivr_engine.model.ids import SeatId
from ivr_engine.model.notices import PoolChanged
from ivr_engine.model.skills import ANYBODY, Skills, meets


class Pool:
    """The seats of one pool. `order` counts on; shared, so that seats of several pools can be told apart by it."""

    def __init__(
        self, plan: PoolPlan, seats: Iterable[SeatId] | None = None, order: Iterator[int] | None = None
    ) -> None:
        self.plan = plan
        self.seats: dict[SeatId, Seat] = {}
        self.changed = True  # since its figures were last told
        self.shut = ""  # why it does not take part now
        self.is_looked_at = True  # whether it is known of every seat if its phone can be reached
        self.calls = Pace()  # of a busy seat, from its first ring to the end of its rest
        self.pick_ups = Pace()  # of a ringing one
        self._ended = self._picked_up = 0  # since then
        self._everybody = Able(ANYBODY)
        self._able: dict[Skills, Able] = {ANYBODY: self._everybody}  # by what was ever needed
        self._alike: dict[Skills, tuple[Able, ...]] = {}  # to which of them a seat of such skills belongs
        self._busy: Counter[str] = Counter()  # seats by the lane of the queue they have a call of
        self._taken: Counter[int] = Counter()  # seats on duty by how many calls they took
        self._order = count(1) if order is None else order
        for seat in plan.seats if seats is None else seats:
            self.take_in(seat_of(seat, plan))

    # --- which seats it has ---------------------------------------------------------------------------------

    def take_in(self, seat: Seat) -> None:
        """A seat belongs here from now on; one that is ready stands at the end of the line."""
        seat.pool = self.plan.name
        seat.to = seat_of(seat.id, self.plan).to
        self.seats[seat.id] = seat
        self._stand_last(seat)
        self._count_in(seat)

    def let_go(self, seat: Seat) -> None:
        """A seat does not belong here any more."""
        del self.seats[seat.id]
        self._count_out(seat)

    def train(self, seat: Seat, skills: Skills) -> None:
        """A seat of this pool has these skills from now on; it keeps its place."""
        self._count_out(seat)
        seat.skills = skills
        self._count_in(seat)

    def replan(self, plan: PoolPlan) -> None:
        """Go by another plan; whose seats it has, and what they can do, is told apart."""
        self.plan = plan
        self._able = {ANYBODY: self._everybody}  # what nobody needs any more is forgotten
        self._alike.clear()
        for seat in self.seats.values():
            seat.to = seat_of(seat.id, plan).to

    # --- who can be rung ------------------------------------------------------------------------------------

    def able(self, needs: Skills) -> Able:
        """Its seats that have what is needed."""
        found = self._able.get(needs)
        if found is None:
            found = Able(needs, (seat for seat in self.seats.values() if meets(seat.skills, needs)))
            self._able[needs] = found
            self._alike.clear()
        return found

    @property
    def ready(self) -> int:
        """How many seats could be rung now."""
        return self._everybody.ready

    @property
    def ringing(self) -> int:
        """How many seats ring."""
        return self._everybody.count[SeatState.RINGING]

    @property
    def on_duty(self) -> int:
        """How many seats can take calls, now or when they are free again."""
        return self._everybody.on_duty

    @property
    def busy(self) -> int:
        """How many of them are taken, by a call or the rest after it."""
        return self.on_duty - self.ready

    def busy_with(self, lane: str) -> int:
        """How many of them are taken by calls of queues of that lane."""
        return self._busy[lane]

    @property
    def is_deserted(self) -> bool:
        """Whether no seat can be reached at all, for all that is known. Who is paused comes back."""
        return self.lacks(ANYBODY)

    def lacks(self, needs: Skills) -> bool:
        """Whether nobody can be reached who has what is needed, for all that is known."""
        return bool(self.shut) or (self.is_looked_at and not self.able(needs).here)

    # --- what they do ---------------------------------------------------------------------------------------

    def happens(self, seat: Seat, trigger: SeatTrigger) -> None:
        """Move a seat on by its table, and keep the lines of ready seats true."""
        before, after = seat.state, SEAT_TABLE.after(seat.state, trigger)
        self._count_out(seat)
        self._ended += before is SeatState.TALKING and after is not SeatState.TALKING
        self._picked_up += trigger is SeatTrigger.PICKED_UP
        if trigger is SeatTrigger.PICKED_UP:
            seat.taken += 1
        elif trigger is SeatTrigger.RING:
            seat.rung = next(self._order)
        elif after is SeatState.READY:
            self._stand_last(seat, after_a_call=before in BUSY)
        seat.happens(trigger)
        self._count_in(seat)

    def figures(self, now: float) -> PoolChanged:
        """How many seats are in which state. Asked when a decision is complete, it measures how fast they work."""
        count = self._everybody.count
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
            shut=self.shut,
        )

    def _stand_last(self, seat: Seat, *, after_a_call: bool = False) -> None:
        """Behind all who are ready. Who comes back from elsewhere does not make up for the calls others took."""
        seat.turn = next(self._order)
        if not after_a_call and self._taken:
            seat.taken = max(seat.taken, min(self._taken))

    def _count_in(self, seat: Seat) -> None:
        self.changed = True
        for able in self._of(seat):
            able.add(seat)
        if seat.state in BUSY:
            self._busy[seat.lane] += 1
        if seat.state not in ABSENT:
            self._taken[seat.taken] += 1

    def _count_out(self, seat: Seat) -> None:
        self.changed = True
        for able in self._of(seat):
            able.drop(seat)
        if seat.state in BUSY:
            self._busy[seat.lane] -= 1
        if seat.state not in ABSENT:
            self._taken[seat.taken] -= 1
            if not self._taken[seat.taken]:
                del self._taken[seat.taken]

    def _of(self, seat: Seat) -> tuple[Able, ...]:
        found = self._alike.get(seat.skills)
        if found is None:
            found = tuple(able for needs, able in self._able.items() if meets(seat.skills, needs))
            self._alike[seat.skills] = found
        return found


def seat_of(seat: SeatId, plan: PoolPlan) -> Seat:
    """A seat as a pool of that plan has it, nothing seen of its phone yet."""
    if not plan.trunk:
        return agent_seat(seat, plan.name, sign_in=plan.sign_in)
    return line_seat(seat, plan.name, TrunkLine(plan.over, plan.number_of(seat)), is_person=bool(plan.numbers))
