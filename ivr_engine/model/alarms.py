"""This file lists what the core tells of crises. It does not know who listens.

Times are seconds since 1970. Every order and refusal is among these, so that nothing that was decided is unknown later.
"""

from collections.abc import Mapping
from typing import Literal

from ivr_engine.model.crises import CrisisState, Level, Proposal, RunningClock, Scope
from ivr_engine.model.crisis_orders import Wire
from ivr_engine.model.ids import AskId, StepName
from ivr_engine.model.stages import CallStage, Notice

ProposalOutcome = Literal["confirmed", "rejected", "lapsed"]
Announcement = Literal["on", "off", "status"]
StatusState = Literal["set", "told", "stale", "withdrawn", "ended"]


class CrisisChanged(Notice, frozen=True):
    """A crisis profile came on, or to another level or scope, or (`on` false) went off. `active`: those that are on."""

    profile: str
    at: float
    by: str
    reason: str
    on: bool = True
    level: Level = "general"
    scope: Scope = Scope()
    since: float = 0.0
    until: float | None = None
    active: tuple[str, ...] = ()


class CrisisAnswered(Notice, frozen=True):
    """How an order went. `why` is cause and remedy when it was refused: nothing was changed then."""

    ask: AskId
    at: float
    by: str
    what: str
    ok: bool
    why: str = ""
    proposal: str = ""  # what waits for another person's yes now


class TurnedAway(Notice, frozen=True):
    """Somebody's order or signal did not come to be judged: it could not be read, or his PIN or token was wrong.

    `times` is how often that was so since it was told last.
    """

    at: float
    wire: Wire
    who: str
    what: str
    why: str
    times: int = 1


class CrisisStateChanged(Notice, frozen=True):
    """All that is on, and waits. Told before any order that follows from it."""

    at: float
    state: CrisisState


class CrisisProposed(Notice, frozen=True):
    """Something waits for somebody's yes."""

    at: float
    proposal: Proposal


class ProposalClosed(Notice, frozen=True):
    """What was proposed does not wait any more."""

    at: float
    proposal: Proposal
    outcome: ProposalOutcome
    by: str
    reason: str = ""


class ClockChanged(Notice, frozen=True):
    """A clock of a crisis was begun, was stopped in time or late, is overdue, or ended with the crisis."""

    at: float
    clock: RunningClock
    state: Literal["begun", "done", "overdue", "ended"]
    do: str = ""


class StatusChanged(Notice, frozen=True, omit_defaults=True):
    """What callers of a flow are told was written, is out of date, was taken back, or came to its end.

    `told`: those who waited heard it once, and nobody later.
    """

    flow: str
    at: float
    by: str
    state: StatusState
    texts: Mapping[str, str] = {}
    refresh_by: float | None = None
    until: float | None = None
    overridden_by: str = ""


class ArmChanged(Notice, frozen=True, omit_defaults=True):
    """How an arm of an experiment stands beside the others: calls judged, and those that hung up in the menu.

    `p_value` bounds the chance of being wrong if it is called worse now; looking often does not make it untrue.
    """

    split: StepName
    arm: str
    at: float
    state: Literal["on", "stopped", "resumed"]
    by: str = ""
    why: str = ""
    calls: int = 0
    left_in_menu: int = 0
    other_calls: int = 0
    other_left_in_menu: int = 0
    p_value: float = 1.0


class TriggerChanged(Notice, frozen=True, omit_defaults=True):
    """A trigger fired, was held back, or is over; or is blind, as nothing is known that it could be compared with.

    `figure` is what it looks at, `bound` what it is compared with.
    """

    trigger: str
    at: float
    state: Literal["fired", "held back", "over", "blind"]
    figure: float
    bound: float
    words: str
    usual: float | None = None
    volume: int = 0
    how: str = ""
    profile: str = ""
    level: str = ""


class Moved(CallStage, frozen=True):
    """A caller goes on in another flow, as a crisis came on or went off."""

    flow: str
    was: str


class Announced(CallStage, frozen=True):
    """A waiting caller is told something of a crisis: that it is on or off, or how it stands (`status`)."""

    profile: str
    what: Announcement
