"""This file decides how the figures that triggers look at are made of what is told. It does not know what they fire.

Drill calls are not among what is told here. `at` is steady time (`windows.py`), `now` seconds since 1970.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from typing import Protocol

from ivr_engine.core.crisis.windows import Counts, Names
from ivr_engine.dialplan.triggers import Condition
from ivr_engine.model.causes import Outcome
from ivr_engine.model.ids import CallId, QueueName
from ivr_engine.model.notices import (
    AnyNotice,
    Arrived,
    Connected,
    Disposed,
    Ended,
    LinkChanged,
    QueueChanged,
    Queued,
    Trouble,
    TroubleKind,
)
from ivr_engine.model.orders import SignalSeen

ALL_ANSWERED = 100.0
MORE_THAN_CHANCE = 4.0  # standard deviations: who looks every five seconds sees three of them every day
LONGEST_COUNT = 100_000  # one signal is no more than this, whatever the other system says

# What somebody asked for and could not have is no fault of the engine.
_NO_FAULTS = frozenset(
    {
        TroubleKind.UNKNOWN_NUMBER,
        TroubleKind.UNKNOWN_PROFILE,
        TroubleKind.AGENT_ORDER_REFUSED,
        TroubleKind.DIALPLAN_REFUSED,
    }
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure, of how many. None while it cannot be told. `usual` is what it was compared with.

    `by_chance`: it may well be so on an ordinary day, as there are few calls.
    """

    figure: float | None
    volume: int
    usual: float | None = None
    by_chance: bool = False


class Measuring(Protocol):
    """What makes one figure."""

    def hear(self, notice: AnyNotice, at: float) -> None:
        """Something is told."""
        ...

    def read(self, at: float, now: float) -> Reading:
        """The figure."""
        ...

    def forget(self, at: float) -> None:
        """Nothing is known of before."""
        ...


UsualCalls = Callable[[float], float | None]  # by the window's length in seconds


class Calls:
    """Calls that came, or came to a queue, or were given a tag; as a number, or a share of the usual ones."""

    def __init__(self, when: Condition, usual: UsualCalls) -> None:
        self._when = when
        self._usual = usual
        self._counts = Counts(when.window)
        self._queued: set[CallId] = set()  # that are counted, and not over

    def hear(self, notice: AnyNotice, at: float) -> None:
        """Count each call once."""
        match notice:
            case Arrived() if self._when.queue is None and self._when.tag is None:
                self._counts.add(at)
            case Queued(call=call, queue=queue) if queue == self._when.queue and call not in self._queued:
                self._queued.add(call)
                if self._when.tag is None:
                    self._counts.add(at)
            case Ended(call=call, record=record):
                self._queued.discard(call)
                in_queue = self._when.queue in {None, record.queue}
                if self._when.tag in {*record.tags, record.disposition} - {""} and in_queue:
                    self._counts.add(at)
            case Disposed(tag=tag, record=record) if record is not None and tag == self._when.tag:
                self._counts.add(at)

    def read(self, at: float, now: float) -> Reading:
        """How many, or how many of a hundred usual ones; of fewer than one usual call nobody can have a share."""
        del now
        calls = self._counts.total(at)
        if not self._when.is_of_usual:
            return Reading(float(calls), calls)
        usual = self._usual(self._when.window)
        if usual is not None:
            usual = max(1.0, usual)
            return Reading(100 * calls / usual, calls, usual, calls < usual + MORE_THAN_CHANCE * sqrt(usual))
        if self._when.cold_start is None:
            return Reading(None, calls)
        return Reading(self._when.bound if calls >= self._when.cold_start else 0.0, calls)

    def forget(self, at: float) -> None:
        """Also which calls go on: what becomes of them is told."""
        del at
        self._counts.forget()


class AnswerRate:
    """Of those whose wait has ended, how many of a hundred talk to somebody. Told when it is so, not when they go."""

    def __init__(self, when: Condition) -> None:
        self._queue = when.queue
        self._answered, self._lost = Counts(when.window), Counts(when.window)

    def hear(self, notice: AnyNotice, at: float) -> None:
        """Somebody is answered, or gives up."""
        match notice:
            case Connected(queue=queue, again=False) if self._queue in {None, queue}:
                self._answered.add(at)
            case Ended(record=record) if record.queue is not None and self._queue in {None, record.queue}:
                if record.connected_at is None and record.outcome is Outcome.ABANDONED_IN_QUEUE:
                    self._lost.add(at)

    def read(self, at: float, now: float) -> Reading:
        """The share; where nobody's wait ended nobody was lost."""
        del now
        answered, lost = self._answered.total(at), self._lost.total(at)
        both = answered + lost
        return Reading(100 * answered / both if both else ALL_ANSWERED, both)

    def forget(self, at: float) -> None:
        """Nothing is known of before."""
        del at
        self._answered.forget()
        self._lost.forget()


