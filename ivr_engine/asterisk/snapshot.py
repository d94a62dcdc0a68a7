"""This file decides what is found on Asterisk after a time of blindness. It does not know what follows from it."""

import asyncio

import msgspec

from ivr_engine.ari import AriClient, AriRefused, NotFound, models
from ivr_engine.asterisk import names
from ivr_engine.model.events import FoundCall, FoundLeg, PhonesSeen, Resynced
from ivr_engine.model.ids import BridgeId, CallId, LegId, PoolName, SeatId, is_leg
from ivr_engine.model.saved import SavedCall
from ivr_engine.regions import region_of

_TECHNOLOGY = "PJSIP"


async def take_snapshot(ari: AriClient, app: str) -> Resynced:
    """All lines and bridges of our application. Raises AriError."""
    ours = await ari.applications.get(app)
    channels = {channel.id: channel for channel in await ari.channels.list()}
    mine = [channels[channel] for channel in ours.channel_ids if channel in channels]
    callers = [channel for channel in mine if not is_leg(channel.id) and not names.is_code(channel)]
    calls = await asyncio.gather(*(_found(ari, channel) for channel in callers))
    legs = tuple(
        FoundLeg(LegId(line.id), line.state == "Up", names.agent_of(line.name)) for line in mine if is_leg(line.id)
    )
    return Resynced(tuple(calls), legs, frozenset(BridgeId(bridge) for bridge in ours.bridge_ids))


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
    """Lines of agents who have dialled a code that nobody will answer any more. Raises AriError."""
    ours = await ari.applications.get(app)
    return tuple((await _codes(ari)).intersection(ours.channel_ids))


async def _codes(ari: AriClient) -> frozenset[str]:
    return frozenset(channel.id for channel in await ari.channels.list() if names.is_code(channel))


async def _found(ari: AriClient, channel: models.Channel) -> FoundCall:
    caller = names.caller_number(channel.caller.number)
    saved = await _saved(ari, channel.id)
    return FoundCall(CallId(channel.id), channel.dialplan.exten, caller, saved, region_of(caller))


async def _saved(ari: AriClient, channel: str) -> SavedCall | None:
    try:
        variable = await ari.channels.get_channel_var(channel, variable=names.STATE_VARIABLE)
        return msgspec.json.decode(variable.value, type=SavedCall)
    except NotFound:
        return None  # nothing was written yet: the call begins anew
    except (AriRefused, msgspec.DecodeError, UnicodeDecodeError):
        return None  # written by an engine we do not understand: begin anew rather than lose him
