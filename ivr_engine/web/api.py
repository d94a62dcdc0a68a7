"""This file decides what the admin API offers and to whom. It does not know how the hotline answers."""

from http import HTTPStatus
from typing import Any

import msgspec
from aiohttp import web

from ivr_engine.errors import RefusedError
from ivr_engine.model.agents import AgentOrder
from ivr_engine.model.ids import SeatId, mask_number
from ivr_engine.model.past import FiguresAsked
from ivr_engine.web.bodies import body_of
from ivr_engine.web.crises import CrisisApi
from ivr_engine.web.desk import ArmOrder, CanaryOrder, Desk, ReloadOrder, RollbackOrder, SituationAsked, StatusOrder
from ivr_engine.web.replies import refusal, reply


class Api:
    """The paths under `/api/`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[web.RouteDef]:
        """Every path and method."""
        return [
            web.get("/api/calls", self._calls),
            web.get("/api/queues", self._queues),
            web.get("/api/pools", self._pools),
            web.get("/api/agents", self._agents),
            web.post("/api/agents/{agent}", self._order_agent),
            web.get("/api/agents/{agent}/call", self._shown),
            web.get("/api/figures", self._figures),
            *CrisisApi(self._desk).routes(),
            web.get("/api/situation", self._situation),
            web.get("/api/status", self._status),
            web.post("/api/status", self._order_status),
            web.get("/api/arms", self._arms),
            web.post("/api/arms", self._order_arm),
            web.get("/api/dialplan", self._dialplan),
            web.post("/api/reload", self._reload),
            web.post("/api/rollback", self._rollback),
            web.post("/api/canary", self._end_canary),
        ]

    async def _calls(self, _: web.Request) -> web.Response:
        calls = self._desk.live_calls()
        return reply([msgspec.structs.replace(call, caller=mask_number(call.caller)) for call in calls])

    async def _queues(self, _: web.Request) -> web.Response:
        return reply([_untagged(queue) for queue in self._desk.queues()])

    async def _pools(self, _: web.Request) -> web.Response:
        return reply([_untagged(pool) for pool in self._desk.pools()])

    async def _agents(self, _: web.Request) -> web.Response:
        return reply([_untagged(agent) for agent in self._desk.agents()])

    async def _shown(self, request: web.Request) -> web.Response:
        agent = SeatId(request.match_info["agent"])
        if all(one.agent != agent for one in self._desk.agents()):
            return refusal(HTTPStatus.NOT_FOUND, f"there is no agent {agent!r}", "ask `/api/agents` who there is")
        shown = self._desk.shown_to(agent)
        return reply({"agent": agent, "call": None} if shown is None else _untagged(shown))

    async def _order_agent(self, request: web.Request) -> web.Response:
        such_as = '{"order": "pause", "by": "your name", "reason": "why"}'
        order = await body_of(request, AgentOrder, such_as)
        if isinstance(order, web.Response):
            return order
        agent = SeatId(request.match_info["agent"])
        try:
            return reply(_untagged(await self._desk.order_agent(agent, order)))
        except RefusedError as error:
            if any(one.agent == agent for one in self._desk.agents()):
                raise
            cause, _, remedy = str(error).partition(": ")
            return refusal(HTTPStatus.NOT_FOUND, cause, remedy)

    async def _figures(self, request: web.Request) -> web.Response:
        such_as = "ask for instance /api/figures?since=1h&by=queue"
        try:
            asked = msgspec.convert(dict(request.query), FiguresAsked, strict=False)
            return reply(await self._desk.figures(asked))
        except msgspec.ValidationError as error:
            return refusal(HTTPStatus.BAD_REQUEST, f"the question cannot be read: {error}", such_as)
        except RefusedError as error:
            cause, _, remedy = str(error).partition(": ")
            return refusal(HTTPStatus.BAD_REQUEST, cause, remedy or such_as)

    async def _situation(self, request: web.Request) -> web.Response:
        try:
            asked = msgspec.convert(dict(request.query), SituationAsked)
        except msgspec.ValidationError as error:
            such_as = "ask for instance /api/situation?format=markdown&lang=en"
            return refusal(HTTPStatus.BAD_REQUEST, f"the question cannot be read: {error}", such_as)
        situation = self._desk.situation()
        if asked.format == "json":
            return reply(situation)
        text = self._desk.in_markdown(situation, asked.lang)
        return web.Response(text=text, content_type="text/markdown", charset="utf-8")

    async def _status(self, _: web.Request) -> web.Response:
        return reply(self._desk.status())

    async def _order_status(self, request: web.Request) -> web.Response:
        order = await body_of(request, StatusOrder, '{"by": "your name", "text": "what callers are told"}')
        return order if isinstance(order, web.Response) else reply(await self._desk.order_status(order))

    async def _arms(self, _: web.Request) -> web.Response:
        return reply([_untagged(arm) for arm in self._desk.arms()])

    async def _order_arm(self, request: web.Request) -> web.Response:
        such_as = '{"split": "greeting", "arm": "short", "by": "your name", "reason": "why"}; "stop": false resumes it'
        order = await body_of(request, ArmOrder, such_as)
        if isinstance(order, web.Response):
            return order
        return reply([_untagged(arm) for arm in await self._desk.order_arm(order)])

    async def _dialplan(self, _: web.Request) -> web.Response:
        state: dict[str, Any] = msgspec.to_builtins(self._desk.dialplan())
        (state["canary"] or {}).pop("type", None)
        return reply(state)

    async def _reload(self, request: web.Request) -> web.Response:
        order = await body_of(request, ReloadOrder, '{"by": "your name"}, or {"by": "your name", "canary": 10}')
        return order if isinstance(order, web.Response) else reply(await self._desk.reload(order))

    async def _rollback(self, request: web.Request) -> web.Response:
        order = await body_of(request, RollbackOrder, '{"by": "your name", "version": null}')
        return order if isinstance(order, web.Response) else reply(await self._desk.rollback(order))

    async def _end_canary(self, request: web.Request) -> web.Response:
        order = await body_of(request, CanaryOrder, '{"by": "your name", "order": "accept"}; or "stop"')
        return order if isinstance(order, web.Response) else reply(await self._desk.end_canary(order))


def _untagged(notice: msgspec.Struct) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(notice)
    plain.pop("type", None)
    return plain
