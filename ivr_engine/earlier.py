"""This file decides which calls of before this engine's start are remembered. It does not know what for."""

from contextlib import closing

import structlog

from ivr_engine.errors import HotlineError
from ivr_engine.runtime.callers import DAY, MOST_REMEMBERED, RecentCallers
from ivr_engine.store.reader import StoreReader

log = structlog.get_logger()


def remember_callers(callers: RecentCallers, store: str, now: float) -> None:
    """Tell who called in the 24 hours before `now`. Blocks: call it in a thread. Without a database nobody did."""
    try:
        with closing(StoreReader(store)) as reader:
            callers.remember(reader.arrivals(now - DAY, MOST_REMEMBERED))
    except HotlineError as error:
        log.warning("who called before the start is not known: callers are counted anew", error=str(error))
