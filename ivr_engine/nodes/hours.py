"""This file decides where a caller goes by the hour of his call. It does not know when anybody is open."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from ivr_engine.dialplan.fields import Named
from ivr_engine.dialplan.hours import Opening
from ivr_engine.dialplan.steps import KeptValue, ShiftRef, Target
from ivr_engine.model.ids import StepName
from ivr_engine.nodes._node import Caller, GoTo, Keep, Order, Reply, Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Asks whether a shift is there: `inside` its hours or `outside`; on a `holiday`, and in an `emergency`.

    An emergency counts before a holiday, a holiday before the hours. Left out, `emergency` is as `outside`, and a
    holiday is outside for all but shifts that work `every day` or on `holidays`. `next opening` keeps when people are
    there again, under this name: `<opens as date>`, `<opens as time>`.
    """

    WORD: ClassVar[str] = "hours"

    shift: Annotated[ShiftRef, Named("hours")]
    inside: Target
    outside: Target
    holiday: Target | None = None
    emergency: Target | None = None
    next_opening: KeptValue | None = None

    def enter(self, caller: Caller) -> Reply:
        """Look at the clock, and go on."""
        step = self._way(caller)
        return Reply(orders=self._told(caller) if step != self.inside else (), exit=GoTo(step))

    def handle(self, state: Any, signal: Signal, caller: Caller) -> Reply:
        """Nothing can happen here: the caller is gone already."""
        del signal, caller
        return Reply(state)

    def _way(self, caller: Caller) -> StepName:
        hours = caller.facilities.hours
        state = hours.state(self.shift, caller.now)
        if state is Opening.EMERGENCY:
            return self.emergency or self.outside
        if state is Opening.HOLIDAY and self.holiday:
            return self.holiday
        return self.inside if hours.is_worked(self.shift, caller.now) else self.outside

    def _told(self, caller: Caller) -> tuple[Order, ...]:
        if self.next_opening is None:
            return ()
        hours = caller.facilities.hours
        opens = hours.next_opening(self.shift, caller.now, on_holidays=self.holiday is None)
        return (Keep({self.next_opening: opens.strftime("%Y-%m-%d %H:%M") if opens else ""}),)
