"""This file decides how those who wait learn of a crisis, and where they wait from then on. It knows no menu.

Callers in the dialplan finish their word and then go on in the flow that is theirs now: that is for ivr.py. Who talks
is left alone. Who was moved from one queue to another as a crisis came on is moved back when it goes off.
"""

from collections.abc import Iterable, Mapping

from ivr_engine.core.call import Call, CallState
from ivr_engine.core.crisis import Crisis
from ivr_engine.core.crisis.active import plan_in
from ivr_engine.core.crisis.sorting import sorted_by
from ivr_engine.core.crisis.wording import texts_of
from ivr_engine.core.dispatch import Dispatch
from ivr_engine.core.outbox import Outbox
from ivr_engine.dialplan.hotline import Text
from ivr_engine.model.alarms import Announcement
from ivr_engine.model.ids import CallId, QueueName
from ivr_engine.model.notices import Announced, AnyNotice, OfferEnded, Queued, StatusChanged


class Following:
    """Lets those who wait follow what was switched."""

    def __init__(self, out: Outbox, crisis: Crisis, dispatch: Dispatch, calls: Mapping[CallId, Call]) -> None:
        self._out = out
        self._crisis = crisis
        self._dispatch = dispatch
        self._calls = calls

    def switched(self) -> None:
        """Other crises are on than before: everybody who waits follows, and agents see what they may say now."""
        self.catch_up()
        self._show_scripts()

    def catch_up(self) -> None:
        """Whoever waits follows the crises that are on, if he has not: also who was taken over from a dead engine."""
        for call in list(self._calls.values()):
            self.fit(call)

    def hear(self, notices: Iterable[AnyNotice]) -> None:
        """Who comes to a queue, or back to it, follows what came on, or went off, while he was elsewhere."""
        waiting = [one.call for one in notices if isinstance(one, Queued | OfferEnded)]
        for call in waiting:
            if call in self._calls:
                self.fit(self._calls[call])

    def fit(self, call: Call) -> None:
        """Tell one caller who waits what came on or went off for him, and have him wait where he belongs now."""
        if call.state is not CallState.WAITING:
            return
        covering = self._crisis.covering(call)
        names = tuple(dict.fromkeys(one.profile for one in covering))  # one may be on for all, and in a drill
        if names and not call.followed and call.flow.name == names[0]:
            call.followed = names  # he came by its menu
        before, call.followed = call.followed, names
        for over in (name for name in before if name not in names):
            self._went(call, over, on=False)
        for name in (name for name in reversed(names) if name not in before):  # what counts first has the last word
            self._went(call, name, on=True)

    def _went(self, call: Call, profile: str, *, on: bool) -> None:
        plan = plan_in(call.hotline, profile).waiting
        words = plan.say if on else plan.over
        self._sort(call, profile, on=on)
        self.tell(call, profile, words, "on" if on else "off")
        self._dispatch.prompt_ended(call)  # music again, if he hears nothing now

    def _sort(self, call: Call, profile: str, *, on: bool) -> None:
        call.sorted_from, queue = sorted_by(call, profile, call.sorted_from, call.queue, on=on)
        if queue is not None:
            self._to(call, queue)

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

    def tell(self, call: Call, profile: str, words: Text | None, what: Announcement) -> None:
        """Let a caller hear something instead of music, or of what he hears."""
        if words is not None and call.state is CallState.WAITING and not call.away:
            self._dispatch.waiting.say(call, words)
            self._dispatch.saves.add(call)
            self._out.tell(Announced(call.id, self._out.now, profile, what))

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
