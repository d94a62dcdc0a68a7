"""This file decides which flow a new caller gets. It does not know what a flow contains or who may switch."""

from ivr_engine.core.outbox import Outbox
from ivr_engine.core.versions import Versions
from ivr_engine.dialplan.hotline import Flow, Hotline
from ivr_engine.model.events import CrisisOrdered
from ivr_engine.model.notices import CrisisChanged, TroubleKind
from ivr_engine.nodes import Node


class Crisis:
    """The crisis profile that is on, if one is. Asked before any step of a new call."""

    def __init__(self, out: Outbox, versions: Versions) -> None:
        self._out = out
        self.versions = versions
        self.profile: str | None = None

    def ordered(self, order: CrisisOrdered) -> None:
        """Switch a profile on or off. An unknown one changes nothing."""
        crises = self.versions.running.crises
        if order.profile is not None and order.profile not in crises:
            known = ", ".join(sorted(crises)) or "none"
            what = f"crisis profile {order.profile!r} is not in the dialplan; known: {known}"
            self._out.trouble(TroubleKind.UNKNOWN_PROFILE, what)
            return
        self.profile = order.profile
        canary = self.versions.canary
        if canary is not None and order.profile is not None and order.profile not in canary.hotline.crises:
            self.versions.end_canary("stopped", "the engine", f"it has no crisis profile {order.profile!r}")
        self._out.tell(CrisisChanged(order.profile, self._out.now, order.by, order.reason))

    def flow(self, hotline: Hotline[Node]) -> Flow[Node]:
        """The flow of a call that begins now with that version."""
        return hotline.crises[self.profile] if self.profile else hotline.normal
