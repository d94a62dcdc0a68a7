"""This file decides how an order reaches an agent, and how its answer comes back. It does not know any wire.

It also remembers who is paused and who is signed out, so that a restart changes nothing that somebody decided.
"""

import asyncio
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

import msgspec
import structlog

from ivr_engine.core import Switchboard
from ivr_engine.errors import HotlineError, RefusedError
from ivr_engine.model.agents import AgentOrder, Duty
from ivr_engine.model.events import AgentOrdered, AgentsRemembered, AnyEvent
from ivr_engine.model.ids import AskId, SeatId
from ivr_engine.model.notices import AgentAnswered, AgentChanged, AnyNotice

log = structlog.get_logger()

ANSWERED_WITHIN_SECONDS = 5.0
_GONE = "gone"


class AgentDesk:
    """The agents of one hotline. `file` keeps through a restart who was told what."""

    def __init__(self, switchboard: Switchboard, tell: Callable[[AnyEvent], None], file: Path) -> None:
        self._board = switchboard
        self._tell = tell
        self._file = file
        self._duties: dict[SeatId, Duty] = {}  # of those who were told anything
        self._asks = count(1)
        self._waiting: dict[AskId, asyncio.Future[AgentAnswered]] = {}

    def hear(self, notice: AnyNotice) -> None:
        """Keep up with what the core tells."""
        if isinstance(notice, AgentAnswered):
            waiting = self._waiting.get(notice.ask)
            if waiting is not None and not waiting.done():
                waiting.set_result(notice)
        elif isinstance(notice, AgentChanged):
            self._note(notice)

    def resume(self) -> None:
        """After a restart, tell the core what agents had been told. Before anything else is told it."""
        try:
            self._duties = msgspec.json.decode(self._file.read_bytes(), type=dict[SeatId, Duty])
        except FileNotFoundError:
            return
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            log.error("the agents' file cannot be read: who is paused?", file=str(self._file), error=str(error))
            return
        self._tell(AgentsRemembered(dict(self._duties)))

    def agents(self) -> Sequence[AgentChanged]:
        """Each agent as he is now."""
        return self._board.dispatch.seats.agents()

    async def order(self, agent: SeatId, order: AgentOrder) -> AgentChanged:
        """Tell an agent what to do; answers what he does then.

        Raises RefusedError with cause and remedy when it cannot be, HotlineError when the core does not answer.
        """
        ask = AskId(f"ask-{next(self._asks)}")
        self._waiting[ask] = answered = asyncio.get_running_loop().create_future()
        try:
            self._tell(AgentOrdered(ask, agent, order))
            async with asyncio.timeout(ANSWERED_WITHIN_SECONDS):  # not wait_for: it may forget a cancellation
                answer = await answered
        except TimeoutError:
            raise HotlineError(
                f"the engine did not answer within {ANSWERED_WITHIN_SECONDS:.0f} s: look at its log, then order again"
            ) from None
        finally:
            del self._waiting[ask]
        if not answer.ok:
            raise RefusedError(answer.why)
        return next(one for one in self.agents() if one.agent == agent)

    def _note(self, notice: AgentChanged) -> None:
        known = self._duties.get(notice.agent)
        if notice.state == _GONE or not notice.duty.by:  # he is as the dialplan has him
            self._duties.pop(notice.agent, None)
        else:
            self._duties[notice.agent] = notice.duty
        if self._duties.get(notice.agent) != known:
            self._remember()

    def _remember(self) -> None:
        # Seldom, and at most some hundred kilobytes: at once and whole, so that a kill leaves the old or the new.
        partial = self._file.with_suffix(".partial")
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            partial.write_bytes(msgspec.json.encode(self._duties))
            partial.replace(self._file)
        except OSError as error:
            log.error("who is paused will not survive a restart", file=str(self._file), error=str(error))
