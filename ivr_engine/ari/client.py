"""Decides how a command reaches Asterisk and what its failure is called; it knows no event and no call."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeAlias, TypeVar

import aiohttp
import msgspec

from .address import Address
from .errors import AriDropped, AriError, AriTimeout, AriUndecodable, AriUnreachable, refusal
from .operations import Operations
from .request import Command, encoded

T = TypeVar("T")

#: Told after each command: the operation's name, the seconds it took, and the HTTP status or ``None`` when no
#: complete answer came.
OnRequest: TypeAlias = Callable[[str, float, int | None], None]

#: Asterisk's http.conf closes an idle connection after 15 s; ours goes first, or a command could be written
#: into a connection that is just being closed.
_KEEP_ALIVE_SECONDS = 10.0
#: Asterisk serves 100 HTTP sessions by default, event sockets and other clients included.
_MOST_CONNECTIONS = 32
_LONGEST_MESSAGE = 300


class _DroppedError(aiohttp.ClientError):
    """A connection ended under a command that must not be sent twice."""


class AriClient(Operations):
    """Commands for one Asterisk over a small pool of HTTP connections.

    Use it as an async context manager; commands are on the attributes ``applications``, ``asterisk``,
    ``bridges``, ``channels``, ``device_states`` and so on. Every command raises only :class:`AriError`, or
    ``ValueError`` for an argument that could not be put into a URL.

    Args:
        base_url: see :class:`Address`.
        user: a section of Asterisk's ari.conf.
        password: that user's password; it appears in no text, error or URL.
        timeout: seconds for one whole command, waiting for a free connection included.
        connections: most connections at once, 1 to 32.
        on_request: called after each command, see :data:`OnRequest`; it must not raise or block.
    """

    def __init__(  # noqa: PLR0913 -- three say where and who, the rest are named and have defaults
        self,
        base_url: str,
        user: str,
        password: str,
        *,
        timeout: float = 5.0,
        connections: int = 16,
        on_request: OnRequest | None = None,
    ) -> None:
        if not 1 <= connections <= _MOST_CONNECTIONS:
            raise ValueError(f"connections must be 1 to {_MOST_CONNECTIONS}, not {connections}")
        super().__init__(self.request)
        self.address = Address(base_url, user, password)
        #: Commands sent so far, by operation name (``channels.play``), whatever became of them.
        self.commands: Counter[str] = Counter()
        self.on_request = on_request
        #: Seconds for one whole command.
        self.timeout = timeout
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    def __repr__(self) -> str:
        return f"AriClient({self.address!r})"

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=_KEEP_ALIVE_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=self.address.headers(),
            timeout=aiohttp.ClientTimeout(total=self.timeout),
            middlewares=(_send_once_unless_get,),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection; commands on their way fail. Safe to call twice."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def request(self, command: Command, decode: Callable[[bytes], T]) -> T:
        """Send one command; the generated operations all end here.

        A ``GET`` that finds its connection closed is sent once more, on a new one. Nothing else is ever
        sent twice: a second ``POST`` could start a second call.

        Raises:
            AriError: one of its subclasses; its ``outcome_unknown`` says whether it may have been carried out.
            ValueError: a query value cannot be expressed.
            RuntimeError: the client is not open.
        """
        if self._session is None:
            raise RuntimeError("AriClient is not open: use it as 'async with AriClient(...)'")
        query, body = encoded(command)
        url = self.address.url(command.path, query)
        data = None if body is None else msgspec.json.encode(body)
        headers = None if data is None else {"Content-Type": "application/json"}
        self.commands[command.operation] += 1
        started = time.perf_counter()
        status: int | None = None
        try:
            async with self._session.request(
                command.method, url, data=data, headers=headers, allow_redirects=False
            ) as response:
                answer = await response.read()
                status = response.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise self._failure(command, error) from error
        finally:
            if self.on_request is not None:
                self.on_request(command.operation, time.perf_counter() - started, status)
        if not 200 <= status < 300:
            raise refusal(command.method, command.path, _message(answer), status)
        try:
            return decode(answer)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise AriUndecodable(command.method, command.path, str(error)) from error

    def _failure(self, command: Command, error: Exception) -> AriError:
        where = command.method, command.path
        # The order matters: aiohttp's connect errors are also its general ones.
        if isinstance(error, aiohttp.ConnectionTimeoutError | aiohttp.ClientConnectorError):
            return AriUnreachable(*where, f"no connection ({type(error).__name__})")
        if isinstance(error, TimeoutError):
            return AriTimeout(*where, f"no answer within {self.timeout:g} s")
        cause = error.__cause__ or error
        return AriDropped(*where, f"the connection ended before the answer ({type(cause).__name__})")


async def _send_once_unless_get(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Keep aiohttp's own retry to GET: it also repeats PUT and DELETE, and an ARI PUT may send a message."""
    try:
        return await handler(request)
    except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError):
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        if request.method == "GET":
            raise
        raise _DroppedError from error


def _message(answer: bytes) -> str:
    """Give Asterisk's own words for an error; some of its layers say "message", others "error"."""
    try:
        body = msgspec.json.decode(answer)
    except (msgspec.DecodeError, UnicodeDecodeError):
        body = None
    words = (body.get("message") or body.get("error")) if isinstance(body, dict) else None
    return str(words or "no explanation")[:_LONGEST_MESSAGE]
