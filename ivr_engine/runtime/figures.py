"""This file decides what the loop counts. It does not know who reads the figures."""

from typing import Protocol


class Figures(Protocol):
    """Takes counts; never blocks, never raises."""

    def event(self, kind: str) -> None:
        """A fact was taken in."""

    def command(self, kind: str) -> None:
        """An order was given."""

    def loop_lag(self, seconds: float) -> None:
        """The event loop came back this much later than asked, in seconds."""
