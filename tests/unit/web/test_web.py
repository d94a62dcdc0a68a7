import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from typing import Any, Literal

import msgspec
import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer

from ivr_engine.dialplan.diagnostics import Diagnostic
from ivr_engine.errors import DialplanError, HotlineError, RefusedError, StartError
from ivr_engine.model.agents import AgentOrder, Duty
from ivr_engine.model.crises import ActiveCrisis, DryRun, LiveStatus, Scope
from ivr_engine.model.crisis_orders import ClockDone, CrisisNow, CrisisOrder, Deed, ProposalAnswer, Signal, Wire
from ivr_engine.model.ids import CallId, PoolName, QueueName, SeatId, StepName
from ivr_engine.model.notices import AgentChanged, ArmChanged, CallShown, CanaryChanged, PoolChanged, QueueChanged
from ivr_engine.model.past import FiguresAsked
from ivr_engine.model.screens import ShownCall
from ivr_engine.model.situation import Answered, Situation, Volume
from ivr_engine.web.desk import (
    ArmOrder,
    CanaryOrder,
    Desk,
    DialplanState,
    LiveCall,
    Readiness,
    Reloaded,
    ReloadOrder,
    RollbackOrder,
    StatusNow,
    StatusOrder,
)
from ivr_engine.web.server import WebServer, make_app

TOKEN = "a-token-that-is-long-enough"
CALLER = "13812345678"
WITH_TOKEN = {"Authorization": f"Bearer {TOKEN}"}
ORDER = {"profile": "recall", "by": "Li", "reason": "batch 7"}
SITUATION = Situation(
    at=1.0,
    hotline="acme",
    timezone="Asia/Shanghai",
    crises=(),
    volume=Volume(15, 3),
    recently=Answered(0.0, 1, 1),
    since_begun=Answered(0.0, 1, 1),
    counted_since=0.0,
    waiting=0,
    oldest_seconds=None,
    queues=(),
    pools=(),
    ready=0,
    open_to=(),
    choices=(),
    topics=(),
    clocks=(),
    measures=(),
    proposals=(),
)
Client = TestClient[Any, Any]


class ScriptedFront:
    """Crises of which only the answers are there."""

    def __init__(self) -> None:
        self.switched: list[CrisisOrder] = []
        self.asked: list[object] = []
        self.signals: list[Signal] = []
        self.strangers: list[tuple[str, str, str, str]] = []
        self.refusal = ""

    def now(self) -> CrisisNow:
        last = self.switched[-1] if self.switched else None
        if last is None or last.profile is None:
            return CrisisNow(("flood", "recall"))
        on = ActiveCrisis(last.profile, last.level or "general", Scope(), last.by, last.reason, 1.0, 1.0)
        return CrisisNow(("flood", "recall"), active=(on,))

    def foresee(self, order: CrisisOrder) -> DryRun:
        self._refuse()
        return DryRun((f"crisis {order.profile} comes on",), 2, 1, 1, two_people=True)

    async def order(self, order: CrisisOrder) -> CrisisNow:
        await asyncio.sleep(0)
        if order.profile == "war":
            raise RefusedError("crisis profile 'war' is not in the dialplan: known is flood, recall")
        self.switched.append(order)
        return self.now()

    async def answer(self, proposal: str, answer: ProposalAnswer) -> CrisisNow:
        return await self._ask((proposal, answer))

    async def done(self, clock: ClockDone) -> CrisisNow:
        return await self._ask(clock)

    def signal(self, signal: Signal) -> None:
        self._refuse()
        self.signals.append(signal)

    async def deeds(self, since: str) -> Sequence[Deed]:
        await self._ask(since)
        return [Deed("a1", 1.0, "order", "Li", "crisis recall off", False, "it is not on: look", {"ask": "crisis-1"})]

    def turned_away(self, wire: Wire, who: str, what: str, why: str) -> None:
        self.strangers.append((wire, who, what, why))

    async def _ask(self, what: object) -> CrisisNow:
        await asyncio.sleep(0)
        self._refuse()
        self.asked.append(what)
        return self.now()

    def _refuse(self) -> None:
        if self.refusal:
            raise RefusedError(self.refusal)


