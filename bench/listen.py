"""This file decides how the engine's own word for a delay is heard, over MQTT. It does not know what was measured."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiomqtt import Client

from bench.sides import Side


class Rings:
    """Seconds from entering the queue to the first ringing phone, one for each call, as the engine tells them."""

    def __init__(self) -> None:
        self.seen: list[float] = []

    @classmethod
    @asynccontextmanager
    async def of(cls, side: Side) -> AsyncIterator["Rings"]:
        """Listen to that side; in vain where there is no engine."""
        rings = cls()
        mqtt = side.stand.settings.mqtt if side.stand is not None else None
        if mqtt is None:
            yield rings
            return
        async with Client("127.0.0.1", mqtt.port) as client:
            await client.subscribe(f"{mqtt.prefix}/calls/+/ringing")
            task = asyncio.create_task(rings._listen(client), name="rings")
            try:
                yield rings
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def _listen(self, client: Client) -> None:
        async for message in client.messages:
            assert isinstance(message.payload, bytes)
            since = json.loads(message.payload)["since_queued"]
            if since is not None:
                self.seen.append(since)
