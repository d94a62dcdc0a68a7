"""This file decides whom an agent means whom he names. It does not know what he wants of him.

A name is an agent's, a queue's, a pool's or that of somebody outside; one that is several of these says which, as in
`queue general`. Nobody can be reached by a number that is not in the dialplan.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ivr_engine.core.call import Call
from ivr_engine.core.pool import Pool
from ivr_engine.core.seat import Seat, SeatState, outside_seat
from ivr_engine.core.seats import Seats
from ivr_engine.dialplan.hotline import DestinationPlan, QueuePlan
from ivr_engine.model.ids import DestinationName, PoolName, QueueName, SeatId

_KINDS = ("agent", "queue", "pool", "outside")


@dataclass(frozen=True, slots=True)
class Refused:
    """Why something cannot be, with the remedy."""

    why: str


Party = Seat | QueuePlan | Pool | DestinationPlan


class Parties:
    """All who can be named. `queues` are those of the plan."""

    def __init__(self, seats: Seats) -> None:
        self._seats = seats

    def named(self, name: str, call: Call, queues: Mapping[QueueName, QueuePlan]) -> Party | Refused:
        """Whom a name means for this caller."""
        kind, _, rest = name.partition(" ")
        kinds, name = ((kind,), rest.strip()) if kind in _KINDS and rest else (_KINDS, name)
        found = {one: party for one in kinds if (party := self._of_kind(one, name, call, queues)) is not None}
        if len(found) > 1:
            return Refused(f"{name!r} is {' and '.join(found)}: write for instance `{next(iter(found))} {name}`")
        if not found:
            return Refused(f"nobody is called {name!r}: name an agent, a queue, a pool or a destination of the file")
        return next(iter(found.values()))

    def _of_kind(self, kind: str, name: str, call: Call, queues: Mapping[QueueName, QueuePlan]) -> Party | None:
        match kind:
            case "agent":
                seat = self._seats.by_id.get(SeatId(name))
                return seat if seat is not None and seat.is_agent else None
            case "queue":
                return queues.get(QueueName(name))
            case "pool":
                return self._seats.pools.get(PoolName(name))
        return call.flow.facilities.destinations.get(DestinationName(name))

    def seat_of(self, party: Party, but: SeatId) -> tuple[Seat, float] | Refused:
        """The seat to ring for a party, and how long it may ring; `but` is whoever asks."""
        if isinstance(party, DestinationPlan):
            if party.trunk not in self._seats.trunks:
                return Refused(f"the trunk {party.trunk!r} to {party.name} is down: try somebody else")
            return outside_seat(party.name, PoolName(party.trunk), party.number), party.answer_within
        if isinstance(party, Seat):
            if party.id == but or party.state is not SeatState.READY:
                doing = "is himself" if party.id == but else f"is {party.state.value}"
                return Refused(f"{party.id} {doing}: name somebody who is ready (`ivr agents list`), or a queue")
            return party, self._seats.pools[party.pool].plan.answer_within
        pools = [party] if isinstance(party, Pool) else [self._seats.pools[name] for name in party.pools]
        for pool in pools:
            ready = [seat for seat in pool.seats.values() if seat.state is SeatState.READY and seat.id != but]
            if ready:
                return min(ready, key=lambda seat: seat.since or 0.0), pool.plan.answer_within
        whose = party.plan.name if isinstance(party, Pool) else party.name
        return Refused(f"nobody of {whose} is ready: try again later")
