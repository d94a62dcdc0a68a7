"""This file decides how rows get into the tables so that a repeat is harmless. It does not know when."""

from collections.abc import Sequence

import sqlalchemy as sa

from ivr_engine.model.past import AgentSpan
from ivr_engine.store.tables import (
    AUDIT,
    CALLS,
    MESSAGES,
    RECORDINGS,
    SPANS,
    WISHES,
    Row,
    WishRow,
    WishTried,
    columns_of,
    key_of,
    table_of,
)

SPANS_KEPT_SECONDS = 92 * 86400.0  # what agents did: four rows a call, of which nobody asks after a quarter of a year


def write(engine: sa.Engine, rows: Sequence[Row]) -> None:
    """Write all rows in one transaction. A row that is there already is replaced, unless people mark it.

    Delete and insert, not `ON CONFLICT`, because that is spelt the same in every database.
    """
    tried = [row for row in rows if isinstance(row, WishTried)]
    latest = {(table_of(row).name, key_of(row)): row for row in rows if not isinstance(row, WishTried)}.values()
    with engine.begin() as connection:
        for table in (CALLS, RECORDINGS, MESSAGES, WISHES, SPANS, AUDIT):
            mine = [row for row in latest if table_of(row) is table]
            if mine and table in (MESSAGES, WISHES):
                _add(connection, table, mine)
            elif mine:
                _replace(connection, table, mine)
        for row in tried:
            _mark_tried(connection, row)
        _forget(connection, [row for row in latest if isinstance(row, AgentSpan)])


def _replace(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    (key,) = table.primary_key.columns
    connection.execute(sa.delete(table).where(key.in_([key_of(row) for row in rows])))
    connection.execute(sa.insert(table), [columns_of(row) for row in rows])


def _mark_tried(connection: sa.Connection, tried: WishTried) -> None:
    """Note that somebody was called back; unless it is noted already, or people have called him meanwhile."""
    is_news = (WISHES.c.wish == tried.wish, WISHES.c.done_at.is_(None), WISHES.c.attempts < tried.attempt)
    how = {"attempts": tried.attempt, "tried_at": tried.tried_at, "tried_by": tried.tried_by, "result": tried.result}
    done_at = tried.tried_at if tried.done else None
    connection.execute(sa.update(WISHES).where(*is_news).values(**how, done_at=done_at))


def _forget(connection: sa.Connection, newest: Sequence[AgentSpan]) -> None:
    if newest:
        border = max(span.until for span in newest) - SPANS_KEPT_SECONDS
        connection.execute(sa.delete(SPANS).where(SPANS.c.until < border))


def _add(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    (key,) = table.primary_key.columns
    there = set(connection.scalars(sa.select(key).where(key.in_([key_of(row) for row in rows]))))
    for row in rows:
        if key_of(row) not in there and not (isinstance(row, WishRow) and _is_wished(connection, row)):
            connection.execute(sa.insert(table), columns_of(row))


def _is_wished(connection: sa.Connection, wish: WishRow) -> bool:
    """Whether the number is to be called already: it keeps its place. What a caller corrects is taken back."""
    open_ones = (WISHES.c.done_at.is_(None), WISHES.c.queue == wish.queue)
    if connection.scalar(sa.select(WISHES.c.wish).where(*open_ones, WISHES.c.number == wish.number)):
        return True
    connection.execute(sa.delete(WISHES).where(*open_ones, WISHES.c.call == wish.call, WISHES.c.attempts == 0))
    return False
