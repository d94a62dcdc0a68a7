"""Decides how a fake Asterisk answers; it knows HTTP and WebSockets, and nothing of telephony."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import msgspec
from aiohttp import web
from aiohttp.test_utils import TestServer

from ivr_engine.ari import AriClient

USER, PASSWORD = "alice", "wonder-land"

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Seen:
    """One request as it came over the wire."""

    method: str
    path: str
    query: str
    authorization: str
    body: bytes


@dataclass
class FakeAsterisk:
    """Answers each command with the next of ``answers``, and hands each event socket to the test."""

    base_url: str = ""
    answers: deque[Answer] = field(default_factory=deque)
    seen: list[Seen] = field(default_factory=list)
    sockets: asyncio.Queue[web.WebSocketResponse] = field(default_factory=asyncio.Queue)
    refuse_sockets: deque[int] = field(default_factory=deque)
    read_sockets: bool = True
    finished: asyncio.Event = field(default_factory=asyncio.Event)

    def client(self, **options: object) -> AriClient:
        return AriClient(self.base_url, USER, PASSWORD, **options)  # type: ignore[arg-type]

    async def command(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        path = request.rel_url.raw_path
        authorization = request.headers.get("Authorization", "")
        self.seen.append(Seen(request.method, path, request.rel_url.raw_query_string, authorization, body))
        if self.answers:
            return await self.answers.popleft()(request)
        if path.endswith("/eventFilter"):
            return web.json_response(application("demo"))
        return web.Response(status=204)

    async def events(self, request: web.Request) -> web.StreamResponse:
        self.seen.append(
            Seen(
                "WS", request.rel_url.raw_path, request.rel_url.raw_query_string, request.headers["Authorization"], b""
            )
        )
        if self.refuse_sockets:
            return web.Response(status=self.refuse_sockets.popleft())
        socket = web.WebSocketResponse(autoping=self.read_sockets)
        await socket.prepare(request)
        self.sockets.put_nowait(socket)
        if self.read_sockets:
            async for _ in socket:
                pass
        else:
            await self.finished.wait()
        return socket


@asynccontextmanager
async def fake_asterisk() -> AsyncIterator[FakeAsterisk]:
    """Run a fake Asterisk on a free port of this host."""
    fake = FakeAsterisk()
    app = web.Application()
    app.router.add_get("/ari/events", fake.events)
    app.router.add_route("*", "/ari/{rest:.*}", fake.command)
    server = TestServer(app)
    await server.start_server()
    fake.base_url = str(server.make_url("/ari"))
    try:
        yield fake
    finally:
        fake.finished.set()
        await server.close()


def replies(body: object, status: int = 200) -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=msgspec.json.encode(body), status=status, content_type="application/json")

    return answer


def hangs(release: asyncio.Event) -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        await release.wait()
        return web.Response(status=204)

    return answer


def drops() -> Answer:
    """Read the command, then close the connection without a word, as an expired keep-alive does."""

    async def answer(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        return web.Response(status=204)

    return answer


def application(name: str) -> dict[str, object]:
    lists = ("channel_ids", "bridge_ids", "endpoint_ids", "device_names", "events_allowed", "events_disallowed")
    return {"name": name, **{key: [] for key in lists}}


def channel(name: str) -> dict[str, object]:
    person = {"name": "", "number": "0123"}
    place = {"context": "default", "exten": "s", "priority": 1, "app_name": "Stasis", "app_data": "demo"}
    return {
        "id": name,
        "protocol_id": "",
        "name": f"PJSIP/{name}",
        "state": "Up",
        "caller": person,
        "connected": person,
        "accountcode": "",
        "dialplan": place,
        "creationtime": "2026-01-01T00:00:00.000+0000",
        "language": "en",
    }


def event(kind: str, **fields: object) -> dict[str, object]:
    stamp = "2026-01-01T00:00:00.000+0000"
    return {"type": kind, "application": "demo", "timestamp": stamp, "asterisk_id": "ab", **fields}
