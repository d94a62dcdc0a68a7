"""This file decides what our things are called on Asterisk, and how its answers read. It does not send anything."""

import re
from pathlib import Path

from ivr_engine.ari import models
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.commands import AgentPhone, Destination
from ivr_engine.model.ids import SeatId

MESSAGE_FORMAT = "raw"  # signed linear, one channel; named like the recordings of whole calls
STATE_VARIABLE = "IVR_STATE"
# Sound is mixed even between two: else the recording takes a phone's packets for late ones, see docs/adr/0022.
BRIDGE_TYPE = "mixing,video_sfu"
SEAT_ARGUMENT = "seat"  # the first argument of a line we opened
AGENT_ARGUMENT = "agent"  # the only argument it sends with an agent who has dialled a code
AGENT_CONTEXT = "from-agent"
CALL_BACK_ARGUMENT = "call-back"  # the only argument the dialplan sends with one whom we have rung
CALL_BACK_CONTEXT = "call-back"
APP_VARIABLE = "IVR_APP"  # which engine he is for
EAR_ARGUMENT = "ear"  # the only argument of what a supervisor hears an agent with
CALLER_ARGUMENT = "inbound"  # the first argument the dialplan sends with a caller
DRILL_CONTEXT = "from-drill"  # no trunk leads there, so no caller can be taken for a drill
DRILL_NAME = "DRILL"  # on the phone of an agent who is rung for one

# Q.850 causes; hints for people only, since far ends differ and Asterisk itself errs (issues 963, 1124).
_ENDS = {
    16: LegEnd.HUNG_UP,
    17: LegEnd.BUSY,
    18: LegEnd.NO_ANSWER,
    19: LegEnd.NO_ANSWER,
    20: LegEnd.UNREACHABLE,
    21: LegEnd.REJECTED,
    3: LegEnd.UNREACHABLE,
    27: LegEnd.UNREACHABLE,
}
_CHANNEL_NAME = re.compile(r"PJSIP/(.+)-[0-9a-f]+")
_NOT_A_NUMBER = re.compile(r"[^0-9+]")


def line_out(number: str, trunk: str) -> str:
    """Where Asterisk dials for a number over a trunk."""
    return f"PJSIP/{number}@{trunk}"


def endpoint(to: Destination) -> str:
    """Where Asterisk dials for a seat."""
    if isinstance(to, AgentPhone):
        return f"PJSIP/{to.agent}"
    return line_out(to.number, to.trunk)


def caller_number(text: str) -> str:
    """What may be shown of a caller's number: digits and +, at most 32. The rest is what an attacker would send."""
    return _NOT_A_NUMBER.sub("", text)[:32]


def media(sound: Path) -> str:
    """A sound as Asterisk names it: no extension, it takes the format that fits the line."""
    return f"sound:{sound}"


def leg_end(cause: int) -> LegEnd:
    """A Q.850 cause in our words."""
    return _ENDS.get(cause, LegEnd.FAILED)


def is_code(channel: models.Channel) -> bool:
    """Whether an agent's own phone has dialled a code there: neither a caller nor a line to a seat."""
    return channel.dialplan.context == AGENT_CONTEXT and channel.dialplan.exten.startswith("*")


def is_drill(channel: models.Channel) -> bool:
    """Whether a caller's line came by the drills' own endpoint."""
    return channel.dialplan.context == DRILL_CONTEXT


def shown_caller(caller: str, *, drill: bool) -> str:
    """Who calls, as an agent's phone shows it."""
    number = caller_number(caller)
    return f'"{DRILL_NAME}" <{number}>' if drill else number


def agent_of(channel_name: str) -> SeatId | None:
    """Whose phone a channel named like `PJSIP/1001-0000002a` goes to; a trunk's name reads alike, and is no seat."""
    found = _CHANNEL_NAME.fullmatch(channel_name)
    return SeatId(found[1]) if found else None
