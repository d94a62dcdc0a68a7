"""This file decides how a simulated Asterisk takes messages. It does not know who says what, or for how long."""

from collections.abc import Callable

from ivr_engine.model.events import AnyEvent, MessageRecorded
from ivr_engine.model.ids import MessageId
from ivr_engine.simulator.lines import CallerLine


class MessageTaking:
    """Messages of callers; each end is told once. `sees`: whether one that comes by itself is told."""

    def __init__(self, tell: Callable[[AnyEvent], None], sees: Callable[[], bool]) -> None:
        self._tell = tell
        self._sees = sees

    def begin(self, line: CallerLine, message: MessageId, *, refused: bool) -> None:
        """Take what he says from now on."""
        line.untold_messages.add(message)
        line.message = None if refused else message
        if refused:
            self._over(line, message, 0.0)

    def stop(self, line: CallerLine, message: MessageId) -> None:
        """End it by an order."""
        if line.message == message:
            self.end(line, line.said)
        else:
            self._over(line, message, 0.0)

    def end(self, line: CallerLine, said: float) -> None:
        """It has come to its end, `said` seconds long."""
        message, line.message = line.message, None
        if message is not None and self._sees():
            self._over(line, message, said)

    def _over(self, line: CallerLine, message: MessageId, said: float) -> None:
        if message in line.untold_messages:
            line.untold_messages.discard(message)
            self._tell(MessageRecorded(line.call, message, said))
