"""This file decides when the engine's own messages show that a switch has reached everybody. It orders nothing."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiomqtt import Client


@dataclass
class Seen:
    """What was told over MQTT, with the time at which it came, in seconds of a clock that only grows."""

    announced: list[tuple[float, str]] = field(default_factory=list)
    moved: list[tuple[float, str]] = field(default_factory=list)
    arrived: list[tuple[float, str]] = field(default_factory=list)  # and in which flow

    @classmethod
    @asynccontextmanager
    async def of(cls, port: int, prefix: str) -> AsyncIterator["Seen"]:
        """Listen to the broker at a port."""
        seen = cls()
        async with Client("127.0.0.1", port) as client:
            for what in ("announced", "moved", "arrived"):
                await client.subscribe(f"{prefix}/calls/+/{what}")
            task = asyncio.create_task(seen._listen(client), name="seen")
            try:
                yield seen
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def _listen(self, client: Client) -> None:
        async for message in client.messages:
            now = time.perf_counter()
            assert isinstance(message.payload, bytes)
            told = json.loads(message.payload)
            what = str(message.topic).rpartition("/")[2]
            rows: list[tuple[float, str]] = getattr(self, what)
            rows.append((now, told["flow"] if what == "arrived" else told["call"]))

    def since(self, what: str, begun: float) -> list[tuple[float, str]]:
        """What came after a moment; seconds count from it."""
        rows: list[tuple[float, str]] = getattr(self, what)
        return [(at - begun, rest) for at, rest in rows if at >= begun]
