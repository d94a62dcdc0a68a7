"""This file decides how people and systems order something of a crisis. It does not know by which wire, nor who may.

The same words are typed in the shell and sent over HTTP and MQTT. `by` is who says he orders it: whoever may speak on
that wire is believed.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec

from ivr_engine.model.crises import ActiveCrisis, Level, LiveStatus, Proposal, RunningClock, StoppedArm, TriggerMemory
from ivr_engine.model.plain import PLAIN, Name

Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=PLAIN)]
Remark = Annotated[str, msgspec.Meta(max_length=500, pattern=PLAIN)]
Some = Annotated[tuple[Name, ...], msgspec.Meta(max_length=100)]
Wire = Literal["web", "mqtt", "phone"]
MOST_TOLD = 1_000_000  # of one thing at once


class CrisisOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody wants a crisis profile on, or (`on` false, or no profile: all) off. Who and why is never left out.

    Without `level` it is on at the one it has, or at `general`: who orders it anew does not lower it by that.
    `until` is seconds since 1970, `lasts` seconds from now. `keep`: the profile is on, and all that is not its level
    stays as it is. `dry_run`: only what would change is told.
    """

    profile: Name | None
    by: Name
    reason: Reason
    on: bool = True
    level: Level | None = None
    numbers: Some = ()
    regions: Some = ()
    drill: bool = False
    until: float | None = None
    lasts: Annotated[float, msgspec.Meta(gt=0)] | None = None
    keep: bool = False
    dry_run: bool = False


class ProposalAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody says yes or no to a switch that was proposed, by another person or by a trigger."""

    answer: Literal["yes", "no"]
    by: Name
    reason: Remark = ""


class ClockDone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody says that what a clock of a crisis is for has been done."""

    profile: Name
    clock: Name
    by: Name
    note: Remark = ""


class Signal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another system tells of something. `id` names it: one told twice counts once. `signal` is its kind.

    `source` is left out by who has a token of its own: it is that token's name.
    """

    signal: Name
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=PLAIN)]
    source: Annotated[str, msgspec.Meta(max_length=100, pattern=PLAIN)] = ""
    count: Annotated[int, msgspec.Meta(ge=1, le=MOST_TOLD)] = 1
    text: Remark = ""


class CrisisNow(msgspec.Struct, frozen=True):
    """Which crisis profiles there are (`known`), those that are on, and all that waits.

    `at` is now, in seconds since 1970, and `timezone` that of the hotline's clock. `proposal` is what an order has led
    to where a second person must confirm it.
    """

    known: tuple[str, ...]
    at: float = 0.0
    timezone: str = "Asia/Shanghai"
    active: tuple[ActiveCrisis, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    clocks: tuple[RunningClock, ...] = ()
    statuses: tuple[LiveStatus, ...] = ()
    stopped_arms: tuple[StoppedArm, ...] = ()
    triggers: Mapping[str, TriggerMemory] = {}
    numbered: int = 0
    proposal: str = ""


class Deed(msgspec.Struct, frozen=True):
    """One line of the audit: at `at` (seconds since 1970), `who` did or wanted `what`; `why`, where it went wrong too.

    `kind` is order, crisis, proposal, clock, status, arm, trigger, alert or turned away. `detail` is all there is.
    """

    entry: str
    at: float
    kind: str
    who: str
    what: str
    ok: bool
    why: str
    detail: Mapping[str, Any]
