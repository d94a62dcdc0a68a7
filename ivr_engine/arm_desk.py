"""This file decides how experiments are asked about, and their arms stopped by people. It knows no wire."""

from collections.abc import Sequence

from ivr_engine.core import Switchboard
from ivr_engine.crisis_desk import CrisisDesk
from ivr_engine.model.events import ArmOrdered
from ivr_engine.model.ids import StepName
from ivr_engine.model.notices import ArmChanged
from ivr_engine.web.desk import ArmOrder


class ArmDesk:
    """The arms of one hotline's experiments."""

    def __init__(self, switchboard: Switchboard, crises: CrisisDesk) -> None:
        self._board = switchboard
        self._crises = crises

    def now(self) -> Sequence[ArmChanged]:
        """How each arm of each experiment stands."""
        return self._board.crisis.arms.figures()

    async def order(self, order: ArmOrder) -> Sequence[ArmChanged]:
        """Stop or resume an arm. Raises RefusedError with cause and remedy."""
        split = StepName(order.split)
        await self._crises.order(lambda ask: ArmOrdered(split, order.arm, order.stop, order.by, order.reason, ask))
        return self.now()
