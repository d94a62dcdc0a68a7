"""This file decides how a caller is told something. It does not know what comes after.

What is said here is meant to be heard to its end (a recording notice, say), so keys mean nothing meanwhile.
"""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from ivr_engine.dialplan.fields import Named
from ivr_engine.dialplan.hotline import Text
from ivr_engine.dialplan.steps import Target
from ivr_engine.nodes._node import GoTo, Reply, Signal, Spoken
from ivr_engine.nodes._node import Say as SayOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Says words, then goes on."""

    WORD: ClassVar[str] = "say"

    text: Annotated[Text, Named("say")]
    then: Target

    def enter(self) -> Reply:
        """Say it."""
        return Reply(orders=(SayOrder((self.text,)),))

    def handle(self, state: Any, signal: Signal) -> Reply:
        """Go on when it is said."""
        if isinstance(signal, Spoken):
            return Reply(exit=GoTo(self.then))
        return Reply(state)
