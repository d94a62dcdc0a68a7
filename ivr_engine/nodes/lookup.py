"""This file decides what a caller hears while another system is asked, and where he goes then. It does not know whom.

Most answers come at once: only who waits longer than a moment is asked for patience, and hears that to its end.
"""

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from ivr_engine.dialplan.fields import Named, Remedy
from ivr_engine.dialplan.hotline import Text
from ivr_engine.dialplan.steps import LookupRef, Target
from ivr_engine.model.ids import StepName
from ivr_engine.nodes._node import (
    Answer,
    Caller,
    GoTo,
    Keep,
    LookedUp,
    LookUp,
    Order,
    Pressed,
    Reply,
    Say,
    Signal,
    Spoken,
    Wait,
    Waited,
)

PATIENT_SECONDS = 0.7  # nobody takes so short a silence for a fault


@dataclass(frozen=True, slots=True)
class Asking:
    """Whether the caller is being asked for patience, has been, and where he goes once he has heard it."""

    speaking: bool = False
    told: bool = False
    onward: StepName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """Asks another system about the caller: `then` if it knows him; `not found`, else as `failed`; `failed` is a must.

    `say` is heard when the answer takes longer than a moment.
    """

    WORD: ClassVar[str] = "lookup"

    lookup: Annotated[LookupRef, Named("lookup")]
    say: Text | None = None
    then: Target
    not_found: Target | None = None
    failed: Annotated[Target, Remedy("add `failed: …`: where callers go when the other system does not answer")]

    def enter(self, caller: Caller) -> Reply:
        """Ask."""
        del caller
        return Reply(Asking(), (LookUp(self.lookup), *self._patience()))

    def handle(self, state: Asking, signal: Signal, caller: Caller) -> Reply:
        """Go on with the answer; keys mean nothing meanwhile."""
        del caller
        match signal:
            case LookedUp(answer, values):
                return self._answered(state, answer, Keep(values))
            case Waited() if self.say is not None and not state.told:
                return Reply(replace(state, speaking=True, told=True), (Say((self.say,)),))
            case Spoken() if state.onward is not None:
                return Reply(state, exit=GoTo(state.onward))
            case Spoken():
                return Reply(replace(state, speaking=False))
            case Pressed() if not state.told:
                return Reply(state, self._patience())
            case _:
                return Reply(state)

    def _answered(self, state: Asking, answer: Answer, keep: Keep) -> Reply:
        not_found = self.not_found or self.failed
        onward = {Answer.FOUND: self.then, Answer.NOT_FOUND: not_found, Answer.FAILED: self.failed}[answer]
        if state.speaking:
            return Reply(replace(state, onward=onward), (keep,))
        return Reply(state, (keep,), GoTo(onward))

    def _patience(self) -> tuple[Order, ...]:
        return (Wait(PATIENT_SECONDS),) if self.say is not None else ()
