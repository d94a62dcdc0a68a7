"""This file decides how rows get into the tables so that a repeat is harmless. It does not know when."""

from collections.abc import Sequence

import sqlalchemy as sa

from ivr_engine.store.tables import CALLS, MESSAGES, RECORDINGS, WISHES, Row, WishRow, columns_of, key_of, table_of


def write(engine: sa.Engine, rows: Sequence[Row]) -> None:
    """Write all rows in one transaction. A row that is there already is replaced, unless people mark it.

    Delete and insert, not `ON CONFLICT`, because that is spelt the same in every database.
    """
    latest = {(table_of(row).name, key_of(row)): row for row in rows}.values()
    with engine.begin() as connection:
        for table in (CALLS, RECORDINGS, MESSAGES, WISHES):
            mine = [row for row in latest if table_of(row) is table]
            if mine and table in (MESSAGES, WISHES):
                _add(connection, table, mine)
            elif mine:
                _replace(connection, table, mine)


def _replace(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    (key,) = table.primary_key.columns
    connection.execute(sa.delete(table).where(key.in_([key_of(row) for row in rows])))
    connection.execute(sa.insert(table), [columns_of(row) for row in rows])


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
