"""Words ordered in a crisis are heard by real callers: those who wait, each in his language, and the next one."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiomqtt
import pytest
import pytest_asyncio

from ivr_engine.prompts import PromptBook
from ivr_engine.settings import load_settings
from ivr_engine.stand.hotline import HotlineStand
from tests.acceptance.live import LONG, Live, press

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

HOTLINE = Path(__file__).parent / "told"
CALLER, OTHER, CHINESE, ENGLISH = 2310, 2770, 1910, 1540
# A voice whose words can be told apart in a recording.
VOICE = f"""
import math, struct, sys, wave
words = open(sys.argv[1], encoding="utf-8").read()
hz = {CHINESE} if "修复" in words else {ENGLISH} if "repaired" in words else {OTHER}
with wave.open(sys.argv[2], "wb") as file:
    file.setparams((1, 2, 8000, 0, "NONE", ""))
    file.writeframes(b"".join(struct.pack("<h", int(8000 * math.sin(6.2831853 * hz * n / 8000))) for n in range(16000)))
"""


class Stand(HotlineStand):
    """Whose prompts are tones, in a folder of their own."""

    def _commission(self) -> None:
        super()._commission()
        voice = self.folder / "voice.py"
        voice.write_text(VOICE, "utf-8")
        command = json.dumps([sys.executable, str(voice), "{text_file}", "{wav}"])
        written = self.settings_path.read_text("utf-8").replace(
            f'prompts: "{self.settings.prompts}"', f'prompts: "{self.folder / "prompts"}"'
        )
        voices = "".join(f"  {language}: {{command: {command}}}\n" for language in ("zh-CN", "en"))
        self.settings_path.write_text(f"{written}\nvoices:\n{voices}", "utf-8")
        self.settings = load_settings(self.settings_path)
        PromptBook(self.settings.prompts, self.settings.voices).build(self.hotline)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Live]:
    folder = tmp_path_factory.mktemp("live") / "hotline"
    async with Stand(folder, dialplan=HOTLINE) as stand:
        yield Live(stand)


async def ivr(live: Live, *words: str) -> tuple[int, str]:
    command = (sys.executable, "-m", "ivr_engine.cli", *words, "--settings", str(live.stand.settings_path))
    running = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await running.communicate()
    return running.returncode or 0, said.decode()


async def announced(ear: aiomqtt.Client, count: int) -> list[float]:
    """When so many who waited were told."""
    told: list[float] = []
    async with asyncio.timeout(LONG):
        async for message in ear.messages:
            assert isinstance(message.payload, bytes)
            told.append(json.loads(message.payload)["at"])
            if len(told) == count:
                break
    return told


async def test_who_waits_and_who_comes_next_hear_what_was_ordered(live: Live) -> None:
    await live.stand.crisis("outage")
    chinese, english, later = live.number(), live.number(), live.number()
    first = await live.dial(chinese, tone=CALLER)
    second = await live.dial(english, press("2", 4.0)[:1], tone=CALLER)
    await live.until(chinese, "waiting")
    await live.until(english, "menu progress")
    await live.until(english, "waiting")
    async with aiomqtt.Client("127.0.0.1", live.stand.broker.port) as ear:
        await ear.subscribe("ivr/calls/+/announced")
        begun = time.time()
        status, said = await ivr(live, "status", "set", "故障已修复80%，预计18点恢复", "--lang", "en=80% is repaired.")
        returned = time.time()
        told = await announced(ear, 2)
    assert status == 0, said
    third = await live.dial(later, tone=CALLER)
    await live.until(later, "waiting")
    print(  # noqa: T201 -- the figures that are wanted of it
        f"from typing to those who wait {max(told) - begun:.2f} s; to the answer {returned - begun:.2f} s"
    )
    assert max(told) <= returned
    refused, why = await ivr(live, "status", "set", "故障已修复，将全 额 退款")
    assert (refused, "it promises 全额退款" in why) == (1, True)
    await asyncio.sleep(1)
    for phone in (first, second, third):
        phone.hang_up()
        assert (await phone.finished()).exit_code == 0
    heard = {}
    for caller in (chinese, english, later):
        record = await live.record(caller)
        heard[caller] = (await live.heard(record.call, OTHER, CHINESE, ENGLISH)).other
    # Music holds a tone for half a second now and then; the words are 2 s of theirs.
    rows = ((chinese, CHINESE, ENGLISH), (english, ENGLISH, CHINESE), (later, CHINESE, ENGLISH))
    for caller, his, not_his in rows:
        assert heard[caller][his] == pytest.approx(2, abs=0.8)
        assert heard[caller][not_his] < 1
    assert heard[later][OTHER] < 1, "the next caller hears it in place of the old words"
    assert heard[chinese][OTHER] > 1, "he heard the old words before"
    await live.nothing_left()
