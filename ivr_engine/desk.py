"""This file decides what people are told of the live hotline, and passes on their orders. It knows no wire."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

import msgspec
import structlog

from ivr_engine.agent_desk import AgentDesk
from ivr_engine.arm_desk import ArmDesk
from ivr_engine.core import Switchboard
from ivr_engine.core.call import Call
from ivr_engine.model.agents import AgentOrder
from ivr_engine.model.ids import SeatId
from ivr_engine.model.notices import (
    AgentChanged,
    AnyNotice,
    ArmChanged,
    CallShown,
    LinkChanged,
    PoolChanged,
    QueueChanged,
)
from ivr_engine.model.past import FiguresAsked
from ivr_engine.model.situation import Situation
from ivr_engine.reload import Reloader
from ivr_engine.runtime.ports import Clock
from ivr_engine.screens import Screens
from ivr_engine.situation import in_markdown
from ivr_engine.status_desk import StatusDesk
from ivr_engine.web.desk import (
    ArmOrder,
    CanaryOrder,
    CrisisFront,
    DialplanState,
    LiveCall,
    Readiness,
    Reloaded,
    ReloadOrder,
    RollbackOrder,
    StatusNow,
    StatusOrder,
)

log = structlog.get_logger()


class EngineDesk:
    """The hotline as the web sees it. `whole_numbers`: on screens."""

    def __init__(  # noqa: PLR0913 - a desk is where all of them meet
        self,
        switchboard: Switchboard,
        clock: Clock,
        crises: CrisisFront,
        degraded: Callable[[], tuple[str, ...]],
        *,
        reloader: Reloader,
        agents: AgentDesk,
        whole_numbers: bool = False,
        reports: Callable[[FiguresAsked], Awaitable[msgspec.Struct]],
        situation: Callable[[], Situation],
        statuses: StatusDesk,
        arms: ArmDesk,
    ) -> None:
        self._board = switchboard
        self._clock = clock
        self.crises = crises
        self._degraded = degraded
        self._reloader = reloader
        self._agents = agents
        self._screens = Screens(whole_numbers=whole_numbers)
        self._reports = reports
        self._situation = situation
        self._statuses = statuses
        self._arms = arms
        self._link_up = False

    def hear(self, notice: AnyNotice) -> None:
        """Keep up with what the core tells."""
        match notice:
            case CallShown():
                self._screens.hear(notice)
            case LinkChanged(up=up):
                self._link_up = up

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

    def situation(self) -> Situation:
        """How the hotline stands, for those who must decide."""
        return self._situation()

    def in_markdown(self, situation: Situation, language: Literal["zh", "en"]) -> str:
        """A situation report in words."""
        return in_markdown(situation, language)

    def status(self) -> StatusNow:
        """What callers are told just now."""
        return self._statuses.now()

    async def order_status(self, order: StatusOrder) -> StatusNow:
        """Tell callers something, or no more. Raises RefusedError with cause and remedy."""
        return await self._statuses.order(order)

    def arms(self) -> Sequence[ArmChanged]:
        """How each arm of each experiment stands."""
        return self._arms.now()

    async def order_arm(self, order: ArmOrder) -> Sequence[ArmChanged]:
        """Stop or resume an arm. Raises RefusedError with cause and remedy."""
        return await self._arms.order(order)

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