class LeftInMenu:
    """Of those whose call has ended, how many of a hundred hung up before they came anywhere."""

    def __init__(self, when: Condition) -> None:
        self._ended, self._left = Counts(when.window), Counts(when.window)

    def hear(self, notice: AnyNotice, at: float) -> None:
        """A call is over."""
        if isinstance(notice, Ended):
            self._ended.add(at)
            if notice.record.outcome is Outcome.ABANDONED_IN_MENU:
                self._left.add(at)

    def read(self, at: float, now: float) -> Reading:
        """The share."""
        del now
        ended = self._ended.total(at)
        return Reading(100 * self._left.total(at) / ended if ended else 0.0, ended)

    def forget(self, at: float) -> None:
        """Nothing is known of before."""
        del at
        self._ended.forget()
        self._left.forget()


class Waiting:
    """Who waits now: how many, or the longest wait."""

    def __init__(self, when: Condition) -> None:
        self._queue = when.queue
        self._longest = when.wait is not None
        self._queues: dict[QueueName, tuple[int, float | None]] = {}
        self._known_since = 0.0

    def hear(self, notice: AnyNotice, at: float) -> None:
        """How a queue stands."""
        del at
        if isinstance(notice, QueueChanged) and self._queue in {None, notice.queue}:
            self._queues[notice.queue] = (notice.waiting, notice.oldest_since)

    def read(self, at: float, now: float) -> Reading:
        """The figure. Nobody's wait is longer than we know of: a clock put forward is no wait."""
        many = sum(waiting for waiting, _ in self._queues.values())
        if not self._longest:
            return Reading(float(many), many)
        oldest = [since for waiting, since in self._queues.values() if waiting and since is not None]
        wait = now - min(oldest) if oldest else 0.0
        return Reading(max(0.0, min(wait, at - self._known_since)), many)

    def forget(self, at: float) -> None:
        """Who waits does so still."""
        self._known_since = at


class Faults:
    """What went wrong in the engine, and how often its line to Asterisk was lost."""

    def __init__(self, when: Condition) -> None:
        self._counts = Counts(when.window)

    def hear(self, notice: AnyNotice, at: float) -> None:
        """Something is told."""
        match notice:
            case Trouble(kind=kind) if kind not in _NO_FAULTS:
                self._counts.add(at)
            case LinkChanged(up=False):
                self._counts.add(at)

    def read(self, at: float, now: float) -> Reading:
        """How many."""
        del now
        faults = self._counts.total(at)
        return Reading(float(faults), faults)

    def forget(self, at: float) -> None:
        """Nothing is known of before."""
        del at
        self._counts.forget()


class Signals:
    """What other systems tell of: each signal once, with a word of ours in it, from enough systems."""

    def __init__(self, when: Condition) -> None:
        self._when = when
        self._words = tuple(word.casefold() for word in when.words)
        self._counts, self._ids, self._sources = Counts(when.window), Names(when.window), Names(when.window)

    def hear(self, notice: AnyNotice, at: float) -> None:
        """What is told of calls is no signal."""

    def see(self, signal: SignalSeen, at: float) -> None:
        """Count one."""
        text = signal.text.casefold()
        fits = signal.signal == self._when.signal and (not self._words or any(word in text for word in self._words))
        if not fits or signal.count < 1 or not self._ids.add(f"{signal.source}\n{signal.id}", at):
            return
        self._sources.renew(signal.source, at)
        self._counts.add(at, min(signal.count, LONGEST_COUNT))

    def read(self, at: float, now: float) -> Reading:
        """How many; none while too few systems tell it."""
        del now
        many = self._counts.total(at)
        enough = self._sources.total(at) >= (self._when.sources or 1)
        return Reading(float(many) if enough else 0.0, many)

    def forget(self, at: float) -> None:
        """Signals have names, and a clock put forward does not make them others: but they are old then."""
        del at
        self._counts.forget()
        self._sources.forget()


def measure_of(when: Condition, usual: UsualCalls) -> Measuring:
    """What makes the figure a trigger looks at."""
    match when.figure:
        case "calls":
            return Calls(when, usual)
        case "answer rate":
            return AnswerRate(when)
        case "left in menu":
            return LeftInMenu(when)
        case "faults":
            return Faults(when)
        case "signal":
            return Signals(when)
    return Waiting(when)
