"""This file decides how a caller asks for somebody outside the hotline. How he is rung it does not know.

Whom callers may be transferred to stands in the file, number and trunk: what a caller presses or says never gets there.
"""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from ivr_engine.dialplan.fields import Named
from ivr_engine.dialplan.hotline import Text
from ivr_engine.dialplan.steps import AfterTalk, DestinationRef, Target
from ivr_engine.nodes._node import Caller, Reply, Signal
from ivr_engine.nodes._node import Transfer as TransferTo


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Connects the caller to one of the `destinations`; he hears `say`, then music, while it rings there.

    When nobody answers in time, or the trunk is down, he goes on to `failed`. After the talk he goes on to `then`, or
    the call ends.
    """

    WORD: ClassVar[str] = "transfer"

    destination: Annotated[DestinationRef, Named("transfer")]
    say: Text | None = None
    failed: Target
    then: AfterTalk | None = None

    def enter(self, caller: Caller) -> Reply:
        """Ring there at once."""
        del caller
        return Reply(exit=TransferTo(self.destination, self.failed, self.then, self.say))

    def handle(self, state: Any, signal: Signal, caller: Caller) -> Reply:
        """Nothing can happen here: the caller is gone already."""
        del signal, caller
        return Reply(state)
