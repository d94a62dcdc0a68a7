"""This file decides when a seat is ready: by its phone, its agent's duty and its rest. It does not know who waits."""

from collections.abc import Collection, Iterable
from itertools import count

from ivr_engine.core.health import Health
from ivr_engine.core.outbox import Outbox, RestEnds
from ivr_engine.core.plan import Plan
from ivr_engine.core.pool import Pool, seat_of
from ivr_engine.core.seat import ABSENT, NO_POOL, Seat, SeatState, SeatTrigger, due
from ivr_engine.model.agents import Duty
from ivr_engine.model.commands import TrunkLine
from ivr_engine.model.events import PhonesSeen
from ivr_engine.model.ids import PoolName, SeatId
from ivr_engine.model.notices import AgentChanged, CallsMissed
from ivr_engine.model.skills import ANYBODY

# A seat that did not take a call is left alone for a moment, so that the next offer goes to somebody else, and one
# that picks up and drops at once is not rung without end.
PAUSE_IN_VAIN_SECONDS = 5.0
THE_ENGINE = "the engine"  # that pauses who does not answer

# From where a seat gets ready that is found on a line, whatever was believed of it.
_TO_READY = {
    SeatState.SIGNED_OUT: SeatTrigger.SIGNED_IN,
    SeatState.OFFLINE: SeatTrigger.APPEARED,
    SeatState.PAUSED: SeatTrigger.RESUMED,
}


