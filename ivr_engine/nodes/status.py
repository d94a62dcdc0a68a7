"""This file decides how callers are told how a matter stands. It does not know what matter it is."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from ivr_engine.dialplan.fields import Named, Place
from ivr_engine.dialplan.hotline import Flow, Text
from ivr_engine.dialplan.hours import Hours
from ivr_engine.dialplan.moments import LocalTime
from ivr_engine.dialplan.steps import Target
from ivr_engine.nodes._node import Caller, GoTo, Hush, KeyUse, Pressed, Reply, Say, Signal, Spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Tells how a matter stands. By `refresh by` somebody must have written it anew; from `until` on it is not said.

    What is ordered meanwhile is said in its place, also from `until` on.

    Both are the hotline's local time. What is past `refresh by` is still said, and somebody is told of it.
    """

    WORD: ClassVar[str] = "status"

    text: Annotated[Text, Named("status")]
    refresh_by: LocalTime
    until: LocalTime | None = None
    barge_in: bool = True
    then: Target

    def judge(self, at: Place) -> None:
        """Warn of a text that is out of date."""
        wall = at.reader.wall
        if wall is None:
            return
        if self.until is not None and wall >= self.until:
            at.reader.warn(at.of("until"), "W424", "nobody hears this any more", "write it anew, or delete the step")
        elif wall >= self.refresh_by:
            message = "this text should have been written anew by now"
            at.reader.warn(at.of("refresh by"), "W424", message, "look whether it is still true, and set the next time")

    def enter(self, caller: Caller) -> Reply:
        """Say what was ordered; or what is written, unless that is over."""
        if caller.live_status is not None:
            return Reply(orders=(Say((caller.live_status,)),))
        if self._is_over(caller.facilities.hours, caller.now):
            return Reply(exit=GoTo(self.then))
        return Reply(orders=(Say((self.text,)),))

    def handle(self, state: Any, signal: Signal, caller: Caller) -> Reply:
        """Go on when it is said, or cut short."""
        del caller
        if isinstance(signal, Spoken):
            return Reply(exit=GoTo(self.then))
        if isinstance(signal, Pressed) and self.barge_in:
            return Reply(state, (Hush(),), GoTo(self.then), KeyUse.WRONG)
        return Reply(state)

    def is_stale(self, hours: Hours, now: float) -> bool:
        """Whether callers hear it although it should have been written anew."""
        return hours.wall(now) >= self.refresh_by and not self._is_over(hours, now)

    def _is_over(self, hours: Hours, now: float) -> bool:
        return self.until is not None and hours.wall(now) >= self.until


def stale_in(flow: Flow[Any], now: float) -> int:
    """How many texts of a flow should have been written anew by now. In seconds since 1970."""
    statuses = (node for node in flow.steps.values() if isinstance(node, Status))
    return sum(status.is_stale(flow.facilities.hours, now) for status in statuses)
