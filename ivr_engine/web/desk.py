"""This file decides what the web may ask of the hotline. It does not know who answers, nor HTTP.

Numbers come here plain: the web masks them before they leave.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, Protocol

import msgspec

from ivr_engine.model.agents import AgentOrder
from ivr_engine.model.crises import DryRun, LiveStatus
from ivr_engine.model.crisis_orders import ClockDone, CrisisNow, CrisisOrder, Deed, ProposalAnswer, Signal, Wire
from ivr_engine.model.ids import CallId, PoolName, QueueName, SeatId, StepName
from ivr_engine.model.notices import AgentChanged, ArmChanged, CallShown, CanaryChanged, PoolChanged, QueueChanged
from ivr_engine.model.past import FiguresAsked
from ivr_engine.model.plain import PLAIN, Name
from ivr_engine.model.situation import Situation

Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=PLAIN)]
Perhaps = Annotated[str, msgspec.Meta(max_length=100, pattern=PLAIN)]  # a name, or a time; or nothing


class LiveCall(msgspec.Struct, frozen=True):
    """A call going on now. `doing` is menu, waiting, offered, joining, talking, on hold or leaving."""

    call: CallId
    number: str
    caller: str
    flow: str
    doing: str
    arrived_at: float
    step: StepName | None = None
    queue: QueueName | None = None
    pool: PoolName | None = None
    seat: SeatId | None = None
    drill: bool = False


class StatusOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Callers of a flow are to be told this from now on; or (`withdraw`) what the flow says itself.

    Plain words, at most 500 characters. Who hears a language without words hears those of the hotline's first one.
    """

    by: Name
    text: str = ""  # in the hotline's first language
    texts: Mapping[str, str] = {}  # by language
    flow: Name | None = None  # a profile that is on, or `normal`; null: the crisis that counts first, else `normal`
    until: Perhaps = ""  # `18:00`, or `2026-11-23 18:00`, on the hotline's clock; empty: for as long as the crisis
    refresh: Perhaps = ""  # `2h`: by when somebody must have written it anew; empty: as the profile says
    override: Perhaps = ""  # who answers for a promise in it
    waiting_only: bool = False  # those who wait hear it once, and nobody later
    withdraw: bool = False


class StatusNow(msgspec.Struct, frozen=True):
    """What callers are told just now in place of the dialplan's own words.

    `lacking` are the languages, by flow, whose callers hear it in `language`, the hotline's first. After an order,
    `flow` is whose callers it was for, and `seconds` how long its sounds took to be made.
    """

    language: str
    statuses: tuple[LiveStatus, ...]
    lacking: Mapping[str, tuple[str, ...]]
    flow: str = ""
    seconds: float = 0.0


class ArmOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Nobody new is to come to an arm of an experiment; or (`stop` false) callers are to come again."""

    split: Name
    arm: Name
    by: Name
    reason: Reason
    stop: bool = True


class DialplanState(msgspec.Struct, frozen=True):
    """Which version new calls get, since when and by whom. `disk`: how the files on disk stand to it.

    `canary` is the version on trial, or how the last trial ended.
    """

    version: str
    since: float
    by: str
    disk: str
    canary: CanaryChanged | None = None


class ReloadOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody wants the files on disk to be taken; with `canary`, for that many per cent of new calls only."""

    by: Name
    canary: Annotated[int, msgspec.Meta(ge=1, le=50)] | None = None


class RollbackOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody wants an earlier version back: the one whose name begins so, or (null) the one before."""

    by: Name
    version: Name | None = None


class CanaryOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody wants the version on trial for all new calls, or for none."""

    by: Name
    order: Literal["accept", "stop"]


class Reloaded(msgspec.Struct, frozen=True):
    """What an order has led to. `changed` is false when that version ran already."""

    version: str
    before: str
    changed: bool
    percent: int | None = None  # of new calls, while it is on trial
    differences: tuple[str, ...] = ()  # in words
    warnings: tuple[str, ...] = ()  # what is still to be done by hand
    prompts_built: int = 0
    seconds: float = 0.0


class SituationAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a situation report is wanted."""

    format: Literal["json", "markdown"] = "json"
    lang: Literal["zh", "en"] = "zh"  # of markdown


class Readiness(msgspec.Struct, frozen=True):
    """Why no call can be taken now, and what is missing without stopping calls. Both empty: all is well."""

    blocking: tuple[str, ...] = ()
    degraded: tuple[str, ...] = ()


class CrisisFront(Protocol):
    """The crises as the web sees them. What raises RefusedError, with cause and remedy, has changed nothing."""

    def now(self) -> CrisisNow:
        """The crises as they are now."""
        ...

    def foresee(self, order: CrisisOrder) -> DryRun:
        """What an order would change. Raises RefusedError."""
        ...

    async def order(self, order: CrisisOrder) -> CrisisNow:
        """Switch, and answer how everything stands then. Raises RefusedError."""
        ...

    async def answer(self, proposal: str, answer: ProposalAnswer) -> CrisisNow:
        """Say yes or no to a proposal. Raises RefusedError."""
        ...

    async def done(self, clock: ClockDone) -> CrisisNow:
        """Stop a clock. Raises RefusedError."""
        ...

    def signal(self, signal: Signal) -> None:
        """Let triggers know. Raises RefusedError if there are too many at a time."""
        ...

    async def deeds(self, since: str) -> Sequence[Deed]:
        """The audit since a time, such as `24h`. Raises RefusedError for what is no time."""
        ...

    def turned_away(self, wire: Wire, who: str, what: str, why: str) -> None:
        """Somebody's order could not be read, or he may not speak here."""
        ...


class Desk(Protocol):
    """The hotline as the web sees it. Nothing here waits for Asterisk."""

    def live_calls(self) -> Sequence[LiveCall]:
        """The calls going on now."""
        ...

    def queues(self) -> Sequence[QueueChanged]:
        """Each queue as it is now."""
        ...

    def pools(self) -> Sequence[PoolChanged]:
        """Each pool as it is now."""
        ...

    def agents(self) -> Sequence[AgentChanged]:
        """Each agent as he is now."""
        ...

    def shown_to(self, agent: SeatId) -> CallShown | None:
        """The call on an agent's screen, the caller's number as the settings say; None if there is none."""
        ...

    async def order_agent(self, agent: SeatId, order: AgentOrder) -> AgentChanged:
        """Tell an agent what to do; answers what he does then. Raises RefusedError with cause and remedy."""
        ...

    async def figures(self, asked: FiguresAsked) -> msgspec.Struct:
        """Figures of the past. Raises RefusedError for what cannot be asked."""
        ...

    @property
    def crises(self) -> CrisisFront:
        """Where all of crises is asked and ordered."""
        ...

    def situation(self) -> Situation:
        """How the hotline stands, for those who must decide."""
        ...

    def in_markdown(self, situation: Situation, language: Literal["zh", "en"]) -> str:
        """A situation report in words."""
        ...

    def status(self) -> StatusNow:
        """What callers are told just now."""
        ...

    async def order_status(self, order: StatusOrder) -> StatusNow:
        """Tell callers something, or no more. Raises RefusedError with cause and remedy; nothing was changed then."""
        ...

    def arms(self) -> Sequence[ArmChanged]:
        """How each arm of each experiment stands."""
        ...

    async def order_arm(self, order: ArmOrder) -> Sequence[ArmChanged]:
        """Stop or resume an arm. Raises RefusedError with cause and remedy."""
        ...

    def dialplan(self) -> DialplanState:
        """Which version runs, and what is on disk."""
        ...

    async def reload(self, order: ReloadOrder) -> Reloaded:
        """Take the files on disk. Raises DialplanError with all that is wrong, or RefusedError."""
        ...

    async def rollback(self, order: RollbackOrder) -> Reloaded:
        """Take an earlier version. Raises as `reload` does."""
        ...

    async def end_canary(self, order: CanaryOrder) -> Reloaded:
        """Accept or stop the version on trial. Raises as `reload` does."""
        ...

    def readiness(self) -> Readiness:
        """Can the next call be taken?"""
        ...
