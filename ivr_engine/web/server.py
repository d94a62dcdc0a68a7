"""This file decides where the web listens and what is open to everybody there. It does not know calls."""

import errno
from collections.abc import Callable, Mapping
from http import HTTPStatus

from aiohttp import web

from ivr_engine.errors import StartError
from ivr_engine.web.api import Api
from ivr_engine.web.desk import Desk
from ivr_engine.web.guard import only_with_token
from ivr_engine.web.replies import every_error_is_json, reply

LARGEST_BODY = 16 * 1024
SHORTEST_TOKEN = 16
NOBODY: Mapping[str, str] = {}

Figures = Callable[[], tuple[bytes, str]]  # the figures and their content type


def make_app(desk: Desk, figures: Figures, token: str, sources: Mapping[str, str] = NOBODY) -> web.Application:
    """The whole web, not listening yet. `sources` are the tokens of those that send signals, by name."""

    async def metrics(_: web.Request) -> web.Response:
        body, content_type = figures()
        return web.Response(body=body, headers={"Content-Type": content_type})

    async def healthz(_: web.Request) -> web.Response:
        return reply({"alive": True})  # answering at all is the proof: the loop turns

    async def readyz(_: web.Request) -> web.Response:
        found = desk.readiness()
        status = HTTPStatus.SERVICE_UNAVAILABLE if found.blocking else HTTPStatus.OK
        return reply({"ready": not found.blocking, "blocking": found.blocking, "degraded": found.degraded}, status)

    def stranger(who: str, what: str) -> None:
        desk.crises.turned_away("web", who, what, "the token is missing or wrong")

    guard = only_with_token(token, sources, stranger)
    app = web.Application(middlewares=[every_error_is_json, guard], client_max_size=LARGEST_BODY)
    app.add_routes(
        [web.get("/metrics", metrics), web.get("/healthz", healthz), web.get("/readyz", readyz), *Api(desk).routes()]
    )
    return app


class WebServer:
    """The web on one port."""

    def __init__(  # noqa: PLR0913 - what is open to whom, and where
        self,
        desk: Desk,
        figures: Figures,
        token: str,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        sources: Mapping[str, str] = NOBODY,
    ) -> None:
        for whose, one in {"the web": token, **sources}.items():
            if len(one) < SHORTEST_TOKEN:
                raise StartError(
                    f"the token of {whose} has {len(one)} characters, and whoever guesses it can bring on a crisis: put"
                    f" one of at least {SHORTEST_TOKEN} into the settings"
                )
        self._host = host
        self._port = port
        self._runner = web.AppRunner(
            make_app(desk, figures, token, sources),
            access_log=None,  # it would repeat whatever strangers send
            handle_signals=False,
            shutdown_timeout=2.0,
        )

    @property
    def port(self) -> int:
        """The port it listens on; useful when it was told to take any."""
        addresses = self._runner.addresses
        return int(addresses[0][1]) if addresses else self._port

    async def start(self) -> None:
        """Listen. A port that cannot be had raises StartError and leaves nothing behind."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self._runner.cleanup()
            taken = error.errno == errno.EADDRINUSE
            cause = "is taken" if taken else f"cannot be had ({error.strerror})"
            remedy = "stop the program that has it, or set another" if taken else "set another address or port"
            raise StartError(f"the web port {self._host}:{self._port} {cause}: {remedy} in the settings") from error

    async def stop(self) -> None:
        """Stop listening; requests under way may end."""
        await self._runner.cleanup()
