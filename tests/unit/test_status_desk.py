"""That words people order have a sound before callers meet them, and that what no voice can say changes nothing."""

import asyncio
import threading
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ivr_engine.core.crisis.wording import texts_of
from ivr_engine.crisis_desk import CrisisDesk
from ivr_engine.dialplan.load import load
from ivr_engine.errors import RefusedError, StartError
from ivr_engine.model.crises import CrisisState
from ivr_engine.model.events import CrisisOrdered
from ivr_engine.model.prompt import Prompt
from ivr_engine.nodes import NODE_TYPES
from ivr_engine.prompts import PromptBook
from ivr_engine.status_desk import StatusDesk
from ivr_engine.web.desk import StatusNow, StatusOrder
from tests.simulation.stories import Story
from tests.unit.prompts.sounds import sine, write_wav

HUAXING = Path(__file__).parents[2] / "dialplans" / "huaxing"
NOON = datetime(2027, 3, 1, 12, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()


class Voice:
    """Writes a tone; fails, or waits until it is let, when it is told so."""

    def __init__(self) -> None:
        self.spoken: list[tuple[str, str]] = []
        self.fails = False
        self.may_speak = threading.Event()
        self.may_speak.set()

    def __str__(self) -> str:
        return "a tone"

    def speak(self, words: str, language: str, wav: Path) -> None:
        self.may_speak.wait(10.0)
        if self.fails:
            raise StartError("nobody speaks: ask somebody else")
        self.spoken.append((language, words))
        write_wav(wav, sine(440, 0.5, -20))


class Front:
    def __init__(self, folder: Path) -> None:
        self.story = Story(replace(load(HUAXING, NODE_TYPES), people={}))
        self.story.now = NOON
        self.voice = Voice()
        self.book = PromptBook(folder / "prompts", {"zh": self.voice, "en": self.voice})
        self.crises = CrisisDesk(self._take, folder / "crisis.json")
        self.desk = StatusDesk(self.story.board, self.crises, self.book, lambda: self.story.now)

    def _take(self, event: Any) -> None:
        known = len(self.story.notices)
        self.story.tell(event)
        for notice in self.story.notices[known:]:
            self.crises.hear(notice)

    async def order(self, text: str = "", **more: Any) -> StatusNow:
        return await self.desk.order(StatusOrder("duty", text, **more))


@pytest.fixture
def front(tmp_path: Path) -> Front:
    front = Front(tmp_path)
    front.story.tell(CrisisOrdered("outage", "duty", "down"))
    return front


async def test_words_have_a_sound_in_each_language_before_they_are_told(front: Front) -> None:
    now = await front.order("已修复80%。", texts={"en": "80% is repaired."}, until="18：00", refresh="30m")
    assert set(front.voice.spoken) == {("zh-CN", "已修复百分之八十。"), ("en", "80% is repaired.")}
    (status,) = now.statuses
    assert (now.flow, now.lacking, now.language) == ("outage", {}, "zh-CN")
    assert (status.texts["zh-CN"], status.refresh_by, status.until) == ("已修复80%。", NOON + 1800, NOON + 6 * 3600)
    assert all(front.book.has(prompt) for prompt in texts_of(status.texts).prompts())
    assert front.story.board.crisis.statuses.live == {"outage": status}
    assert front.desk.now() == StatusNow("zh-CN", (status,), {})


async def test_a_language_without_words_is_named(front: Front) -> None:
    now = await front.order("还在修。")
    assert (now.lacking, now.language) == ({"outage": ("en",)}, "zh-CN")
    assert (await front.order(withdraw=True)).statuses == ()


async def test_what_no_voice_can_say_changes_nothing(front: Front) -> None:
    front.voice.fails = True
    with pytest.raises(RefusedError, match="nobody speaks: ask somebody else"):
        await front.order("还在修。")
    assert front.desk.now().statuses == ()


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"text": ""}, "give either words or `withdraw`"),
        ({"text": "在修", "withdraw": True}, "give either words or `withdraw`"),
        ({"text": "在修", "flow": "flood"}, "'flood' is not on"),
        ({"text": "在修", "until": "18 o'clock"}, "is no time: write for instance 18:00"),
        ({"text": "在修", "until": "25:00"}, "is no time"),
        ({"text": "在修", "until": "0001-01-01 00:00"}, "is no time"),
        ({"text": "在修", "until": "11:59"}, "it would be over already"),
        ({"text": "在修", "refresh": "soon"}, "is no length of time"),
    ],
)
async def test_what_is_refused_is_not_even_spoken(front: Front, more: dict[str, Any], why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        await front.order(**more)
    assert front.voice.spoken == []
    assert front.desk.now().statuses == ()


async def test_the_text_ordered_last_is_the_one_that_is_told_however_long_voices_take(front: Front) -> None:
    front.voice.may_speak.clear()
    first = asyncio.create_task(front.order("第一条。"))
    await asyncio.sleep(0)
    second = asyncio.create_task(front.order("第二条。"))
    await asyncio.sleep(0)
    front.voice.may_speak.set()
    await asyncio.gather(first, second)
    assert front.desk.now().statuses[0].texts == {"zh-CN": "第二条。"}


async def test_what_was_taken_back_is_not_told_by_a_slow_voice_later(front: Front) -> None:
    await front.order("第一条。")
    front.voice.may_speak.clear()
    slow = asyncio.create_task(front.order("第二条。"))
    while not front.desk._one_text.locked():
        await asyncio.sleep(0)
    await front.order(withdraw=True)
    front.voice.may_speak.set()
    with pytest.raises(RefusedError, match="took a text back meanwhile: look at"):
        await slow
    assert front.desk.now().statuses == ()


async def test_after_a_restart_there_are_sounds_for_what_is_still_told(front: Front) -> None:
    status = (await front.order("还在修。")).statuses[0]
    prompt = Prompt("zh-CN", "还在修。")
    front.book.path(prompt).with_suffix(".alaw").unlink()
    await front.desk.resume(CrisisState(statuses=(status,)))
    assert front.book.has(prompt)
    front.book.path(prompt).with_suffix(".alaw").unlink()
    front.voice.fails = True
    await front.desk.resume(CrisisState(statuses=(status,)))  # loud, and stops nothing
    assert not front.book.has(prompt)
