"""This file decides how a database is opened and brought up to date. It does not know what is written to it.

SQLite today, PostgreSQL later: only the settings of a connection differ.
"""

import logging
import os
from pathlib import Path

import alembic.command
import alembic.config
import sqlalchemy as sa

_PATIENCE = 2.0  # seconds that one statement may wait: the writer must come back to its backlog


def connect(url: str) -> sa.Engine:
    """An engine for `url`. Nothing is opened yet."""
    if not sa.make_url(url).get_backend_name().startswith("sqlite"):
        return sa.create_engine(url, pool_pre_ping=True)
    engine = sa.create_engine(url, connect_args={"timeout": _PATIENCE})
    sa.event.listen(engine, "connect", _prepare_sqlite)
    return engine


def upgrade(url: str) -> None:
    """Create the tables, or bring those of an older version up to date."""
    _make_private(url)
    engine = connect(url)
    try:
        with engine.begin() as connection:
            migrate(connection)
    finally:
        engine.dispose()


def migrate(connection: sa.Connection) -> None:
    """Run the missing migrations over an open connection."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    folder = str(Path(__file__).with_name("migrations"))
    config = alembic.config.Config()
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.attributes["connection"] = connection
    alembic.command.upgrade(config, "head")


def sqlite_file(url: str) -> Path | None:
    """The file a SQLite address names; None for any other database."""
    parsed = sa.make_url(url)
    if not parsed.get_backend_name().startswith("sqlite") or parsed.database in {None, "", ":memory:"}:
        return None
    return Path(str(parsed.database))


def _make_private(url: str) -> None:
    """A SQLite file holds callers' numbers: only its owner may read it, and its journals take its mode."""
    path = sqlite_file(url)
    if path is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _prepare_sqlite(connection: sa.PoolProxiedConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")  # readers never stop the writer
    cursor.execute("PRAGMA synchronous=FULL")  # off the hot path, so a record may cost a sync
    cursor.close()
