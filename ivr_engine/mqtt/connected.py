"""This file decides how we connect to the broker and part from it, and leave nothing behind. It knows no message."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from aiomqtt import Client, MqttError


@contextlib.asynccontextmanager
async def connected(client: Client) -> AsyncIterator[Client]:
    """The client's own `async with`, made safe to cancel.

    It connects in a thread that nobody can stop: left alone, it would open a socket behind our back.
    """
    connecting = asyncio.create_task(client.__aenter__(), name="mqtt-connect")
    try:
        await asyncio.shield(connecting)
    except asyncio.CancelledError:
        with contextlib.suppress(MqttError):
            await connecting
            await client.__aexit__(None, None, None)
        raise
    try:
        yield client
    finally:
        with contextlib.suppress(MqttError):  # it must not hide why we leave
            await client.__aexit__(None, None, None)
