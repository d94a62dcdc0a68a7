"""This file decides how a call is ended from our side. It does not know why."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from ivr_engine.dialplan.fields import Named
from ivr_engine.dialplan.hotline import Text
from ivr_engine.nodes._node import Caller, HangUp, Reply, Say, Signal, Spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Hangup:
    """Ends the call, after a farewell if there is one."""

    WORD: ClassVar[str] = "hangup"

    farewell: Annotated[Text | None, Named("hangup")] = None

    def enter(self, caller: Caller) -> Reply:
        """Say good-bye, or end at once."""
        del caller
        if self.farewell is None:
            return Reply(exit=HangUp())
        return Reply(orders=(Say((self.farewell,)),))

    def handle(self, state: Any, signal: Signal, caller: Caller) -> Reply:
        """End when it is said."""
        del caller
        if isinstance(signal, Spoken):
            return Reply(exit=HangUp())
        return Reply(state)
