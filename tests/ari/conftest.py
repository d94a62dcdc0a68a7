"""Fixtures of the ARI tests."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Iterator

import pytest

from .fake import FakeAsterisk, fake_asterisk


@pytest.fixture
async def fake() -> AsyncIterator[FakeAsterisk]:
    async with fake_asterisk() as running:
        yield running


@pytest.fixture
def unused_port() -> Iterator[int]:
    """One that nobody listens on, and that nobody else is given meanwhile."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]
