"""What a real Asterisk records of a hidden caller: the prompts, in their time, and no voice; and his keys are told."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from ivr_engine.model import commands as c
from ivr_engine.model.events import CallerLeft, CommandFailed, DigitPressed, PromptFinished
from ivr_engine.model.ids import CallId
from ivr_engine.stand.tones import Span, spans_in, split_channels
from tests.contract.conftest import beep
from tests.contract.worlds import LONG, SHORT, RealWorld

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.real]

RATE_HZ = 8000
VOICE_HZ, PROMPT_HZ = 500, 440  # of the callers of this world, and of its prompts
LATE = 0.3  # seconds that an order may take until it is carried out, and a tone until it is one


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RealWorld]:
    folder = tmp_path_factory.mktemp("hidden")
    for prompt, seconds in ((SHORT, 0.5), (LONG, 6.0)):
        beep(folder / "prompts" / prompt.language / f"{prompt.key}.wav", seconds)
    real = RealWorld(folder)
    await real.start()
    try:
        yield real
    finally:
        await real.stop()


class Watch:
    """Seconds since the caller was answered, which is about when his recording begins."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def __call__(self) -> float:
        return time.monotonic() - self._start


async def recorded(world: RealWorld, call: CallId) -> tuple[tuple[Span, ...], tuple[Span, ...], float]:
    """When the caller, and when a prompt is in the recording of a call that is over; and how long it is."""
    await world.wait(CallerLeft, lambda fact: fact.call == call)
    await world.quiet()
    (raw,) = (world.folder / "spool").glob(f"{call}*")
    caller, other = split_channels(await asyncio.to_thread(Path(raw).read_bytes), 2)
    voice, prompts = spans_in(caller, RATE_HZ, [VOICE_HZ]), spans_in(other, RATE_HZ, [PROMPT_HZ])
    return voice[VOICE_HZ], prompts[PROMPT_HZ], len(caller) / RATE_HZ


async def test_a_hidden_voice_is_silence_in_the_recording_and_its_keys_are_told(world: RealWorld) -> None:
    call = await world.dial(presses=((3.0, "4"), (3.6, "2")))
    world.do(c.Answer(call))
    now = Watch()
    await asyncio.sleep(1.5)
    hidden_at = now()
    world.do(c.HideCaller(call, on=True), c.Play(call, world.mint(call).play(), (SHORT,)))
    await world.wait(PromptFinished, lambda fact: fact.call == call)
    await world.wait(DigitPressed, lambda fact: fact.digit == "2")
    shown_at = now()
    world.do(c.HideCaller(call, on=False))
    await asyncio.sleep(1.5)
    ended_at = now()
    world.do(c.HangUpCall(call))
    voice, prompts, length = await recorded(world, call)
    assert [fact.digit for fact in world.all(DigitPressed) if fact.call == call] == ["4", "2"]
    assert not world.all(CommandFailed)
    before, after = voice
    assert before.begin < LATE
    assert abs(before.end - hidden_at) < LATE
    assert abs(after.begin - shown_at) < LATE
    assert abs(after.end - ended_at) < LATE
    assert abs(length - ended_at) < LATE, "what is hidden takes its time in the recording"
    (heard,) = prompts
    assert abs(heard.begin - hidden_at) < LATE, "the prompt stands where it was heard"


async def test_who_is_to_be_hidden_while_a_prompt_plays_is_hidden_when_it_is_over(world: RealWorld) -> None:
    call = await world.dial()
    world.do(c.Answer(call))
    now = Watch()
    play = world.mint(call).play()
    world.do(c.Play(call, play, (LONG,)))
    await asyncio.sleep(1.0)
    world.do(c.HideCaller(call, on=True))
    await asyncio.sleep(1.0)
    stopped_at = now()
    world.do(c.StopPlay(call, play))
    await asyncio.sleep(1.5)
    world.do(c.HangUpCall(call))
    (voice,), _, length = await recorded(world, call)
    assert abs(voice.end - stopped_at) < LATE
    assert length > stopped_at + 1
    assert not world.all(CommandFailed)
