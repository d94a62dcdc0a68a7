"""This file decides what can be asked about past calls. It does not know who asks, and never writes."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import starmap
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from ivr_engine.errors import StartError
from ivr_engine.model.causes import Outcome
from ivr_engine.model.crisis_orders import Deed
from ivr_engine.model.ids import SeatId
from ivr_engine.model.notices import CallRecord
from ivr_engine.model.past import AgentSpan, PastCall
from ivr_engine.store.database import connect, sqlite_file
from ivr_engine.store.past import calls_between, spans_between
from ivr_engine.store.tables import AUDIT, CALLS, MESSAGES, RECORDINGS, WISHES, MessageRow, RecordingRow, WishRow

ROWS_AT_ONCE = 2000
SLOT_SECONDS = 300.0


class LeftMessage(MessageRow, frozen=True):
    """A message, and the caller's number: None while his call goes on, or when nobody saw it end."""

    caller: str | None = None


class Left(NamedTuple):
    """How many were left, and the time of the oldest, in seconds since 1970."""

    many: int
    oldest: float


class Waiting(NamedTuple):
    """What waits for people, by queue."""

    messages: Mapping[str, Left]
    wishes: Mapping[str, Left]


class CallsThen(NamedTuple):
    """How many calls came to a flow in the five minutes that begin `slot` times five minutes after 1970."""

    slot: int
    flow: str
    calls: int