class ScriptedDesk:
    """A hotline of which only the answers are there."""

    def __init__(self) -> None:
        self.crises = ScriptedFront()
        self.found = Readiness()
        self.shown: CallShown | None = None
        self.trouble: Exception | None = None
        self.taken: list[object] = []

    def live_calls(self) -> Sequence[LiveCall]:
        if self.trouble is not None:
            raise self.trouble
        return [LiveCall(CallId("hotline-1.1"), "4001", CALLER, "normal", "waiting", 1.0, queue=QueueName("urgent"))]

    def queues(self) -> Sequence[QueueChanged]:
        return [QueueChanged(QueueName("urgent"), 1.0, 3, 0.5, 42.0)]

    def pools(self) -> Sequence[PoolChanged]:
        return [PoolChanged(PoolName("local"), 1.0, 1, 2, 3, 4, 5)]

    def agents(self) -> Sequence[AgentChanged]:
        return [AgentChanged(SeatId("1001"), PoolName("local"), 1.0, "paused", Duty("paused", "Li", "午餐", 1.0))]

    def shown_to(self, agent: SeatId) -> CallShown | None:
        assert agent == "1001"
        return self.shown

    async def figures(self, asked: FiguresAsked) -> msgspec.Struct:
        await self._take(asked)
        return asked

    async def order_agent(self, agent: SeatId, order: AgentOrder) -> AgentChanged:
        await self._take((agent, order))
        return self.agents()[0]

    def situation(self) -> Situation:
        return SITUATION

    def in_markdown(self, situation: Situation, language: Literal["zh", "en"]) -> str:
        return f"# {situation.hotline} {language}\n"

    def status(self) -> StatusNow:
        return StatusNow("zh-CN", (LiveStatus("outage", {"zh-CN": "在修"}, "Li", 1.0),), {"outage": ("en",)})

    async def order_status(self, order: StatusOrder) -> StatusNow:
        await self._take(order)
        return self.status()

    def arms(self) -> Sequence[ArmChanged]:
        return [ArmChanged(StepName("greeting"), "short", 1.0, "on", calls=40, left_in_menu=4)]

    async def order_arm(self, order: ArmOrder) -> Sequence[ArmChanged]:
        await self._take(order)
        return self.arms()

    def readiness(self) -> Readiness:
        return self.found

    def dialplan(self) -> DialplanState:
        trial = CanaryChanged("b2", 2.0, "on", 10, "Li", "", 40, 4, 360, 36, 0.5)
        return DialplanState("a1", 1.0, "Li", "canary", trial)

    async def reload(self, order: ReloadOrder) -> Reloaded:
        return await self._take(order)

    async def rollback(self, order: RollbackOrder) -> Reloaded:
        return await self._take(order)

    async def end_canary(self, order: CanaryOrder) -> Reloaded:
        return await self._take(order)

    async def _take(self, order: object) -> Reloaded:
        await asyncio.sleep(0)
        if self.trouble is not None:
            raise self.trouble
        self.taken.append(order)
        return Reloaded("b2", "a1", True, differences=("step night is new",))


def figures() -> tuple[bytes, str]:
    return b"ivr_calls_live 0\n", "text/plain; version=0.0.4; charset=utf-8"


@pytest.fixture
def desk() -> ScriptedDesk:
    return ScriptedDesk()


@pytest.fixture
async def client(desk: ScriptedDesk) -> AsyncIterator[Client]:
    as_seen: Desk = desk
    async with TestClient(TestServer(make_app(as_seen, figures, TOKEN))) as client:
        yield client


async def test_figures_and_health_are_open(client: Client) -> None:
    reply = await client.get("/metrics")
    assert (reply.status, await reply.text()) == (200, "ivr_calls_live 0\n")
    assert reply.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert (await client.get("/healthz")).status == 200


@pytest.mark.parametrize(
    ("found", "status", "ready"),
    [
        (Readiness(), 200, True),
        (Readiness(degraded=("the broker is away",)), 200, True),
        (Readiness(blocking=("Asterisk cannot be reached",), degraded=("the broker is away",)), 503, False),
    ],
)
async def test_readiness_tells_its_reasons(
    client: Client, desk: ScriptedDesk, found: Readiness, status: int, ready: bool
) -> None:
    desk.found = found
    reply = await client.get("/readyz")
    assert reply.status == status
    assert await reply.json() == {
        "ready": ready,
        "blocking": list(found.blocking),
        "degraded": list(found.degraded),
    }


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", f"bearer {TOKEN}", TOKEN, f"Bearer {TOKEN}x"])
async def test_the_api_is_closed_without_the_token(client: Client, desk: ScriptedDesk, header: str) -> None:
    headers = {"Authorization": header} if header else {}
    for path in ("/api/calls", "/%61pi/calls", "/api/no-such-path"):
        assert (await client.get(path, headers=headers)).status == 401
    refused = await client.post("/api/crisis", json=ORDER, headers=headers)
    assert refused.status == 401
    assert "Authorization" in (await refused.json())["error"]["remedy"]
    assert desk.crises.switched == []


