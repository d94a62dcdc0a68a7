"""This file decides who calls in a measurement and what they do. It does not know who takes the calls.

The two kinds of call have the same beginning: a greeting, then a menu that takes longer than the caller stays in it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ivr_engine.stand.media import MediaScript
from ivr_engine.stand.phone_log import AgentEvidence, CallResult
from ivr_engine.stand.phones import CallPlan, SeatPlan

NUMBER = "4000000400"
ANSWER, QUEUE = "answer", "queue"
KINDS = {
    ANSWER: "greeting and menu, caller hangs up after 4 s",
    QUEUE: "greeting, key 1 in the menu, queue, agent, 1 s of talk, agent hangs up",
}
_STAYS = 4.0
_TALK = 1.0
_INTO_THE_MENU = 1.0  # seconds after the greeting's end
_LONGEST = 30.0
# SIPp sends a script's first packet at once, whatever its time. A key pressed in the greeting means nothing.
_HARMLESS = (0.0, "9")
_ONE_FRAME = MediaScript(None, 0.02)
_USER = re.compile(r"sip:(\d+)@")


@dataclass(frozen=True, slots=True)
class Load:
    """How many calls, how many of them a second, and whether callers send sound all the time."""

    calls: int
    rate: float
    voice: bool = False


def caller_plan(kind: str, prefix: str, greeting_s: float, *, voice: bool) -> CallPlan:
    """What each caller does. `greeting_s` is how long the greeting lasts."""
    if kind == ANSWER:
        sound = MediaScript(None, _STAYS + 1.0) if voice else _ONE_FRAME
        return CallPlan(NUMBER, prefix, sound, hang_up_after=_STAYS, longest_s=_LONGEST)
    key = (round(greeting_s + _INTO_THE_MENU, 2), "1")
    return CallPlan(NUMBER, prefix, MediaScript(None, key[0] + 4.0, (_HARMLESS, key), events_only=not voice))


def seat_plan(agent: str, password: str) -> SeatPlan:
    """What each agent does: answers at once, hangs up soon."""
    return SeatPlan(agent, MediaScript(1540, 2.0), password, ring_s=0.0, talk_s=_TALK)


def key_to_invite(plan: CallPlan, callers: Iterable[CallResult], agents: Iterable[AgentEvidence]) -> list[float]:
    """Seconds from the release of the caller's last key to the INVITE at an agent's phone, by both SIPps' clocks."""
    if not plan.voice.presses:
        return []
    released = plan.voice.released_at(-1)
    invited = first_invites(agents)
    found = []
    for caller in callers:
        # SIPp's own Call-ID begins with the count of the call, and so does the caller's number end.
        number = plan.caller + caller.call_id.partition("-")[0]
        if caller.answered_at is not None and number in invited:
            found.append(invited[number] - caller.answered_at - released)
    return found


def first_invites(agents: Iterable[AgentEvidence]) -> Mapping[str, float]:
    """When each caller's number was first seen at an agent's phone."""
    invited: dict[str, float] = {}
    for agent in agents:
        for call in agent.calls:
            user = _USER.search(call.far_party)
            if user and call.started_at is not None:
                invited[user[1]] = min(call.started_at, invited.get(user[1], call.started_at))
    return invited