class StoreReader:
    """Questions about past calls. Blocks: in a running engine ask in a thread."""

    def __init__(self, url: str) -> None:
        file = sqlite_file(url)
        if file is not None and not file.exists():  # asking must not create an empty one
            raise StartError(f"there is no database {file} yet: the engine creates it when it starts")
        self._shown = sa.make_url(url).render_as_string(hide_password=True)
        self._engine = connect(url)

    def close(self) -> None:
        """Let the database go."""
        self._engine.dispose()

    def calls(
        self,
        limit: int = 50,
        *,
        outcome: Outcome | None = None,
        queue: str | None = None,
        since: float | None = None,
        drills: bool = False,
    ) -> list[CallRecord]:
        """Past calls of callers, newest first; or those that were drills."""
        newest = (CALLS.c.arrived_at.desc(), CALLS.c.call.desc())
        question = sa.select(CALLS).where(CALLS.c.drill.is_(drills)).order_by(*newest).limit(limit)
        if outcome is not None:
            question = question.where(CALLS.c.outcome == outcome.value)
        if queue is not None:
            question = question.where(CALLS.c.queue == queue)
        if since is not None:
            question = question.where(CALLS.c.arrived_at >= since)
        return [msgspec.convert(row, CallRecord) for row in self._ask(question)]

    def arrivals(self, since: float, most: int) -> list[tuple[float, str]]:
        """When which numbers called since then, the oldest first; of too many the latest."""
        which = sa.select(CALLS.c.arrived_at, CALLS.c.caller).where(CALLS.c.arrived_at >= since, ~CALLS.c.drill)
        rows = self._ask(which.order_by(CALLS.c.arrived_at.desc()).limit(most))
        return [(row["arrived_at"], row["caller"]) for row in reversed(rows)]

    def talks(self, since: float, most: int) -> list[tuple[str, SeatId, float]]:
        """Which numbers of calls that came since then were talked to by which seat, and when; as `arrivals`."""
        row = CALLS.c
        talked = (row.arrived_at >= since, row.seat.is_not(None), ~row.drill)
        which = sa.select(row.caller, row.seat, row.connected_at).where(*talked)
        rows = self._ask(which.order_by(row.arrived_at.desc()).limit(most))
        return [(row["caller"], row["seat"], row["connected_at"]) for row in reversed(rows)]

    def call(self, call: str) -> CallRecord | None:
        """One past call."""
        for row in self._ask(sa.select(CALLS).where(CALLS.c.call == call)):
            return msgspec.convert(row, CallRecord)
        return None

    def past_calls(self, since: float, until: float, window: float, *, drills: bool = False) -> Iterator[PastCall]:
        """The calls that arrived in that time, in any order; what callers did `window` seconds around is known."""
        yield from starmap(PastCall, self._stream(calls_between(since, until, window, drills=drills)))

    def agent_spans(self, since: float, until: float, *, drills: bool = False) -> Iterator[AgentSpan]:
        """What agents did in that time, in any order, not for the other sort of calls. A span may reach out of it."""
        yield from starmap(AgentSpan, self._stream(spans_between(since, until, drills=drills)))

    def calls_by_time(self, since: float) -> list[CallsThen]:
        """How many calls callers made since then, by five minutes and flow; no drills, and nobody whom we called."""
        # Rounded, as databases disagree on how a number is cut off.
        slot = sa.cast(sa.func.round(CALLS.c.arrived_at / SLOT_SECONDS - 0.5), sa.BigInteger)
        theirs = (CALLS.c.arrived_at >= since, ~CALLS.c.drill, CALLS.c.wish.is_(None))
        question = sa.select(slot, CALLS.c.flow, sa.func.count()).where(*theirs).group_by(slot, CALLS.c.flow)
        return list(starmap(CallsThen, self._stream(question)))

    def recordings(self, call: str | None = None) -> list[RecordingRow]:
        """Sealed recordings, newest first; those of one call, or all."""
        question = sa.select(RECORDINGS).order_by(RECORDINGS.c.sealed_at.desc())
        if call is not None:
            question = question.where(RECORDINGS.c.call == call)
        return [msgspec.convert(row, RecordingRow) for row in self._ask(question)]

    def messages(self, *, heard: bool = False) -> list[LeftMessage]:
        """Messages nobody has heard yet, or all, oldest first."""
        question = sa.select(MESSAGES, CALLS.c.caller).join(CALLS, MESSAGES.c.call == CALLS.c.call, isouter=True)
        if not heard:
            question = question.where(MESSAGES.c.heard_at.is_(None))
        return [msgspec.convert(row, LeftMessage) for row in self._ask(question.order_by(MESSAGES.c.left_at))]

    def wishes(self, *, done: bool = False) -> list[WishRow]:
        """Wishes to be called back that are open, or all, in the order in which callers came."""
        question = sa.select(WISHES).order_by(WISHES.c.since, WISHES.c.wish)
        if not done:
            question = question.where(WISHES.c.done_at.is_(None))
        return [msgspec.convert(row, WishRow) for row in self._ask(question)]

    def deeds(self, since: float, most: int = 1000) -> list[Deed]:
        """What was done about crises since then, the oldest first; of too many the latest."""
        newest = sa.select(AUDIT).where(AUDIT.c.at >= since).order_by(AUDIT.c.at.desc(), AUDIT.c.entry.desc())
        return [msgspec.convert(row, Deed) for row in reversed(self._ask(newest.limit(most)))]

    def waiting(self) -> Waiting:
        """What callers left that nobody has seen to, by queue."""
        return Waiting(
            self._oldest(MESSAGES.c.queue, MESSAGES.c.left_at, MESSAGES.c.heard_at),
            self._oldest(WISHES.c.queue, WISHES.c.since, WISHES.c.done_at),
        )

    def _oldest(self, queue: sa.Column[Any], since: sa.Column[Any], done: sa.Column[Any]) -> dict[str, Left]:
        many, oldest = sa.func.count().label("many"), sa.func.min(since).label("oldest")
        question = sa.select(queue.label("queue"), many, oldest).where(done.is_(None)).group_by(queue)
        return {row["queue"]: Left(row["many"], row["oldest"]) for row in self._ask(question)}

    def _ask(self, question: sa.Select[Any]) -> Sequence[dict[str, Any]]:
        with self._connection() as connection:
            return [
                {str(name): value for name, value in row.items()} for row in connection.execute(question).mappings()
            ]

    def _stream(self, question: sa.Select[Any]) -> Iterator[sa.Row[Any]]:
        """Row by row: there may be more than memory should hold."""
        with self._connection() as connection:
            yield from connection.execution_options(yield_per=ROWS_AT_ONCE).execute(question)

    @contextmanager
    def _connection(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except sa.exc.SQLAlchemyError as error:
            raise StartError(
                f"the database {self._shown} cannot be read ({error.__cause__ or error}): the engine creates it when"
                " it starts; check the address in the settings"
            ) from error
