"""This file decides how what happens is shown while it happens. It knows what MQTT tells anyone."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from aiomqtt import Client, MqttError
from rich.console import Console

from ivr_engine.stand.demo.script import ALL

_STYLES = {"arrived": "cyan", "connected": "bold green", "ended": "dim", "key": "yellow", "ringing": "magenta"}


class Timeline:
    """A line for each thing worth seeing, with the seconds since the beginning."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._names = {part.number[-4:]: part.name for part in ALL}
        self._calls: dict[str, str] = {}
        self._began = asyncio.get_running_loop().time()
        self.ringing_after: list[float] = []  # seconds from the queue to the first ringing phone, by the engine

    def say(self, text: str, style: str = "bold") -> None:
        """A line of the demonstration's own."""
        at = asyncio.get_running_loop().time() - self._began
        self._console.print(f"{at:6.1f} s  {text}", style=style, highlight=False, soft_wrap=True)

    @asynccontextmanager
    async def listening(self, port: int, prefix: str) -> AsyncIterator[None]:
        """Show what the engine tells, as long as the context lasts."""
        task = asyncio.create_task(self._listen(port, prefix), name="timeline")
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _listen(self, port: int, prefix: str) -> None:
        try:
            async with Client("127.0.0.1", port) as client:
                await client.subscribe(f"{prefix}/calls/#")
                await client.subscribe(f"{prefix}/crisis/switched")
                async for message in client.messages:
                    assert isinstance(message.payload, bytes)
                    self._show(json.loads(message.payload))
        except MqttError as error:
            self.say(f"the broker is gone: {error}", "red")

    def _show(self, said: dict[str, Any]) -> None:
        stage = said.get("stage")
        if stage is None:
            self.say(f"crisis profile {said['profile']}: {'on' if said['on'] else 'off'}", "bold red")
            return
        if stage == "arrived":
            self._calls[said["call"]] = self._names.get(said["caller"][-4:], said["caller"])
        if stage == "ringing" and said["since_queued"] is not None:
            self.ringing_after.append(said["since_queued"])
        if words := _words(stage, said):
            name = self._calls.get(said["call"], said["call"])
            self.say(f"{name:18} {words}", _STYLES.get(stage, ""))


def _words(stage: str, said: dict[str, Any]) -> str:
    words = ""
    match stage:
        case "arrived":
            words = f"dials {said['number']} ({said['flow']} menu)"
        case "key":
            words = "presses a key" if said["understood"] else "presses a wrong key"
        case "queued":
            words = f"joins queue {said['queue']}, {said['ahead']} ahead"
        case "offered" if said["overflow"]:
            words = f"overflows to {said['pool']}"
        case "ringing":
            words = f"seat {said['seat']} rings"
        case "connected":
            words = f"talks to {said['seat']} after {said['waited']:.2f} s in the queue"
        case "ended":
            words = f"ends: {said['record']['outcome']}"
    return words
