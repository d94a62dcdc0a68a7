"""What is said to the person at a seat, and which keys he presses: against the simulated and the real Asterisk."""

import asyncio

import pytest

from ivr_engine.model import commands as c
from ivr_engine.model.events import (
    CommandFailed,
    Joined,
    LegAnswered,
    LegEnded,
    LegPressed,
    PromptFinished,
    SeatHeard,
)
from ivr_engine.model.ids import CallId, LegId, PlayId, SeatId
from ivr_engine.model.prompt import Prompt
from tests.contract.worlds import ANSWERS, KEYS, LONG, PRESSES, SHORT, World

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def on_the_line(world: World, call: CallId, agent: SeatId) -> LegId:
    """An agent who has picked up."""
    leg = world.mint(call).leg()
    world.do(c.RingSeat(call, leg, c.AgentPhone(agent), "13800000000", 20))
    await world.wait(LegAnswered, lambda fact: fact.leg == leg)
    return leg


def speak(world: World, call: CallId, leg: LegId, *prompts: Prompt) -> PlayId:
    play = world.mint(call).play()
    world.do(c.SpeakToSeat(call, leg, play, prompts))
    return play


async def test_a_seat_that_is_spoken_to_has_heard_it_once(world: World) -> None:
    call = await world.dial()
    world.do(c.Answer(call), c.StartMusic(call))
    leg = await on_the_line(world, call, ANSWERS)
    play = speak(world, call, leg, SHORT, SHORT)
    assert await world.wait(SeatHeard) == SeatHeard(leg, play, heard=True)
    world.do(c.StopPlay(call, play), c.HangUpLeg(call, leg))
    await world.wait(LegEnded)
    await world.end(call)
    await world.quiet()
    assert len(world.all(SeatHeard)) == 1
    assert not world.all(PromptFinished)
    assert not world.all(CommandFailed)


async def test_what_a_seat_hears_does_not_wait_for_what_the_caller_hears(world: World) -> None:
    call = await world.dial()
    caller_hears = world.mint(call).play()
    world.do(c.Answer(call), c.Play(call, caller_hears, (LONG,)))
    leg = await on_the_line(world, call, ANSWERS)
    speak(world, call, leg, SHORT)
    speak(world, call, leg, SHORT)
    await world.wait(SeatHeard)
    world.do(c.StopPlay(call, caller_hears))
    await world.wait(PromptFinished)
    world.do(c.HangUpLeg(call, leg))
    await world.wait(LegEnded)
    await world.end(call)
    assert not world.all(CommandFailed)


async def test_what_is_stopped_at_once_or_late_ends_once_and_the_seat_can_be_joined(world: World) -> None:
    call = await world.dial()
    world.do(c.Answer(call), c.StartMusic(call))
    leg = await on_the_line(world, call, ANSWERS)
    for after in (0.0, 0.3):
        world.facts.clear()
        play = speak(world, call, leg, LONG)
        await asyncio.sleep(after)
        world.do(c.StopPlay(call, play))
        told = await world.wait(SeatHeard, within=2)
        assert (told.leg, told.play) == (leg, play)
        world.do(c.StopPlay(call, play))
        await world.quiet()
        assert len(world.all(SeatHeard)) == 1
    bridge = world.mint(call).bridge()
    world.do(c.StopMusic(call), c.Join(call, leg, bridge))
    assert await world.wait(Joined, within=2) == Joined(call, bridge)
    world.do(c.HangUpLeg(call, leg), c.DropBridge(call, bridge))
    await world.wait(LegEnded)
    await world.end(call)
    assert not world.all(CommandFailed)


async def test_a_seats_keys_are_told_while_it_hears_words_and_its_end_is_the_end_of_them(world: World) -> None:
    call = await world.dial()
    world.do(c.Answer(call), c.StartMusic(call))
    leg = await on_the_line(world, call, PRESSES)
    speak(world, call, leg, LONG)
    await world.wait(LegEnded)
    await world.quiet()
    assert world.all(LegPressed) == [LegPressed(leg, digit) for _, digit in KEYS]
    assert not world.all(SeatHeard), "nobody has listened to it"
    await world.end(call)


async def test_a_seats_keys_are_told_in_a_talk_too(world: World) -> None:
    call = await world.dial()
    world.do(c.Answer(call))
    leg = await on_the_line(world, call, PRESSES)
    bridge = world.mint(call).bridge()
    world.do(c.Join(call, leg, bridge))
    await world.wait(Joined)
    await world.wait(LegEnded)
    assert world.all(LegPressed) == [LegPressed(leg, digit) for _, digit in KEYS]
    world.do(c.DropBridge(call, bridge))
    await world.end(call)


async def test_what_is_said_to_a_line_that_is_gone_was_not_heard(world: World) -> None:
    call = await world.dial()
    leg = await on_the_line(world, call, ANSWERS)
    world.do(c.HangUpLeg(call, leg))
    await world.wait(LegEnded)
    known = len(world.facts)
    speak(world, call, leg, SHORT)
    await world.quiet()
    assert world.facts[known:] == []
    await world.end(call)
