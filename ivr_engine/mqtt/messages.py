"""This file decides which topic a notice goes to and what is said there. It does not know the broker.

Topics, under a prefix: `pools/<pool>`, `pools/<pool>/health`, `agents/<agent>`, `agents/<agent>/call`,
`queues/<queue>`, `overflow/<queue>/<pool>`, `crisis`, `dialplan`, `canary`, `link`, `engine` hold the state that is
true now (retained); `calls/<call>/<stage>` tells what just happened, `messages/<queue>` and `callbacks/<queue>` what a
caller has just left for its people, `alert/raised` and `alert/sent` what people were to be told, and how that went (not
retained). Callers' numbers are masked, on agents' screens unless the settings say otherwise. What is told of
drill calls stands under `drill/` in the same way.
"""

import re
from typing import Any

import msgspec

from ivr_engine.model import notices
from ivr_engine.model.ids import mask_number
from ivr_engine.model.screens import masked

ONLINE = b'{"state":"online"}'
OFFLINE = b'{"state":"offline"}'

STAGES: dict[type[notices.CallStage], str] = {
    notices.Arrived: "arrived",
    notices.StepEntered: "step",
    notices.KeyPressed: "key",
    notices.Queued: "queued",
    notices.Offered: "offered",
    notices.Ringing: "ringing",
    notices.OfferEnded: "offer-ended",
    notices.Connected: "connected",
    notices.ArmTaken: "arm",
    notices.Transferred: "transferred",
    notices.Held: "held",
    notices.SecondLine: "second-line",
    notices.HandedOn: "handed-on",
    notices.Listened: "listened",
    notices.Disposed: "disposed",
    notices.Ended: "ended",
    notices.Moved: "moved",
    notices.Announced: "announced",
}
_STATES: dict[type[notices.Notice], str] = {
    notices.CrisisStateChanged: "crisis",
    notices.DialplanChanged: "dialplan",
    notices.CanaryChanged: "canary",
    notices.LinkChanged: "link",
}
_OF_NAME: dict[type[notices.Notice], str] = {
    notices.PoolChanged: "pools",
    notices.AgentChanged: "agents",
    notices.QueueChanged: "queues",
}
_LEFT: dict[type[notices.Notice], str] = {
    notices.MessageLeft: "messages",
    notices.CallBackRequested: "callbacks",
    notices.CallBackTried: "called-back",
}
_ALERTS: dict[type[notices.Notice], str] = {
    notices.AlertRaised: "alert/raised",
    notices.AlertSent: "alert/sent",
}
_OF_CRISES: dict[type[notices.Notice], str] = {
    notices.CrisisChanged: "switched",
    notices.CrisisProposed: "proposed",
    notices.ProposalClosed: "closed",
    notices.ClockChanged: "clock",
    notices.StatusChanged: "status",
    notices.ArmChanged: "arm",
    notices.TriggerChanged: "trigger",
}
_NUMBERS = {"caller", "to"}
_NOT_IN_A_TOPIC = re.compile(r"[/+#\x00-\x1f]")


class Message(msgspec.Struct, frozen=True):
    """What is sent. A retained message is a state: only the latest of its topic counts. `sure`: it must arrive."""

    topic: str
    payload: bytes
    retain: bool
    sure: bool = False


def message(prefix: str, notice: notices.AnyNotice, *, whole_numbers: bool = False) -> Message | None:
    """The message that tells a notice; None for one that is not for the outside. `whole_numbers`: on screens."""
    if isinstance(notice, notices.CallShown) and not whole_numbers:
        notice = masked(notice)
    topic = _state_topic(notice)
    if topic is not None:
        return _state(f"{prefix}/{topic}", notice)
    match notice:
        case notices.MessageLeft() | notices.CallBackRequested() | notices.CallBackTried():
            topic = f"{prefix}/{_LEFT[type(notice)]}/{_level(notice.queue)}"
            return Message(topic, msgspec.json.encode(_plain(notice)), retain=False)
        case notices.CallStage():
            return _stage(prefix, notice)
        case notices.AlertRaised() | notices.AlertSent():  # whom they are to is a group, or masked already
            said = _without_type(notice)
            return Message(f"{prefix}/{_ALERTS[type(notice)]}", msgspec.json.encode(said), retain=False)
    if type(notice) in _OF_CRISES:
        topic = f"{prefix}/crisis/{_OF_CRISES[type(notice)]}"
        return Message(topic, msgspec.json.encode(_plain(notice)), retain=False, sure=True)
    return None  # free text, for the log of this machine; said to who asked; seen in the agent's own state


def engine_topic(prefix: str) -> str:
    """Where it is told whether the engine runs."""
    return f"{prefix}/engine"


def drill_prefix(prefix: str) -> str:
    """What begins the topics of what is told of drill calls."""
    return f"{prefix}/drill"


def _state_topic(notice: notices.AnyNotice) -> str | None:
    """Where a notice of how something is now goes, below the prefix; None for any other."""
    match notice:
        case notices.PoolChanged(pool=name) | notices.AgentChanged(agent=name) | notices.QueueChanged(queue=name):
            return f"{_OF_NAME[type(notice)]}/{_level(name)}"
        case notices.CallShown(agent=name):
            return f"agents/{_level(name)}/call"
        case notices.PoolHealthChanged(pool=name):
            return f"pools/{_level(name)}/health"
        case notices.OverflowChanged(queue=queue, pool=pool):
            return f"overflow/{_level(queue)}/{_level(pool)}"
    return _STATES.get(type(notice))


def _state(topic: str, notice: notices.AnyNotice) -> Message:
    return Message(topic, msgspec.json.encode(_plain(notice)), retain=True)


def _stage(prefix: str, notice: notices.CallStage) -> Message:
    stage = STAGES[type(notice)]
    said = {"stage": stage, **_plain(notice)}
    return Message(f"{prefix}/calls/{_level(notice.call)}/{stage}", msgspec.json.encode(said), retain=False)


def _plain(notice: notices.Notice) -> dict[str, Any]:
    plain = _without_type(notice)
    for part in (plain, plain.get("record") or {}):
        for number in part.keys() & _NUMBERS:
            part[number] = mask_number(part[number])
    return plain


def _without_type(notice: notices.Notice) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(notice)
    del plain["type"]
    return plain


def _level(name: str) -> str:
    """A name as one level of a topic."""
    return _NOT_IN_A_TOPIC.sub("_", name)
