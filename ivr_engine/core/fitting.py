"""This file decides what a waiting caller needs of a seat now, and when less will do. It does not know who is next.

What he needs is what his queue and his step ask for. Each stage of his queue's `widen` is the most that is asked for
from then on, so nobody ever needs more than before.
"""

from collections.abc import Iterable, Mapping

from ivr_engine.core.call import Call
from ivr_engine.core.outbox import ContentWithLess, Outbox
from ivr_engine.core.queue import Queue, Wants
from ivr_engine.core.seat import ABSENT
from ivr_engine.core.seats import Seats
from ivr_engine.dialplan.hotline import QueuePlan
from ivr_engine.model.ids import QueueName, SeatId
from ivr_engine.model.skills import ANYBODY, Skills, at_most, meets, skills_of, spoken


class Fitting:
    """Brings those who wait in `queues` to the line of the seats they want."""

    def __init__(self, out: Outbox, seats: Seats, queues: Mapping[QueueName, Queue]) -> None:
        self._out = out
        self._seats = seats
        self._queues = queues

    def join(self, call: Call, queue: Queue, since: float) -> None:
        """Take a caller into a queue, in the line of what he wants."""
        queue.join(call, since, self._look(call, queue))

    def refit(self, call: Call) -> None:
        """See anew what one who waits wants: some time is over, or an agent is gone."""
        queue = self._queues[call.queue] if call.queue else None
        if queue is not None and call in queue:
            queue.move(call, self._look(call, queue))

    def refit_all(self, queue: Queue) -> None:
        """See anew what everybody in a queue wants."""
        for call in list(queue):
            queue.move(call, self._look(call, queue))

    def give_up(self, agents: Iterable[SeatId]) -> None:
        """Nobody waits for these any more: they are not on duty."""
        gone = frozenset(agents)
        for queue in self._queues.values() if gone else ():
            for wants in [wants for wants in queue.lines if wants.agent in gone]:
                for place in list(queue.lines[wants]):
                    self.refit(place[-1])

    def in_the_end(self, call: Call, plan: QueuePlan, needs: Mapping[str, int]) -> Skills:
        """What he will need when he has waited as long as can be; `needs` is what his step asks for."""
        return self._stages(call, plan, needs)[-1][1]

    def _look(self, call: Call, queue: Queue) -> Wants:
        """What he wants now; he is looked at again when that changes."""
        now, plan = self._out.now, queue.plan
        # The clock of the engine that wrote down when he came may have been before ours.
        waited = max(0.0, now - (now if call.queued_at is None else call.queued_at))
        stages = self._stages(call, plan, call.needs)
        needs = [skills for after, skills in stages if after <= waited][-1]
        later = [after - waited for after, skills in stages if after > waited and skills != needs]
        agent = self._his_agent(call, queue, needs)
        if agent is not None and plan.same_agent is not None:
            alone = plan.same_agent.wait - waited
            agent = agent if alone > 0 else None
            later += [alone] if alone > 0 else []
        self._out.cancel(call.widening)
        call.widening = self._out.start_timer(min(later), ContentWithLess(call.id)) if later else None
        return Wants(needs, agent)

    def _stages(self, call: Call, plan: QueuePlan, needs: Mapping[str, int]) -> list[tuple[float, Skills]]:
        """From when on he needs what. Nobody is asked for who is in none of the queue's pools."""
        first = call.hotline.languages[0]
        stages = [(0.0, skills_of(*(spoken(one, call.language, first) for one in (plan.needs, needs))))]
        for stage in plan.widen:
            stages.append((stage.after, at_most(stages[-1][1], spoken(stage.needs, call.language, first))))
        if any(self._seats.pools[name].able(stages[-1][1]).total for name in plan.pools):
            return stages
        return [(0.0, ANYBODY)]

    def _his_agent(self, call: Call, queue: Queue, needs: Skills) -> SeatId | None:
        """Whom he talked to last, if that one can take him now or soon."""
        last, again = call.last_talk(), queue.plan.same_agent
        if again is None or last is None or self._out.now - last.at > again.within:
            return None
        seat = self._seats.by_id.get(last.agent)
        if seat is None or not seat.is_agent or seat.pool not in queue.opened or seat.id in call.tried:
            return None
        return seat.id if seat.state not in ABSENT and meets(seat.skills, needs) else None
