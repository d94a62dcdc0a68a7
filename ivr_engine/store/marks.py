"""This file decides how people mark what callers left: heard, called back. It does not know who asks, or when it is."""

from contextlib import closing

import sqlalchemy as sa

from ivr_engine.errors import HotlineError
from ivr_engine.model.causes import CalledBack
from ivr_engine.store.database import connect
from ivr_engine.store.reader import StoreReader
from ivr_engine.store.tables import MESSAGES, WISHES


def mark_heard(url: str, message: str, by: str, at: float) -> None:
    """Somebody has heard a message, and seen to it. HotlineError if there is none that nobody has heard."""
    change = sa.update(MESSAGES).where(MESSAGES.c.message == message, MESSAGES.c.heard_at.is_(None))
    if not _execute(url, change.values(heard_at=at, heard_by=by)):
        raise HotlineError(f"no unheard message is called {message!r}: see `ivr messages list`")


def mark_called(url: str, wish: str, by: str, at: float, result: CalledBack) -> None:
    """Somebody has called back, or tried to. HotlineError if there is no such open wish."""
    change = sa.update(WISHES).where(WISHES.c.wish == wish, WISHES.c.done_at.is_(None))
    done_at = None if result is CalledBack.NOT_REACHED else at
    tried = {"attempts": WISHES.c.attempts + 1, "tried_at": at, "tried_by": by}
    if not _execute(url, change.values(**tried, done_at=done_at, result=result.value)):
        raise HotlineError(f"no open wish is called {wish!r}: see `ivr callbacks list`")


def _execute(url: str, change: sa.Update) -> int:
    with closing(StoreReader(url)):  # says what is wrong when there is no database yet
        engine = connect(url)
    try:
        with engine.begin() as connection:
            return connection.execute(change).rowcount
    except sa.exc.SQLAlchemyError as error:
        raise HotlineError(f"the database cannot be written ({error.__cause__ or error}): try again") from error
    finally:
        engine.dispose()
