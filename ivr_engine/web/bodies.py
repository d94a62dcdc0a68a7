"""This file decides how what was sent is read, and what is answered when it cannot be. It knows no order."""

from http import HTTPStatus
from typing import TypeVar

import msgspec
from aiohttp import web

from ivr_engine.web.replies import refusal

BodyT = TypeVar("BodyT")


async def body_of(request: web.Request, kind: type[BodyT], such_as: str) -> BodyT | web.Response:
    """What was sent; or the refusal, if it cannot be read."""
    try:
        return msgspec.json.decode(await request.read(), type=kind)
    except (
        msgspec.DecodeError,
        UnicodeDecodeError,
        RecursionError,
        web.RequestPayloadError,
        ConnectionError,
    ) as error:
        return refusal(HTTPStatus.BAD_REQUEST, f"the order cannot be read: {error}", f"send JSON such as {such_as}")
