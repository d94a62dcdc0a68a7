"""This file decides what is known of another system, and what is counted about asking it. It asks nobody."""

import ssl
from dataclasses import dataclass, field
from typing import Protocol

from ivr_engine.model.ids import LookupName


@dataclass(frozen=True, slots=True)
class System:
    """Where another system is. `url` is the beginning of its address; at most `at_once` questions are on their way."""

    name: str
    url: str
    token: str | None = field(default=None, repr=False)
    at_once: int = 20
    authorities: ssl.SSLContext | None = field(default=None, repr=False)  # who vouches for it; None: the machine's


class LookupFigures(Protocol):
    """Takes counts; never blocks, never raises."""

    def looked_up(self, lookup: LookupName, answer: str, remembered: bool) -> None:
        """A lookup ended: "found", "not found" or "failed". `remembered`: nobody was asked."""

    def system_asked(self, system: str, seconds: float) -> None:
        """A request ended after so many seconds, however it ended."""

    def system_spared(self, system: str, spared: bool) -> None:
        """A system is not asked for a while, because it failed too often; or it is again."""


class _NoFigures:
    """Counts nothing."""

    def looked_up(self, lookup: LookupName, answer: str, remembered: bool) -> None:
        """Pass over it."""

    def system_asked(self, system: str, seconds: float) -> None:
        """Pass over it."""

    def system_spared(self, system: str, spared: bool) -> None:
        """Pass over it."""


NO_FIGURES: LookupFigures = _NoFigures()
