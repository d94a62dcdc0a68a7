"""This file decides how a stand's MQTT broker is set up. It knows mosquitto, and nothing of what is published."""

import asyncio
from pathlib import Path

from ivr_engine.provision.render import private_dir
from ivr_engine.stand.ports import require_free
from ivr_engine.stand.process import Child


class Broker:
    """A mosquitto of our own on a loopback port. It remembers nothing after it ends."""

    def __init__(self, directory: Path, port: int) -> None:
        self.port = port
        self._directory = directory
        self._child: Child | None = None

    async def start(self, *, within: float = 30.0) -> None:
        """Start it and wait until it accepts connections. May be called again after `stop` or `kill`."""
        require_free("127.0.0.1", self.port, "the MQTT broker")
        private_dir(self._directory)
        conf = self._directory / "mosquitto.conf"
        conf.write_text(
            f"listener {self.port} 127.0.0.1\n"
            "allow_anonymous true\n"  # on loopback, of a stand; a hotline in service brings its own broker
            "persistence false\n"
            "user root\n"  # stay who we are: its default is to become another user, who cannot read this directory
            "log_dest stdout\n"
        )
        self._child = await Child.start("mosquitto", ["mosquitto", "-c", conf], log=self._directory / "broker.log")
        await self._child.ready(self._accepts, within=within)

    async def stop(self) -> None:
        """End it as an administrator would."""
        if self._child:
            await self._child.stop()

    async def kill(self) -> None:
        """End it as a fault would."""
        if self._child:
            await self._child.kill()

    async def _accepts(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        await writer.wait_closed()
        return True
