"""This file decides how an SMS gateway or a chat room is asked over HTTP to tell somebody. It does not know when."""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

from ivr_engine.messengers.messenger import PATIENCE, NotSentError, filled, receipt, words_of
from ivr_engine.model.alerts import AlertRaised

TOKEN = "<token>"  # noqa: S105 - the place of one
MOST_BYTES = 65_536  # of an answer


@dataclass(frozen=True, slots=True)
class Webhook:
    """A POST of JSON. The token goes along as `Authorization: Bearer`, unless address or body have a place for it.

    `answer` is what the JSON that comes back must hold: many gateways answer 200 to what they refuse.
    """

    url: str = field(repr=False)  # it may hold a key
    body: Mapping[str, Any] | None = None  # left out: all there is to say
    answer: Mapping[str, str] = field(default_factory=dict)
    token: str | None = field(default=None, repr=False)
    authorities: ssl.SSLContext | None = field(default=None, repr=False)  # who vouches for it; None: the machine's
    within: float = PATIENCE

    async def send(self, alert: AlertRaised, address: str) -> None:
        """Ask for it. Nothing that redirects is followed: a token goes to this address only."""
        words = words_of(alert, address)
        body = dict(words) if self.body is None else filled(self.body, {**words, "token": self.token or ""})
        url = URL(self.url.replace(TOKEN, quote(self.token or "", safe="")), encoded=True)
        try:
            async with (
                aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False) as session,
                session.post(
                    url,
                    data=json.dumps(body, ensure_ascii=False).encode(),
                    headers=self._headers(alert, address),
                    allow_redirects=False,
                    ssl=self.authorities or True,
                ) as response,
            ):
                await self._judge(response)
        except aiohttp.ClientError as error:
            # Not its words: they may hold the address, and with it a key.
            raise NotSentError(f"it cannot be reached ({type(error).__name__})") from None

    def _headers(self, alert: AlertRaised, address: str) -> Mapping[str, str]:
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Accept-Encoding": "identity",
            "User-Agent": "ivr-engine",
            "Idempotency-Key": receipt(alert, address),
        }
        if self.token and TOKEN not in self.url and TOKEN not in json.dumps(self.body):
            headers["Authorization"] = f"Bearer {self.token}"
        return headers

    async def _judge(self, response: aiohttp.ClientResponse) -> None:
        if not 200 <= response.status < 300:
            raise NotSentError(f"it answered {response.status}")
        if not self.answer:
            return
        try:
            said = json.loads(await _body(response))
        except (ValueError, RecursionError):
            raise NotSentError("its answer is no JSON") from None
        for path, wanted in self.answer.items():
            found = _found(said, path)
            if found != wanted:
                raise NotSentError(f"it answered {path}: {found[:40]!r}, not {wanted!r}")


async def _body(response: aiohttp.ClientResponse) -> bytes:
    body = b""
    while chunk := await response.content.read(MOST_BYTES):
        body += chunk
        if len(body) > MOST_BYTES:
            raise NotSentError(f"its answer is longer than {MOST_BYTES // 1024} KiB")
    return body


def _found(answer: Any, path: str) -> str:
    for part in path.split("."):
        if isinstance(answer, list) and part.isdecimal() and int(part) < len(answer):
            answer = answer[int(part)]
        else:
            answer = answer.get(part) if isinstance(answer, dict) else None
    return answer if isinstance(answer, str) else json.dumps(answer)
