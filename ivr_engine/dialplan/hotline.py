"""This file decides what a loaded hotline consists of. It does not know how YAML is read or what a step does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar

from ivr_engine.dialplan.crises import CrisisPlan, PersonPlan
from ivr_engine.dialplan.fields import OwnKey
from ivr_engine.dialplan.hours import Hours
from ivr_engine.dialplan.lookups import LookupPlan
from ivr_engine.dialplan.pools import PoolPlan
from ivr_engine.dialplan.queues import ROUTINE, CallBackPlan, QueuePlan, WhileWaiting
from ivr_engine.dialplan.scalars import Key, Label, PhoneNumber, Seconds
from ivr_engine.dialplan.skills import AgentPlan
from ivr_engine.dialplan.steps import (
    AgentRef,
    ChosenTarget,
    DestinationKey,
)
from ivr_engine.dialplan.text import Text
from ivr_engine.dialplan.triggers import TriggerPlan
from ivr_engine.dialplan.wording import Wording
from ivr_engine.model.ids import DestinationName, LookupName, PoolName, QueueName, SeatId, StepName
from ivr_engine.model.prompt import Prompt

__all__ = [
    "NORMAL",
    "NO_FACILITIES",
    "ROUTINE",
    "CallBackPlan",
    "CrisisPlan",
    "DestinationPlan",
    "Facilities",
    "Fallback",
    "Flow",
    "Hotline",
    "Human",
    "PoolPlan",
    "QueuePlan",
    "Text",
    "WhileWaiting",
    "conditions_in",
    "groups_told",
    "hotline_prompts",
]

StepT_co = TypeVar("StepT_co", covariant=True)

NORMAL = "normal"  # the name of the flow that no crisis profile replaces


@dataclass(frozen=True, slots=True)
class Human:
    """Keys that bring a caller to a person from wherever he is, unless his step uses the key itself."""

    keys: tuple[Key, ...]
    to: ChosenTarget


@dataclass(frozen=True, slots=True)
class DestinationPlan:
    """Somebody outside, whom callers may be transferred to: `number` over `trunk`.

    `answer_within` is how long it may ring there, in seconds.
    """

    name: Annotated[DestinationKey, OwnKey()]
    trunk: Label
    number: PhoneNumber
    answer_within: Seconds = 30.0


@dataclass(frozen=True, slots=True)
class Facilities:
    """What the steps of a hotline may make use of."""

    hours: Hours = field(default_factory=Hours)
    destinations: Mapping[DestinationName, DestinationPlan] = field(default_factory=dict)


NO_FACILITIES = Facilities()


@dataclass(frozen=True, slots=True)
class Flow(Generic[StepT_co]):
    """A way through the dialplan: the normal one, or that of a crisis profile.

    A profile's `steps` are its own and all normal ones; where both have a step of one name, it is the profile's own.
    """

    name: str
    start: StepName
    steps: Mapping[StepName, StepT_co]
    human: Human | None = None
    facilities: Facilities = NO_FACILITIES
    plan: CrisisPlan | None = None  # what else a profile changes; the normal flow changes nothing

    @property
    def seats(self) -> int:
        """How many of a hundred usual seats are wanted, at the lowest level."""
        return self.plan.seats if self.plan else 100


@dataclass(frozen=True, slots=True)
class Fallback:
    """What Asterisk alone does with a caller when no engine takes him: a greeting, then these agents."""

    say: Annotated[Text, Wording(may_name_values=False)]
    agents: tuple[AgentRef, ...]


@dataclass(frozen=True, slots=True)
class Hotline(Generic[StepT_co]):
    """One hotline, checked and complete. `version` is a hash of everything it was loaded from, `sources`.

    `agents` is what is known of some of them. One point of priority is worth `ageing` seconds of waiting; None: more
    than any.
    """

    name: str
    numbers: tuple[str, ...]
    languages: tuple[str, ...]
    timezone: str
    normal: Flow[StepT_co]
    pools: Mapping[PoolName, PoolPlan]
    queues: Mapping[QueueName, QueuePlan]
    fallback: Fallback
    version: str
    crises: Mapping[str, Flow[StepT_co]] = field(default_factory=dict)
    lookups: Mapping[LookupName, LookupPlan] = field(default_factory=dict)
    agents: Mapping[SeatId, AgentPlan] = field(default_factory=dict)
    people: Mapping[str, PersonPlan] = field(default_factory=dict)
    triggers: Mapping[str, TriggerPlan] = field(default_factory=dict)
    ageing: float | None = None
    sources: Mapping[Path, bytes] = field(default_factory=dict, repr=False, compare=False)

    @property
    def trunks(self) -> frozenset[PoolName]:
        """Every trunk that is dialled over: those of pools, and those of destinations."""
        destinations = self.normal.facilities.destinations.values()
        pools = {pool.over for pool in self.pools.values() if pool.trunk}
        pools |= {PoolName(queue.call_back.trunk) for queue in self.queues.values() if queue.call_back}
        return frozenset(pools | {PoolName(destination.trunk) for destination in destinations})

    def flow(self, name: str) -> Flow[StepT_co]:
        """The flow of that name; the normal one when there is none (a profile may be gone after a reload)."""
        return self.crises.get(name, self.normal)


def conditions_in(hotline: Hotline[Any]) -> Iterator[tuple[QueueName, PoolName]]:
    """Each queue with a pool that is open to it under conditions only."""
    for name, queue in hotline.queues.items():
        yield from ((name, use.pool) for turn in queue.turns for use in turn if use.when is not None)


def groups_told(hotline: Hotline[Any]) -> frozenset[str]:
    """Every group of people that its crises and triggers tell."""
    plans = (flow.plan.tells() for flow in hotline.crises.values() if flow.plan)
    return frozenset[str]().union(*plans, *(trigger.tell for trigger in hotline.triggers.values()))


def hotline_prompts(hotline: Hotline[Any]) -> tuple[Prompt, ...]:
    """Everything callers of a hotline may hear, each prompt once."""
    return tuple(dict.fromkeys(prompt for text in _texts(hotline) for prompt in text.prompts()))


def _texts(part: Any) -> Iterator[Text]:
    """The texts in anything made of dataclasses, so that no word has to list its own."""
    if isinstance(part, Text):
        yield part
    elif isinstance(part, Mapping):
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, tuple):
        for value in part:
            yield from _texts(value)
    elif is_dataclass(part):
        for one in fields(part):
            yield from _texts(getattr(part, one.name))
