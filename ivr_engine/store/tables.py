"""This file decides which columns are kept. It does not know when they are written or by which database."""

from typing import Any

import msgspec
import sqlalchemy as sa

from ivr_engine.model.crisis_orders import Deed
from ivr_engine.model.notices import CallRecord
from ivr_engine.model.past import AgentSpan

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
    sa.Column("talk_ended_at", sa.Double),
    sa.Column("transferred_at", sa.Double),
    sa.Column("overflow", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("wish", sa.Text),
    sa.Column("disposition", sa.Text, nullable=False, server_default=""),
    sa.Column("drill", sa.Boolean, nullable=False, server_default=sa.false()),
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


# What callers left. People mark these rows, so one that is there is never written anew.
MESSAGES = sa.Table(
    "messages",
    METADATA,
    sa.Column("message", sa.Text, primary_key=True),
    sa.Column("call", sa.Text, nullable=False),
    sa.Column("queue", sa.Text, nullable=False),
    sa.Column("left_at", sa.Double, nullable=False),
    sa.Column("seconds", sa.Double, nullable=False),
    sa.Column("heard_at", sa.Double, index=True),
    sa.Column("heard_by", sa.Text),
)

WISHES = sa.Table(
    "wishes",
    METADATA,
    sa.Column("wish", sa.Text, primary_key=True),
    sa.Column("call", sa.Text, nullable=False),
    sa.Column("queue", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("since", sa.Double, nullable=False),
    sa.Column("asked_at", sa.Double, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("tried_at", sa.Double),
    sa.Column("tried_by", sa.Text),
    sa.Column("done_at", sa.Double, index=True),
    sa.Column("result", sa.Text),
)


# What agents did. Only figures are made of it.
SPANS = sa.Table(
    "agent_spans",
    METADATA,
    sa.Column("span", sa.Text, primary_key=True),
    sa.Column("agent", sa.Text, nullable=False),
    sa.Column("pool", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("since", sa.Double, nullable=False),
    sa.Column("until", sa.Double, nullable=False, index=True),
    sa.Column("call", sa.Text, index=True),
    sa.Column("missed", sa.Boolean, nullable=False),
)


# What was done about crises, and by whom.
AUDIT = sa.Table(
    "audit",
    METADATA,
    sa.Column("entry", sa.Text, primary_key=True),
    sa.Column("at", sa.Double, nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("ok", sa.Boolean, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("detail", sa.JSON, nullable=False),
)


class RecordingRow(msgspec.Struct, frozen=True):
    """One sealed recording, as the index keeps it."""

    call: str
    path: str
    bytes: int
    seconds: float
    sha256: str
    sealed_at: float


class MessageRow(msgspec.Struct, frozen=True):
    """A message a caller left. Times are seconds since 1970; nobody has heard it while `heard_at` is None."""

    message: str
    call: str
    queue: str
    left_at: float
    seconds: float
    heard_at: float | None = None
    heard_by: str | None = None


class WishRow(msgspec.Struct, frozen=True):
    """A wish to be called back. Times are seconds since 1970; it is open while `done_at` is None.

    `since` is the caller's place in line. `attempts` were made to reach him, the last `tried_at`, by `tried_by`.
    """

    wish: str
    call: str
    queue: str
    number: str
    since: float
    asked_at: float
    attempts: int = 0
    tried_at: float | None = None
    tried_by: str | None = None
    done_at: float | None = None
    result: str | None = None


class WishTried(msgspec.Struct, frozen=True):
    """What the engine's own call to one who wished it has changed of his row; `done` when nobody need call any more."""

    wish: str
    attempt: int
    tried_at: float
    tried_by: str
    done: bool
    result: str


Row = CallRecord | RecordingRow | MessageRow | WishRow | AgentSpan | WishTried | Deed
_TABLES: dict[type[Row], sa.Table] = {
    CallRecord: CALLS,
    RecordingRow: RECORDINGS,
    MessageRow: MESSAGES,
    WishRow: WISHES,
    WishTried: WISHES,
    AgentSpan: SPANS,
    Deed: AUDIT,
}


def table_of(row: Row) -> sa.Table:
    """The table a row belongs to."""
    return _TABLES[type(row)]


def key_of(row: Row) -> str:
    """What makes a row the same row again."""
    (key,) = table_of(row).primary_key.columns
    return str(getattr(row, key.name))


def columns_of(row: Row) -> dict[str, Any]:
    """A row as the database takes it."""
    plain: dict[str, Any] = msgspec.to_builtins(row)
    return plain
