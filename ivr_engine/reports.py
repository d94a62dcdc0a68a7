"""This file decides how figures of the past are asked of the store, and what is said of seats that were lacking.

It does not know who asks. In an engine it works in a thread and lets calls go first: it rests after every few rows.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from ivr_engine.dialplan.hotline import Hotline, QueuePlan
from ivr_engine.errors import HotlineError, RefusedError
from ivr_engine.figures import (
    Question,
    Reckoned,
    Report,
    Shortage,
    Target,
    begin_of,
    borders_of,
    end_of,
    length_of,
    reckon,
    shortage,
)
from ivr_engine.model.past import FiguresAsked
from ivr_engine.staffing import load_from, seats_needed
from ivr_engine.store.reader import StoreReader

RowT = TypeVar("RowT")

ROWS_AT_ONCE = 500  # about a millisecond's work
REST_SECONDS = 0.002


def report(store: str, hotline: Hotline[Any], asked: FiguresAsked, now: float) -> Report:
    """The figures, with the targets and pools of this hotline. Blocks. Raises RefusedError for what cannot be asked."""
    return _report(store, hotline, asked, now, lambda rows: rows)


class Reports:
    """Figures for those who ask a running engine, one after the other."""

    def __init__(self, store: str, hotline: Callable[[], Hotline[Any]], now: Callable[[], float]) -> None:
        self._store = store
        self._hotline = hotline
        self._now = now
        self._one = asyncio.Lock()
        self._stopping = threading.Event()

    async def figures(self, asked: FiguresAsked) -> Report:
        """The figures as things are now. Raises RefusedError for what cannot be asked."""
        async with self._one:
            return await asyncio.to_thread(
                _report, self._store, self._hotline(), asked, self._now(), self._letting_calls_go_first
            )

    def stop(self) -> None:
        """Whoever still waits for figures gets none."""
        self._stopping.set()

    def _letting_calls_go_first(self, rows: Iterable[RowT]) -> Iterator[RowT]:
        for number, row in enumerate(rows):
            if number % ROWS_AT_ONCE == 0 and self._stopping.wait(REST_SECONDS):
                raise HotlineError("the engine stops: ask again when it runs, or `ivr figures`")
            yield row


def _report(
    store: str, hotline: Hotline[Any], asked: FiguresAsked, now: float, taken: Callable[[Iterable[Any]], Iterable[Any]]
) -> Report:
    question = question_of(asked, hotline, now)
    with closing(StoreReader(store)) as reader:
        calls = reader.past_calls(question.since, question.until, question.window, drills=asked.drills)
        spans = reader.agent_spans(question.since, question.until, drills=asked.drills)
        reckoned = reckon(question, taken(calls), taken(spans))
    return _with_shortages(reckoned, question, hotline)


def question_of(asked: FiguresAsked, hotline: Hotline[Any], now: float) -> Question:
    """What is asked of the rows. Raises RefusedError for what nobody understands."""
    zone = ZoneInfo(hotline.timezone)
    since, until = begin_of(asked.since, now, zone), min(now, end_of(asked.until, now, zone))
    if since >= until:
        raise RefusedError("that time ends before it begins: let `since` be before `until`, and before now")
    return Question(
        since=since,
        until=until,
        now=now,
        by=asked.by,
        zone=zone,
        targets={name: Target(plan.target, plan.target_share) for name, plan in hotline.queues.items()},
        bands=borders_of(asked.bands),
        window=length_of(asked.window),
        short=asked.short,
    )


# --- what was lacking -----------------------------------------------------------------------------------------------


def _with_shortages(reckoned: Reckoned, question: Question, hotline: Hotline[Any]) -> Report:
    queues: Mapping[str, QueuePlan] = {str(name): plan for name, plan in hotline.queues.items()}
    pools = {name: tuple(plan.pools) for name, plan in queues.items()}
    found = (shortage(name, reckoned.hours, pools, question) for name in queues)
    said = tuple(_said(one, question.target_of(one.queue), _lines(one.queue, hotline)) for one in found if one)
    return msgspec.structs.replace(reckoned.report, shortages=said)


def _lines(queue: str, hotline: Hotline[Any]) -> int:
    """How many lines to other sites a queue may use, and those it shares pools with: their people are not counted."""
    mine = {name for plan in hotline.queues.values() if plan.name == queue for name in plan.pools}
    sharing = {name for plan in hotline.queues.values() if mine.intersection(plan.pools) for name in plan.pools}
    return sum(hotline.pools[name].capacity for name in sharing)


def _said(one: Shortage, target: Target, lines: int) -> str:
    head = f"{one.queue}: {one.served:.0%} within {target.within:g} s, {target.share:.0%} were promised."
    asked = one.demand
    load = load_from(asked.arrived, asked.answered, asked.gave_up, asked.waited, asked.handled, one.seconds)
    hour = f"In the busiest hour, {one.hour}, with {asked.arrived} calls"
    if load is None:
        return f"{head} {hour}, nobody was answered: how long a call takes is not known."
    needed = seats_needed(load, target.share, target.within)
    if needed is None:
        return f"{head} {hour}, no number of seats would have been enough."
    seats = round(one.agents) + lines
    there = f"{seats} there were" + (f" ({lines} of them lines to other sites)" if lines else "")
    if needed.seats <= seats:
        enough = f"the {there} should have been enough for {target.share:.0%} ({needed.seats} are needed)"
        return f"{head} {hour}, {enough}: were they ready, and did their phones ring?"
    return f"{head} {hour}, {target.share:.0%} needs {needed.seats - seats} more seats than the {there}."
