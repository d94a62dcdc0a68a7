"""This file decides what a queue consists of: who waits for whom, and what he hears. It does not know who comes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from ivr_engine.dialplan.accepting import Authority, Script, Whisper
from ivr_engine.dialplan.fields import Named, OwnKey, Place
from ivr_engine.dialplan.goal import USUAL_GOAL, Goal, GoalKind
from ivr_engine.dialplan.scalars import Label, OneOf, Pattern, Pause, PhoneNumber, Seconds, Tag, Whole
from ivr_engine.dialplan.skills import Needs, Ring, SameAgent, Widening, check_stages
from ivr_engine.dialplan.steps import PoolRef, QueueKey, ShiftRef
from ivr_engine.dialplan.text import Text
from ivr_engine.dialplan.turns import InTurn, Turns, names_in
from ivr_engine.model.ids import PoolName

ROUTINE = "routine"  # the lane of a queue that names none
DispositionCode = Annotated[str, Pattern(r"[0-9]{1,4}", "a code of one to four digits", "1")]


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
