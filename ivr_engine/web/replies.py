"""This file decides what a reply looks like, good or bad. It does not know what was asked."""

import json
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from aiohttp import web

from ivr_engine.dialplan.reports import as_json
from ivr_engine.errors import DialplanError, HotlineError, RefusedError, StartError

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


def _found_wrong(error: DialplanError) -> web.Response:
    """All that is wrong with the files, as `ivr check --format json` tells it."""
    told = {"cause": "the dialplan has mistakes", "remedy": "correct what was found; the old one goes on"}
    found = json.loads(as_json(error.diagnostics))["found"]
    return reply({"error": {**told, "found": found}}, HTTPStatus.UNPROCESSABLE_ENTITY)


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
    except DialplanError as error:
        return _found_wrong(error)
    except (RefusedError, StartError) as error:
        cause, _, remedy = str(error).partition(": ")
        return refusal(HTTPStatus.CONFLICT, cause, remedy or "nothing was changed")
    except HotlineError as error:
        return refusal(HTTPStatus.SERVICE_UNAVAILABLE, str(error), "try again; look at /readyz")
    except Exception:
        log.exception("web_request_failed", method=request.method, path=request.path)
        return refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "a bug of ours", "look at the engine's log and report it")
    return response
