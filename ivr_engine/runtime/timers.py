"""This file decides when a timer fires. It does not know what a timer is for."""

import asyncio
from collections.abc import Callable

from ivr_engine.model.ids import TimerId


class Timers:
    """Timers on the running event loop."""

    def __init__(self, fired: Callable[[TimerId], None]) -> None:
        self._fired = fired
        self._running: dict[TimerId, asyncio.TimerHandle] = {}

    def start(self, timer: TimerId, after: float) -> None:
        """Fire in `after` seconds."""
        self._running[timer] = asyncio.get_running_loop().call_later(after, self._fire, timer)

    def cancel(self, timer: TimerId) -> None:
        """Do not fire. One that has fired already is nothing to cancel."""
        handle = self._running.pop(timer, None)
        if handle is not None:
            handle.cancel()

    def stop(self) -> None:
        """Fire none any more."""
        for timer in list(self._running):
            self.cancel(timer)

    def _fire(self, timer: TimerId) -> None:
        self._running.pop(timer, None)
        self._fired(timer)
