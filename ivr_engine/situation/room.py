"""This file decides which alerts carry a situation report. It does not know what stands in it, or who is told."""

from collections.abc import Callable

import msgspec

from ivr_engine.core import Switchboard
from ivr_engine.model.alerts import AlertRaised
from ivr_engine.model.ids import CallId
from ivr_engine.model.notices import AnyNotice
from ivr_engine.model.situation import Situation
from ivr_engine.situation.heard import RECENT_SECONDS, Heard
from ivr_engine.situation.report import situation_of
from ivr_engine.situation.wording import in_markdown

WITH_REPORT = frozenset(
    {"proposed", "switched", "clock overdue", "trigger"}
)  # where whoever is told must decide something


class SituationRoom:
    """One hotline's. It hears every notice but those of drill calls; `now` tells seconds since 1970."""

    def __init__(self, board: Switchboard, now: Callable[[], float]) -> None:
        self._board = board
        self._now = now
        self._heard = Heard(now(), self._region_of)

    def hear(self, notice: AnyNotice) -> None:
        """Keep up with what the core tells."""
        self._heard.hear(notice)

    def report(self) -> Situation:
        """How it stands now."""
        now = self._now()
        usual = self._board.crisis.triggers.usual_calls(now, RECENT_SECONDS)
        return situation_of(self._board, self._heard, now, usual)

    def situated(self, notice: AnyNotice) -> AnyNotice:
        """The same notice; an alert on which somebody must decide has how it stands in its text."""
        if not isinstance(notice, AlertRaised) or notice.kind not in WITH_REPORT:
            return notice
        return msgspec.structs.replace(notice, text=f"{notice.text}\n\n{in_markdown(self.report())}")

    def _region_of(self, call: CallId) -> str:
        live = self._board.calls.get(call)
        return live.region if live else ""
