"""This file decides what a loaded hotline consists of. It does not know how YAML is read or what a step does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ivr_engine.model.ids import PoolName, QueueName, SeatId, StepName
from ivr_engine.model.prompt import Prompt

StepT_co = TypeVar("StepT_co", covariant=True)

NORMAL = "normal"  # the name of the flow that no crisis profile replaces


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in several languages."""

    words: Mapping[str, str]

    def prompt(self, language: str, default: str) -> Prompt:
        """The prompt in `language`, or in the hotline's `default` language, which no text may lack."""
        chosen = language if language in self.words else default
        return Prompt(chosen, self.words[chosen])

    def prompts(self) -> tuple[Prompt, ...]:
        """One prompt a language."""
        return tuple(Prompt(language, words) for language, words in self.words.items())


@dataclass(frozen=True, slots=True)
class Flow(Generic[StepT_co]):
    """A way through the dialplan: the normal one, or that of a crisis profile (which may use the normal steps)."""

    name: str
    start: StepName
    steps: Mapping[StepName, StepT_co]


@dataclass(frozen=True, slots=True)
class PoolPlan:
    """A group of seats: `agents` with registered phones, or `capacity` lines over a trunk of the pool's name.

    `answer_within` is how long one seat may ring, in seconds.
    """

    name: PoolName
    agents: tuple[SeatId, ...] = ()
    trunk: bool = False
    number: str = ""  # dialled at the far end of the trunk
    capacity: int = 0
    answer_within: float = 15.0

    @property
    def seats(self) -> tuple[SeatId, ...]:
        """Every seat of the pool."""
        if self.trunk:
            return tuple(SeatId(f"{self.name}#{line}") for line in range(1, self.capacity + 1))
        return self.agents


@dataclass(frozen=True, slots=True)
class QueuePlan:
    """Who waits for whom: a higher `priority` is served first; pools are tried in order.

    `wrap_up` is how long an agent rests after a call of this queue, in seconds.
    """

    name: QueueName
    pools: tuple[PoolName, ...]
    priority: int = 0
    wrap_up: float = 5.0
    greeting: Text | None = None  # heard once on entering the queue, before the music


@dataclass(frozen=True, slots=True)
class Fallback:
    """What Asterisk alone does with a caller when no engine takes him: a greeting, then these agents."""

    say: Text
    agents: tuple[SeatId, ...]


@dataclass(frozen=True, slots=True)
class Hotline(Generic[StepT_co]):
    """One hotline, checked and complete. `version` is a hash of everything it was loaded from."""

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

    def flow(self, name: str) -> Flow[StepT_co]:
        """The flow of that name; the normal one when there is none (a profile may be gone after a reload)."""
        return self.crises.get(name, self.normal)
