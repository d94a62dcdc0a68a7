"""This file decides what is counted of versions of the hotline: which runs, how one on trial is. It knows no file."""

from ivr_engine.metrics.instruments import Instruments
from ivr_engine.model.notices import CanaryChanged


class VersionFigures:
    """The version new calls get, the one on trial, and what is ordered of both."""

    def __init__(self, instruments: Instruments) -> None:
        self._is = instruments

    def expect(self) -> None:
        """Begin with zeros for every way an order may go."""
        for result in ("ok", "unchanged", "refused"):
            self._is.reloads.labels(result)
        for how in ("accepted", "stopped", "taken_back"):
            self._is.canary_ended.labels(how)

    def runs(self, version: str) -> None:
        """New calls get this version."""
        self._is.dialplan.clear()
        self._is.dialplan.labels(version).set(1)

    def trial(self, notice: CanaryChanged) -> None:
        """How the version on trial stands."""
        on = notice.state == "on"
        self._is.canary_percent.set(notice.percent if on else 0)
        self._is.canary_calls.labels("trial").set(notice.calls)
        self._is.canary_calls.labels("running").set(notice.other_calls)
        self._is.canary_left.labels("trial").set(notice.left_in_menu)
        self._is.canary_left.labels("running").set(notice.other_left_in_menu)
        self._is.canary_p.set(notice.p_value)
        if not on:
            self._is.canary_ended.labels(notice.state.replace(" ", "_")).inc()

    def reloaded(self, result: str) -> None:
        """A reload, rollback or canary was ordered."""
        self._is.reloads.labels(result).inc()

    def on_disk(self, *, differs: bool, broken: bool) -> None:
        """The files on disk were looked at."""
        self._is.differs.set(differs)
        self._is.broken.set(broken)
