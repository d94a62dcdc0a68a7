"""This file decides what an agent can be told to do, and how he stands by it. It does not know who tells him, or how.

The same words are typed in the shell, sent over HTTP and MQTT, and dialled on an agent's phone.
"""

from typing import Annotated, Literal

import msgspec

from ivr_engine.model.plain import PLAIN, Name

OrderWord = Literal["ready", "pause", "sign in", "sign out", "end rest", "extend rest"]
DutyWord = Literal["on duty", "paused", "signed out"]

LONGEST_MORE_REST = 3600.0  # seconds that one order may add to a rest

# What an agent dials on his own phone, before his PIN if he needs one.
PHONE_CODES: dict[str, OrderWord] = {"*51": "ready", "*52": "pause", "*53": "sign out", "*54": "end rest"}
PIN_DIGITS = 6

Reason = Annotated[str, msgspec.Meta(max_length=500, pattern=PLAIN)]
MoreRest = Annotated[float, msgspec.Meta(gt=0, le=LONGEST_MORE_REST)]


class Duty(msgspec.Struct, frozen=True):
    """Whether an agent takes calls, by whose order, why, and since when (seconds since 1970)."""

    word: DutyWord
    by: str = ""
    reason: str = ""
    since: float | None = None


class AgentOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an agent is told to do. `seconds` is how much longer he rests, and belongs to `extend rest` alone."""

    order: OrderWord
    by: Name
    reason: Reason = ""
    seconds: MoreRest | None = None


def contradiction(order: AgentOrder) -> str | None:
    """What does not fit together in an order, with the remedy; None if it can be told to the core."""
    if order.order == "extend rest" and order.seconds is None:
        return "`extend rest` does not say by how much: add `seconds`, for instance 60"
    if order.order != "extend rest" and order.seconds is not None:
        return f"`seconds` does not belong to `{order.order}`: leave it out, or order `extend rest`"
    return None
