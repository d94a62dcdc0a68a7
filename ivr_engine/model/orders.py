"""This file lists what people, and other systems than Asterisk, tell the core. It does not know by which wire."""

from collections.abc import Mapping

from ivr_engine.model.agents import AgentOrder, Duty
from ivr_engine.model.crises import EVERYWHERE, NO_ASK, CrisisState, Level, Scope
from ivr_engine.model.fact import Event
from ivr_engine.model.ids import AskId, SeatId, StepName
from ivr_engine.model.wishes import Wish


class CrisisOrdered(Event, frozen=True, omit_defaults=True):
    """Somebody wants a crisis profile on, or (`on` false) off; no profile: all off.

    Each of these orders is answered by exactly one `CrisisAnswered` of its `ask`. Without one it comes from ourselves,
    and is not held to what people may.
    """

    profile: str | None
    by: str
    reason: str
    on: bool = True
    level: Level = "general"
    scope: Scope = EVERYWHERE
    until: float | None = None
    ask: AskId = NO_ASK


class ProposalAnswered(Event, frozen=True):
    """Somebody says yes or no to what was proposed."""

    proposal: str
    yes: bool
    by: str
    reason: str = ""
    ask: AskId = NO_ASK


class ClockAnswered(Event, frozen=True):
    """Somebody says that what a clock of a crisis is for has been done."""

    profile: str
    clock: str
    by: str
    note: str = ""
    ask: AskId = NO_ASK


class StatusOrdered(Event, frozen=True, omit_defaults=True):
    """Callers of a flow are told this from now on; or (no texts) what the flow says itself.

    Its sounds are there. `overridden_by` answers for a promise in it. `waiting_only`: those who wait hear it once, and
    nobody later.
    """

    flow: str
    texts: Mapping[str, str]
    by: str
    refresh_by: float | None = None
    until: float | None = None
    overridden_by: str = ""
    waiting_only: bool = False
    ask: AskId = NO_ASK


class ArmOrdered(Event, frozen=True):
    """Somebody lets nobody new come to an arm of an experiment; or (`stop` false) lets them again."""

    split: StepName
    arm: str
    stop: bool
    by: str
    reason: str = ""
    ask: AskId = NO_ASK


class SignalSeen(Event, frozen=True):
    """Another system tells of something, `count` times. `signal` is its kind, as the dialplan names it.

    `id` names it, so that one told twice counts once; `text` is what it is about, for people and for words in it.
    """

    signal: str
    id: str
    source: str
    count: int = 1
    text: str = ""


class UsualSeen(Event, frozen=True):
    """How many calls came in each five minutes of former days: by day (days before today) and five minutes of the day.

    `closed` are days that are no measure: holidays, and days of a crisis.
    """

    calls: Mapping[str, tuple[int, ...]]
    closed: tuple[int, ...] = ()


class CrisisRemembered(Event, frozen=True):
    """What was on, and what waited, before a restart."""

    state: CrisisState


class AgentOrdered(Event, frozen=True):
    """Somebody, perhaps he himself, tells an agent what to do. Answered by exactly one `AgentAnswered` of its `ask`."""

    ask: AskId
    agent: SeatId
    order: AgentOrder


class AgentsRemembered(Event, frozen=True):
    """Which agents were on duty, paused or signed out before a restart. Some may not be in the dialplan any more."""

    duties: Mapping[SeatId, Duty]


class WishesSeen(Event, frozen=True):
    """Who is to be called back now, by the engine itself. Complete: who is missing is not, or not yet."""

    wishes: tuple[Wish, ...]


class DialplanSwitched(Event, frozen=True):
    """New calls get this version of the hotline from now on. The switchboard was offered it before."""

    version: str
    by: str


class CanaryOrdered(Event, frozen=True):
    """A version goes on trial for `percent` of new calls; or (None) the trial ends and the other one goes on alone."""

    version: str | None
    percent: int
    by: str
