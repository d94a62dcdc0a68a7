"""An executive calls a real hotline, types his PIN and hears how it stands, sample by sample; a guesser nothing."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from ivr_engine.dialplan.text import Text
from ivr_engine.model.ids import StepName
from ivr_engine.model.prompt import Prompt
from ivr_engine.nodes.briefing import Briefing
from ivr_engine.prompts import PromptBook
from ivr_engine.prompts.sound import SUFFIX
from ivr_engine.recording.export import export
from ivr_engine.stand.hotline import HotlineStand
from ivr_engine.stand.phones import CallerPhone
from ivr_engine.stand.tones import tone_spans
from tests.acceptance.live import LEFT, LONG, Live

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

HOTLINE = Path(__file__).parent / "briefing"
TONE = 2310
TYPES_AT, A_KEY = 4.0, 0.3  # seconds after the answer, and from key to key
WRONG = "000000"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Live]:
    async with HotlineStand(tmp_path_factory.mktemp("briefing") / "hotline", dialplan=HOTLINE) as stand:
        yield Live(stand)


def typed(keys: str, at: float = TYPES_AT) -> list[tuple[float, str]]:
    return [(at + place * A_KEY, key) for place, key in enumerate(keys)]


def place_of(live: Live, phone: CallerPhone, prompt: Prompt, start: int = 0) -> int:
    """Where a sound that a caller heard whole ends, in samples; -1 if he did not hear it."""
    assert phone.ear is not None
    path = PromptBook(live.stand.settings.prompts).path(prompt).with_suffix(SUFFIX)
    return phone.ear.find(path.read_bytes(), start)


def heard(live: Live, phone: CallerPhone, *texts: Text, **values: str) -> None:
    """See that he heard these texts whole, one after the other."""
    at = 0
    known = {f"briefing.{name}": value for name, value in values.items()}
    for prompt in (prompt for text in texts for prompt in text.said("zh-CN", "zh-CN", known)):
        end = place_of(live, phone, prompt, at)
        assert end >= 0, f"he did not hear {prompt.text!r} after sample {at}"
        at = end


def briefing(live: Live) -> Briefing:
    step = live.stand.hotline.normal.steps[StepName("how")]
    assert isinstance(step, Briefing)
    return step


async def test_who_may_listen_hears_how_it_stands_and_nobody_learns_his_pin(live: Live) -> None:
    stand, step = live.stand, briefing(live)
    assert list(stand.pins) == ["李总", "张伟"]
    order = {"profile": "recall", "by": "张伟", "reason": "批次 7", "level": "major"}
    on = await stand.ask("crisis", order)
    assert [one["level"] for one in on["active"]] == ["major"]
    pin, caller = stand.pins["李总"], live.number()
    phone = await live.dial(caller, typed(pin), tone=TONE, listens=True)
    async with asyncio.timeout(2 * LONG):
        result = await phone.finished()
    assert result.hung_up_by == "far"
    level, _, calls, share, waiting, ready, end = step.report
    heard(live, phone, step.ask)
    heard(live, phone, level, calls, waiting, ready, end, level="major", calls="1", waiting="0", ready="4")
    (unknown, *_) = share.said("zh-CN", "zh-CN", {})
    assert place_of(live, phone, unknown) < 0, "what is usual is not known yet, and nobody hears half a sentence"
    assert await live.figure("ivr_briefings_total", result="told") == 1
    record = await live.record(caller)
    await live.sealed(record.call)
    wav, identity = stand.folder / "out.wav", stand.folder / "keys" / "recording-identity.txt"
    await asyncio.to_thread(export, stand.settings.recording.vault, record.call, identity, wav)
    spans = (await asyncio.to_thread(tone_spans, wav, (TONE,)))[LEFT][TONE]
    first, last = TYPES_AT, TYPES_AT + (len(pin) - 1) * A_KEY
    assert not [span for span in spans if span.begin < last - 0.5 and span.end > first], f"heard typing: {spans}"
    for path in stand.folder.rglob("*"):
        if path.is_file() and "phones" not in path.parts and path.name != "people-pins":
            assert pin.encode() not in path.read_bytes(), path


async def test_a_guesser_hears_nothing_of_it(live: Live) -> None:
    step = briefing(live)
    presses = [press for guess in range(3) for press in typed(WRONG, TYPES_AT + guess * 6.0)]
    phone = await live.dial(live.number(), presses, tone=TONE, listens=True)
    async with asyncio.timeout(2 * LONG):
        await phone.finished()
    assert step.wrong is not None
    heard(live, phone, step.wrong, step.ask, step.wrong)
    for text in step.report:
        for prompt in text.said("zh-CN", "zh-CN", {}):
            assert place_of(live, phone, prompt) < 0, prompt.text
    assert await live.figure("ivr_briefings_total", result="wrong_pin") == 3
    assert await live.figure("ivr_briefings_total", result="told") == 1


async def test_the_situation_is_told_to_who_asks(live: Live) -> None:
    found = await live.stand.ask("situation")
    (crisis,) = found["crises"]
    assert (crisis["title"], crisis["level"], crisis["by"]) == ("产品召回", "major", "张伟")
    assert found["volume"]["by_number"] == {live.stand.hotline.numbers[0]: 2}
    assert [(clock["do"], clock["state"]) for clock in found["clocks"]] == [("核实情况", "running")]
    state = json.loads((live.stand.settings.state / "crisis.json").read_text("utf-8"))
    await live.stand.kill_engine()
    await live.stand.start_engine()
    after = await live.stand.ask("situation")
    assert [clock["due"] for clock in after["clocks"]] == [state["clocks"][0]["due"]]
    assert after["crises"][0]["since"] == crisis["since"]