class Seats:
    """All seats of all pools."""

    def __init__(self, out: Outbox) -> None:
        self._out = out
        self.pools: dict[PoolName, Pool] = {}
        self.by_id: dict[SeatId, Seat] = {}
        self.trunks: frozenset[PoolName] = frozenset()  # that can be reached, as last seen
        self.health = Health(out, self.pools)
        self._plan = Plan()
        self._order = count(1)
        self._changed: dict[SeatId, Seat] = {}  # agents of whom something is different since it was last told

    def replan(self, plan: Plan) -> None:
        """Go by another plan. A seat that has a line keeps its place until the line has ended."""
        self._plan = plan
        for name, one in plan.pools.items():
            if name in self.pools:
                self.pools[name].replan(one)
            else:
                self.pools[name] = Pool(one, (), self._order)
        for seat in list(self.by_id.values()):
            self._place(seat)
        for seat_id, name in plan.places.items():
            if seat_id not in self.by_id:
                self._take_in(seat_id, name)
                self.pools[name].is_looked_at &= self.by_id[seat_id].reachable
        for seat in self.by_id.values():
            skills = plan.skills.get(seat.id, seat.skills)
            if skills != seat.skills:
                self.pools[seat.pool].train(seat, skills)
        self._close_pools()
        self.health.forget()

    def guest(self, seat: SeatId, pool: PoolName) -> Seat | None:
        """A seat that is in no plan any more, and talks still; None if its pool is gone too."""
        if pool not in self.pools:
            return None
        self._take_in(seat, pool)
        return self.by_id[seat]

    def happens(self, seat: Seat, trigger: SeatTrigger) -> None:
        """Move a seat on by its table."""
        seat.since = self._out.now
        if seat.pool == NO_POOL:
            seat.happens(trigger)
        else:
            self.pools[seat.pool].happens(seat, trigger)
            self._note(seat)

    def rung(self, seat: Seat, lane: str = "") -> None:
        """A seat was found with a line, whatever we believed. What it was told holds when that has ended."""
        seat.lane = lane
        while (step := _TO_READY.get(seat.state)) is not None:
            self.happens(seat, step)
        self.happens(seat, SeatTrigger.RING)

    def seen(self, seen: PhonesSeen) -> None:
        """Take in which phones and trunks can be reached."""
        self.trunks = seen.trunks
        for pool in self.pools.values():
            pool.is_looked_at = True
        for seat in self.by_id.values():
            reachable = self._is_reachable(seat, seen.agents)
            if reachable != seat.reachable:
                seat.reachable = reachable
                self._settle(seat)

    def free(self, seat: Seat, wrap_up: float, *, in_vain: bool, missed: bool) -> None:
        """A seat's line has ended. An agent rests; a line of another site's trunk does not need to.

        `in_vain`: somebody waits still. Whatever cause its end gave, the next try must not follow at once.
        `missed`: the agent could have taken the call, and did not.
        """
        seat.leg = None
        seat.missed = seat.missed + 1 if missed else 0 if seat.state is SeatState.TALKING else seat.missed
        self.happens(seat, SeatTrigger.LEG_ENDED)
        if seat.pool == NO_POOL:
            return
        self._place(seat)
        self._close_pools()
        if seat.id not in self.by_id:
            return
        self._pause_who_misses(seat)
        rest = wrap_up if seat.rests else 0.0
        is_rung_again = in_vain and seat.duty.word == "on duty"
        seconds = max(rest, PAUSE_IN_VAIN_SECONDS) if is_rung_again else rest
        if seconds > 0 and seat.reachable:
            self.rest(seat, seconds)
        else:
            self.rested(seat.id)

    def rest(self, seat: Seat, seconds: float) -> None:
        """Let a seat rest for so long from now, however long it was to rest before."""
        self._out.cancel(seat.rest)
        seat.rests_until = self._out.now + seconds
        seat.rest = self._out.start_timer(seconds, RestEnds(seat.id))

    def rested(self, seat_id: SeatId) -> None:
        """A seat's rest is over, by its time or because its agent ended it."""
        seat = self.by_id[seat_id]
        self._out.cancel(seat.rest)
        seat.rest = None
        if seat.state is SeatState.WRAP_UP:
            self.happens(seat, SeatTrigger.RESTED)
            self._settle(seat)

    def go_by(self, seat: Seat, duty: Duty) -> None:
        """An agent is on duty from now on, or not. While he has a call or rests, that waits."""
        seat.duty = duty
        seat.missed = 0
        self._note(seat)
        self._settle(seat)

    def agents(self) -> list[AgentChanged]:
        """Each agent as he is now, by name."""
        return [state_of(seat) for _, seat in sorted(self.by_id.items()) if seat.is_agent]

    def just_left(self) -> Iterable[SeatId]:
        """Agents who cannot take calls any more, since they were last told of."""
        return [seat.id for seat in self._changed.values() if seat.state in ABSENT]

    def tell_agents(self) -> None:
        """Tell of every agent of whom something is different."""
        for seat in self._changed.values():
            self._out.tell(state_of(seat, gone=seat.id not in self.by_id))
        self._changed.clear()

    def _note(self, seat: Seat) -> None:
        if seat.is_agent:
            self._changed[seat.id] = seat

    def _pause_who_misses(self, seat: Seat) -> None:
        """Who is not there is left alone; but a phone that may ring in vain is better than none that rings."""
        pool = self.pools[seat.pool]
        most = pool.plan.after_misses
        if seat.is_agent and 0 < most <= seat.missed and pool.on_duty > 1 and seat.duty.word == "on duty":
            self._out.tell(CallsMissed(seat.id, seat.pool, self._out.now, seat.missed))
            self.go_by(seat, Duty("paused", THE_ENGINE, f"missed {seat.missed} calls", self._out.now))

    def _is_reachable(self, seat: Seat, agents: Collection[SeatId] = ()) -> bool:
        return seat.id in agents if seat.is_agent else isinstance(seat.to, TrunkLine) and seat.to.trunk in self.trunks

    def _take_in(self, seat_id: SeatId, pool: PoolName) -> None:
        seat = seat_of(seat_id, self.pools[pool].plan)
        seat.skills = self._plan.skills.get(seat_id, ANYBODY)
        self.pools[pool].take_in(seat)
        self.by_id[seat_id] = seat
        seat.since = self._out.now
        self._note(seat)
        if not seat.is_agent and self._is_reachable(seat):  # the trunk is up: a new line of it can be rung at once
            seat.reachable = True
            self._settle(seat)

    def _place(self, seat: Seat) -> None:
        """Put a seat where the plan has it, unless it has a line."""
        wanted = self._plan.places.get(seat.id)
        if wanted == seat.pool or seat.state in (SeatState.RINGING, SeatState.TALKING):
            return
        self.pools[seat.pool].let_go(seat)
        self._note(seat)
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
        while (trigger := due(seat)) is not None:
            self._out.cancel(seat.rest)
            seat.rest = None
            self.happens(seat, trigger)


def state_of(seat: Seat, *, gone: bool = False) -> AgentChanged:
    """What an agent is doing now."""
    state = "gone" if gone else seat.state.value
    return AgentChanged(seat.id, seat.pool, seat.since or 0.0, state, seat.duty)
