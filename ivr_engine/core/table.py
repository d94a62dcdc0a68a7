"""This file decides what a state table is. It does not know calls or agents.

The idea is h11's: all rules stand in one table that can be read, drawn and tested; nothing changes a state but the
table; what the table does not allow raises, and leaves the state as it was.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Generic, TypeVar

from ivr_engine.errors import IllegalTransition

StateT = TypeVar("StateT", bound=Enum)
TriggerT = TypeVar("TriggerT", bound=Enum)


class StateTable(Generic[StateT, TriggerT]):
    """Which trigger leads from which state to which."""

    def __init__(self, name: str, rules: Mapping[StateT, Mapping[TriggerT, StateT]]) -> None:
        self.name = name
        self.rules = rules

    def after(self, state: StateT, trigger: TriggerT) -> StateT:
        """The state that `trigger` leads to. Raises IllegalTransition when it may not happen in `state`."""
        try:
            return self.rules[state][trigger]
        except KeyError:
            raise IllegalTransition(f"{self.name}: {trigger.value!r} may not happen while {state.value!r}") from None
