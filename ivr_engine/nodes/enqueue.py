"""This file decides how a caller asks for a person. It does not know who waits there or who answers."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from ivr_engine.dialplan.fields import Named
from ivr_engine.dialplan.scalars import Tag
from ivr_engine.dialplan.steps import QueueRef
from ivr_engine.nodes._node import JoinQueue, Reply, Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Enqueue:
    """Brings the caller into a queue; `tag` says what he called about, for agent and records."""

    WORD: ClassVar[str] = "enqueue"

    queue: Annotated[QueueRef, Named("enqueue")]
    tags: Annotated[tuple[Tag, ...], Named("tag")] = ()

    def enter(self) -> Reply:
        """Into the queue at once."""
        return Reply(exit=JoinQueue(self.queue, self.tags))

    def handle(self, state: Any, signal: Signal) -> Reply:
        """Nothing can happen here: the caller is gone already."""
        del signal
        return Reply(state)
