"""This file decides what the engine needs from the outside. It does not know who provides it."""

from collections.abc import Callable
from typing import Protocol

from ivr_engine.model.commands import AnyCommand, AskSystem
from ivr_engine.model.events import AnyEvent
from ivr_engine.model.notices import AnyNotice

Tell = Callable[[AnyEvent], None]  # puts a fact into the inbox; never blocks
Listener = Callable[[AnyNotice], None]  # hears a notice; never blocks, never raises

PhoneCommand = AnyCommand  # the engine keeps timers and notices to itself; the telephony gets the rest


class Telephony(Protocol):
    """Carries out orders on real or simulated lines, and tells facts."""

    async def start(self, tell: Tell) -> None:
        """Connect and begin telling facts; returns once the first Resynced has been told.

        Raises StartError with the remedy when that cannot be.
        """
        ...

    def execute(self, command: PhoneCommand) -> None:
        """Accept an order at once; carry it out after the earlier ones of the same call. Never raises."""
        ...

    async def stop(self) -> None:
        """Disconnect. Calls in progress are left as they are."""
        ...


class Systems(Protocol):
    """Asks other systems about callers, and tells what they answered."""

    async def start(self, tell: Tell) -> None:
        """Begin to ask."""
        ...

    def ask(self, order: AskSystem) -> None:
        """Accept a question at once; its SystemAnswered is told exactly once. Never raises."""
        ...

    async def stop(self) -> None:
        """Ask no more; what has not been answered has failed."""
        ...


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> float:
        """Seconds since 1970. Never runs backwards."""
        ...
