"""Fixtures of the ARI tests."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator

import pytest

from .fake import FakeAsterisk, fake_asterisk


@pytest.fixture
async def fake() -> AsyncIterator[FakeAsterisk]:
    async with fake_asterisk() as running:
        yield running


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port
