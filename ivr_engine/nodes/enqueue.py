"""This file decides how a caller asks for a person, and where he goes if he gets none. Who answers it does not know."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from ivr_engine.dialplan.fields import Named
from ivr_engine.dialplan.scalars import Key, Seconds, Tag, Whole
from ivr_engine.dialplan.skills import Needs
from ivr_engine.dialplan.steps import AfterTalk, ChosenTarget, QueueRef, Target
from ivr_engine.nodes._node import Caller, Endings, JoinQueue, Reply, Signal
from ivr_engine.nodes.callback import dialable


@dataclass(frozen=True, slots=True)
class TooLong:
    """When the caller has waited `after` in this queue he goes on to `then`.

    A seat that rings for him just then may still answer him; if it does not, he goes.
    """

    after: Seconds
    then: ChosenTarget


@dataclass(frozen=True, slots=True)
class Overflowed:
    """Tags a caller whom another than the queue's first pool serves."""

    tags: Annotated[tuple[Tag, ...], Named("tag")]


@dataclass(frozen=True, slots=True)
class Abandoned:
    """Tags a caller who hangs up while he waits; with `callback` he is called back, if his number can be dialled."""

    tags: Annotated[tuple[Tag, ...], Named("tag")] = ()
    callback: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Enqueue:
    """Brings the caller into a queue; `tag` says what he called about, for agent and records.

    `priority` is added to the queue's, and so are `needs`, the skills he asks for. `full` and `no seats` (nobody he
    could talk to can be reached) are where he goes instead; `keys` what he may choose while he waits; `answered` where
    he goes when the agent hangs up first.
    `overflowed` and `abandoned` say what is noted of him when another pool serves him, or he hangs up waiting.
    """

    WORD: ClassVar[str] = "enqueue"

    queue: Annotated[QueueRef, Named("enqueue")]
    tags: Annotated[tuple[Tag, ...], Named("tag")] = ()
    priority: Annotated[int, Whole(-1000, 1000)] = 0
    needs: Needs = field(default_factory=dict)
    full: Target | None = None
    no_seats: Target | None = None
    too_long: TooLong | None = None
    keys: Annotated[Mapping[Key, ChosenTarget], Named("keys")] = field(default_factory=dict)
    answered: AfterTalk | None = None
    overflowed: Overflowed | None = None
    abandoned: Abandoned | None = None

    def enter(self, caller: Caller) -> Reply:
        """Into the queue at once."""
        late, lost = self.too_long, self.abandoned
        endings = Endings(
            full=self.full,
            no_seats=self.no_seats,
            too_long=late.then if late else None,
            longest=late.after if late else None,
            keys=self.keys,
            answered=self.answered,
            overflowed=self.overflowed.tags if self.overflowed else (),
            abandoned=lost.tags if lost else (),
            call_back=dialable(caller.caller) if lost and lost.callback else None,
        )
        return Reply(exit=JoinQueue(self.queue, self.tags, self.priority, endings, self.needs))

    def handle(self, state: Any, signal: Signal, caller: Caller) -> Reply:
        """Nothing can happen here: the caller is gone already."""
        del signal, caller
        return Reply(state)
