"""What the core may rely on, whoever keeps it: each test runs against the simulated and the real Asterisk."""

import asyncio

import pytest

from ivr_engine.model import commands as c
from ivr_engine.model.events import (
    CallArrived,
    CallerLeft,
    CommandFailed,
    DigitPressed,
    Joined,
    JoinFailed,
    LegAnswered,
    LegEnded,
    LegRinging,
    MessageRecorded,
    PromptFinished,
    Resynced,
)
from ivr_engine.model.ids import CallId, LegId, MessageId, PlayId, PoolName, QueueName, SeatId
from ivr_engine.model.saved import SavedCall
from tests.contract.worlds import ABSENT, ANSWERS, CARRIER, LONG, NUMBER, REJECTS, RINGS, SHORT, World

pytestmark = pytest.mark.asyncio(loop_scope="module")


def ring(world: World, call: CallId, agent: SeatId) -> LegId:
    leg = world.mint(call).leg()
    world.do(c.RingSeat(call, leg, c.AgentPhone(agent), "13800000000", 20))
    return leg


def play(world: World, call: CallId, *prompts: object) -> PlayId:
    name = world.mint(call).play()
    world.do(c.Play(call, name, prompts))  # type: ignore[arg-type]
    return name


def record(world: World, call: CallId, longest: float) -> MessageId:
    name = world.mint(call).message(QueueName("general"))
    world.do(c.RecordMessage(call, name, longest, quiet=5))
    return name


async def test_a_caller_arrives_once_with_the_number_he_dialled(world: World) -> None:
    call = await world.dial()
    await world.quiet()
    assert [(fact.call, fact.number) for fact in world.all(CallArrived)] == [(call, NUMBER)]
    await world.end(call)
    await world.quiet()
    assert len(world.all(CallerLeft)) == 1


async def test_a_caller_who_hangs_up_leaves_once_and_nothing_follows(world: World) -> None:
    call = await world.dial(hang_up_after=0.8)
    world.do(c.Answer(call))
    play(world, call, LONG)
    await world.wait(CallerLeft)
    await world.quiet()
    assert world.facts[-1] == CallerLeft(call)
    assert len(world.all(CallerLeft)) == 1


async def test_prompts_end_once_when_heard_to_the_end(world: World) -> None:
    call = await world.dial()
    world.do(c.Answer(call))
    name = play(world, call, SHORT, SHORT)
    assert await world.wait(PromptFinished) == PromptFinished(call, name, heard=True)
    await world.quiet()
    assert len(world.all(PromptFinished)) == 1
    await world.end(call)


async def test_a_stopped_prompt_ends_once(world: World) -> None:
    call = await world.dial()
    world.do(c.Answer(call))
    name = play(world, call, LONG)
    world.do(c.StopPlay(call, name))
    assert (await world.wait(PromptFinished)).play == name
    world.do(c.StopPlay(call, name))
    await world.quiet()
    assert len(world.all(PromptFinished)) == 1
    await world.end(call)


async def test_a_prompt_replaced_at_once_ends_before_the_new_one(world: World) -> None:
    call = await world.dial()
    world.do(c.Answer(call))
    first = play(world, call, LONG)
    world.do(c.StopPlay(call, first))
    second = play(world, call, SHORT)
    await world.wait(PromptFinished, lambda fact: fact.play == second)
    assert [fact.play for fact in world.all(PromptFinished)] == [first, second]
    await world.end(call)


async def test_a_key_is_told_once(world: World) -> None:
    call = await world.dial(presses=((0.4, "5"),))
    world.do(c.Answer(call))
    assert await world.wait(DigitPressed) == DigitPressed(call, "5")
    await world.quiet()
    assert len(world.all(DigitPressed)) == 1
    await world.end(call)


async def test_a_hidden_callers_keys_are_told(world: World) -> None:
    call = await world.dial(presses=((0.6, "5"), (1.2, "6")))
    world.do(c.Answer(call), c.HideCaller(call, on=True))
    play(world, call, SHORT)
    await world.wait(DigitPressed, lambda fact: fact.digit == "6")
    world.do(c.HideCaller(call, on=False))
    await world.quiet()
    assert [fact.digit for fact in world.all(DigitPressed)] == ["5", "6"]
    assert not world.all(CommandFailed)
    await world.end(call)


