import math
import struct
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.contract.worlds import LONG, SHORT, RealWorld, SimulatedWorld, World


@pytest_asyncio.fixture(
    scope="module", loop_scope="module", params=["simulated", pytest.param("real", marks=pytest.mark.real)]
)
async def started(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    folder = tmp_path_factory.mktemp("contract")
    for prompt, seconds in ((SHORT, 0.3), (LONG, 6.0)):
        beep(folder / "prompts" / prompt.language / f"{prompt.key}.wav", seconds)
    world = SimulatedWorld() if request.param == "simulated" else RealWorld(folder)
    await world.start()
    try:
        yield world
    finally:
        await world.stop()


@pytest.fixture
def world(started: World) -> World:
    """The world, with nothing told yet: one Asterisk serves all tests, one after the other."""
    started.facts.clear()
    return started


def beep(path: Path, seconds: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        tone = (round(8000 * math.sin(2 * math.pi * 440 * n / 8000)) for n in range(int(8000 * seconds)))
        file.writeframes(b"".join(struct.pack("<h", value) for value in tone))
