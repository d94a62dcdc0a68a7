"""This file decides who may wait in which queue, how long, and what he hears. It does not know who is rung for him."""

from collections.abc import Iterator
from dataclasses import replace

from ivr_engine.core.announcing import announcement
from ivr_engine.core.call import Call, CallState
from ivr_engine.core.fitting import Fitting
from ivr_engine.core.ivr import Ivr, Leaving
from ivr_engine.core.outbox import AnnouncementDue, Outbox, WaitedTooLong
from ivr_engine.core.pace import Flow
from ivr_engine.core.plan import Plan
from ivr_engine.core.queue import Queue
from ivr_engine.core.seats import Seats
from ivr_engine.core.wait_estimate import Estimate, expected_wait
from ivr_engine.dialplan.hotline import QueuePlan, Text
from ivr_engine.model.commands import StartMusic, StopMusic
from ivr_engine.model.ids import QueueName, StepName
from ivr_engine.model.notices import CallBackRequested, Transferred
from ivr_engine.model.skills import ANYBODY, Skills
from ivr_engine.nodes._node import Endings, HangUp, Transfer


class Waiting:
    """All queues, and those who wait in them."""

    def __init__(self, out: Outbox, ivr: Ivr, seats: Seats) -> None:
        self._out = out
        self._ivr = ivr
        self._seats = seats
        self.queues: dict[QueueName, Queue] = {}
        self.fitting = Fitting(out, seats, self.queues)
        self.paused = True  # until it is known what there is; and while the link is down, orders would only fail

    def replan(self, plan: Plan) -> None:
        """Go by another plan of queues. Everybody keeps his place; nobody is in a queue it lacks."""
        for name, one in plan.queues.items():
            if name in self.queues:
                self.queues[name].replan(one, plan.ageing)
                self.fitting.refit_all(self.queues[name])
            else:
                self.queues[name] = Queue(one, plan.ageing)
        for name in [name for name in self.queues if name not in plan.queues]:
            self._out.tell(self.queues.pop(name).figures(self._out.now))

    # --- who may wait ---------------------------------------------------------------------------------------

    def turned_away(self, call: Call, wish: Leaving) -> StepName | None:
        """Where a caller goes at once who cannot have the person he wants; None if he can wait for him."""
        if isinstance(wish, HangUp):
            return None
        if isinstance(wish, Transfer):
            if call.flow.facilities.destinations[wish.destination].trunk in self._seats.trunks:
                return None
            self._out.tell(Transferred(call.id, self._out.now, wish.destination, ok=False))
            return wish.failed
        queue = self.queues[wish.queue]
        most = queue.plan.most_waiting
        if wish.endings.full is not None and most is not None and queue.on_the_line >= most:
            return wish.endings.full
        needs = self.fitting.in_the_end(call, queue.plan, wish.needs)
        return wish.endings.no_seats if self._is_deserted(queue.plan, needs) else None

    def join(self, call: Call, queue: QueueName, since: float) -> None:
        """Take a place in the line, ordered by `since`."""
        call.queue = queue
        self.fitting.join(call, self.queues[queue], since)
        if not call.away:
            self.announce_in_time(call)

    def leave(self, call: Call) -> None:
        """Out of the line; he may be in none."""
        for timer in (call.patience, call.announcement, call.widening):
            self._out.cancel(timer)
        call.patience = call.announcement = call.widening = None
        if call.queue in self.queues:
            self.queues[call.queue].leave(call)

    def mind_endings(self, call: Call, endings: Endings) -> None:
        """Where a caller goes who waits too long in his queue, presses a key, or has talked."""
        call.endings = endings
        if endings.longest is not None and call.state is not CallState.TALKING:
            left = max(0.0, endings.longest - self._waited(call))
            call.patience = self._out.start_timer(left, WaitedTooLong(call.id))

    def is_overdue(self, call: Call) -> bool:
        """Whether a caller has waited in his queue for longer than his step says."""
        return call.endings.longest is not None and self._waited(call) >= call.endings.longest

    def _waited(self, call: Call) -> float:
        return self._out.now - (self._out.now if call.queued_at is None else call.queued_at)

    def gave_up(self, call: Call) -> None:
        """Who hangs up waiting is noted, and called back if his step says so."""
        if call.state not in (CallState.WAITING, CallState.OFFERED, CallState.JOINING) or call.queue is None:
            return
        call.tag(*call.endings.abandoned)
        number, since = call.endings.call_back, call.enqueued_at or self._out.now
        if number is not None:
            self._out.tell(CallBackRequested(call.id, self._out.now, call.queue, number, call.mint.wish(), since))

    def in_vain(self) -> Iterator[Call]:
        """Who waits where nobody can come any more who has what he will need in the end."""
        for queue in self.queues.values():
            for wants, line in list(queue.lines.items()):
                call = line[0][-1]
                needs = self.fitting.in_the_end(call, queue.plan, call.needs) if wants.needs else ANYBODY
                if self._is_deserted(queue.plan, needs):
                    yield from queue.waiting(wants)

    def _is_deserted(self, queue: QueuePlan, needs: Skills) -> bool:
        return not self.paused and all(self._seats.pools[name].lacks(needs) for name in queue.pools)

    # --- what he hears --------------------------------------------------------------------------------------

    def greet(self, call: Call, words: Text | None) -> None:
        """First words for one who begins to wait, or music at once."""
        if words is not None:
            self._ivr.say(call, (words,))
        else:
            self.comfort(call)

    def comfort(self, call: Call) -> None:
        """Music for one who waits."""
        if not call.away and not call.music and call.state in (CallState.WAITING, CallState.OFFERED):
            call.music = True
            self._out.send(StartMusic(call.id))

    def announce_in_time(self, call: Call) -> None:
        """Tell a caller from now on, every now and then, how it stands with him, if his queue says so."""
        queue = self.queues.get(call.queue) if call.queue else None
        if queue is not None and queue.plan.while_waiting is not None:
            self._out.cancel(call.announcement)
            call.announcement = self._out.start_timer(queue.plan.while_waiting.after, AnnouncementDue(call.id))

    def announce(self, call: Call) -> None:
        """Tell a caller how it stands with him; unless a seat rings for him, or he still hears something else."""
        queue = self.queues[call.queue] if call.queue else None
        plan = queue.plan.while_waiting if queue else None
        if queue is None or plan is None:
            call.announcement = None
            return
        call.announcement = self._out.start_timer(plan.every, AnnouncementDue(call.id))
        if call.state is not CallState.WAITING or call.sounding:
            return
        ahead = queue.ahead_of(call)
        estimate = expected_wait(queue, call, self.queues.values(), self._seats.pools, self._out.now)
        told = announcement(plan, call, ahead, self._at_most(call, estimate))
        if told is not None:
            text, values = told
            self.stop_comforting(call)
            self._ivr.say(call, (text,), values)

    def _at_most(self, call: Call, estimate: Estimate | None) -> Estimate | None:
        """He waits no longer here than his step lets him."""
        longest = call.endings.longest
        if estimate is None or longest is None:
            return estimate
        left = max(0.0, longest - self._waited(call))
        mean = min(estimate.mean, left)
        return replace(estimate, mean=mean, spread=min(estimate.spread, left - mean))

    def forget_flows(self) -> None:
        """Others come from now on, to other queues: what came until now says nothing of it."""
        for queue in self.queues.values():
            queue.coming = Flow()

    def say(self, call: Call, words: Text) -> None:
        """Let one who waits hear something now; music follows."""
        self.stop_comforting(call)
        self._ivr.say(call, (words,))

    def stop_comforting(self, call: Call) -> None:
        """No music, no greeting any more."""
        self._ivr.hush(call)
        if call.music:
            call.music = False
            self._out.send(StopMusic(call.id))
