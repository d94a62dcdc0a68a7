"""This file decides how the paths of the web are listed. It knows none of them: it asks."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

import msgspec

from ivr_engine.model.agents import AgentOrder
from ivr_engine.model.crisis_orders import ClockDone, CrisisNow, CrisisOrder, Deed, ProposalAnswer, Signal
from ivr_engine.model.notices import AgentChanged, ArmChanged, PoolChanged, QueueChanged
from ivr_engine.model.past import FiguresAsked
from ivr_engine.model.screens import ShownCall
from ivr_engine.model.situation import Situation
from ivr_engine.reference.markdown import about, code, page, remarks, section, table
from ivr_engine.web.desk import (
    ArmOrder,
    CanaryOrder,
    Desk,
    DialplanState,
    LiveCall,
    Readiness,
    ReloadOrder,
    RollbackOrder,
    StatusNow,
    StatusOrder,
)
from ivr_engine.web.server import make_app

# What each path gives: method and path come from the code, and one that is not here fails the test of these pages.
_PATHS: Mapping[tuple[str, str], tuple[str, type[Any] | None]] = {
    ("GET", "/metrics"): ("Figures for Prometheus: [metrics](metrics.md).", None),
    ("GET", "/healthz"): ('`{"alive": true}`: the process turns. For a supervisor.', None),
    ("GET", "/readyz"): ("Status 200 when a call can be taken, 503 when not. `ready`, and why not:", Readiness),
    ("GET", "/api/calls"): ("A list of the calls going on now. Callers' numbers are masked. Each:", LiveCall),
    ("GET", "/api/queues"): ("A list of the queues as they are now. Each:", QueueChanged),
    ("GET", "/api/pools"): ("A list of the pools as they are now. Each:", PoolChanged),
    ("GET", "/api/agents"): ("A list of the agents as they are now. Each:", AgentChanged),
    ("GET", "/api/agents/{agent}/call"): (
        "The call an agent is rung for, or has: what is on his screen before he answers. `call` is null when there is"
        " none; 404 when there is no such agent. The caller's number is masked unless `screen numbers` is `whole`."
        " `call` is:",
        ShownCall,
    ),
    ("POST", "/api/agents/{agent}"): (
        "Tell an agent what to do. Answers with what he does then, one entry of that list. Refused with 409, or 404"
        " when there is no such agent. Send JSON:",
        AgentOrder,
    ),
    ("GET", "/api/figures"): (
        "Figures of the past. Answers with `total` and `groups` ([figures](../howto/figures.md)), and in `shortages`,"
        " in words, how many seats were lacking. What is left out of the query is as here. Query:",
        FiguresAsked,
    ),
    ("GET", "/api/crisis"): ("The crises as they are now:", CrisisNow),
    ("POST", "/api/crisis"): (
        "Switch a crisis profile on or off. Answers as `GET` does; with `dry_run` with `would`, what would change in"
        " words, and how many live calls would `follow` out of menus, be `told` and be `moved`; `two_people` when"
        " another person must confirm it. What makes no sense, or may not be ordered by that person, is refused with"
        " 409, and nothing is changed. Send JSON:",
        CrisisOrder,
    ),
    ("POST", "/api/crisis/proposals/{proposal}"): (
        "Say yes or no to what was proposed by a trigger, or by another person where two are needed. Answers as"
        " `GET /api/crisis` does. Send JSON:",
        ProposalAnswer,
    ),
    ("POST", "/api/crisis/clocks"): (
        "Stop a clock: what it is for has been done. Answers as `GET /api/crisis` does. Send JSON:",
        ClockDone,
    ),
    ("GET", "/api/crisis/audit"): (
        "Who did what about crises, and what was refused, the oldest first; `?since=24h`, a date or a moment. Each:",
        Deed,
    ),
    ("POST", "/api/signals"): (
        "Tell triggers of something. Answered with 202; told again under the same `id`, it counts once. Also with the"
        " token of a source (`signals` in the settings), which opens this path and the next alone. More than 600 in a"
        " minute: 429. Send JSON:",
        Signal,
    ),
    ("POST", "/api/alertmanager"): (
        "The webhook of Prometheus' Alertmanager (version 4): each alert that fires is a signal. Its kind is the label"
        " `signal`, or else `alertname`; its `id` the fingerprint and beginning; its text the annotation `summary`."
        ' Answers with 202 and `{"taken": 1}`.',
        None,
    ),
    ("GET", "/api/status"): ("What callers are told just now:", StatusNow),
    ("POST", "/api/status"): ("Tell callers something, or no more. Answers as `GET` does. Send JSON:", StatusOrder),
    ("GET", "/api/situation"): (
        "The situation report. With `?format=markdown` in words, with `&lang=en` in English ones. As JSON:",
        Situation,
    ),
    ("GET", "/api/arms"): ("How each arm of each experiment stands:", ArmChanged),
    ("POST", "/api/arms"): ("Stop or resume an arm. Answers as `GET` does. Send JSON:", ArmOrder),
    ("GET", "/api/dialplan"): ("Which version runs, and what is on disk:", DialplanState),
    ("POST", "/api/reload"): (
        "Take the files on disk. Answers with `version`, `before`, `changed`, `percent`, `differences` in words,"
        " `warnings` of what is still to be done by hand, `prompts_built`, `seconds`. Files with mistakes: 422, and"
        " `error` has all of them in `found`, as `ivr check --format json` tells them. Send JSON:",
        ReloadOrder,
    ),
    ("POST", "/api/rollback"): ("Take an earlier version. Answers as `reload` does. Send JSON:", RollbackOrder),
    ("POST", "/api/canary"): ("End the trial of a version. Answers as `reload` does. Send JSON:", CanaryOrder),
}


def api() -> str:
    """Every path with what it answers."""
    app = make_app(cast("Desk", None), lambda: (b"", ""), "")
    routes = sorted((one.method, one.resource.canonical) for one in app.router.routes() if one.resource)
    return page(
        "Web API · 管理接口",
        "On `web.host` and `web.port` of the settings. Everything under `/api/` wants the header"
        " `Authorization: Bearer <content of the token file>`; the rest is open. Answers are JSON. A refusal is"
        ' `{"error": {"cause": …, "remedy": …}}` with a fitting status. Examples: [operate](../howto/operate.md).',
        *_path_sections(route for route in routes if route[0] != "HEAD"),
    )


def _path_sections(routes: Iterable[tuple[str, str]]) -> Iterable[str]:
    for method, path in sorted(routes, key=lambda route: list(_PATHS).index(route)):
        text, shape = _PATHS[method, path]
        yield section(f"{code(method + ' ' + path)}", text, _fields(shape) if shape else "")


def _fields(shape: type[Any]) -> str:
    notes = remarks(shape)
    rows = [
        (code(one.name), _type(one.type), "" if one.required else "may be null or left out", notes.get(one.name, ""))
        for one in msgspec.structs.fields(shape)
    ]
    return about(shape) + "\n\n" + table(("field", "type", "", "remark"), rows)


def _type(hint: Any) -> str:
    schema = msgspec.json.schema(hint)
    kinds = (kind for one in schema.get("anyOf", [schema]) for kind in _kinds(one))
    return " or ".join(map(code, kinds))


def _kinds(schema: Mapping[str, Any]) -> Iterable[str]:
    return [str(schema["type"])] if "type" in schema else [f'"{value}"' for value in schema.get("enum", ())]
