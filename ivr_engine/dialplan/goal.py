"""This file decides how a queue's promise is written: a time, or a time and a share. It does not know who keeps it."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from ivr_engine.dialplan.fields import Group
from ivr_engine.dialplan.reader import Kind, Reader
from ivr_engine.dialplan.scalars import Duration, Whole
from ivr_engine.dialplan.schema import Schema, Terms
from ivr_engine.dialplan.source import Scalar, Value

_WITHIN = Duration(longest=3600)  # who waits for an hour was promised nothing


@dataclass(frozen=True, slots=True)
class Goal:
    """What a queue promises: `share` percent of all its callers are answered `within` so many seconds."""

    within: Annotated[float, _WITHIN] = 20.0
    share: Annotated[int, Whole(1, 99)] = 80  # all of them, always, is what no number of seats can promise


USUAL_GOAL = Goal()


@dataclass(frozen=True)
class GoalKind(Kind):
    """A promise. A time alone is that of the usual share."""

    expected: ClassVar[str] = "a time such as 20s"
    example: ClassVar[str] = "20s"

    def read(self, value: Value, reader: Reader) -> Goal:
        """The promise."""
        if isinstance(value, Scalar):
            return Goal(_WITHIN.read(value, reader))
        goal: Goal = Group(Goal).read(value, reader)
        return goal

    def schema(self, terms: Terms) -> Schema:
        """A time, or a group."""
        return {"anyOf": [_WITHIN.schema(terms), Group(Goal).schema(terms)]}
