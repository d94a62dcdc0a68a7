"""This file decides what a loaded hotline consists of. It does not know how YAML is read or what a step does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar

from ivr_engine.dialplan.accepting import Authority, Script, Whisper
from ivr_engine.dialplan.fields import Named, OwnKey, Place
from ivr_engine.dialplan.goal import USUAL_GOAL, Goal, GoalKind
from ivr_engine.dialplan.hours import Hours
from ivr_engine.dialplan.lookups import LookupPlan
from ivr_engine.dialplan.pools import PoolPlan
from ivr_engine.dialplan.scalars import Key, Label, OneOf, Pattern, Pause, PhoneNumber, Seconds, Tag, Whole
from ivr_engine.dialplan.skills import AgentPlan, Needs, Ring, SameAgent, Widening, check_stages
from ivr_engine.dialplan.steps import (
    AgentRef,
    ChosenTarget,
    DestinationKey,
    PoolRef,
    QueueKey,
    ShiftRef,
)
from ivr_engine.dialplan.text import Text
from ivr_engine.dialplan.turns import InTurn, Turns, names_in
from ivr_engine.dialplan.wording import Wording
from ivr_engine.model.ids import DestinationName, LookupName, PoolName, QueueName, SeatId, StepName
from ivr_engine.model.prompt import Prompt

__all__ = [
    "NORMAL",
    "NO_FACILITIES",
    "ROUTINE",
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
    "hotline_prompts",
]

StepT_co = TypeVar("StepT_co", covariant=True)

ROUTINE = "routine"  # the lane of a queue that names none
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


DispositionCode = Annotated[str, Pattern(r"[0-9]{1,4}", "a code of one to four digits", "1")]


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
    seats: int = 100  # how many of a hundred usual ones are wanted


@dataclass(frozen=True, slots=True)
class WhileWaiting:
    """What callers hear while they wait, first `after` so long, then `every` so often; music in between.

    `say` may hold how many are before him, `<ahead as number>`, and his probable wait, `<wait as duration>`.
    `otherwise` is said when the wait cannot honestly be told; without it there is only music then.
    """

    after: Seconds = 30.0
    every: Seconds = 60.0
    say: Text | None = None
    otherwise: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackPlan:
    """How the engine itself calls those back who asked for it: over `trunk`, showing the number `shows`.

    `first` is who is rung first: the `agent`, or the `customer`, who hears `greeting` and waits for one. Who is not
    reached within `answer_within` seconds is rung again after `every`, at most `attempts` times in all; only in the
    `hours` of a shift, if one is named.
    """

    trunk: Label
    shows: PhoneNumber = ""  # the hotline's first number
    first: Annotated[str, OneOf(("agent", "customer"))] = "agent"
    attempts: Annotated[int, Whole(1, 20)] = 3
    every: Seconds = 900.0
    answer_within: Seconds = 30.0
    hours: ShiftRef | None = None
    greeting: Text | None = None


@dataclass(frozen=True, slots=True)
class QueuePlan:
    """Who waits for whom: a higher `priority` is served first; pools are tried in order.

    `wrap_up` is how long an agent rests after a call of this queue, in seconds. `needs` are the skills its callers ask
    for, and `widen` what they are content with when they have waited for some time. `ring` says which of the seats
    that could be rung is. `lane` is what seats are reserved for.
    """

    name: Annotated[QueueKey, OwnKey()]
    turns: Annotated[Turns, Named("pools"), InTurn()]
    priority: Annotated[int, Whole(-1000, 1000)] = 0
    wrap_up: Annotated[Pause, Named("after call")] = 5.0
    greeting: Text | None = None  # heard once on entering the queue, before the music
    while_waiting: WhileWaiting | None = None
    call_back: CallBackPlan | None = None  # without it people call back, by `ivr callbacks`
    supervisors: PoolRef | None = None  # who is called in by `escalate`, and who alone may listen
    dispositions: Mapping[DispositionCode, Tag] = field(default_factory=dict)  # what agents may say of calls
    most_waiting: Annotated[int | None, Whole(1, 100_000)] = None  # who comes then goes where his step says: `full`
    goal: Annotated[Goal, Named("target"), GoalKind()] = USUAL_GOAL
    lane: Label = ROUTINE
    needs: Needs = field(default_factory=dict)
    widen: tuple[Widening, ...] = ()
    ring: Ring = "longest idle"
    same_agent: SameAgent | None = None  # who called lately goes back to whom he talked to
    ring_several: Annotated[int, Whole(1, 50)] = 1  # so many seats at once for one caller; who is first has him
    whisper: Whisper = None  # what an agent alone hears before they are joined
    script: Script = ""  # what an agent may say, and what he may promise: both for his screen
    authority: Authority = field(default_factory=dict)

    def judge(self, at: Place) -> None:
        """Tell of stages that do not come one after the other."""
        check_stages(self.widen, at)

    @property
    def pools(self) -> tuple[PoolName, ...]:
        """The pools in the order in which they are tried."""
        return names_in(self.turns)

    def is_overflow(self, pool: PoolName) -> bool:
        """Whether a pool is not among those that are tried first."""
        return all(use.pool != pool for use in self.turns[0])

    @property
    def target(self) -> float:
        """Within how many seconds callers shall be answered."""
        return self.goal.within

    @property
    def target_share(self) -> float:
        """Which share of all callers shall be, from 0 to 1."""
        return self.goal.share / 100


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
