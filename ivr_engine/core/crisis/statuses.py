"""This file decides what callers of a flow are told of how a matter stands, in place of the dialplan's own words.

It does not know who hears it when, nor how it sounds. What is past `refresh_by` is still said, and people are told of
it; from `until` on the dialplan's own words are said again.
"""

from collections.abc import Callable

import msgspec

from ivr_engine.core.crisis import alerts
from ivr_engine.core.crisis.active import plan_in
from ivr_engine.core.crisis.wording import promised, texts_of, why_not_said
from ivr_engine.core.outbox import Outbox, StatusEnds, StatusStale
from ivr_engine.core.versions import Versions
from ivr_engine.dialplan.hotline import NORMAL, Flow, Hotline, Text
from ivr_engine.model.alarms import StatusChanged, StatusState
from ivr_engine.model.crises import ActiveCrisis, LiveStatus
from ivr_engine.model.events import StatusOrdered
from ivr_engine.model.ids import TimerId
from ivr_engine.nodes import Node
from ivr_engine.nodes.status import Status, stale_in

Why = str | None  # cause and remedy of what is refused


class Statuses:
    """The live texts, by flow. `active` are the crises that are on."""

    def __init__(self, out: Outbox, versions: Versions, active: Callable[[], tuple[ActiveCrisis, ...]]) -> None:
        self._out = out
        self._versions = versions
        self._active = active
        self.live: dict[str, LiveStatus] = {}
        self._texts: dict[str, Text] = {}
        self._timers: dict[str, tuple[TimerId, ...]] = {}

    def text(self, flow: str, hotline: Hotline[Node]) -> Text | None:
        """What callers of that flow are told, if it is not what the flow says itself."""
        text = self._texts.get(flow)
        # A version whose first language is another has nothing to fall back on.
        return text if text is not None and hotline.languages[0] in text.words else None

    def stale(self, flow: Flow[Node], now: float) -> int:
        """How many texts should have been written anew by now, of those that are said to callers of `flow` or live."""
        own = 0 if flow.name in self.live else stale_in(flow, now)
        return own + sum(status.stale for status in self.live.values())

    def why_not(self, order: StatusOrdered) -> Why:
        """Why a text cannot be told, or taken back, with the remedy; None if it can."""
        hotline = self._versions.running
        if order.flow != NORMAL and order.flow not in (one.profile for one in self._active()):
            return f"the crisis profile {order.flow!r} is not on: switch it on first, or name a flow that is"
        if not order.texts:
            return None if order.flow in self.live else f"{order.flow!r} has no live text: nothing was changed"
        why = why_not_said(hotline, self._profiles(order.flow), order, self._out.now)
        if why is None and not order.waiting_only and not _has_status(hotline.flow(order.flow)):
            why = (
                f"nobody but those who wait would hear it: add a `status` step to {order.flow!r},"
                " or order it for those who wait only"
            )
        return why or _why_not_then(order, self._out.now)

    def take(self, order: StatusOrdered) -> None:
        """Tell it from now on, or no more. It was asked before whether it can be."""
        if not order.texts:
            self._forget(order.flow, "withdrawn", order.by)
            return
        promises = promised(self._versions.running, self._profiles(order.flow), order.texts)
        status = LiveStatus(
            flow=order.flow,
            texts=order.texts,
            by=order.by,
            at=self._out.now,
            refresh_by=self._refresh_by(order),
            until=order.until,
            overridden_by=order.overridden_by if promises else "",
        )
        if order.waiting_only:
            self._tell(msgspec.structs.replace(status, refresh_by=None), "told", order.by)
            return
        self._keep(status)
        self._tell(status, "set", order.by)

    def remember(self, statuses: tuple[LiveStatus, ...]) -> None:
        """After a restart: those whose time is over end at once."""
        on = {NORMAL, *(one.profile for one in self._active())}
        for status in statuses:
            if status.flow in on:
                self._keep(status)

    def switched(self) -> None:
        """Other crises are on now: what is told in one ends with it."""
        on = {NORMAL, *(one.profile for one in self._active())}
        for flow in [flow for flow in self.live if flow not in on]:
            self._forget(flow, "ended", "its crisis")

    def ran_out(self, timer: StatusStale | StatusEnds) -> None:
        """It should have been written anew by now, or is not said any more."""
        status = self.live[timer.flow]
        if isinstance(timer, StatusEnds):
            self._forget(timer.flow, "ended", "its end")
            return
        self.live[timer.flow] = status = msgspec.structs.replace(status, stale=True)
        self._tell(status, "stale", status.by)
        crisis = next((one for one in self._active() if one.profile == status.flow), None)
        if crisis is not None:
            alerts.status_stale(self._out, self._versions.running, crisis, status)

    # --- what is kept ---------------------------------------------------------------------------------------

    def _profiles(self, flow: str) -> tuple[str, ...]:
        """Whose promises count: the flow's own, and those of all that is on for callers."""
        return tuple(one.profile for one in self._active() if one.profile == flow or not one.scope.drill)

    def _refresh_by(self, order: StatusOrdered) -> float | None:
        usual = plan_in(self._versions.running, order.flow).refresh
        by = self._out.now + usual if order.refresh_by is None and usual is not None else order.refresh_by
        return None if by is not None and order.until is not None and by >= order.until else by

    def _keep(self, status: LiveStatus) -> None:
        self._cancel(status.flow)
        self.live[status.flow] = status
        self._texts[status.flow] = texts_of(status.texts)
        ends, stale = StatusEnds(status.flow), StatusStale(status.flow)
        left = ((status.until, ends), (None if status.stale else status.refresh_by, stale))
        self._timers[status.flow] = tuple(
            self._out.start_timer(max(0.0, at - self._out.now), what) for at, what in left if at is not None
        )

    def _forget(self, flow: str, state: StatusState, by: str) -> None:
        self._cancel(flow)
        status = self.live.pop(flow)
        del self._texts[flow]
        self._tell(status, state, by)

    def _cancel(self, flow: str) -> None:
        for timer in self._timers.pop(flow, ()):
            self._out.cancel(timer)

    # --- what is told ---------------------------------------------------------------------------------------

    def _tell(self, status: LiveStatus, state: StatusState, by: str) -> None:
        times = status.refresh_by, status.until
        told = StatusChanged(status.flow, self._out.now, by, state, status.texts, *times, status.overridden_by)
        self._out.tell(told)


def _has_status(flow: Flow[Node]) -> bool:
    return any(isinstance(step, Status) for step in flow.steps.values())


def _why_not_then(order: StatusOrdered, now: float) -> Why:
    for at, what in ((order.until, "be over"), (order.refresh_by, "be out of date")):
        if at is not None and at <= now:
            return f"it would {what} already: let it be later"
    return None
