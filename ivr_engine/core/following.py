"""This file decides how those who wait learn of a crisis, and where they wait from then on. It knows no menu.

Callers in the dialplan finish their word and then go on in the flow that is theirs now: that is for ivr.py. Who talks
is left alone. Who was moved from one queue to another as a crisis came on is moved back when it goes off.
"""

from collections.abc import Iterable, Mapping

from ivr_engine.core.call import Call, CallState
from ivr_engine.core.crisis import Crisis
from ivr_engine.core.crisis.active import plan_in
from ivr_engine.core.crisis.wording import texts_of
from ivr_engine.core.dispatch import Dispatch
from ivr_engine.core.outbox import Outbox
from ivr_engine.dialplan.hotline import Text
from ivr_engine.model.crises import ActiveCrisis
from ivr_engine.model.ids import CallId, QueueName
from ivr_engine.model.notices import Announced, Queued, StatusChanged


class Following:
    """Lets those who wait follow what was switched."""

    def __init__(self, out: Outbox, crisis: Crisis, dispatch: Dispatch, calls: Mapping[CallId, Call]) -> None:
        self._out = out
        self._crisis = crisis
        self._dispatch = dispatch
        self._calls = calls

    def switched(self, before: Iterable[ActiveCrisis]) -> None:
        """Some crises came on or went off: `before` are those that were on."""
        was, now = {one.profile: one for one in before}, {one.profile: one for one in self._crisis.active}
        for over in (crisis for crisis in was.values() if crisis.profile not in now):
            self._went(over, on=False)
        for crisis in reversed(tuple(now.values())):  # the one that counts first has the last word
            if crisis.profile not in was or was[crisis.profile].scope != crisis.scope:
                self._went(crisis, on=True)
        self._show_scripts()

    def _went(self, crisis: ActiveCrisis, *, on: bool) -> None:
        plans: dict[str, tuple[Text | None, Mapping[QueueName, QueueName]]] = {}
        for call in list(self._calls.values()):
            if call.state is not CallState.WAITING or not self._is_for(crisis, call):
                continue
            if call.hotline.version not in plans:
                plan = plan_in(call.hotline, crisis.profile).waiting
                plans[call.hotline.version] = (plan.say if on else plan.over), plan.move
            words, move = plans[call.hotline.version]
            self._sort(call, crisis.profile, move, on=on)
            self.tell(call, crisis.profile, words, "on" if on else "off")
            self._dispatch.prompt_ended(call)  # music again, if he hears nothing now

    @staticmethod
    def _is_for(crisis: ActiveCrisis, call: Call) -> bool:
        return crisis.scope.covers(call.number, call.region, drill=call.drill)

    def _sort(self, call: Call, profile: str, move: Mapping[QueueName, QueueName], *, on: bool) -> None:
        queue = call.queue
        if on and queue in move and queue is not None:
            call.sorted_from = (profile, queue)
            self._to(call, move[queue])
        elif not on and call.sorted_from is not None and call.sorted_from[0] == profile:
            (_, former), call.sorted_from = call.sorted_from, None
            self._to(call, former)

    def _to(self, call: Call, queue: QueueName) -> None:
        """From one line to another, in the place of his first enqueue time."""
        if queue == call.queue or queue not in self._dispatch.queues or call.enqueued_at is None:
            return
        since, queued_at = call.enqueued_at, call.queued_at
        self._dispatch.waiting.stop_comforting(call)  # nothing can be written on a line on which somebody speaks
        self._dispatch.waiting.leave(call)
        self._dispatch.waiting.join(call, queue, since)
        call.queued_at = queued_at
        self._dispatch.waiting.mind_endings(call, call.endings)
        self._out.tell(Queued(call.id, self._out.now, queue, self._dispatch.queues[queue].ahead_of(call)))
        self._dispatch.saves.add(call)

    def tell(self, call: Call, profile: str, words: Text | None, what: str) -> None:
        """Let a caller hear something instead of music, or of what he hears."""
        if words is not None and call.state is CallState.WAITING and not call.away:
            self._dispatch.waiting.say(call, words)
            self._out.tell(Announced(call.id, self._out.now, profile, what))  # type: ignore[arg-type]

    def status(self) -> None:
        """Those who wait hear at once what was just ordered to be told; it is told in no other place."""
        for notice in self._out.told():
            if isinstance(notice, StatusChanged) and notice.state in ("set", "told"):
                text = texts_of(notice.texts)
                for call in list(self._calls.values()):
                    first = call.hotline.languages[0]
                    if self._crisis.flow_of(call).name == notice.flow and first in text.words:
                        self.tell(call, notice.flow, text, "status")

    def _show_scripts(self) -> None:
        """Agents see what they may say and promise from now on, also those who talk."""
        for offer in self._dispatch.offers.values():
            if offer.call is not None and offer.queue is not None and offer.is_shown:
                plan = self._dispatch.queues.get(offer.queue.name)
                if plan is not None and plan.plan != offer.queue:
                    offer.queue = plan.plan
                    self._dispatch.offering.show(offer, offer.call)
