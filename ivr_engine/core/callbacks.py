"""This file decides when somebody is called back. It does not know when his people are there, or who wrote him down.

He stands in his queue like one who waits, at the place he had, and is not on the line. Agent first: a seat is rung
for him as for anybody, and when its agent is there his phone is rung. Customer first: his phone is rung when nobody on
the line is before him any more; he waits the rest of it, at his place.
"""

from collections.abc import Iterable

from ivr_engine.core.call import Call, CallState, CallTrigger
from ivr_engine.core.callers import Callers
from ivr_engine.core.crisis import Crisis
from ivr_engine.core.dispatch import Dispatch
from ivr_engine.core.outbox import Outbox
from ivr_engine.core.queue import Queue
from ivr_engine.dialplan.hotline import CallBackPlan
from ivr_engine.model.commands import CallOut, HangUpCall
from ivr_engine.model.events import CallerPickedUp, WishesSeen
from ivr_engine.model.ids import CallId, PoolName, WishId, call_back_id, call_back_mint
from ivr_engine.model.wishes import Wish


class CallBacks:
    """Those who are to be called back, from the moment they are due to that in which their phone is rung."""

    def __init__(self, out: Outbox, crisis: Crisis, callers: Callers, dispatch: Dispatch) -> None:
        self._out = out
        self._crisis = crisis
        self._callers = callers
        self._dispatch = dispatch
        self._away: dict[WishId, Call] = {}
        self._attempts: dict[WishId, int] = {}  # so often somebody was rung: a list that says less is an old one
        self._newest = 0  # number of a call: milliseconds since 1970, so that no engine gives one again
        dispatch.call_out = self.ring

    def take(self, event: WishesSeen | CallerPickedUp) -> None:
        """Take in who is to be called back, or that one who is called has picked up."""
        if isinstance(event, WishesSeen):
            self._seen(event.wishes)
            return
        call = self._callers.calls.get(event.call)
        if call is None:
            self._out.send(HangUpCall(event.call))  # an engine before us rang him: he is still on the list
        elif call.state is CallState.DIALLING:
            self.picked_up(call)

    def away(self, call: CallId) -> Call:
        """The call of one who is due, and whose phone was not rung yet."""
        return next(one for one in self._away.values() if one.id == call)

    def picked_up(self, call: Call) -> None:
        """He is on the line: join him with the agent who waits for him, or let him wait for one."""
        if call.queue in self._dispatch.queues:
            self._dispatch.queues[call.queue].came(call)
        call.away = False
        self._dispatch.waiting.announce_in_time(call)
        self._dispatch.saves.add(call)
        if call.leg is not None:
            call.happens(CallTrigger.PICKED_UP)
            self._dispatch.talks.join_when_silent(call)
            return
        call.happens(CallTrigger.CAME)
        plan = self._plan_of(call)
        self._dispatch.waiting.greet(call, plan.greeting if plan else None)
        self._dispatch.saves.add(call)

    def ring_who_is_next(self) -> None:
        """Ring those whose turn it is and who are rung before any agent."""
        if self._dispatch.waiting.paused or not self._away:
            return
        for queue in self._dispatch.queues.values():
            for call in self._whose_turn_it_is(queue):
                self.ring(call)

    def ring(self, call: Call) -> None:
        """Ring his phone."""
        assert call.wish is not None
        plan = self._plan_of(call)
        if plan is None or not self._can_be_rung(plan):  # any more; his agent was being rung
            self._call_off(call.wish.wish, call)
            return
        del self._away[call.wish.wish]
        self._attempts[call.wish.wish] = call.wish.attempts + 1
        self._callers.keep(call)
        call.happens(CallTrigger.DIAL)
        self._out.send(CallOut(call.id, call.wish.number, plan.trunk, call.number, plan.answer_within))

    def _seen(self, wishes: Iterable[Wish]) -> None:
        listed = {wish.wish: wish for wish in wishes}
        self._attempts = {wish: attempts for wish, attempts in self._attempts.items() if wish in listed}
        for wish, call in list(self._away.items()):
            queue = self._dispatch.queues.get(call.queue) if call.queue else None
            if wish not in listed or queue is None or call not in queue:
                self._call_off(wish, call)
        on_the_line = {call.wish.wish for call in self._callers.calls.values() if call.wish}
        for wish, one in listed.items():
            is_new = wish not in self._away and wish not in on_the_line
            if is_new and one.attempts >= self._attempts.get(wish, 0):
                self._stand_in_line(one)

    def _call_off(self, wish: WishId, call: Call) -> None:
        """Somebody has called him meanwhile. If a seat rings for him, that is withdrawn."""
        del self._away[wish]
        self._dispatch.caller_left(call)

    def _stand_in_line(self, wish: Wish) -> None:
        queue = self._dispatch.queues.get(wish.queue)
        hotline = self._crisis.versions.running
        if queue is None or queue.plan.call_back is None or wish.queue not in hotline.queues:
            return  # the version he is called by must keep his queue alive
        self._newest = max(self._newest + 1, int(self._out.now * 1000))
        plan, call_id = queue.plan.call_back, call_back_id(wish.wish, self._newest)
        if plan.first == "agent" and not self._can_be_rung(plan):
            return  # no agent waits for a line that is not there, and no try is lost to it
        call = Call(
            call_id,
            plan.shows or hotline.numbers[0],
            wish.number,
            self._out.now,
            self._crisis.flow(hotline),
            hotline.languages[0],
            call_back_mint(call_id),
            hotline,
        )
        call.wish, call.away, call.queued_at = wish, True, wish.since
        call.happens(CallTrigger.QUEUE if plan.first == "agent" else CallTrigger.WISH)
        self._away[wish.wish] = call
        self._dispatch.waiting.join(call, wish.queue, wish.since)

    def _whose_turn_it_is(self, queue: Queue) -> list[Call]:
        """Those at the head of a queue who are away: as many at once as seats are ready, and one at least."""
        plan = queue.plan.call_back
        if plan is None or plan.first == "agent" or not self._can_be_rung(plan):
            return []
        pools = self._dispatch.filling.router.overflow.open_to(queue)
        ready = sum(self._dispatch.seats.pools[name].ready for name in pools)
        found: list[Call] = []
        rung = 0
        for call in queue:
            if call.state is CallState.WAITING or rung + len(found) >= max(1, ready):
                break
            rung += call.state is CallState.DIALLING
            if call.state is CallState.AWAY and self._can_be_served(queue, call):
                found.append(call)
        return found

    def _can_be_rung(self, plan: CallBackPlan) -> bool:
        return PoolName(plan.trunk) in self._dispatch.seats.trunks

    def _can_be_served(self, queue: Queue, call: Call) -> bool:
        """Whether anybody who could take his call is at work, be it that he talks now."""
        needs = queue.wants_of(call).needs
        return any(self._dispatch.seats.pools[name].able(needs).on_duty for name in queue.opened)

    def _plan_of(self, call: Call) -> CallBackPlan | None:
        queue = self._dispatch.queues.get(call.queue) if call.queue else None
        return queue.plan.call_back if queue else None
