"""An SMS gateway on loopback that answers as badly as the test says, and alerts to send over it."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from ivr_engine.model.alerts import AlertRaised

Reply = Callable[[web.Request], Awaitable[web.StreamResponse]]
PHONE = "13812345678"


def raised(
    alert: str = "a1", *to: str, title: str = "Recall: critical", text: str = "# Situation\n\n3 calls"
) -> AlertRaised:
    return AlertRaised(alert, 1_795_323_225.0, to or ("duty",), "switched", title, text, "recall", "critical")


async def fine(_: web.Request) -> web.Response:
    return web.json_response({"code": 0})


class Gateway:
    """Keeps what it was sent."""

    def __init__(self) -> None:
        self.reply: Reply = fine
        self.bodies: list[Any] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []

    async def start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/{any:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/sms"

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.bodies.append(json.loads(await request.read()))
        self.headers.append(dict(request.headers))
        self.paths.append(str(request.rel_url))
        return await self.reply(request)
