"""A customer system on loopback that answers as badly as the test says, and counts who asked."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from ivr_engine.dialplan.lookups import LookupPlan
from ivr_engine.lookup import System, WebSystems
from ivr_engine.model.commands import AskSystem
from ivr_engine.model.events import AnyEvent, SystemAnswered
from ivr_engine.model.ids import CallId, LookupName, QueryId

Reply = Callable[[web.Request], Awaitable[web.StreamResponse]]
NUMBER = "13812345678"


class Counts:
    """What would be figures."""

    def __init__(self) -> None:
        self.answers: list[tuple[str, str, bool]] = []
        self.seconds: list[tuple[str, float]] = []
        self.spared: list[tuple[str, bool]] = []

    def looked_up(self, lookup: LookupName, answer: str, remembered: bool) -> None:
        self.answers.append((lookup, answer, remembered))

    def system_asked(self, system: str, seconds: float) -> None:
        self.seconds.append((system, seconds))

    def system_spared(self, system: str, spared: bool) -> None:
        self.spared.append((system, spared))


class Crm:
    """The system, and ours that asks it. `now` is the clock of ours."""

    def __init__(self) -> None:
        self.requests: list[web.Request] = []
        self.bodies: list[bytes] = []
        self.reply: Reply = found
        self.told: list[SystemAnswered] = []
        self.counts = Counts()
        self.now = 1000.0
        self._asked = 0

    async def start(self, *plans: LookupPlan, at_once: int = 20, token: str | None = None) -> None:
        app = web.Application()
        app.router.add_route("*", "/{any:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/api/"
        system = System("crm", self.url, token, at_once)
        self.systems = WebSystems([system], {plan.name: plan for plan in plans}, self.counts, lambda: self.now)
        await self.systems.start(self._hear)

    async def stop(self) -> None:
        await self.systems.stop()
        await self._runner.cleanup()

    def ask(self, lookup: str = "customer", **values: str) -> QueryId:
        self._asked += 1
        query = QueryId(f"h-1.{self._asked}.query1")
        self.systems.ask(
            AskSystem(CallId(f"h-1.{self._asked}"), query, LookupName(lookup), {"caller": NUMBER} | values)
        )
        return query

    async def answer(self, lookup: str = "customer", **values: str) -> SystemAnswered:
        """Ask, and wait for the one answer."""
        query = self.ask(lookup, **values)
        await self.until(lambda: any(told.query == query for told in self.told))
        (told,) = [told for told in self.told if told.query == query]
        return told

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not true():
                await asyncio.sleep(0.005)

    def _hear(self, fact: AnyEvent) -> None:
        assert isinstance(fact, SystemAnswered)
        self.told.append(fact)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        self.bodies.append(await request.read())
        return await self.reply(request)


def plan(**more: object) -> LookupPlan:
    settings = {"name": "customer", "system": "crm", "path": "/customers/<caller>", "keep": {"tier": "tier"}}
    return LookupPlan(**{**settings, "within": 1.0} | more)  # type: ignore[arg-type]


async def found(_: web.Request) -> web.StreamResponse:
    return web.json_response({"tier": "gold", "orders": [{"product": "kettle", "price": 12.5, "open": True}]})


async def never(_: web.Request) -> web.StreamResponse:
    await asyncio.sleep(60)
    return web.Response()


def status(code: int, **headers: str) -> Reply:
    async def reply(_: web.Request) -> web.StreamResponse:
        return web.Response(status=code, headers=headers)

    return reply


def body(content: bytes, kind: str = "application/json", **headers: str) -> Reply:
    async def reply(_: web.Request) -> web.StreamResponse:
        return web.Response(body=content, content_type=kind, headers=headers)

    return reply


async def breaks_off(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"tier": ')
    assert request.transport is not None
    request.transport.close()
    return response


async def drips(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    for _ in range(1000):
        await response.write(b" ")
        await asyncio.sleep(0.02)
    return response


async def endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    for _ in range(10_000):
        await response.write(b'"' + b"x" * 4096)
    return response