async def test_calls_are_shown_without_the_number(client: Client) -> None:
    reply = await client.get("/api/calls", headers=WITH_TOKEN)
    text = await reply.text()
    assert CALLER not in text
    (call,) = await reply.json()
    assert call["caller"] == "138****5678"
    assert call["doing"] == "waiting"


async def test_queues_and_pools(client: Client) -> None:
    (queue,) = await (await client.get("/api/queues", headers=WITH_TOKEN)).json()
    assert queue == {"queue": "urgent", "at": 1.0, "waiting": 3, "oldest_since": 0.5, "estimate": 42.0}
    (pool,) = await (await client.get("/api/pools", headers=WITH_TOKEN)).json()
    assert (pool["pool"], pool["ready"], pool["offline"]) == ("local", 1, 5)


async def test_the_situation_is_told_to_programs_and_in_words(client: Client) -> None:
    async with client.get("/api/situation", headers=WITH_TOKEN) as response:
        assert msgspec.json.decode(await response.read(), type=Situation) == SITUATION
    async with client.get("/api/situation?format=markdown&lang=en", headers=WITH_TOKEN) as response:
        assert (response.content_type, await response.text()) == ("text/markdown", "# acme en\n")
    async with client.get("/api/situation?format=pdf", headers=WITH_TOKEN) as response:
        assert response.status == 400
        assert "format=markdown" in (await response.json())["error"]["remedy"]


async def test_the_crisis_is_switched_on_and_off(client: Client, desk: ScriptedDesk) -> None:
    on = await client.post("/api/crisis", json=ORDER, headers=WITH_TOKEN)
    assert (on.status, (await on.json())["active"][0]["profile"]) == (200, "recall")
    assert (await (await client.get("/api/crisis", headers=WITH_TOKEN)).json())["active"][0]["by"] == "Li"
    off = await client.post("/api/crisis", json={**ORDER, "profile": None}, headers=WITH_TOKEN)
    assert (off.status, (await off.json())["active"]) == (200, [])
    assert [(one.profile, one.by, one.reason) for one in desk.crises.switched] == [
        ("recall", "Li", "batch 7"),
        (None, "Li", "batch 7"),
    ]


async def test_arms_are_shown_and_stopped(client: Client, desk: ScriptedDesk) -> None:
    (arm,) = await (await client.get("/api/arms", headers=WITH_TOKEN)).json()
    assert arm == {"split": "greeting", "arm": "short", "at": 1.0, "state": "on", "calls": 40, "left_in_menu": 4}
    body = {"split": "greeting", "arm": "short", "by": "Li", "reason": "complaints"}
    await client.post("/api/arms", json=body, headers=WITH_TOKEN)
    assert desk.taken == [ArmOrder("greeting", "short", "Li", "complaints")]
    no_reason = await client.post("/api/arms", json={**body, "reason": ""}, headers=WITH_TOKEN)
    assert (no_reason.status, len(desk.taken)) == (400, 1)


