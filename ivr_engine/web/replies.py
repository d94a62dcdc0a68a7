"""This file decides what a reply looks like, good or bad. It does not know what was asked."""

from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from aiohttp import web

from ivr_engine.errors import HotlineError

log = structlog.get_logger()

_REMEDIES = {
    HTTPStatus.NOT_FOUND: "see docs/reference/api.md for the paths there are",
    HTTPStatus.METHOD_NOT_ALLOWED: "see docs/reference/api.md for the methods of this path",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "send less",
}


def reply(content: Any, status: int = HTTPStatus.OK) -> web.Response:
    """Anything msgspec can write, as JSON."""
    return web.Response(
        body=msgspec.json.encode(content),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
    )


def refusal(status: int, cause: str, remedy: str) -> web.Response:
    """What is wrong, and what to do."""
    return reply({"error": {"cause": cause, "remedy": remedy}}, status)


@web.middleware
async def every_error_is_json(request: web.Request, handler: Any) -> web.StreamResponse:
    """Nobody gets an HTML page or a stack trace."""
    try:
        response: web.StreamResponse = await handler(request)
    except web.HTTPException as error:
        status = HTTPStatus(error.status)
        refused = refusal(status, status.phrase.lower(), _REMEDIES.get(status, "change the request"))
        if "Allow" in error.headers:
            refused.headers["Allow"] = error.headers["Allow"]
        return refused
    except HotlineError as error:
        return refusal(HTTPStatus.SERVICE_UNAVAILABLE, str(error), "try again; look at /readyz")
    except Exception:
        log.exception("web_request_failed", method=request.method, path=request.path)
        return refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "a bug of ours", "look at the engine's log and report it")
    return response
