"""What Asterisk makes of the sounds we give it."""

import asyncio
import re

import pytest

from ivr_engine.model import commands as c
from ivr_engine.model.events import CommandFailed, PromptFinished
from ivr_engine.model.prompt import Prompt
from ivr_engine.prompts import PromptBook
from ivr_engine.prompts.alaw import SILENCE
from tests.contract.worlds import RealWorld, World

pytestmark = pytest.mark.asyncio(loop_scope="module")


def lay_down(world: World, prompt: Prompt, seconds: float) -> None:
    """Put a sound where the world's Asterisk looks for it; the simulated one needs none."""
    if isinstance(world, RealWorld):
        file = PromptBook(world.folder / "prompts").path(prompt).with_suffix(".alaw")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(bytes([SILENCE]) * round(8000 * seconds))


async def test_a_hundred_sounds_are_one_prompt(world: World) -> None:
    """As many as a text with several long values has; more than fit into the first line of a request."""
    pieces = tuple(Prompt("zh-CN", f"第{number}段") for number in range(100))
    for piece in pieces:
        lay_down(world, piece, 0.02)
    call = await world.dial()
    world.do(c.Answer(call))
    play = world.mint(call).play()
    world.do(c.Play(call, play, pieces))
    assert await world.wait(PromptFinished) == PromptFinished(call, play, heard=True)
    assert world.all(CommandFailed) == []
    await world.end(call)


async def test_a_trunk_gets_our_sounds_as_they_are(world: World) -> None:
    """Making A-law of them anew would cost time in every call."""
    if not isinstance(world, RealWorld):
        pytest.skip("a simulated exchange carries no sound")
    prompt = Prompt("zh-CN", "三秒。")
    lay_down(world, prompt, 3.0)
    call = await world.dial()
    world.do(c.Answer(call))
    world.do(c.Play(call, world.mint(call).play(), (prompt,)))
    await asyncio.sleep(1.0)
    channel = (await world.site.cli("core show channels concise")).split("!")[0]
    facts = dict(re.findall(r"(\w+): (.*\S)", await world.site.cli(f"core show channel {channel}")))
    assert (facts["NativeFormats"], facts["WriteFormat"]) == ("(alaw)", "alaw")
    assert (facts["WriteTranscode"], facts["ReadTranscode"]) == ("No", "No")
    await world.end(call)
