"""This file decides what an agent can be told to do, and how he stands by it. It does not know who tells him, or how.

The same words are typed in the shell, sent over HTTP and MQTT, and dialled on an agent's phone.
"""

from typing import Annotated, Literal

import msgspec

from ivr_engine.model.plain import PLAIN, Name

DutyOrder = Literal["ready", "pause", "sign in", "sign out"]
TalkOrder = Literal["hold", "resume", "transfer", "consult", "complete", "cancel", "conference", "escalate", "dispose"]
ListenOrder = Literal["listen", "whisper", "barge"]
OrderWord = Literal[DutyOrder, "end rest", "extend rest", TalkOrder, ListenOrder]
DutyWord = Literal["on duty", "paused", "signed out"]

LONGEST_MORE_REST = 3600.0  # seconds that one order may add to a rest

# What an agent dials on his own phone, before his PIN if he needs one. Behind `*55` comes how his last call went.
PHONE_CODES: dict[str, OrderWord] = {
    "*51": "ready",
    "*52": "pause",
    "*53": "sign out",
    "*54": "end rest",
    "*55": "dispose",
}
PIN_DIGITS = 6

# What he presses while he talks. Those that need a number go on to #: `*21002#`. *1 also takes the caller back.
TALK_CODES: dict[str, TalkOrder] = {
    "*0": "escalate",
    "*1": "hold",
    "*2": "consult",
    "*3": "complete",
    "*4": "conference",
    "*5": "cancel",
    "*6": "transfer",
    "*7": "dispose",
}
WITH_A_NUMBER: frozenset[OrderWord] = frozenset({"consult", "transfer", "dispose"})

Reason = Annotated[str, msgspec.Meta(max_length=500, pattern=PLAIN)]
Party = Annotated[str, msgspec.Meta(max_length=64, pattern=PLAIN)]
Disposition = Annotated[str, msgspec.Meta(max_length=64, pattern=PLAIN)]
MoreRest = Annotated[float, msgspec.Meta(gt=0, le=LONGEST_MORE_REST)]


class Duty(msgspec.Struct, frozen=True):
    """Whether an agent takes calls, by whose order, why, and since when (seconds since 1970)."""

    word: DutyWord
    by: str = ""
    reason: str = ""
    since: float | None = None


class AgentOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an agent is told to do. `seconds` is how much longer he rests, and belongs to `extend rest` alone.

    `to` is the agent, queue, pool or somebody outside that a caller is transferred to, or who is consulted; or the
    agent to whom a supervisor listens. `code` says how a call went, for `dispose`.
    """

    order: OrderWord
    by: Name
    reason: Reason = ""
    seconds: MoreRest | None = None
    to: Party = ""
    code: Disposition = ""


_WITH_TO: frozenset[OrderWord] = frozenset({"transfer", "consult", "listen", "whisper", "barge"})


def contradiction(order: AgentOrder) -> str | None:
    """What does not fit together in an order, with the remedy; None if it can be told to the core."""
    if order.order == "extend rest" and order.seconds is None:
        return "`extend rest` does not say by how much: add `seconds`, for instance 60"
    if order.order != "extend rest" and order.seconds is not None:
        return f"`seconds` does not belong to `{order.order}`: leave it out, or order `extend rest`"
    return _lacking(order)


def _lacking(order: AgentOrder) -> str | None:
    takes_to, takes_code = order.order in _WITH_TO, order.order == "dispose"
    if order.to and not takes_to:
        return f"`to` does not belong to `{order.order}`: leave it out"
    if order.code and not takes_code:
        return f"`code` does not belong to `{order.order}`: leave it out, or order `dispose`"
    if order.order in ("transfer", "consult") and not order.to:
        return f"`{order.order}` does not say to whom: add `to`, an agent, a queue, a pool or a destination"
    if takes_code and not order.code:
        return "`dispose` does not say how the call went: add `code`, one of its queue's `dispositions`"
    return None
