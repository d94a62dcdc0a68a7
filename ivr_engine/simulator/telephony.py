"""This file decides when a simulated Asterisk's facts are told: at once. It does not know what they lead to."""

from ivr_engine.runtime.ports import PhoneCommand, Tell
from ivr_engine.simulator.exchange import Exchange


class SimulatedTelephony:
    """The telephony port on a simulated exchange. Whatever is done to the exchange is told by the next `pump`."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self._tell: Tell | None = None

    async def start(self, tell: Tell) -> None:
        """Begin telling."""
        self._tell = tell
        self.exchange.restore_link()
        self.pump()

    def execute(self, command: PhoneCommand) -> None:
        """Carry an order out."""
        self.exchange.execute(command)
        self.pump()

    def resync(self) -> None:
        """Look at everything anew."""
        self.exchange.lose_link()
        self.exchange.restore_link()
        self.pump()

    async def stop(self) -> None:
        """Tell nothing any more."""
        self._tell = None

    def pump(self) -> None:
        """Tell what has happened on the exchange."""
        while self._tell is not None and self.exchange.facts:
            self._tell(self.exchange.facts.popleft())
