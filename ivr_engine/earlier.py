"""This file decides which calls of before this engine's start are remembered. It does not know what for."""

from contextlib import closing

import structlog

from ivr_engine.errors import HotlineError
from ivr_engine.runtime.callers import DAY, MOST_REMEMBERED, RecentCallers
from ivr_engine.store.reader import StoreReader

log = structlog.get_logger()


def remember_callers(callers: RecentCallers, store: str, now: float) -> None:
    """Tell who called in the 24 hours before `now`, and who talked to them. Without a database nobody did.

    Blocks: call it in a thread.
    """
    try:
        with closing(StoreReader(store)) as reader:
            since, most = now - DAY, MOST_REMEMBERED
            callers.remember(reader.arrivals(since, most), reader.talks(since, most))
    except HotlineError as error:
        log.warning("who called before the start is not known: callers are counted anew", error=str(error))
