"""One whole hotline of few words for all tests of a file that asks for it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from ivr_engine.stand.hotline import HotlineStand
from tests.acceptance.live import Live

HOTLINE = Path(__file__).parent / "hotline"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Live]:
    async with HotlineStand(tmp_path_factory.mktemp("live") / "hotline", dialplan=HOTLINE) as stand:
        yield Live(stand)
