"""This file decides how steps are used from several places. It does not know those steps, nor where they were used."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from ivr_engine.dialplan.fields import Named
from ivr_engine.dialplan.steps import BackTarget, Target
from ivr_engine.nodes._node import Caller, CallFlow, Reply, Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Goes through other steps until one says `then: return`, and on to `then`."""

    WORD: ClassVar[str] = "call"

    step: Annotated[Target, Named("call")]
    then: BackTarget

    def enter(self, caller: Caller) -> Reply:
        """There at once."""
        del caller
        return Reply(exit=CallFlow(self.step, self.then))

    def handle(self, state: Any, signal: Signal, caller: Caller) -> Reply:
        """Nothing can happen here: the caller is gone already."""
        del signal, caller
        return Reply(state)
