"""This file decides what a pool of seats consists of. It does not know who waits for them.

There are three kinds: agents with registered phones, lines over a trunk to another site, and people at ordinary phone
numbers, each of whom is rung over a trunk.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Annotated, ClassVar

from ivr_engine.dialplan.accepting import Confirm
from ivr_engine.dialplan.fields import OwnKey
from ivr_engine.dialplan.places import Region
from ivr_engine.dialplan.reader import Kind, Reader
from ivr_engine.dialplan.scalars import NEARLY_FLAGS, Flag, Label, Name, PhoneNumber, Seconds, Whole
from ivr_engine.dialplan.schema import Schema, Terms
from ivr_engine.dialplan.shares import SeatsKept, SomeSeats
from ivr_engine.dialplan.skills import Levels
from ivr_engine.dialplan.source import Scalar, Value
from ivr_engine.dialplan.steps import AgentId, PoolKey, ShiftRef
from ivr_engine.model.ids import PoolName, SeatId

ANY_CRISIS = "crisis"  # of `only in`: whichever profile is on

_NONE = SomeSeats()
_NAME = Name()
_FLAG = Flag()


@dataclass(frozen=True)
class Trunk(Kind):
    """Whether seats are reached over a trunk: `true` for that of the pool's name, or the trunk's own name."""

    expected: ClassVar[str] = "true, or the name of a trunk"
    example: ClassVar[str] = "true"

    def read(self, value: Value, reader: Reader) -> bool | str:
        """The answer, or the name."""
        if isinstance(value, Scalar) and isinstance(value.value, str) and value.text.casefold() not in NEARLY_FLAGS:
            name: str = _NAME.read(value, reader)
            return name
        flag: bool = _FLAG.read(value, reader)
        return flag

    def schema(self, terms: Terms) -> Schema:
        """Either."""
        near = "|".join(sorted(word for word in NEARLY_FLAGS if word.isascii()))
        pattern = f"^(?!(?:{near})$){_NAME.schema(terms)['pattern'].removeprefix('^')}"
        return {"anyOf": [_FLAG.schema(terms), {"type": "string", "pattern": pattern, "examples": ["carrier"]}]}


PersonName = Annotated[str, Name(ascii_only=False)]


@dataclass(frozen=True, slots=True)
class PoolPlan:
    """A group of seats: `agents` with registered phones; or `capacity` lines over a trunk, of the pool's name or of
    another; or people at the `numbers` that are dialled over a trunk, one seat each.

    `answer_within` is how long one seat may ring, in seconds. An agent who does not take `after_misses` calls in a row
    is paused (0: never), unless nobody else of the pool is left. `sign_in`: agents must sign in before they are rung.
    `skills` are those of every seat; an agent's own come on top.

    While a crisis profile asks for more seats, there are more lines, up to `most`. So many seats as `keep_free` says
    are left to queues that have this pool first, and `reserve` keeps seats for the queues of a lane. The pool is at
    work in its `hours` only, and `only_in` some crisis profiles, or any (`crisis`). Callers of its `regions` come here
    first. Among pools tried at once the one of least `cost` is first; of equal cost, each gets its `weight` in calls.
    """

    name: Annotated[PoolKey, OwnKey()]
    agents: tuple[AgentId, ...] = ()
    trunk: Annotated[bool | str, Trunk()] = False
    number: PhoneNumber = ""  # dialled at the far end of the trunk
    capacity: Annotated[int, Whole(1, 10_000)] = 0
    answer_within: Seconds = 15.0
    after_misses: Annotated[int, Whole(0, 100)] = 3
    sign_in: Annotated[bool, Flag()] = False
    confirm: Confirm = None  # who picks up has taken the call only by a key; people at numbers always, unless `false`
    skills: Levels = field(default_factory=dict)
    numbers: Mapping[PhoneNumber, PersonName] = field(default_factory=dict)
    most: Annotated[int | None, Whole(1, 10_000)] = None
    keep_free: SeatsKept = _NONE
    reserve: Mapping[Label, SeatsKept] = field(default_factory=dict)
    hours: ShiftRef | None = None
    regions: tuple[Region, ...] = ()
    cost: Annotated[int, Whole(0, 10_000)] = 0
    weight: Annotated[int, Whole(1, 1000)] = 1
    only_in: tuple[Label, ...] = ()

    @property
    def seats(self) -> tuple[SeatId, ...]:
        """Every seat of the pool."""
        if self.numbers:
            return tuple(SeatId(f"{self.name}#{person}") for person in self.numbers.values())
        if self.trunk:
            return tuple(SeatId(f"{self.name}#{line}") for line in range(1, self.capacity + 1))
        return self.agents

    @property
    def over(self) -> PoolName:
        """The trunk its seats are reached over, if there is one."""
        return PoolName(self.trunk) if isinstance(self.trunk, str) else self.name

    def number_of(self, seat: SeatId) -> str:
        """What is dialled to reach a seat over the trunk."""
        person = seat.removeprefix(f"{self.name}#")
        return next((number for number, name in self.numbers.items() if name == person), self.number)

    def is_at_work(self, profiles: Sequence[str]) -> bool:
        """Whether it takes part while those crisis profiles are on."""
        return not self.only_in or (len(profiles) > 0 and not {*profiles, ANY_CRISIS}.isdisjoint(self.only_in))

    def grown(self, percent: int) -> "PoolPlan":
        """The pool when so many of a hundred of its usual seats are wanted: more lines, if it may have more."""
        if self.most is None or not self.capacity:
            return self
        return replace(self, capacity=max(self.capacity, min(self.most, ceil(self.capacity * percent / 100))))
