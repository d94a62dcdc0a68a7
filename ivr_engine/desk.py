"""This file decides what people are told of the live hotline, and passes on their orders. It knows no wire."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import msgspec
import structlog

from ivr_engine.agent_desk import AgentDesk
from ivr_engine.core import Switchboard
from ivr_engine.core.call import Call
from ivr_engine.errors import HotlineError
from ivr_engine.model.agents import AgentOrder
from ivr_engine.model.events import AnyEvent, CrisisOrdered
from ivr_engine.model.ids import SeatId
from ivr_engine.model.notices import (
    AgentChanged,
    AnyNotice,
    CallShown,
    CrisisChanged,
    DialplanChanged,
    LinkChanged,
    PoolChanged,
    QueueChanged,
)
from ivr_engine.model.past import FiguresAsked
from ivr_engine.reload import Reloader
from ivr_engine.runtime.ports import Clock
from ivr_engine.screens import Screens
from ivr_engine.web.desk import (
    CanaryOrder,
    CrisisState,
    DialplanState,
    LiveCall,
    Readiness,
    Reloaded,
    ReloadOrder,
    RollbackOrder,
)

log = structlog.get_logger()

SWITCH_WITHIN_SECONDS = 5.0


class EngineDesk:
    """The hotline as the web sees it. `crisis_file` keeps the switch through a restart; `whole_numbers`: on screens."""

    def __init__(  # noqa: PLR0913 - a desk is where all of them meet
        self,
        switchboard: Switchboard,
        clock: Clock,
        tell: Callable[[AnyEvent], None],
        crisis_file: Path,
        degraded: Callable[[], tuple[str, ...]],
        *,
        reloader: Reloader,
        agents: AgentDesk,
        whole_numbers: bool = False,
        reports: Callable[[FiguresAsked], Awaitable[msgspec.Struct]],
    ) -> None:
        self._board = switchboard
        self._clock = clock
        self._tell = tell
        self._file = crisis_file
        self._degraded = degraded
        self._reloader = reloader
        self._agents = agents
        self._screens = Screens(whole_numbers=whole_numbers)
        self._reports = reports
        self._link_up = False
        self._crisis = CrisisState(None, tuple(sorted(switchboard.hotline.crises)))
        self._switched = asyncio.Event()
        self._one_order = asyncio.Lock()  # so that each order waits for its own switch

    def hear(self, notice: AnyNotice) -> None:
        """Keep up with what the core tells."""
        match notice:
            case CallShown():
                self._screens.hear(notice)
            case LinkChanged(up=up):
                self._link_up = up
            case DialplanChanged():
                known = tuple(sorted(self._board.hotline.crises))
                self._crisis = msgspec.structs.replace(self._crisis, known=known)
            case CrisisChanged():
                known = self._crisis.known
                self._crisis = CrisisState(notice.profile, known, notice.by, notice.reason, notice.at)
                self._remember()
                self._switched.set()

    def resume(self) -> None:
        """After a restart, put the switch where it was."""
        try:
            before = msgspec.json.decode(self._file.read_bytes(), type=CrisisState)
        except FileNotFoundError:
            return
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            log.error("the crisis file cannot be read: is a crisis on?", file=str(self._file), error=str(error))
            return
        if before.profile is not None:
            log.warning("a crisis was on before the restart: it is ordered on again", profile=before.profile)
            self._tell(CrisisOrdered(before.profile, before.by, before.reason))

    def live_calls(self) -> Sequence[LiveCall]:
        """The calls going on now."""
        return [self._live(call) for call in self._board.calls.values()]

    def shown_to(self, agent: SeatId) -> CallShown | None:
        """The call on an agent's screen."""
        return self._screens.of(agent)

    def queues(self) -> Sequence[QueueChanged]:
        """Each queue as it is now."""
        return [queue.figures(self._clock.now()) for queue in self._board.dispatch.queues.values()]

    def pools(self) -> Sequence[PoolChanged]:
        """Each pool as it is now."""
        return [pool.figures(self._clock.now()) for pool in self._board.dispatch.seats.pools.values()]

    def agents(self) -> Sequence[AgentChanged]:
        """Each agent as he is now."""
        return self._agents.agents()

    async def order_agent(self, agent: SeatId, order: AgentOrder) -> AgentChanged:
        """Tell an agent what to do; answers what he does then. Raises RefusedError with cause and remedy."""
        return await self._agents.order(agent, order)

    async def figures(self, asked: FiguresAsked) -> msgspec.Struct:
        """Figures of the past. Raises RefusedError for what cannot be asked."""
        return await self._reports(asked)

    def crisis(self) -> CrisisState:
        """The crisis switch as it is now."""
        return self._crisis

    async def order_crisis(self, profile: str | None, by: str, reason: str) -> CrisisState:
        """Switch, and answer how the switch stands once the core has done so."""
        async with self._one_order:
            if profile is not None and profile == self._crisis.profile:
                return self._crisis  # it stays as it is: since when, by whom and why are not overwritten
            self._switched.clear()
            self._tell(CrisisOrdered(profile, by, reason))
            try:
                async with asyncio.timeout(SWITCH_WITHIN_SECONDS):
                    await self._switched.wait()
            except TimeoutError:
                raise HotlineError(
                    f"the engine did not switch within {SWITCH_WITHIN_SECONDS:.0f} s: look at its log, then order again"
                ) from None
            return self._crisis

    def dialplan(self) -> DialplanState:
        """Which version runs, and what is on disk."""
        return self._reloader.state()

    async def reload(self, order: ReloadOrder) -> Reloaded:
        """Take the files on disk."""
        return await self._reloader.reload(order.by, order.canary)

    async def rollback(self, order: RollbackOrder) -> Reloaded:
        """Take an earlier version."""
        return await self._reloader.rollback(order.by, order.version)

    async def end_canary(self, order: CanaryOrder) -> Reloaded:
        """Accept or stop the version on trial."""
        return await self._reloader.end_canary(order.by, accept=order.order == "accept")

    def readiness(self) -> Readiness:
        """Can the next call be taken?"""
        blocking = () if self._link_up else ("the event link to Asterisk is down",)
        return Readiness(blocking, self._degraded())

    def _live(self, call: Call) -> LiveCall:
        offer = self._board.dispatch.offers.get(call.leg) if call.leg else None
        return LiveCall(
            call=call.id,
            number=call.number,
            caller=call.caller,
            flow=call.flow.name,
            doing="on hold" if call.held else call.state.name.lower(),
            arrived_at=call.arrived_at,
            step=call.step,
            queue=call.queue,
            pool=offer.seat.pool if offer else None,
            seat=offer.seat.id if offer else None,
            drill=call.drill,
        )

    def _remember(self) -> None:
        # A few bytes, seldom: written at once and whole, so that a kill leaves the old state or the new one.
        partial = self._file.with_suffix(".partial")
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            partial.write_bytes(msgspec.json.encode(self._crisis))
            partial.replace(self._file)
        except OSError as error:
            log.error("the crisis switch will not survive a restart", file=str(self._file), error=str(error))
