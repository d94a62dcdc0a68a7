"""This file decides how a step passes a caller on to another. It does not know that other step."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from ivr_engine.dialplan.fields import Named
from ivr_engine.dialplan.steps import Target
from ivr_engine.nodes._node import Caller, GoTo, Reply, Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Goto:
    """Goes on at another step: gives a place a second name, such as `otherwise`."""

    WORD: ClassVar[str] = "goto"

    step: Annotated[Target, Named("goto")]

    def enter(self, caller: Caller) -> Reply:
        """On at once."""
        del caller
        return Reply(exit=GoTo(self.step))

    def handle(self, state: Any, signal: Signal, caller: Caller) -> Reply:
        """Nothing can happen here: the caller is gone already."""
        del signal, caller
        return Reply(state)
