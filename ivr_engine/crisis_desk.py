"""This file decides how an order about a crisis reaches the core, and how its answer comes back. It knows no wire.

It also keeps what is on through a restart: written at once and whole, before anything that follows from it goes out.
"""

import asyncio
import os
from collections.abc import Callable
from itertools import count
from pathlib import Path

import msgspec
import structlog

from ivr_engine.errors import HotlineError, RefusedError
from ivr_engine.model.crises import EVERYWHERE, ActiveCrisis, CrisisState
from ivr_engine.model.events import AnyEvent, CrisisRemembered
from ivr_engine.model.ids import AskId
from ivr_engine.model.notices import AnyNotice, CrisisAnswered, CrisisStateChanged

log = structlog.get_logger()

ANSWERED_WITHIN_SECONDS = 5.0


class CrisisDesk:
    """The crises of one hotline. `file` keeps through a restart what is on, and what waits."""

    def __init__(self, tell: Callable[[AnyEvent], None], file: Path) -> None:
        self._tell = tell
        self._file = file
        self._asks = count(1)
        self._waiting: dict[AskId, asyncio.Future[CrisisAnswered]] = {}
        self.state = CrisisState()

    def hear(self, notice: AnyNotice) -> None:
        """Keep up with what the core tells."""
        if isinstance(notice, CrisisAnswered):
            waiting = self._waiting.get(notice.ask)
            if waiting is not None and not waiting.done():
                waiting.set_result(notice)
        elif isinstance(notice, CrisisStateChanged):
            self.state = notice.state
            self._remember()

    def resume(self) -> CrisisState:
        """After a restart, tell the core what was on, and return it. Before the first caller is seen."""
        try:
            before = _read(self._file.read_bytes())
        except FileNotFoundError:
            return CrisisState()
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            log.error("the crisis file cannot be read: is a crisis on?", file=str(self._file), error=str(error))
            return CrisisState()
        for crisis in before.active:
            log.warning("a crisis was on before the restart: it is on again", profile=crisis.profile)
        self._tell(CrisisRemembered(before))
        return before

    async def order(self, order: Callable[[AskId], AnyEvent]) -> CrisisAnswered:
        """Tell the core an order that holds the ask it is given, and wait for the answer.

        Raises RefusedError with cause and remedy when it cannot be, HotlineError when the core does not answer.
        """
        ask = AskId(f"crisis-{next(self._asks)}")
        self._waiting[ask] = answered = asyncio.get_running_loop().create_future()
        try:
            self._tell(order(ask))
            async with asyncio.timeout(ANSWERED_WITHIN_SECONDS):  # not wait_for: it may forget a cancellation
                answer: CrisisAnswered = await answered
        except TimeoutError:
            raise HotlineError(
                f"the engine did not answer within {ANSWERED_WITHIN_SECONDS:.0f} s: look at its log, then order again"
            ) from None
        finally:
            del self._waiting[ask]
        if not answer.ok:
            raise RefusedError(answer.why)
        return answer

    def _remember(self) -> None:
        # A few kilobytes, seldom: written at once and whole, so that a kill leaves the old state or the new one.
        partial = self._file.with_suffix(".partial")
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with partial.open("wb") as file:
                file.write(msgspec.json.encode(self.state))
                file.flush()
                os.fsync(file.fileno())
            partial.replace(self._file)
        except OSError as error:
            log.error("what is on will not survive a restart", file=str(self._file), error=str(error))


class _OneProfile(msgspec.Struct):
    """What versions before several crises could be on at once kept."""

    profile: str | None
    by: str = ""
    reason: str = ""
    since: float | None = None


def _read(content: bytes) -> CrisisState:
    """What was kept, also by a version before; raises DecodeError."""
    try:
        before = msgspec.json.decode(content, type=_OneProfile)
    except msgspec.ValidationError:
        return msgspec.json.decode(content, type=CrisisState)
    if before.profile is None:
        return CrisisState()
    since = before.since or 0.0
    return CrisisState((ActiveCrisis(before.profile, "general", EVERYWHERE, before.by, before.reason, since, since),))
