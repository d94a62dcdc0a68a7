"""This file decides when the files on disk can be read, and what is kept of them. It does not know who ordered it.

All of it takes time: it is for a thread, never for the event loop.
"""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog

from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.dialplan.load import load
from ivr_engine.dialplan.source import raw_of
from ivr_engine.errors import DialplanError, HotlineError, RefusedError
from ivr_engine.nodes import NODE_TYPES, Node
from ivr_engine.prompts import PromptBook
from ivr_engine.reload.beginning import BROKEN
from ivr_engine.versions import Shelf, Standing, Use
from ivr_engine.versions.shelf import How

log = structlog.get_logger()

AT_REST_SECONDS = 0.3  # a file that is being written is another one by then, or broken and then not
TRIES = 5


@dataclass(frozen=True, slots=True)
class DialplanFiles:
    """The files of a hotline: on disk, on the shelf, and their sounds. `now` tells the seconds since 1970.

    `check` raises StartError for a version that the settings cannot serve.
    """

    source: Path
    book: PromptBook
    shelf: Shelf
    now: Callable[[], float]
    check: Callable[[Hotline[Node]], None] = lambda _: None

    def folders(self) -> tuple[Path, ...]:
        """Where they are: the hotline's folder, and those of calendars beside it."""
        home = self.source if self.source.is_dir() else self.source.parent
        try:
            hotline: Hotline[Node] = load(self.source, NODE_TYPES)
        except DialplanError:
            return (home,)
        return (home, *sorted({path.parent for path in hotline.sources if ".." in path.parts}))

    def read(self) -> Hotline[Node]:
        """The hotline on disk, once nobody writes it. Raises DialplanError; RefusedError if it does not come to rest.

        A mistake may be half of a file, so it is read twice before it is told.
        """
        for last in (*[False] * (TRIES - 1), True):
            try:
                hotline = load(self.source, NODE_TYPES)
            except DialplanError:
                if last:
                    raise
                time.sleep(AT_REST_SECONDS)
                hotline = load(self.source, NODE_TYPES)
            gc.freeze()  # a version lives long, and whoever holds it lets it go: nothing for the collector
            time.sleep(AT_REST_SECONDS)
            if _is_at_rest(hotline):
                return hotline
        raise RefusedError(f"the files in {self.source} are being written: order again when all are saved")

    def version(self) -> str:
        """The version on disk, or BROKEN."""
        try:
            return self.read().version
        except HotlineError as error:
            log.warning("the dialplan's files cannot be used as they are", why=str(error))
            return BROKEN

    def earlier(self, version: str | None, running: str) -> Hotline[Node]:
        """The version whose name begins so; or the one that ran before. Raises RefusedError, DialplanError."""
        kept = self.shelf.find(version) if version else self.shelf.before(running)
        return self.shelf.load(kept.version, NODE_TYPES)

    def keep(self, hotline: Hotline[Node], by: str, how: How) -> tuple[str, ...]:
        """Keep a copy of a version that comes into use. A disk that refuses is told, and stops nothing."""
        try:
            self.shelf.keep(hotline, self.source, Use(self.now(), by, how))
        except HotlineError as error:
            return (f"{error}; `ivr rollback` will not have this version",)
        return ()

    def stand(self, running: str, disk: str, canary: str | None = None) -> tuple[str, ...]:
        """Remember for a restart what was decided. A disk that refuses is told, and stops nothing."""
        try:
            self.shelf.stand(Standing(running, disk, canary))
        except HotlineError as error:
            return (str(error),)
        return ()


def _is_at_rest(hotline: Hotline[Node]) -> bool:
    try:
        return all(raw_of(path) == content for path, content in hotline.sources.items())
    except OSError:
        return False
