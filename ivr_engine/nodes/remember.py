"""This file decides how something is noted about a caller without asking him. Who uses it later it does not know.

Two words of one make: `set` keeps values for texts and rules, `tag` what he calls about, for agents and records.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from ivr_engine.dialplan.fields import Named
from ivr_engine.dialplan.scalars import Tag as TagName
from ivr_engine.dialplan.steps import KeptValue, Target
from ivr_engine.nodes._node import Caller, GoTo, Keep, Reply, Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """Keeps values of the caller: `set: {product: kettle}`."""

    WORD: ClassVar[str] = "set"

    values: Annotated[Mapping[KeptValue, str], Named("set")]
    then: Target

    def enter(self, caller: Caller) -> Reply:
        """Keep them, and go on."""
        del caller
        return Reply(orders=(Keep(self.values),), exit=GoTo(self.then))

    def handle(self, state: Any, signal: Signal, caller: Caller) -> Reply:
        """Nothing can happen here: the caller is gone already."""
        del signal, caller
        return Reply(state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """Tags the call."""

    WORD: ClassVar[str] = "tag"

    tags: Annotated[tuple[TagName, ...], Named("tag")]
    then: Target

    def enter(self, caller: Caller) -> Reply:
        """Tag it, and go on."""
        del caller
        return Reply(orders=(Keep(tags=self.tags),), exit=GoTo(self.then))

    def handle(self, state: Any, signal: Signal, caller: Caller) -> Reply:
        """Nothing can happen here: the caller is gone already."""
        del signal, caller
        return Reply(state)
