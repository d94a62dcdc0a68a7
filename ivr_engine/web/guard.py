"""This file decides who is let in where under `/api/`. It does not know what is answered there.

The token of the settings opens everything. A source of signals has a token of its own, which opens the two paths where
signals are taken and nothing else, and only in its own name.
"""

import hmac
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import web

from ivr_engine.web.replies import refusal

PREFIX = "/api/"
SIGNALS, ALERTMANAGER = "/api/signals", "/api/alertmanager"
_FOR_SOURCES = {("POST", SIGNALS), ("POST", ALERTMANAGER)}
SOURCE = web.RequestKey("source", str)  # in whose name a request speaks; empty for who has the token of the settings

OnStranger = Callable[[str, str], None]  # from where, and what he wanted


def only_with_token(token: str, sources: Mapping[str, str], on_stranger: OnStranger) -> Any:
    """Nothing under `/api/` is answered, not even that a path is unknown, without the bearer token.

    `sources` are the tokens of those that send signals, by name.
    """
    expected = _bearer(token)
    own = {name: _bearer(one) for name, one in sources.items()}

    @web.middleware
    async def guard(request: web.Request, handler: Any) -> web.StreamResponse:
        if request.path.startswith(PREFIX):
            given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
            source = "" if hmac.compare_digest(given, expected) else _source(request, given, own)
            if source is None:
                on_stranger(request.remote or "", f"{request.method} {request.path}"[:100])
                return _refused()
            request[SOURCE] = source
        response: web.StreamResponse = await handler(request)
        return response

    return guard


def _bearer(token: str) -> bytes:
    return f"Bearer {token}".encode()


def _source(request: web.Request, given: bytes, own: Mapping[str, bytes]) -> str | None:
    known = [name for name, expected in own.items() if hmac.compare_digest(given, expected)]
    return known[0] if known and (request.method, request.path) in _FOR_SOURCES else None


def _refused() -> web.Response:
    refused = refusal(
        HTTPStatus.UNAUTHORIZED,
        "the token is missing or wrong",
        "send the header Authorization: Bearer <the token from the settings>",
    )
    refused.headers["WWW-Authenticate"] = "Bearer"
    return refused
