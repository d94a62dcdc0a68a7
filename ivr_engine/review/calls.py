"""This file decides what is kept of calls that ended, and how they are counted. It knows no report.

A call is counted just as `ivr figures` does it: by the same tally, in the queue that had it last.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import msgspec

from ivr_engine.figures import Question
from ivr_engine.figures.tally import Tally, tally
from ivr_engine.model.causes import Outcome
from ivr_engine.model.notices import CallRecord
from ivr_engine.model.past import PastCall

SLOT = 300.0  # seconds


class EndedCall(msgspec.Struct, frozen=True, gc=False):
    """One of them, without its number. `asked_back`: he is to be called, `called`: it was we who called."""

    id: str
    past: PastCall
    tags: tuple[str, ...]
    arms: tuple[tuple[str, str], ...]
    asked_back: bool
    called: bool


def ended_call(record: CallRecord, *, asked_back: bool = False) -> EndedCall:
    """What is kept of a call."""
    one = record
    past = PastCall(
        arrived_at=one.arrived_at,
        ended_at=one.ended_at,
        outcome=one.outcome.value,
        flow=one.flow,
        region=one.region,
        queue=one.queue,
        enqueued_at=one.enqueued_at,
        connected_at=one.connected_at,
        talk_ended_at=one.talk_ended_at,
        transferred_at=one.transferred_at,
        pool=one.pool,
        seat=one.seat,
        overflow=one.overflow,
        offers=one.offers,
    )
    tags = tuple(dict.fromkeys(tag for tag in (*one.tags, one.disposition) if tag))
    arms = tuple(sorted((str(split), arm) for split, arm in one.arms.items()))
    return EndedCall(one.call, past, tags, arms, asked_back, one.wish is not None)


@dataclass(frozen=True, slots=True)
class Counted:
    """Calls in groups. `tallies` by the group's name."""

    tallies: Mapping[str, Tally]
    bands: tuple[float, ...]

    def __getitem__(self, group: str) -> Tally:
        return self.tallies.get(group) or tally(self.bands)


def counted(calls: Iterable[EndedCall], question: Question, group: Callable[[EndedCall], str | None]) -> Counted:
    """Count calls of callers, those of no group left out. Nobody called when we did: those are no calls here."""
    found: dict[str, Tally] = {}
    for call in calls:
        name = None if call.called else group(call)
        if name is not None:
            found.setdefault(name, tally(question.bands)).count(call.past, question)
    return Counted(found, question.bands)


def slots(since: float, until: float) -> Iterator[float]:
    """When each five minutes begin."""
    at = since // SLOT * SLOT
    while at < until:
        yield at
        at += SLOT


def left_in_menu(calls: Iterable[EndedCall]) -> int:
    """How many hung up before they came anywhere."""
    return sum(call.past.outcome == Outcome.ABANDONED_IN_MENU for call in calls)


def most_common(names: Iterable[str], most: int = 10) -> list[tuple[str, int]]:
    """Those that are told of most, and how often."""
    return Counter(name for name in names if name).most_common(most)
