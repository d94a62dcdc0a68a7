"""This file decides what is noted of each call at the phones. It concludes nothing.

Times are seconds of one clock. `…_at_socket` is before a message has gone down the line, everything else is when
the phone itself did or heard it.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

Intent = Literal["answers", "races the time limit", "races the caller"]


@dataclass(slots=True, eq=False)
class Ring:
    """One INVITE at an agent's phone."""

    agent: str
    caller: str
    call_id: str
    rung: float
    rung_at_socket: float
    intent: Intent = "answers"
    cause: float | None = None  # when that happened, or will, for which the CANCEL is expected
    answered: float | None = None  # the 200 was sent
    acknowledged: float | None = None
    cancelled: float | None = None  # the CANCEL was heard, before or after the answer
    ended: float | None = None
    ended_by: Literal["", "us", "far"] = ""
    closed_at_socket: float | None = None  # the first CANCEL or BYE from the switchboard, or our own BYE
    given_up: bool = False  # we had to hang up, for the switchboard had forgotten this line

    @property
    def crossed(self) -> bool:
        """Whether the answer was on its way when the switchboard sent its CANCEL."""
        return self.answered is not None and self.cancelled is not None and self.answered <= self.cancelled


@dataclass(slots=True, eq=False)
class Visit:
    """One caller's call."""

    caller: str
    dialled: float
    answered: float | None = None
    hung_up: float | None = None  # he sent BYE
    ended: float | None = None
    ended_by: Literal["", "us", "far", "refused"] = ""
    heard: Counter[str] = field(default_factory=Counter)  # packets of each agent
    rings: list[Ring] = field(default_factory=list)
    is_lost: bool = False  # he stayed until the very end, and nobody took him


@dataclass(slots=True)
class Seen:
    """All that a run saw on one side."""

    side: str
    rings: list[Ring] = field(default_factory=list)
    visits: dict[str, Visit] = field(default_factory=dict)
    seconds: float = 0.0
    longest_stall: float = 0.0  # by which the machine held the phones themselves up
    seats_not_ready: int = 0
    channels_left: int = 0
    bridges_left: int = 0
    unclaimed: frozenset[str] = frozenset()  # callers whom the engine did not claim in time: Asterisk alone served them
    strays: Counter[str] = field(default_factory=Counter)  # messages that fit nothing