async def test_callers_are_told_something_and_no_more(client: Client, desk: ScriptedDesk) -> None:
    body = {"by": "Li", "text": "在修", "texts": {"en": "We repair it."}, "until": "18:00"}
    told = await client.post("/api/status", json=body, headers=WITH_TOKEN)
    assert (told.status, (await told.json())["lacking"]) == (200, {"outage": ["en"]})
    await client.post("/api/status", json={"by": "Li", "withdraw": True}, headers=WITH_TOKEN)
    first = StatusOrder("Li", "在修", {"en": "We repair it."}, until="18:00")
    assert desk.taken == [first, StatusOrder("Li", withdraw=True)]
    now = await (await client.get("/api/status", headers=WITH_TOKEN)).json()
    assert now["statuses"][0]["texts"] == {"zh-CN": "在修"}
    nobody = await client.post("/api/status", json={"text": "在修"}, headers=WITH_TOKEN)
    assert (nobody.status, len(desk.taken)) == (400, 2)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "cannot be read"),
        (b"{", "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        (b'{"by":"Li","reason":"x"}', "profile"),  # forgetting it must not mean off
        (b'{"profile":"recall","by":"Li"}', "reason"),
        (b'{"profile":"recall","by":"","reason":"x"}', "by"),
        (b'{"profile":"recall","by":"Li","reason":"x","force":true}', "force"),
        (b'{"profile":7,"by":"Li","reason":"x"}', "profile"),
        (b'{"profile":"war","by":"Li","reason":"x"}', "'war' is not in the dialplan"),
        (b'{"profile":"recall","by":"Li\\u001b[2J","reason":"x"}', "by"),  # it comes out again on a terminal
        (b'{"profile":"recall","by":"Li","reason":"x\\n2026-01-01 all is well"}', "reason"),  # and in logs
        (b'{"profile":"recall","by":"Li","reason":"x\\n"}', "reason"),
    ],
)
async def test_a_wrong_order_changes_nothing_and_says_why(
    client: Client, desk: ScriptedDesk, body: bytes, said: str
) -> None:
    reply = await client.post("/api/crisis", data=body, headers=WITH_TOKEN)
    assert reply.status == (409 if "war" in said else 400)
    error = (await reply.json())["error"]
    assert said in error["cause"]
    assert desk.crises.switched == []
    if "war" in said:
        assert "flood, recall" in error["remedy"]


async def test_a_body_that_cannot_be_unpacked_is_the_senders_fault(client: Client, desk: ScriptedDesk) -> None:
    headers = {**WITH_TOKEN, "Content-Encoding": "gzip"}
    reply = await client.post("/api/crisis", data=b"no gzip at all", headers=headers)
    assert reply.status == 400
    assert "cannot be read" in (await reply.json())["error"]["cause"]
    assert desk.crises.switched == []


async def test_a_huge_body_is_refused(client: Client, desk: ScriptedDesk) -> None:
    reply = await client.post("/api/crisis", data=b" " * 20_000, headers=WITH_TOKEN)
    assert reply.status == 413
    assert (await reply.json())["error"]["remedy"] == "send less"
    assert desk.crises.switched == []


async def test_unknown_paths_and_methods_answer_json(client: Client) -> None:
    lost = await client.get("/nowhere")
    assert (lost.status, (await lost.json())["error"]["cause"]) == (404, "not found")
    wrong = await client.delete("/api/crisis", headers=WITH_TOKEN)
    assert (wrong.status, wrong.headers["Allow"]) == (405, "GET,HEAD,POST")


async def test_a_bug_of_ours_shows_no_stack(client: Client, desk: ScriptedDesk) -> None:
    desk.trouble = KeyError(CALLER)
    reply = await client.get("/api/calls", headers=WITH_TOKEN)
    assert reply.status == 500
    assert CALLER not in await reply.text()
    desk.trouble = HotlineError("Asterisk is away: start it")
    assert (await client.get("/api/calls", headers=WITH_TOKEN)).status == 503


async def test_it_listens_and_stops(desk: ScriptedDesk) -> None:
    server = WebServer(desk, figures, TOKEN)
    await server.start()
    async with ClientSession() as session, session.get(f"http://127.0.0.1:{server.port}/healthz") as reply:
        assert reply.status == 200
    port = server.port
    await server.stop()
    with socket.socket() as trial:
        assert trial.connect_ex(("127.0.0.1", port)) != 0


async def test_a_taken_port_says_so(desk: ScriptedDesk) -> None:
    first = WebServer(desk, figures, TOKEN)
    await first.start()
    second = WebServer(desk, figures, TOKEN, port=first.port)
    with pytest.raises(StartError, match="is taken: stop the program"):
        await second.start()
    await first.stop()


async def test_an_address_that_is_not_ours_says_so(desk: ScriptedDesk) -> None:
    with pytest.raises(StartError, match="cannot be had"):
        await WebServer(desk, figures, TOKEN, host="192.0.2.1", port=8080).start()


def test_a_token_one_can_guess_is_refused(desk: ScriptedDesk) -> None:
    with pytest.raises(StartError, match="at least 16"):
        WebServer(desk, figures, "")


