"""This file decides what is known of before this engine's start: calls, what was left, recordings. Not what for.

All of it blocks: call it in a thread.
"""

from contextlib import closing
from pathlib import Path

import structlog

from ivr_engine.errors import HotlineError, StartError
from ivr_engine.recording.seal import Sealed, sealed_of
from ivr_engine.recording.vault import Vault
from ivr_engine.runtime.callers import DAY, MOST_REMEMBERED, RecentCallers
from ivr_engine.store.reader import StoreReader, Waiting

log = structlog.get_logger()


def remember_callers(callers: RecentCallers, store: str, now: float) -> None:
    """Tell who called in the 24 hours before `now`, and who talked to them. Without a database nobody did."""
    try:
        with closing(StoreReader(store)) as reader:
            since, most = now - DAY, MOST_REMEMBERED
            callers.remember(reader.arrivals(since, most), reader.talks(since, most))
    except HotlineError as error:
        log.warning("who called before the start is not known: callers are counted anew", error=str(error))


def what_waits(store: str) -> Waiting | None:
    """What callers left and nobody has dealt with; None while the database is away."""
    try:
        with closing(StoreReader(store)) as reader:
            return reader.waiting()
    except StartError:
        return None  # gone again: its own alert says so


def unlisted(vault: Path, store: str) -> list[Sealed]:
    """Sealed recordings that no list shows: their rows were lost in a kill."""
    try:
        reader = StoreReader(store)
    except StartError:
        return []  # gone again
    try:
        known = {row.path for row in reader.recordings()}
        return [sealed_of(entry) for entry in Vault(vault).entries_but(known)]
    except (HotlineError, OSError) as error:
        log.warning("recordings without a row cannot be looked for", error=str(error))
        return []
    finally:
        reader.close()
