"""This file decides which columns are kept. It does not know when they are written or by which database."""

from typing import Any

import msgspec
import sqlalchemy as sa

from ivr_engine.model.notices import CallRecord

METADATA = sa.MetaData()

CALLS = sa.Table(
    "calls",
    METADATA,
    sa.Column("call", sa.Text, primary_key=True),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("caller", sa.Text, nullable=False),
    sa.Column("flow", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("arrived_at", sa.Double, nullable=False, index=True),
    sa.Column("ended_at", sa.Double, nullable=False),
    sa.Column("queue", sa.Text),
    sa.Column("enqueued_at", sa.Double),
    sa.Column("connected_at", sa.Double),
    sa.Column("pool", sa.Text),
    sa.Column("seat", sa.Text),
    sa.Column("offers", sa.Integer, nullable=False),
    sa.Column("tags", sa.JSON, nullable=False),
    sa.Column("steps", sa.JSON, nullable=False),
    sa.Column("region", sa.Text, nullable=False, server_default=""),
    sa.Column("arms", sa.JSON, nullable=False, server_default="{}"),
)

# The path is the key: a call id may have two recordings, a file only one row.
RECORDINGS = sa.Table(
    "recordings",
    METADATA,
    sa.Column("path", sa.Text, primary_key=True),
    sa.Column("call", sa.Text, nullable=False, index=True),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("seconds", sa.Double, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("sealed_at", sa.Double, nullable=False),
)


class RecordingRow(msgspec.Struct, frozen=True):
    """One sealed recording, as the index keeps it."""

    call: str
    path: str
    bytes: int
    seconds: float
    sha256: str
    sealed_at: float


Row = CallRecord | RecordingRow


def table_of(row: Row) -> sa.Table:
    """The table a row belongs to."""
    return CALLS if isinstance(row, CallRecord) else RECORDINGS


def key_of(row: Row) -> str:
    """What makes a row the same row again."""
    return row.call if isinstance(row, CallRecord) else row.path


def columns_of(row: Row) -> dict[str, Any]:
    """A row as the database takes it."""
    plain: dict[str, Any] = msgspec.to_builtins(row)
    return plain
