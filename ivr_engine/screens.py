"""This file decides what is on each agent's screen now, and how much of a caller's number. It knows no wire."""

from ivr_engine.model.ids import SeatId
from ivr_engine.model.notices import AnyNotice, CallShown
from ivr_engine.model.screens import masked


class Screens:
    """The calls that agents are shown. `whole_numbers`: as the settings say."""

    def __init__(self, *, whole_numbers: bool) -> None:
        self._whole_numbers = whole_numbers
        self._shown: dict[SeatId, CallShown] = {}

    def hear(self, notice: AnyNotice) -> None:
        """Keep up with what the core tells."""
        if not isinstance(notice, CallShown):
            return
        if notice.call is None:
            self._shown.pop(notice.agent, None)
        else:
            self._shown[notice.agent] = notice if self._whole_numbers else masked(notice)

    def of(self, agent: SeatId) -> CallShown | None:
        """What an agent sees now; None if it is nothing."""
        return self._shown.get(agent)
