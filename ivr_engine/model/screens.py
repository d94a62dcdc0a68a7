"""This file decides what an agent sees of a call before he answers it. It does not know what he sees it on."""

from collections.abc import Mapping

import msgspec

from ivr_engine.model.ids import CallId, PoolName, QueueName, SeatId, mask_number
from ivr_engine.model.stages import Notice


class ShownCall(msgspec.Struct, frozen=True):
    """A call on an agent's screen. Times are seconds since 1970. `values` are none that is secret."""

    call: CallId
    caller: str
    number: str  # that he dialled
    queue: QueueName
    pool: PoolName  # of the seat that rings
    language: str
    waiting_since: float
    tags: tuple[str, ...] = ()
    region: str = ""
    calls_in_24h: int = 1  # this one too
    last_agent: SeatId | None = None  # whom he talked to in an earlier call
    values: Mapping[str, str] = {}  # what lookups and steps have kept of him
    authority: Mapping[str, str] = {}  # what the agent may promise in this queue
    script: str = ""  # what he may say
    drill: bool = False  # a rehearsal: nobody needs help


class CallShown(Notice, frozen=True):
    """The call an agent is rung for, or has; None: none any more. The caller's number only as the settings say."""

    agent: SeatId
    at: float
    call: ShownCall | None


def masked(shown: CallShown) -> CallShown:
    """The same without the caller's whole number, wherever it stands."""
    call = shown.call
    if call is None:
        return shown
    number = mask_number(call.caller)
    values = {name: value.replace(call.caller, number) for name, value in call.values.items()} if call.caller else {}
    hidden = msgspec.structs.replace(call, caller=number, values=values or call.values)
    return msgspec.structs.replace(shown, call=hidden)
