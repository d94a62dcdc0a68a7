"""This file decides what the web may ask of the hotline. It does not know who answers, nor HTTP.

Numbers come here plain: the web masks them before they leave.
"""

from collections.abc import Sequence
from typing import Annotated, Protocol

import msgspec

from ivr_engine.model.ids import CallId, PoolName, QueueName, SeatId, StepName
from ivr_engine.model.notices import PoolChanged, QueueChanged

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class LiveCall(msgspec.Struct, frozen=True):
    """A call going on now. `doing` is menu, waiting, offered, joining, talking or leaving."""

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


class CrisisState(msgspec.Struct, frozen=True):
    """Which crisis profile is on (None: none), who switched last and why, and which there are."""

    profile: str | None
    known: tuple[str, ...]
    by: str = ""
    reason: str = ""
    since: float | None = None


class CrisisOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody wants a crisis profile on, or (null) off. Who and why is never left out."""

    profile: Name | None
    by: Name
    reason: Reason


class Readiness(msgspec.Struct, frozen=True):
    """Why no call can be taken now, and what is missing without stopping calls. Both empty: all is well."""

    blocking: tuple[str, ...] = ()
    degraded: tuple[str, ...] = ()


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

    def crisis(self) -> CrisisState:
        """The crisis switch as it is now."""
        ...

    async def order_crisis(self, profile: str | None, by: str, reason: str) -> CrisisState:
        """Switch, and answer how the switch stands then. `profile` is a known one, or None."""
        ...

    def readiness(self) -> Readiness:
        """Can the next call be taken?"""
        ...
