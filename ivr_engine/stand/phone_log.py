"""This file decides what a phone's log proves. It knows the lines our SIPp scenarios write, and starts nothing."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

# SIPp writes [timestamp] as date, time and epoch, separated by tabs.
_LINE = re.compile(r"^at=\S+\t\S+\t(?P<at>\d+\.\d+) event=(?P<name>\w+) call=(?P<call>\S+) ?(?P<more>.*)$")
_STATUS = re.compile(r"status=(\d+)")


@dataclass(frozen=True)
class Note:
    """One line of the log: what SIPp saw, when (epoch seconds) and for which Call-ID."""

    at: float
    name: str
    call: str
    more: str


@dataclass(frozen=True)
class CallResult:
    """How one call went, in SIPp's own words. Times are epoch seconds.

    `status` is the final answer to the INVITE (487 after our CANCEL). `exit_code` is SIPp's: 0 means
    that the call went one of the ways the scenario knows, a refusal and a far hang-up included.
    """

    call_id: str
    started_at: float | None = None
    ringing_at: float | None = None
    answered_at: float | None = None
    ended_at: float | None = None
    hung_up_by: Literal["us", "far"] | None = None
    status: int | None = None
    cancelled: bool = False
    exit_code: int | None = None
    far_party: str = ""
    trouble: str = ""

    @property
    def talked_s(self) -> float:
        """How long the call was up; 0 if it never was."""
        return self.ended_at - self.answered_at if self.ended_at and self.answered_at else 0.0


@dataclass(frozen=True)
class AgentEvidence:
    """What an agent's phone has seen so far."""

    registrations: int
    invites: int
    answers: int
    cancels: int
    refusals: int
    talking_now: int
    peak_talking: int
    peak_calls: int
    calls: tuple[CallResult, ...]


def read_notes(log: Path) -> list[Note]:
    """Read a log that may still be growing; a half-written last line waits for the next time."""
    if not log.exists():
        return []
    return list(_notes(log.read_text(errors="replace").splitlines()))


def call_results(notes: Iterable[Note]) -> tuple[CallResult, ...]:
    """Tell the calls of one log apart and say how each went, in the order they began."""
    calls: dict[str, CallResult] = {}
    for note in notes:
        if note.name == "invite":
            party = note.more.partition("from=")[2].strip()
            calls[note.call] = CallResult(note.call, started_at=note.at, far_party=party)
        elif note.call in calls:
            calls[note.call] = _with(calls[note.call], note)
    return tuple(calls.values())


def agent_evidence(notes: list[Note]) -> AgentEvidence:
    """Count what one agent's phone saw; the peaks show whether the seat ever had two calls at once."""
    calls = call_results(notes)
    talks = [(call.answered_at, call.ended_at) for call in calls if call.answered_at]
    return AgentEvidence(
        registrations=sum(note.name == "registered" for note in notes),
        invites=len(calls),
        answers=len(talks),
        cancels=sum(call.cancelled for call in calls),
        refusals=sum(call.status is not None and call.status >= 300 for call in calls),
        talking_now=sum(end is None for _, end in talks),
        peak_talking=_peak(talks),
        peak_calls=_peak([(call.started_at, call.ended_at) for call in calls]),
        calls=calls,
    )


def _notes(lines: Iterable[str]) -> Iterator[Note]:
    for line in lines:
        if found := _LINE.match(line):
            yield Note(float(found["at"]), found["name"], found["call"], found["more"])


def _with(call: CallResult, note: Note) -> CallResult:
    found = _STATUS.search(note.more)
    status = int(found[1]) if found else call.status
    if note.name == "ringing":
        return replace(call, ringing_at=call.ringing_at or note.at)
    if note.name == "answered":
        # Answered across our own CANCEL: the call is up again until the BYE that follows.
        return replace(call, answered_at=note.at, ended_at=None, status=200)
    if note.name == "ended":
        return replace(call, ended_at=note.at, hung_up_by="far" if "by=far" in note.more else "us")
    if note.name == "cancelled":
        return replace(call, ended_at=note.at, cancelled=True)
    if note.name == "refused":
        return replace(call, ended_at=note.at, status=status)
    return call


def _peak(spans: Iterable[tuple[float | None, float | None]]) -> int:
    steps: list[tuple[float, int]] = []
    for begin, end in spans:
        if begin is not None:
            steps.append((begin, 1))
            if end is not None:
                steps.append((end, -1))
    now = peak = 0
    for _, step in sorted(steps):  # an end at the very moment of a beginning sorts first: no overlap
        now += step
        peak = max(peak, now)
    return peak
