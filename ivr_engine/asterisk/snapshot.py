"""This file decides what is found on Asterisk after a time of blindness. It does not know what follows from it."""

import asyncio
from collections.abc import Iterable

import msgspec

from ivr_engine.ari import AriClient, AriRefused, NotFound, models
from ivr_engine.asterisk import names
from ivr_engine.model.events import PhonesSeen, Resynced
from ivr_engine.model.found import FoundCall, FoundLeg
from ivr_engine.model.ids import BridgeId, CallId, LegId, PoolName, SeatId, is_call_back, is_ear, is_leg
from ivr_engine.model.saved import SavedCall
from ivr_engine.regions import region_of

_TECHNOLOGY = "PJSIP"


async def take_snapshot(ari: AriClient, app: str) -> Resynced:
    """All lines and bridges of our application. Raises AriError."""
    ours, mine = await lines_of(ari, app)
    calls = await asyncio.gather(*(find_call(ari, channel) for channel in callers_in(mine)))
    return Resynced(tuple(calls), legs_in(mine), frozenset(BridgeId(bridge) for bridge in ours.bridge_ids))


async def lines_of(ari: AriClient, app: str) -> tuple[models.Application, list[models.Channel]]:
    """What our application has, and those channels of it that there are. Raises AriError."""
    ours = await ari.applications.get(app)
    channels = {channel.id: channel for channel in await ari.channels.list()}
    return ours, [channels[channel] for channel in ours.channel_ids if channel in channels]


def callers_in(mine: Iterable[models.Channel]) -> list[models.Channel]:
    """Those of our channels that are callers' lines."""
    return [line for line in mine if not is_leg(line.id) and not is_ear(line.id) and not names.is_code(line)]


def legs_in(mine: Iterable[models.Channel]) -> tuple[FoundLeg, ...]:
    """Those of our channels that are lines to seats."""
    legs = (line for line in mine if is_leg(line.id))
    return tuple(FoundLeg(LegId(line.id), line.state == "Up", names.agent_of(line.name)) for line in legs)


async def see_phones(ari: AriClient, agents: frozenset[SeatId], trunks: frozenset[PoolName]) -> PhonesSeen:
    """Which of our agents' phones and trunks can be reached. Raises AriError.

    An agent with a line that no engine opened talks to a caller of the fallback: he is out of reach until it ends.
    One who dials a code is not.
    """
    phones = [phone for phone in await ari.endpoints.list_by_tech(_TECHNOLOGY) if phone.state == "online"]
    online = {phone.resource for phone in phones}
    ours = {phone.resource: [line for line in phone.channel_ids if not is_leg(line)] for phone in phones}
    codes = await _codes(ari) if any(ours[agent] for agent in agents & ours.keys()) else frozenset()
    free = {agent for agent, lines in ours.items() if codes.issuperset(lines)}
    return PhonesSeen(
        agents=frozenset(agent for agent in agents if agent in free),
        trunks=frozenset(trunk for trunk in trunks if trunk in online),
    )


async def codes_left(ari: AriClient, app: str) -> tuple[str, ...]:
    """Lines of agents who have dialled a code that nobody will answer any more, and ears for nobody. Raises AriError.

    Nobody listens to an agent through a time of blindness.
    """
    ours = await ari.applications.get(app)
    ears = {channel for channel in ours.channel_ids if is_ear(channel)}
    return tuple((await _codes(ari)).intersection(ours.channel_ids) | ears)


async def _codes(ari: AriClient) -> frozenset[str]:
    return frozenset(channel.id for channel in await ari.channels.list() if names.is_code(channel))


async def find_call(ari: AriClient, channel: models.Channel, *, read: bool = True) -> FoundCall:
    """A caller's line as it is; `read`: with what is written on it. Raises AriError."""
    caller = names.caller_number(channel.caller.number)
    call = CallId(channel.id)
    is_there = channel.state == "Up" or not is_call_back(call)
    saved = await _saved(ari, channel.id) if is_there and read else None
    drill = names.is_drill(channel)
    return FoundCall(call, channel.dialplan.exten, caller, saved, region_of(caller), is_there=is_there, drill=drill)


async def _saved(ari: AriClient, channel: str) -> SavedCall | None:
    try:
        variable = await ari.channels.get_channel_var(channel, variable=names.STATE_VARIABLE)
        return msgspec.json.decode(variable.value, type=SavedCall)
    except NotFound:
        return None  # nothing was written yet: the call begins anew
    except (AriRefused, msgspec.DecodeError, UnicodeDecodeError):
        return None  # written by an engine we do not understand: begin anew rather than lose him