@pytest.mark.parametrize(
    ("path", "order", "taken"),
    [
        ("reload", {"by": "Li"}, ReloadOrder("Li")),
        ("reload", {"by": "Li", "canary": 10}, ReloadOrder("Li", 10)),
        ("rollback", {"by": "Li"}, RollbackOrder("Li")),
        ("rollback", {"by": "Li", "version": "a1"}, RollbackOrder("Li", "a1")),
        ("canary", {"by": "Li", "order": "stop"}, CanaryOrder("Li", "stop")),
    ],
)
async def test_an_order_about_versions_is_passed_on(
    client: Client, desk: ScriptedDesk, path: str, order: dict[str, Any], taken: object
) -> None:
    reply = await client.post(f"/api/{path}", json=order, headers=WITH_TOKEN)
    assert (reply.status, desk.taken) == (200, [taken])
    assert (await reply.json())["differences"] == ["step night is new"]


@pytest.mark.parametrize(
    ("path", "order"),
    [
        ("reload", {}),
        ("reload", {"by": ""}),
        ("reload", {"by": "Li", "canary": 0}),
        ("reload", {"by": "Li", "canary": 51}),
        ("reload", {"by": "Li", "files": "/etc"}),
        ("rollback", {"version": "a1"}),
        ("canary", {"by": "Li", "order": "perhaps"}),
    ],
)
async def test_an_order_about_versions_that_makes_no_sense_is_refused(
    client: Client, desk: ScriptedDesk, path: str, order: dict[str, Any]
) -> None:
    reply = await client.post(f"/api/{path}", json=order, headers=WITH_TOKEN)
    assert (reply.status, desk.taken) == (400, [])


async def test_orders_about_versions_want_the_token(client: Client, desk: ScriptedDesk) -> None:
    for path in ("reload", "rollback", "canary"):
        assert (await client.post(f"/api/{path}", json={"by": "Li"})).status == 401
    assert desk.taken == []


async def test_a_file_with_mistakes_is_answered_with_all_of_them(client: Client, desk: ScriptedDesk) -> None:
    found = [
        Diagnostic("hotline.yaml", 3, 5, "E301", "no such step", "name another"),
        Diagnostic("b", 0, 0, "E1", "x", "y"),
    ]
    desk.trouble = DialplanError("no such step", found)
    reply = await client.post("/api/reload", json={"by": "Li"}, headers=WITH_TOKEN)
    error = (await reply.json())["error"]
    assert reply.status == 422
    assert {(one["file"], one["line"], one["code"]) for one in error["found"]} == {
        ("hotline.yaml", 3, "E301"),
        ("b", 0, "E1"),
    }


async def test_an_order_that_cannot_be_carried_out_now_is_a_conflict_with_its_remedy(
    client: Client, desk: ScriptedDesk
) -> None:
    desk.trouble = RefusedError("no version is on trial: begin one")
    reply = await client.post("/api/canary", json={"by": "Li", "order": "stop"}, headers=WITH_TOKEN)
    assert reply.status == 409
    assert (await reply.json())["error"] == {"cause": "no version is on trial", "remedy": "begin one"}


async def test_the_state_of_the_dialplan_tells_of_the_trial(client: Client) -> None:
    state = await (await client.get("/api/dialplan", headers=WITH_TOKEN)).json()
    assert (state["version"], state["disk"], state["canary"]["calls"]) == ("a1", "canary", 40)


PAUSE = {"order": "pause", "by": "Li", "reason": "午餐"}


async def test_an_agents_screen_is_shown_to_who_asks(client: Client, desk: ScriptedDesk) -> None:
    path = "/api/agents/1001/call"
    assert await (await client.get(path, headers=WITH_TOKEN)).json() == {"agent": "1001", "call": None}
    call = ShownCall(CallId("hotline-1.1"), "138****5678", "4001", QueueName("urgent"), PoolName("local"), "en", 1.0)
    desk.shown = CallShown(SeatId("1001"), 2.0, call)
    shown = await (await client.get(path, headers=WITH_TOKEN)).json()
    assert (shown["agent"], shown["at"], shown["call"]["caller"]) == ("1001", 2.0, "138****5678")
    assert "type" not in shown
    assert (await client.get("/api/agents/1009/call", headers=WITH_TOKEN)).status == 404
    assert (await client.get(path)).status == 401


