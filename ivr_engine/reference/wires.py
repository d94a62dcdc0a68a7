"""This file decides how metrics and MQTT messages are listed. It knows none of them: it asks."""

from collections.abc import Mapping
from typing import Any, cast, get_args

import msgspec

from ivr_engine.metrics.instruments import describe
from ivr_engine.model.agents import Duty, OrderWord
from ivr_engine.model.causes import LegEnd, Outcome
from ivr_engine.model.crises import EVERYWHERE, ActiveCrisis, CrisisState, Proposal, RunningClock, Scope, Switch
from ivr_engine.model.notices import (
    AlertRaised,
    AlertSent,
    AnyNotice,
    Arrived,
    CallRecord,
    CallShown,
    ClockChanged,
    CrisisChanged,
    CrisisProposed,
    CrisisStateChanged,
    ProposalClosed,
    TroubleKind,
)
from ivr_engine.model.screens import ShownCall
from ivr_engine.mqtt.crises import WORDS
from ivr_engine.mqtt.intake import Intake
from ivr_engine.mqtt.messages import OFFLINE, ONLINE, engine_topic, message
from ivr_engine.reference.markdown import about, code, page, section, table

# --- metrics ----------------------------------------------------------------------------------------------------


def metrics() -> str:
    """Every figure of `/metrics`."""
    rows = [
        (code(one.name), one.kind, ", ".join(map(code, one.labels)), one.help)
        for one in sorted(describe(), key=lambda one: one.name)
    ]
    return page(
        "Metrics · 指标",
        "`GET /metrics`, in Prometheus' text format. Labels hold names of the dialplan and of the code only, never"
        " anything a caller brings along. Alerts on them: [alerts](../howto/alerts.md).",
        table(("name", "kind", "labels", "meaning"), rows),
        section("Values of `outcome`", ", ".join(code(one.value.replace(" ", "_")) for one in Outcome) + "."),
        section("Values of `kind` in `ivr_trouble_total`", ", ".join(code(one.value) for one in TroubleKind) + "."),
    )


# --- MQTT -------------------------------------------------------------------------------------------------------

# A value for each field a notice may have; a field without one here shows as an ellipsis.
_CALL = "hotline-1795323216.0"
_SAMPLES: Mapping[str, Any] = {
    "call": _CALL,
    "at": 1795323225.3,
    "number": "4000000400",
    "caller": "13800000007",
    "flow": "normal",
    "step": "main",
    "understood": True,
    "queue": "urgent",
    "ahead": 0,
    "pool": "local",
    "seat": "1001",
    "overflow": False,
    "since_queued": 0.012,
    "cause": LegEnd.NO_ANSWER,
    "waited": 0.527,
    "record": CallRecord(
        call=cast("Any", _CALL),
        number="4000000400",
        caller="13800000007",
        flow="normal",
        outcome=Outcome.ANSWERED,
        arrived_at=1795323216.2,
        ended_at=1795323229.8,
        queue=cast("Any", "urgent"),
        enqueued_at=1795323225.3,
        connected_at=1795323225.8,
        pool=cast("Any", "local"),
        seat=cast("Any", "1001"),
        offers=1,
        tags=("safety",),
        steps=cast("Any", ("hello", "main", "main.1")),
    ),
    "agent": "1001",
    "duty": Duty("paused", "li.wei", "午餐", 1795323225.3),
    "ready": 2,
    "ringing": 0,
    "talking": 1,
    "wrap_up": 0,
    "offline": 0,
    "paused": 1,
    "signed_out": 0,
    "waiting": 1,
    "oldest_since": 1795323225.3,
    "profile": "recall",
    "by": "li.wei",
    "reason": "recall notice",
    "version": "9c2f4e8a1b07",
    "before": "485cc8364feb",
    "state": "on",
    "percent": 10,
    "why": "",
    "calls": 40,
    "left_in_menu": 5,
    "other_calls": 371,
    "other_left_in_menu": 44,
    "p_value": 0.81,
    "up": True,
    "adopted": 0,
    "lost": 0,
    "estimate": 42.5,
    "what": "join failed",
    "to": "13800000007",
    "wish": f"{_CALL}.wish4",
    "since": 1795323220.2,
    "message": f"{_CALL}.message-urgent-3",
    "seconds": 12.4,
    "tries": 1,
    "again": False,
}
_ALERT: Mapping[str, Any] = {
    "alert": "recall-1795323216-verify-overdue",
    "kind": "clock overdue",
    "title": "Recall, critical: the facts are not verified",
    "text": "# Situation\n…",
    "profile": "recall",
    "level": "critical",
}
_AT = 1795323225.3
_CRISIS = ActiveCrisis("recall", "major", EVERYWHERE, "li.wei", "recall notice", _AT, _AT)
_CLOCK = RunningClock("recall", "核实", "major", _AT, _AT + 600)
_PROPOSAL = Proposal("3", Switch("recall", level="major"), "li.wei", "recall notice", _AT, _AT + 600, other=True)
_OWN: Mapping[Any, Mapping[str, Any]] = {  # samples of single notices, where a word means something else there
    AlertRaised: {**_ALERT, "to": ("duty",)},
    AlertSent: {**_ALERT, "to": "138****0007", "messenger": "duty-sms", "ok": True},
    CrisisStateChanged: {"state": CrisisState((_CRISIS,), clocks=(_CLOCK,))},
    CrisisChanged: {
        "on": True,
        "level": "major",
        "scope": Scope(regions=("广东",)),
        "until": None,
        "active": ("recall",),
    },
    CrisisProposed: {"proposal": _PROPOSAL},
    ProposalClosed: {"proposal": _PROPOSAL, "outcome": "confirmed", "by": "zhang.san"},
    ClockChanged: {"clock": _CLOCK, "state": "begun", "do": "核实批次"},
}
_SHOWN = ShownCall(
    call=cast("Any", _CALL),
    caller="13800000007",
    number="4000000400",
    queue=cast("Any", "urgent"),
    pool=cast("Any", "local"),
    language="zh-CN",
    waiting_since=1795323225.3,
    tags=("safety",),
    region="江苏省连云港市",
    calls_in_24h=2,
    last_agent=cast("Any", "1002"),
    values={"tier": "gold"},
    authority={"退款": "200 元以内"},
    script="您好，请问产品的批号是多少？",
)
_SAYS = {Arrived: "A caller is here."}  # its docstring warns programmers of the plain number
_PLACES = {"call": "<call>", "pool": "<pool>", "agent": "<agent>", "queue": "<queue>"}


