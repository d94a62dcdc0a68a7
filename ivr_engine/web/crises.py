"""This file decides what the web offers on crises. It does not know what an order leads to, nor who may."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import TypeVar

import msgspec
import structlog
from aiohttp import web

from ivr_engine.errors import RefusedError
from ivr_engine.model.crisis_orders import ClockDone, CrisisOrder, ProposalAnswer, Signal
from ivr_engine.web.bodies import body_of
from ivr_engine.web.desk import CrisisFront, Desk
from ivr_engine.web.guard import ALERTMANAGER, SIGNALS, SOURCE
from ivr_engine.web.prometheus import PrometheusMessage, signals_in
from ivr_engine.web.replies import refusal, reply

BodyT = TypeVar("BodyT")
USUAL_SINCE = "24h"

log = structlog.get_logger()


class CrisisApi:
    """The paths on crises under `/api/`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[web.RouteDef]:
        """Every path and method."""
        return [
            web.get("/api/crisis", self._now),
            web.post("/api/crisis", self._order),
            web.post("/api/crisis/proposals/{proposal}", self._answer),
            web.post("/api/crisis/clocks", self._done),
            web.get("/api/crisis/audit", self._audit),
            web.post(SIGNALS, self._signal),
            web.post(ALERTMANAGER, self._alerts),
        ]

    @property
    def _front(self) -> CrisisFront:
        return self._desk.crises

    async def _now(self, _: web.Request) -> web.Response:
        return reply(self._front.now())

    async def _order(self, request: web.Request) -> web.Response:
        such_as = '{"profile": "recall", "by": "your name", "reason": "why"}; with "on": false it goes off'
        order = await self._read(request, CrisisOrder, such_as)
        if isinstance(order, web.Response):
            return order
        try:
            if order.dry_run:
                return reply(self._front.foresee(order))
            now = await self._front.order(order)
        except RefusedError as error:
            return _conflict(error)
        log.info("crisis_ordered_over_web", profile=order.profile, on=order.on)
        return reply(now)

    async def _answer(self, request: web.Request) -> web.Response:
        such_as = '{"answer": "yes", "by": "your name", "reason": "why"}; or "no"'
        answer = await self._read(request, ProposalAnswer, such_as)
        if isinstance(answer, web.Response):
            return answer
        try:
            return reply(await self._front.answer(request.match_info["proposal"][:20], answer))
        except RefusedError as error:
            return _conflict(error)

    async def _done(self, request: web.Request) -> web.Response:
        such_as = '{"profile": "recall", "clock": "verify", "by": "your name", "note": "what was done"}'
        clock = await self._read(request, ClockDone, such_as)
        if isinstance(clock, web.Response):
            return clock
        try:
            return reply(await self._front.done(clock))
        except RefusedError as error:
            return _conflict(error)

    async def _audit(self, request: web.Request) -> web.Response:
        try:
            return reply(await self._front.deeds(request.query.get("since", USUAL_SINCE)))
        except RefusedError as error:
            cause, _, remedy = str(error).partition(": ")
            return refusal(HTTPStatus.BAD_REQUEST, cause, remedy or "ask for instance /api/crisis/audit?since=24h")

    async def _signal(self, request: web.Request) -> web.Response:
        such_as = '{"signal": "complaints", "id": "post-4711", "source": "monitor", "count": 3, "text": "what it is"}'
        signal = await self._read(request, Signal, such_as)
        if isinstance(signal, web.Response):
            return signal
        own = request[SOURCE]
        if own and signal.source not in ("", own):
            cause = f"this token is that of {own!r}, and the signal says it is of {signal.source!r}"
            self._front.turned_away("web", own, f"POST {SIGNALS}", cause)
            return refusal(HTTPStatus.FORBIDDEN, cause, "leave `source` out, or use the token of that source")
        source = own or signal.source or "web"
        return self._taken([msgspec.structs.replace(signal, source=source)])

    async def _alerts(self, request: web.Request) -> web.Response:
        such_as = "Alertmanager's webhook does: set its `webhook_configs: [{url: …/api/alertmanager}]`"
        message = await self._read(request, PrometheusMessage, such_as)
        if isinstance(message, web.Response):
            return message
        return self._taken(signals_in(message, request[SOURCE] or "alertmanager"))

    def _taken(self, signals: Iterable[Signal]) -> web.Response:
        taken = 0
        for signal in signals:
            try:
                self._front.signal(signal)
            except RefusedError as error:
                cause, _, remedy = str(error).partition(": ")
                return refusal(HTTPStatus.TOO_MANY_REQUESTS, cause, remedy)
            taken += 1
        return reply({"taken": taken}, HTTPStatus.ACCEPTED)

    async def _read(self, request: web.Request, kind: type[BodyT], such_as: str) -> BodyT | web.Response:
        """What was sent. What cannot be read is answered, and noted."""
        read = await body_of(request, kind, such_as)
        if isinstance(read, web.Response):
            who = request[SOURCE] or request.remote or ""
            self._front.turned_away("web", who, f"{request.method} {request.path}"[:100], "it cannot be read")
        return read


def _conflict(error: RefusedError) -> web.Response:
    cause, _, remedy = str(error).partition(": ")
    return refusal(HTTPStatus.CONFLICT, cause, remedy or "look at `ivr crisis status`")
