"""This file decides which places of a hotline no test has come to. It does not know the tests."""

from dataclasses import dataclass

from ivr_engine.dialplan.hotline import Flow, Hotline
from ivr_engine.model.ids import StepName
from ivr_engine.nodes import Node
from ivr_engine.simulator.visits import Visits, keys_of


@dataclass(frozen=True, slots=True)
class Missed:
    """What nobody came to in one flow: steps, and keys such as `main 1`. `of` is how many of each there are."""

    flow: str
    steps: tuple[str, ...]
    keys: tuple[str, ...]
    of: tuple[int, int]

    @property
    def is_nothing(self) -> bool:
        """Whether everything was come to."""
        return not self.steps and not self.keys


def missed(hotline: Hotline[Node], visits: Visits) -> list[Missed]:
    """For each flow what it holds itself and nobody came to. A profile's callers also visit ordinary steps."""
    owners = {
        (flow.name, step): flow.name if flow.steps[step] is not hotline.normal.steps.get(step) else hotline.normal.name
        for flow in (hotline.normal, *hotline.crises.values())
        for step in flow.steps
    }
    steps = {(owners[flow, step], step) for flow, step in visits.steps}
    keys = {(owners[flow, step], step, key) for flow, step, key in visits.keys}
    return [_missed(flow, hotline.normal, steps, keys) for flow in (hotline.normal, *hotline.crises.values())]


def _missed(
    flow: Flow[Node], normal: Flow[Node], steps: set[tuple[str, StepName]], keys: set[tuple[str, StepName, str]]
) -> Missed:
    own = [step for step, node in flow.steps.items() if flow is normal or node is not normal.steps.get(step)]
    offered = [(step, key) for step in own for key in keys_of(flow.steps[step])]
    return Missed(
        flow.name,
        tuple(step for step in own if (flow.name, step) not in steps),
        tuple(f"{step} {key}" for step, key in offered if (flow.name, step, key) not in keys),
        (len(own), len(offered)),
    )