def mqtt() -> str:
    """Every topic with an example."""
    topic, online, offline = engine_topic("ivr"), ONLINE.decode(), OFFLINE.decode()
    engine = section(
        code(topic),
        "Whether the engine runs. Retained. When it dies, the broker says so in its place (last will).",
        f"```json\n{online}\n{offline}\n```",
    )
    return page(
        "MQTT topics · MQTT 主题",
        "`ivr` is the prefix of the settings (`mqtt.prefix`). A *retained* message is a state: who subscribes gets the"
        " present one at once (QoS 1). The others tell what just happened and are sent once (QoS 0). Times are seconds"
        " since 1970. Callers' numbers are masked.",
        engine,
        _commands(),
        *(part for kind in get_args(AnyNotice) if (part := _topic(kind))),
    )


def _commands() -> str:
    commands, signals = Intake("ivr", cast("Any", None)).topics
    topic, reply = commands.replace("#", "agents/<agent>"), "ivr/reply/agents/<agent>"
    told = '{"order": "pause", "reason": "午餐", "by": "li.wei", "id": "7"}'
    said = '{"ok":true,"id":"7","agent":"1001","pool":"local","at":1795323225.3,"state":"paused","duty":{…}}'
    return (
        section(
            code(topic),
            "Tells an agent what to do; who may, is for the broker to say. Not retained: a retained one is refused, for"
            f" it would be carried out whenever the engine connects. The answer is on {code(reply)} (QoS 1):"
            " the agent's state, or `ok` false with `cause` and `remedy`. `order` is one of "
            + ", ".join(code(word) for word in get_args(OrderWord))
            + "; `seconds` goes with `extend rest`, `to` with `transfer`, `consult`, `listen`, `whisper` and `barge`,"
            " `code` with `dispose`; the others may be left out.",
            f"```json\n{told}\n```\n```json\n{said}\n```",
        )
        + section(
            code(commands.replace("#", "crisis/<word>")),
            "Orders something of a crisis; `<word>` is one of "
            + ", ".join(map(code, WORDS))
            + ". The fields are those of"
            " [`/api/crisis`](api.md), and `proposal` for `confirm` and `reject`; `id` comes back. Who may publish here"
            " may order: the broker says who that is, and `by` is what he says. Not retained. The answer is on"
            " `ivr/reply/crisis/<word>`: how it stands then, or `ok` false with `cause` and `remedy`.",
            '```json\n{"profile": "recall", "level": "major", "by": "li-wei", "reason": "batch 7", "id": "7"}\n```',
        )
        + section(
            code(signals.replace("+", "<name>")),
            "Tells triggers of something: an object, a bare number (how many) or words. Told again under the same `id`"
            " it counts once; without `id` each message counts. Not retained. Answered on `ivr/reply/signal/<name>`.",
            '```json\n{"id": "post-4711", "source": "monitor", "count": 3, "text": "电水壶漏电"}\n3\n```',
        )
    )


def _topic(kind: Any) -> str:
    shown: Mapping[str, Any] = {"call": _SHOWN} if kind is CallShown else _OWN.get(kind, {})
    samples, places = {**_SAMPLES, **shown}, {**_PLACES, **shown}
    said = message("ivr", kind(**_filled(kind, samples)))
    placed = message("ivr", kind(**_filled(kind, {**samples, **places})))
    if said is None or placed is None:
        return ""
    retained = "Retained." if said.retain else "Not retained."
    return section(
        code(placed.topic), f"{_SAYS.get(kind) or about(kind)} {retained}", f"```json\n{said.payload.decode()}\n```"
    )


def _filled(kind: Any, samples: Mapping[str, Any]) -> dict[str, Any]:
    return {one.name: samples.get(one.name, "…") for one in msgspec.structs.fields(kind)}
