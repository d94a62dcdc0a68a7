"""This file decides how a caller is told something. It does not know what comes after.

What is said here is meant to be heard to its end (a recording notice, say), so keys mean nothing meanwhile; unless its
author says that a key may cut it short.
"""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from ivr_engine.dialplan.fields import Named
from ivr_engine.dialplan.hotline import Text
from ivr_engine.dialplan.steps import Target
from ivr_engine.nodes._node import Caller, GoTo, Hush, KeyUse, Pressed, Reply, Signal, Spoken
from ivr_engine.nodes._node import Say as SayOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Says words, then goes on. `barge in`: any key cuts them short."""

    WORD: ClassVar[str] = "say"

    text: Annotated[Text, Named("say")]
    barge_in: bool = False
    then: Target

    def enter(self, caller: Caller) -> Reply:
        """Say it."""
        del caller
        return Reply(orders=(SayOrder((self.text,)),))

    def handle(self, state: Any, signal: Signal, caller: Caller) -> Reply:
        """Go on when it is said."""
        del caller
        if isinstance(signal, Spoken):
            return Reply(exit=GoTo(self.then))
        if isinstance(signal, Pressed) and self.barge_in:
            return Reply(state, (Hush(),), GoTo(self.then), KeyUse.WRONG)
        return Reply(state)