async def test_agents_are_listed_and_ordered(client: Client, desk: ScriptedDesk) -> None:
    (agent,) = await (await client.get("/api/agents", headers=WITH_TOKEN)).json()
    assert (agent["agent"], agent["state"], agent["duty"]["reason"]) == ("1001", "paused", "午餐")
    assert "type" not in agent
    reply = await client.post("/api/agents/1001", json=PAUSE, headers=WITH_TOKEN)
    assert (reply.status, await reply.json()) == (200, agent)
    assert desk.taken == [("1001", AgentOrder("pause", "Li", "午餐"))]


@pytest.mark.parametrize(("agent", "status"), [("1001", 409), ("7777", 404), ("1001%2F7", 404)])
async def test_an_order_an_agent_cannot_follow_is_refused_with_the_remedy(
    client: Client, desk: ScriptedDesk, agent: str, status: int
) -> None:
    desk.trouble = RefusedError("he does not rest: order it when his call is over")
    reply = await client.post(f"/api/agents/{agent}", json=PAUSE, headers=WITH_TOKEN)
    error = (await reply.json())["error"]
    assert (reply.status, error["remedy"]) == (status, "order it when his call is over")


@pytest.mark.parametrize(
    "order", [{}, {"order": "dance", "by": "Li"}, {"order": "pause"}, PAUSE | {"agent": "1002"}, PAUSE | {"by": ""}]
)
async def test_an_order_to_an_agent_that_cannot_be_read_is_refused(
    client: Client, desk: ScriptedDesk, order: dict[str, str]
) -> None:
    reply = await client.post("/api/agents/1001", json=order, headers=WITH_TOKEN)
    assert (reply.status, desk.taken) == (400, [])
    assert (await client.post("/api/agents/1001", json=PAUSE)).status == 401


# --- crises -------------------------------------------------------------------------------------------------

MONITOR_TOKEN = "a-token-of-the-monitor"
AS_MONITOR = {"Authorization": f"Bearer {MONITOR_TOKEN}"}
POST = {"signal": "complaints", "id": "post-4711", "count": 3, "text": "电水壶漏电"}
ALERTS = {
    "version": "4",
    "status": "firing",
    "receiver": "ivr",
    "groupLabels": {},
    "alerts": [
        {
            "status": "firing",
            "labels": {"alertname": "ShopDown", "severity": "critical"},
            "annotations": {"summary": "the shop\nis down"},
            "startsAt": "2026-11-22T10:00:00Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus",
            "fingerprint": "f1",
        },
        {
            "status": "firing",
            "labels": {"alertname": "Any", "signal": "complaints"},
            "startsAt": "2026-11-22T10:01:00Z",
            "fingerprint": "f2",
        },
        {"status": "resolved", "labels": {"alertname": "Old"}, "startsAt": "2026-11-22T09:00:00Z", "fingerprint": "f3"},
    ],
}


@pytest.fixture
async def guarded(desk: ScriptedDesk) -> AsyncIterator[Client]:
    app = make_app(desk, figures, TOKEN, {"monitor": MONITOR_TOKEN})
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_what_would_change_is_told_and_nothing_is_ordered(client: Client, desk: ScriptedDesk) -> None:
    reply = await client.post("/api/crisis", json={**ORDER, "dry_run": True}, headers=WITH_TOKEN)
    assert (await reply.json())["would"] == ["crisis recall comes on"]
    assert desk.crises.switched == []


async def test_a_proposal_is_answered_and_a_clock_is_stopped(client: Client, desk: ScriptedDesk) -> None:
    yes = await client.post("/api/crisis/proposals/3", json={"answer": "yes", "by": "Li"}, headers=WITH_TOKEN)
    done = {"profile": "recall", "clock": "verify", "by": "Li", "note": "confirmed by the plant"}
    stopped = await client.post("/api/crisis/clocks", json=done, headers=WITH_TOKEN)
    assert (yes.status, stopped.status) == (200, 200)
    assert desk.crises.asked == [("3", ProposalAnswer("yes", "Li")), ClockDone("recall", "verify", "Li", done["note"])]
    desk.crises.refusal = "there is no proposal '9', or it has lapsed: waiting now is none"
    gone = await client.post("/api/crisis/proposals/9", json={"answer": "no", "by": "Li"}, headers=WITH_TOKEN)
    assert (gone.status, (await gone.json())["error"]["remedy"]) == (409, "waiting now is none")
    assert (await client.post("/api/crisis/clocks", json=done, headers=WITH_TOKEN)).status == 409


