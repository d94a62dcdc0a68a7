"""This file decides how many callers went which way. It does not know where past calls are kept or how ways look."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from ivr_engine.model.notices import CallRecord


@dataclass(frozen=True, slots=True)
class FlowTraffic:
    """What callers did in one flow: how often a step was come to, and from which one."""

    calls: int = 0
    visits: Mapping[str, int] = field(default_factory=dict)
    ways: Mapping[tuple[str, str], int] = field(default_factory=dict)


Traffic = Mapping[str, FlowTraffic]  # by the flow's name


def traffic_of(records: Iterable[CallRecord]) -> Traffic:
    """The traffic of past calls, flow by flow."""
    calls: Counter[str] = Counter()
    visits: dict[str, Counter[str]] = {}
    ways: dict[str, Counter[tuple[str, str]]] = {}
    for record in records:
        calls[record.flow] += 1
        visits.setdefault(record.flow, Counter()).update(record.steps)
        ways.setdefault(record.flow, Counter()).update(pairwise(record.steps))
    return {flow: FlowTraffic(count, visits[flow], ways[flow]) for flow, count in calls.items()}
