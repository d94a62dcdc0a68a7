"""This file decides how a caller's language changes. It does not know what he hears next."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from ivr_engine.dialplan.fields import Named
from ivr_engine.dialplan.steps import Spoken, Target
from ivr_engine.nodes._node import Caller, GoTo, Reply, Signal, Speak


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """From here on the caller hears this language."""

    WORD: ClassVar[str] = "language"

    language: Annotated[Spoken, Named("language")]
    then: Target

    def enter(self, caller: Caller) -> Reply:
        """Change it, and go on."""
        del caller
        return Reply(orders=(Speak(self.language),), exit=GoTo(self.then))

    def handle(self, state: Any, signal: Signal, caller: Caller) -> Reply:
        """Nothing can happen here: the caller is gone already."""
        del signal, caller
        return Reply(state)