async def test_the_audit_is_read_and_a_time_that_is_none_is_refused(client: Client, desk: ScriptedDesk) -> None:
    (deed,) = await (await client.get("/api/crisis/audit?since=2h", headers=WITH_TOKEN)).json()
    assert (deed["who"], deed["ok"], desk.crises.asked) == ("Li", False, ["2h"])
    desk.crises.refusal = "'soon' is no time: write for instance 24h"
    assert (await client.get("/api/crisis/audit?since=soon", headers=WITH_TOKEN)).status == 400


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/crisis", b"{"),
        ("/api/crisis", b'{"profile": "recall", "by": "Li", "reason": ""}'),
        ("/api/crisis/proposals/1", b'{"answer": "perhaps", "by": "Li"}'),
        ("/api/crisis/clocks", b"[]"),
        ("/api/signals", b'{"signal": "x"}'),
        ("/api/signals", b'{"signal": "x", "id": "1", "count": -3}'),
        ("/api/signals", b"[" * 10_000),
        ("/api/alertmanager", b'{"version": "4", "status": "firing", "alerts": [{"status": "firing"}]}'),
        ("/api/alertmanager", "\udcff".encode("utf-8", "surrogateescape")),
    ],
)
async def test_garbage_is_refused_with_cause_and_remedy_and_noted_and_changes_nothing(
    client: Client, desk: ScriptedDesk, path: str, body: bytes
) -> None:
    reply = await client.post(path, data=body, headers=WITH_TOKEN)
    error = (await reply.json())["error"]
    assert (reply.status, bool(error["cause"]), bool(error["remedy"])) == (400, True, True)
    assert desk.crises.strangers == [("web", "127.0.0.1", f"POST {path}", "it cannot be read")]
    assert (desk.crises.switched, desk.crises.asked, desk.crises.signals) == ([], [], [])


async def test_a_source_tells_signals_in_its_own_name_and_may_do_nothing_else(
    guarded: Client, desk: ScriptedDesk
) -> None:
    assert (await guarded.post("/api/signals", json=POST, headers=AS_MONITOR)).status == 202
    assert (await guarded.post("/api/signals", json={**POST, "source": "monitor"}, headers=AS_MONITOR)).status == 202
    as_other = await guarded.post("/api/signals", json={**POST, "source": "ceo"}, headers=AS_MONITOR)
    assert (as_other.status, len(desk.crises.strangers)) == (403, 1)
    assert [(one.signal, one.id, one.source, one.count) for one in desk.crises.signals] == [
        ("complaints", "post-4711", "monitor", 3)
    ] * 2
    for method, path in (("GET", "/api/crisis"), ("POST", "/api/crisis"), ("GET", "/api/signals")):
        assert (await guarded.request(method, path, json=ORDER, headers=AS_MONITOR)).status == 401
    assert desk.crises.switched == []
    assert desk.crises.strangers[-1] == ("web", "127.0.0.1", "GET /api/signals", "the token is missing or wrong")


async def test_who_has_the_token_tells_signals_in_any_name(client: Client, desk: ScriptedDesk) -> None:
    await client.post("/api/signals", json=POST, headers=WITH_TOKEN)
    await client.post("/api/signals", json={**POST, "source": "crawler"}, headers=WITH_TOKEN)
    assert [one.source for one in desk.crises.signals] == ["web", "crawler"]
    desk.crises.refusal = "more than 600 signals in a minute: tell of each thing once"
    assert (await client.post("/api/signals", json=POST, headers=WITH_TOKEN)).status == 429


async def test_each_alert_that_fires_is_a_signal_of_its_own(guarded: Client, desk: ScriptedDesk) -> None:
    reply = await guarded.post("/api/alertmanager", json=ALERTS, headers=AS_MONITOR)
    assert (reply.status, await reply.json()) == (202, {"taken": 2})
    assert desk.crises.signals == [
        Signal("ShopDown", "f1@2026-11-22T10:00:00Z", "monitor", 1, "the shop is down"),
        Signal("complaints", "f2@2026-11-22T10:01:00Z", "monitor", 1, ""),
    ]


def test_a_short_token_of_a_source_is_refused(desk: ScriptedDesk) -> None:
    with pytest.raises(StartError, match="the token of monitor has 5 characters"):
        WebServer(desk, figures, TOKEN, sources={"monitor": "short"})