async def test_a_seat_that_answers_rings_answers_and_is_joined(world: World) -> None:
    call = await world.dial()
    world.do(c.Answer(call), c.StartMusic(call))
    leg = ring(world, call, ANSWERS)
    await world.wait(LegRinging, lambda fact: fact.leg == leg)
    await world.wait(LegAnswered, lambda fact: fact.leg == leg)
    bridge = world.mint(call).bridge()
    world.do(c.StopMusic(call), c.Join(call, leg, bridge))
    assert await world.wait(Joined) == Joined(call, bridge)
    world.do(c.HangUpLeg(call, leg))
    await world.wait(LegEnded)
    world.do(c.DropBridge(call, bridge))
    await world.end(call)
    await world.quiet()
    assert len(world.all(LegEnded)) == len(world.all(LegAnswered)) == len(world.all(LegRinging)) == 1
    assert not world.all(CommandFailed)


async def test_somebody_outside_is_rung_over_the_carrier_and_joined(world: World) -> None:
    call = await world.dial()
    leg = world.mint(call).leg()
    world.do(c.Answer(call), c.RingSeat(call, leg, c.TrunkLine(CARRIER, "110"), "13800000000", 20))
    await world.wait(LegAnswered, lambda fact: fact.leg == leg)
    bridge = world.mint(call).bridge()
    world.do(c.Join(call, leg, bridge))
    assert await world.wait(Joined) == Joined(call, bridge)
    await world.end(call)
    world.do(c.HangUpLeg(call, leg), c.DropBridge(call, bridge))
    await world.wait(LegEnded)
    await world.quiet()
    assert len(world.all(LegEnded)) == len(world.all(LegAnswered)) == 1
    assert not world.all(CommandFailed)


async def test_a_carrier_that_nobody_watches_is_believed_to_be_there(world: World) -> None:
    assert CARRIER in world.trunks


async def test_a_line_over_a_trunk_there_is_not_ends_once(world: World) -> None:
    call = await world.dial()
    leg = world.mint(call).leg()
    world.do(c.RingSeat(call, leg, c.TrunkLine(PoolName("nowhere"), "110"), "13800000000", 20))
    assert (await world.wait(LegEnded)).leg == leg
    await world.quiet()
    assert len(world.all(LegEnded)) == 1
    assert not world.all(LegAnswered)
    await world.end(call)


async def test_an_unreachable_seat_ends_once_and_never_answers(world: World) -> None:
    call = await world.dial()
    world.do(c.Answer(call))
    leg = ring(world, call, ABSENT)
    assert (await world.wait(LegEnded)).leg == leg
    await world.quiet()
    assert len(world.all(LegEnded)) == 1
    assert not world.all(LegAnswered)
    await world.end(call)


async def test_a_busy_seat_ends_once(world: World) -> None:
    call = await world.dial()
    ring(world, call, REJECTS)
    await world.wait(LegEnded)
    await world.quiet()
    assert len(world.all(LegEnded)) == 1
    assert not world.all(LegAnswered)
    await world.end(call)


async def test_an_offer_withdrawn_while_ringing_ends_once_unanswered(world: World) -> None:
    call = await world.dial()
    leg = ring(world, call, RINGS)
    await world.wait(LegRinging)
    world.do(c.HangUpLeg(call, leg))
    assert (await world.wait(LegEnded)).leg == leg
    world.do(c.HangUpLeg(call, leg))
    await world.quiet()
    assert len(world.all(LegEnded)) == 1
    assert not world.all(LegAnswered)
    await world.end(call)


async def test_an_offer_withdrawn_at_once_ends_once(world: World) -> None:
    call = await world.dial()
    leg = ring(world, call, ANSWERS)
    world.do(c.HangUpLeg(call, leg))
    assert (await world.wait(LegEnded)).leg == leg
    await world.quiet()
    assert len(world.all(LegEnded)) == 1
    await world.end(call)


async def test_joining_a_line_that_is_gone_fails(world: World) -> None:
    call = await world.dial()
    world.do(c.Answer(call))
    leg = ring(world, call, RINGS)
    await world.wait(LegRinging)
    world.do(c.HangUpLeg(call, leg))
    await world.wait(LegEnded)
    bridge = world.mint(call).bridge()
    world.do(c.Join(call, leg, bridge))
    assert (await world.wait(JoinFailed)).bridge == bridge
    assert not world.all(Joined)
    world.do(c.DropBridge(call, bridge))
    await world.end(call)


