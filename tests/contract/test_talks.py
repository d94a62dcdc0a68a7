"""Who is in which bridge while two talk, or three, or a supervisor listens: against the simulated and the real one."""

import pytest

from ivr_engine.model import commands as c
from ivr_engine.model.events import CallArrived, CommandFailed, Joined, LegAnswered, LegEnded, LegPressed
from ivr_engine.model.ids import BridgeId, CallId, LegId
from tests.contract.worlds import ANSWERS, CARRIER, PRESSES, World

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def ring(world: World, call: CallId, to: c.Destination) -> LegId:
    """A line that has been picked up."""
    leg = world.mint(call).leg()
    world.do(c.RingSeat(call, leg, to, "13800000000", 20))
    await world.wait(LegAnswered, lambda fact: fact.leg == leg)
    return leg


async def talk(world: World) -> tuple[CallId, LegId, BridgeId]:
    """A caller and an agent who talk."""
    call = await world.dial()
    world.do(c.Answer(call))
    leg = await ring(world, call, c.AgentPhone(ANSWERS))
    bridge = world.mint(call).bridge()
    world.do(c.Join(call, leg, bridge, keys_stay=True))
    await world.wait(Joined)
    await world.until_in(bridge, call, leg)
    return call, leg, bridge


async def third(world: World, call: CallId) -> LegId:
    """Somebody else who has picked up."""
    return await ring(world, call, c.TrunkLine(CARRIER, "110"))


async def end(world: World, call: CallId, bridge: BridgeId, *legs: LegId) -> None:
    """All hang up; nothing that was ordered was refused, and nobody came who did not call."""
    world.do(*(c.HangUpLeg(call, leg) for leg in legs))
    for leg in legs:
        await world.wait(LegEnded, lambda fact, leg=leg: fact.leg == leg)  # type: ignore[misc]
    world.do(c.DropBridge(call, bridge))
    await world.end(call)
    await world.until_in(bridge)
    await world.quiet()
    assert not world.all(CommandFailed)
    assert len(world.all(CallArrived)) == 1


async def test_a_caller_is_taken_out_and_put_back_as_often_as_is_ordered(world: World) -> None:
    call, leg, bridge = await talk(world)
    world.do(c.TakeOut(call, bridge), c.StartMusic(call), c.TakeOut(call, bridge), c.StartMusic(call))
    await world.until_in(bridge, leg)
    world.do(c.StopMusic(call), c.PutBack(call, bridge), c.PutBack(call, bridge))
    await world.until_in(bridge, call, leg)
    await world.quiet()
    await world.until_in(bridge, call, leg)
    await end(world, call, bridge, leg)


async def test_two_talk_alone_and_then_the_third_and_the_caller(world: World) -> None:
    call, leg, bridge = await talk(world)
    world.do(c.TakeOut(call, bridge), c.StartMusic(call))
    other = await third(world, call)
    world.do(c.AddLine(call, other, bridge), c.AddLine(call, other, bridge))
    await world.until_in(bridge, leg, other)
    world.do(c.HangUpLeg(call, leg))
    await world.wait(LegEnded)
    world.do(c.StopMusic(call), c.PutBack(call, bridge))
    await world.until_in(bridge, call, other)
    await end(world, call, bridge, other)


async def test_three_talk_and_each_may_go(world: World) -> None:
    call, leg, bridge = await talk(world)
    other = await third(world, call)
    world.do(c.AddLine(call, other, bridge))
    await world.until_in(bridge, call, leg, other)
    world.do(c.HangUpLeg(call, other))
    await world.until_in(bridge, call, leg)
    await end(world, call, bridge, leg)


async def test_who_listens_is_in_a_bridge_of_his_own_until_he_comes_in(world: World) -> None:
    call, leg, bridge = await talk(world)
    other = await third(world, call)
    for whisper in (False, True):
        ear, own = world.mint(call).ear(), world.mint(call).bridge()
        world.do(c.Listen(call, other, leg, own, ear, whisper))
        await world.until_in(own, other, ear)
        await world.until_in(bridge, call, leg)
        world.do(c.StopListening(call, ear, own), c.StopListening(call, ear, own))
        await world.until_in(own)
    world.do(c.AddLine(call, other, bridge))
    await world.until_in(bridge, call, leg, other)
    await end(world, call, bridge, leg, other)


async def test_what_hears_a_line_is_gone_with_it_and_one_that_is_gone_is_not_heard(world: World) -> None:
    call, leg, bridge = await talk(world)
    other = await third(world, call)
    ear, own = world.mint(call).ear(), world.mint(call).bridge()
    world.do(c.Listen(call, other, leg, own, ear))
    await world.until_in(own, other, ear)
    world.do(c.HangUpLeg(call, leg))
    await world.until_in(own, other)
    world.do(c.StopListening(call, ear, own))
    world.do(c.Listen(call, other, leg, world.mint(call).bridge(), world.mint(call).ear()))
    await world.quiet()
    await end(world, call, bridge, other)


async def test_a_look_at_everything_ends_what_hears_a_line(world: World) -> None:
    call, leg, bridge = await talk(world)
    other = await third(world, call)
    ear, own = world.mint(call).ear(), world.mint(call).bridge()
    world.do(c.Listen(call, other, leg, own, ear))
    await world.until_in(own, other, ear)
    world.resync()
    await world.until_in(own, other)
    world.do(c.DropBridge(call, own))
    await end(world, call, bridge, leg, other)


async def test_an_agents_keys_in_a_bridge_are_told(world: World) -> None:
    call = await world.dial()
    world.do(c.Answer(call))
    leg = await ring(world, call, c.AgentPhone(PRESSES))
    bridge = world.mint(call).bridge()
    world.do(c.Join(call, leg, bridge, keys_stay=True))
    await world.wait(LegPressed, lambda fact: fact.digit == "#")
    assert [fact.digit for fact in world.all(LegPressed)] == ["1", "#"]
    world.do(c.HangUpLeg(call, leg), c.DropBridge(call, bridge))
    await world.end(call)
