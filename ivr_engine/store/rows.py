"""This file decides how rows get into the tables so that a repeat is harmless. It does not know when."""

from collections.abc import Sequence

import sqlalchemy as sa

from ivr_engine.store.tables import CALLS, RECORDINGS, Row, columns_of, key_of, table_of


def write(engine: sa.Engine, rows: Sequence[Row]) -> None:
    """Write all rows in one transaction. A row that is there already is replaced.

    Delete and insert, not `ON CONFLICT`, because that is spelt the same in every database.
    """
    latest = {(table_of(row).name, key_of(row)): row for row in rows}.values()
    with engine.begin() as connection:
        for table in (CALLS, RECORDINGS):
            mine = [row for row in latest if table_of(row) is table]
            if mine:
                (key,) = table.primary_key.columns
                connection.execute(sa.delete(table).where(key.in_([key_of(row) for row in mine])))
                connection.execute(sa.insert(table), [columns_of(row) for row in mine])