async def test_orders_for_a_caller_who_is_gone_are_no_trouble(world: World) -> None:
    call = await world.dial()
    await world.end(call)
    known = len(world.facts)
    world.do(c.Answer(call), c.StartMusic(call), c.StopMusic(call), c.HangUpCall(call))
    play(world, call, SHORT)
    await world.quiet()
    assert world.facts[known:] == []


async def test_a_message_ends_by_itself_once(world: World) -> None:
    call = await world.dial()
    world.do(c.Answer(call))
    message = record(world, call, longest=2)
    assert (await world.wait(MessageRecorded)).message == message
    await world.quiet()
    (told,) = world.all(MessageRecorded)
    assert 1 <= told.seconds <= 4
    await world.end(call)
    assert len(world.all(MessageRecorded)) == 1


async def test_a_message_stopped_at_once_or_late_ends_once_and_the_line_is_free(world: World) -> None:
    call = await world.dial()
    world.do(c.Answer(call))
    for after in (0.0, 0.7):
        world.facts.clear()
        message = record(world, call, longest=60)
        await asyncio.sleep(after)
        world.do(c.StopMessage(call, message))
        world.do(c.StopMessage(call, message))
        name = play(world, call, SHORT)
        assert (await world.wait(MessageRecorded)).message == message
        assert (await world.wait(PromptFinished)) == PromptFinished(call, name, heard=True)
        world.do(c.StopMessage(call, message))
        await asyncio.sleep(1.5)  # longer than anything late may take
        assert len(world.all(MessageRecorded)) == 1
    assert not world.all(CommandFailed)
    await world.end(call)


async def test_a_message_whose_caller_hangs_up_is_told_after_he_left(world: World) -> None:
    call = await world.dial(hang_up_after=3.0)
    world.do(c.Answer(call))
    message = record(world, call, longest=60)
    told = await world.wait(MessageRecorded)
    await world.quiet()
    assert (told.call, told.message) == (call, message)
    assert told.seconds > 0
    assert [fact for fact in world.facts if isinstance(fact, CallerLeft | MessageRecorded)] == [CallerLeft(call), told]


async def test_a_message_of_a_caller_who_is_gone_has_no_sound(world: World) -> None:
    call = await world.dial()
    await world.end(call)
    message = record(world, call, longest=60)
    assert await world.wait(MessageRecorded) == MessageRecorded(call, message, 0.0)
    world.do(c.StopMessage(call, message))
    await world.quiet()
    assert len(world.all(MessageRecorded)) == 1


async def test_what_was_saved_is_found_again(world: World) -> None:
    call = await world.dial()
    world.do(c.Answer(call))
    saved = SavedCall(NUMBER, "138", 1.5, 7, "zh-CN", "normal", tags=("safety", 'a"b;,${x}'))
    leg = ring(world, call, RINGS)
    world.do(c.SaveState(call, saved))
    await world.wait(LegRinging)
    await world.quiet()
    world.facts.clear()
    world.resync()
    found = await world.wait(Resynced)
    assert [(line.call, line.number, line.saved) for line in found.calls] == [(call, NUMBER, saved)]
    assert [(line.leg, line.answered) for line in found.legs] == [(leg, False)]
    world.do(c.HangUpLeg(call, leg))
    await world.wait(LegEnded)
    await world.end(call)


async def test_a_look_shows_the_lines_the_bridges_and_what_sounds(world: World) -> None:
    call = await world.dial()
    world.do(c.Answer(call))
    name = play(world, call, LONG)
    assert (await world.look()).sounding == {name}
    leg = ring(world, call, ANSWERS)
    await world.wait(LegAnswered)
    seen = await world.look()
    assert [(line.call, line.number) for line in seen.calls] == [(call, NUMBER)]
    assert [(line.leg, line.answered, line.agent) for line in seen.legs] == [(leg, True, ANSWERS)]
    assert seen.bridges == set()
    world.do(c.StopPlay(call, name))
    await world.wait(PromptFinished)
    bridge = world.mint(call).bridge()
    world.do(c.Join(call, leg, bridge))
    await world.wait(Joined)
    seen = await world.look()
    assert not seen.sounding
    assert (seen.bridges, seen.deserted) == (frozenset({bridge}), frozenset())
    world.do(c.HangUpLeg(call, leg))
    await world.wait(LegEnded)
    await world.end(call)
    seen = await world.look()
    assert (seen.calls, seen.legs) == ((), ())
    assert seen.bridges == seen.deserted == {bridge}
    world.do(c.DropBridge(call, bridge))
    await world.quiet()
    assert (await world.look()).bridges == set()
