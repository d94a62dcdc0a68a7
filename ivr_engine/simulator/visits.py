"""This file decides where callers have been. It does not know why they went there, or who has not been anywhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ivr_engine.dialplan.hotline import Flow
from ivr_engine.model.ids import StepName
from ivr_engine.nodes import Node


@dataclass(slots=True)
class Way:
    """Where a caller is in his flow, and what he typed there since something was wrong."""

    flow: Flow[Node]
    step: StepName | None = None
    typed: str = ""


@dataclass(slots=True)
class Visits:
    """Where callers have been: steps by flow, and the keys that led on from there."""

    steps: set[tuple[str, StepName]] = field(default_factory=set)
    keys: set[tuple[str, StepName, str]] = field(default_factory=set)

    def enter(self, way: Way, step: StepName) -> None:
        """A caller comes to a step."""
        self.steps.add((way.flow.name, step))
        if way.step is not None and keys_of(way.flow.steps[way.step]).get(way.typed) == step:
            self.keys.add((way.flow.name, way.step, way.typed))
        way.step, way.typed = step, ""

    def update(self, others: "Visits") -> None:
        """Take in those of other callers."""
        self.steps |= others.steps
        self.keys |= others.keys


def keys_of(node: Any) -> Mapping[str, StepName]:
    """The keys a step offers, with where each leads."""
    keys = getattr(node, "keys", None)
    return keys if isinstance(keys, Mapping) else {}
