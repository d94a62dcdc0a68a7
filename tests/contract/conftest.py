import math
import struct
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ivr_engine.model.prompt import Prompt
from tests.contract.worlds import RealWorld, SimulatedWorld, World

SHORT = Prompt("zh-CN", "短")
LONG = Prompt("zh-CN", "长")


@pytest.fixture(params=["simulated", pytest.param("real", marks=pytest.mark.real)])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    for prompt, seconds in ((SHORT, 0.3), (LONG, 6.0)):
        beep(tmp_path / "prompts" / prompt.language / f"{prompt.key}.wav", seconds)
    world = SimulatedWorld() if request.param == "simulated" else RealWorld(tmp_path)
    await world.start()
    try:
        yield world
    finally:
        await world.stop()


def beep(path: Path, seconds: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        tone = (round(8000 * math.sin(2 * math.pi * 440 * n / 8000)) for n in range(int(8000 * seconds)))
        file.writeframes(b"".join(struct.pack("<h", value) for value in tone))
