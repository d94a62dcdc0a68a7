"""This file decides when rows are written, and where they wait while that fails. It does not know their columns.

`put` only appends to a list in memory. One thread does the rest, so neither a slow disk nor a locked database is
ever felt by a call. Rows wait in memory, beyond `SOFT_LIMIT` in the spill file; only if even that fails, beyond
`HARD_LIMIT`, are rows lost, and then it is said loudly.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
import structlog

from ivr_engine.store import rows as table_rows
from ivr_engine.store.database import connect, upgrade
from ivr_engine.store.spill import Spill
from ivr_engine.store.tables import Row, key_of

BATCH = 200
SOFT_LIMIT = 5_000
HARD_LIMIT = 50_000
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0

# Anything else is the database's fault, not the row's: then every row would fail.
_BAD_ROW = (sa.exc.IntegrityError, sa.exc.DataError, ValueError, OverflowError)

log = structlog.get_logger()


class StoreWriter:
    """Writes rows to the database, some day. `on_state` is told (from the thread) whether it can."""

    def __init__(
        self, url: str, spill: Path, on_state: Callable[[bool], None] = lambda _: None, *, soft_limit: int = SOFT_LIMIT
    ) -> None:
        self._url = url
        self._spill = Spill(spill)
        self._on_state = on_state
        self._soft_limit = soft_limit
        self._rows: deque[Row] = deque()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._engine: sa.Engine | None = None
        self._up: bool | None = None
        self._pause = 0.0
        self._lost = 0

    def start(self) -> None:
        """Begin. A database that cannot be opened is retried; it stops nothing."""
        self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)
        self._thread.start()

    def put(self, row: Row) -> None:
        """Take a row. Never waits, never raises; may be called from any thread."""
        if len(self._rows) >= HARD_LIMIT:
            self._lose()
            return
        self._rows.append(row)
        self._wake.set()

    def put_if_idle(self, row: Row) -> None:
        """Take a row that is worth less than the others: while many wait, it is dropped."""
        if len(self._rows) < self._soft_limit // 2:
            self.put(row)

    def backlog(self) -> int:
        """How many rows wait in memory."""
        return len(self._rows)

    def lost(self) -> int:
        """How many rows had no place left to wait."""
        return self._lost

    def stop(self, within: float = 10.0) -> None:
        """Write or spill what is left, and end. Blocks: call it in a thread."""
        self._stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(within)
            if self._thread.is_alive():
                log.error("store_stuck", rows=self.backlog(), remedy="look at the database and the disk")

    # --- the thread -----------------------------------------------------------------------------------------

    def _work(self) -> None:
        while not self._stopping.is_set():
            self._round()
            self._wait()
        self._round()
        self._spill_down_to(0)
        if self._engine is not None:
            self._engine.dispose()

    def _wait(self) -> None:
        if self._pause:
            self._stopping.wait(self._pause)  # a failing database is not asked again for each new row
        else:
            self._wake.wait()
        self._wake.clear()

    def _round(self) -> None:
        """Write all there is; if that fails, keep memory small and come back later."""
        try:
            engine = self._opened()
            self._read_spill_back(engine)
            while self._rows:
                batch = [self._rows[place] for place in range(min(BATCH, len(self._rows)))]
                self._write(engine, batch)
                for _ in batch:  # only now: what fails stays at the head
                    self._rows.popleft()
        except Exception as error:  # noqa: BLE001 - whatever it is, a dead thread would lose every later row
            self._down(error)
        else:
            self._tell(up=True)
            self._pause = 0.0

    def _opened(self) -> sa.Engine:
        if self._engine is None:
            upgrade(self._url)
            self._engine = connect(self._url)
        return self._engine

    def _read_spill_back(self, engine: sa.Engine) -> None:
        while self._spill.waiting():
            spilled, torn = self._spill.read_back()
            for start in range(0, len(spilled), BATCH):
                self._write(engine, spilled[start : start + BATCH])
            self._spill.done()
            log.info("store_spill_read_back", rows=len(spilled), unreadable=torn)

    def _write(self, engine: sa.Engine, batch: list[Row]) -> None:
        try:
            table_rows.write(engine, batch)
        except _BAD_ROW as error:
            if len(batch) > 1:
                for row in batch:
                    self._write(engine, [row])
                return
            # One row that can never be written must not hold up all others for ever.
            log.error("store_row_rejected", key=key_of(batch[0]), why=type(error).__name__)
            self._spill.reject(batch[0])

    def _down(self, error: Exception) -> None:
        if self._tell(up=False):
            log.error(
                "store_down",
                why=str(error.__cause__ or error),
                rows=self.backlog(),
                remedy="calls go on and records wait here; look at the database",
            )
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None
        self._pause = min(_LONGEST_PAUSE, self._pause * 2 or _FIRST_PAUSE)
        if len(self._rows) > self._soft_limit:
            self._spill_down_to(self._soft_limit // 2)

    def _spill_down_to(self, keep: int) -> None:
        count = len(self._rows) - keep
        if count <= 0:
            return
        oldest = [self._rows[place] for place in range(count)]
        try:
            self._spill.add(oldest)
        except OSError as error:
            log.error("store_spill_failed", why=str(error), rows=count, remedy="free space")
            return
        for _ in oldest:
            self._rows.popleft()
        log.warning("store_spilled", rows=count)

    def _tell(self, *, up: bool) -> bool:
        if up is self._up:
            return False
        if up and self._up is False:
            log.info("store_up_again", rows=self.backlog())
        self._up = up
        self._on_state(up)
        return True

    def _lose(self) -> None:
        self._lost += 1
        if self._lost == 1 or self._lost % 1000 == 0:
            log.critical("store_rows_lost", rows=self._lost, at=time.time(), remedy="database and disk are both away")
