"""Decides when the event socket is up, lost or taken over; it does not know what an event means.

Asterisk replays nothing: what happened while the socket was down must be asked for after ``on_connected``.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVarTuple, get_args

import aiohttp
import msgspec

from . import models
from .client import AriClient
from .errors import AriError, AriTimeout, AriUnreachable, refusal
from .notices import Loss, LossKind, OddFrame, OddKind
from .request import encode_query

Ts = TypeVarTuple("Ts")

_DECODE = msgspec.json.Decoder(models.AnyMessage).decode
_KNOWN = frozenset(kind.__name__ for kind in get_args(models.AnyMessage))
#: How soon after our connection a taken name is put down to a ghost, and how often in a row. Bounded, so that
#: two rivals who start at the same moment still end with one of them stopping.
_GHOST_SECONDS = 5.0
_MOST_GHOSTS = 3
#: Asterisk closes a socket it cannot write to, so a graceful goodbye is worth little.
_CLOSE_SECONDS = 1.0


class _Envelope(msgspec.Struct, frozen=True):
    """What is left to read of a frame that is no known event."""

    type: str = ""


_OPEN_ENVELOPE = msgspec.json.Decoder(_Envelope).decode


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait before connection attempt ``n``: doubled each time, in seconds, with jitter.

    The jitter keeps many clients from knocking at a restarted Asterisk at the same moment.
    """

    first: float = 0.1
    most: float = 2.0

    def delay(self, attempt: int) -> float:
        """Give the seconds before attempt number ``attempt``, which counts from 1."""
        # 2**16 times any sensible first wait is beyond any sensible most.
        longest = min(self.most, self.first * 2.0 ** min(attempt - 1, 16))
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 -- spreads load, guards nothing


OnEvent: TypeAlias = Callable[[models.AnyMessage], None]


class EventStream:
    """Keeps one event socket for one Stasis application, on a connection of its own.

    The reader decodes a frame and calls ``on_event``; it awaits nothing else, because Asterisk closes a socket
    it cannot write to. So every callback is synchronous and must return at once; one that raises is reported
    to the loop's exception handler and does not stop the reader. It never asks for ``subscribeAll``.

    Args:
        client: names Asterisk and sets the event filter; it must be open while :meth:`run` runs.
        app: the application's name, the one the dialplan gives to ``Stasis()``.
        on_event: called with each event, in Asterisk's order.
        on_connected: called when the socket is up and the filter set, before the first event.
        on_lost: called with the :class:`Loss` once after each ``on_connected``, unless :meth:`run` is cancelled.
        allow: the event types to ask Asterisk for; ``None`` leaves its filter alone.
            ``ApplicationReplaced`` is always added.
        on_retry: called when an attempt failed, with the error and the seconds until the next one.
        on_odd: called with each frame that is no known event; they are counted in ``odd`` too.
        heartbeat: seconds between pings; an answer must come within half of that.
        backoff: the wait between attempts.

    Raises:
        ValueError: ``app`` is empty or holds a comma, which Asterisk would take for two names.
    """

    def __init__(  # noqa: PLR0913 -- one name for each thing that can happen to a socket
        self,
        client: AriClient,
        app: str,
        *,
        on_event: OnEvent,
        on_connected: Callable[[], None],
        on_lost: Callable[[Loss], None],
        allow: Iterable[type[models.Event]] | None = None,
        on_retry: Callable[[AriError, float], None] | None = None,
        on_odd: Callable[[OddFrame], None] | None = None,
        heartbeat: float = 2.5,
        backoff: Backoff | None = None,
    ) -> None:
        if not app:
            raise ValueError("a Stasis application has a name")
        self.app = app
        #: Whether the socket is up and its filter set.
        self.connected = False
        #: Events handed to ``on_event`` so far.
        self.events = 0
        #: Frames that did not become an event, by kind.
        self.odd = dict.fromkeys(OddKind, 0)
        self._client = client
        self._url = client.address.url("/events", encode_query({"app": [app]}), socket=True)
        self._on_event = on_event
        self._on_connected = on_connected
        self._on_lost = on_lost
        self._on_retry: Callable[[AriError, float], None] = on_retry or _ignore
        self._on_odd: Callable[[OddFrame], None] = on_odd or _ignore
        self._heartbeat = heartbeat
        self._backoff = backoff or Backoff()
        self._ghosts = 0
        self._allowed: list[str] | None = None
        if allow is not None:
            self._allowed = sorted({kind.__name__ for kind in allow} | {models.ApplicationReplaced.__name__})

    async def run(self) -> Loss:
        """Connect, read, and connect again for ever; cancel it to stop.

        Returns:
            the final :class:`Loss`, once another socket took the application's name.
        """
        clock = asyncio.get_running_loop().time
        attempt = 0
        while True:
            attempt += 1
            delay = self._backoff.delay(attempt)
            started = clock()
            try:
                loss = await self._connect_and_read()
            except AriError as error:
                self._tell(self._on_retry, error, delay)
            else:
                if loss.final:
                    return loss
                # Only a socket that lasted counts as a success: one that is accepted and dropped at once
                # must not be knocked at without pause.
                if clock() - started > self._backoff.most:
                    attempt, delay = 0, self._backoff.delay(1)
            await asyncio.sleep(delay)

    async def _connect_and_read(self) -> Loss:
        # A session for each attempt: nothing of a broken connection can leak into the next one.
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
            socket = await self._connect(session)
            try:
                if self._allowed is not None:
                    allowed = [{"type": name} for name in self._allowed]
                    await self._client.applications.filter(self.app, filter={"allowed": allowed, "disallowed": []})
                self.connected = True
                connected_at = asyncio.get_running_loop().time()
                self._tell(self._on_connected)
                loss = self._judged(await self._read(socket), connected_at)
            finally:
                self.connected = False
                await socket.close()
        self._tell(self._on_lost, loss)
        return loss

    def _judged(self, loss: Loss, connected_at: float) -> Loss:
        """Tell a rival who took the name from a late handshake of our own."""
        if asyncio.get_running_loop().time() - connected_at > _GHOST_SECONDS:
            self._ghosts = 0
            return loss
        if loss.kind is LossKind.REPLACED and self._ghosts < _MOST_GHOSTS:
            self._ghosts += 1
            return Loss(LossKind.GHOST, loss.detail)
        return loss

    async def _connect(self, session: aiohttp.ClientSession) -> aiohttp.ClientWebSocketResponse[Literal[False]]:
        where = "GET", "/events"
        try:
            async with asyncio.timeout(self._client.timeout):
                return await session.ws_connect(
                    self._url,
                    headers=self._client.address.headers(),
                    heartbeat=self._heartbeat,
                    decode_text=False,
                    timeout=aiohttp.ClientWSTimeout(ws_close=_CLOSE_SECONDS),
                )
        except aiohttp.WSServerHandshakeError as error:
            raise refusal(*where, "no event socket", error.status) from error
        except TimeoutError as error:
            raise AriTimeout(*where, f"no event socket within {self._client.timeout:g} s") from error
        except (aiohttp.ClientError, OSError) as error:
            raise AriUnreachable(*where, f"no event socket ({type(error).__name__})") from error

    async def _read(self, socket: aiohttp.ClientWebSocketResponse[Literal[False]]) -> Loss:
        while True:
            message = await socket.receive()
            if message.type is aiohttp.WSMsgType.TEXT:
                if self._frame(message.data):
                    return Loss(LossKind.REPLACED, f"another socket took the application {self.app!r}")
            elif message.type is aiohttp.WSMsgType.CLOSE:
                return Loss(LossKind.CLOSED, f"close code {message.data} {message.extra or ''}".rstrip())
            elif message.type is not aiohttp.WSMsgType.BINARY:
                return _breakage(socket.exception() or message.data)

    def _frame(self, frame: bytes) -> bool:
        """Handle one frame; say whether another socket has taken the application."""
        try:
            event = _DECODE(frame)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            odd = _odd(frame, error)
            self.odd[odd.kind] += 1
            self._tell(self._on_odd, odd)
            return False
        if isinstance(event, models.ApplicationReplaced) and event.application == self.app:
            return True
        self.events += 1
        self._tell(self._on_event, event)
        return False

    def _tell(self, callback: Callable[[*Ts], None], *args: *Ts) -> None:
        try:
            callback(*args)
        except Exception as error:  # noqa: BLE001 -- the reader must outlive a faulty listener, as asyncio's loop does
            context = {"message": f"a listener of the ARI stream {self.app!r} failed", "exception": error}
            asyncio.get_running_loop().call_exception_handler(context)


def _ignore(*_: object) -> None:
    """Stand in for a callback nobody asked for."""


def _breakage(error: object) -> Loss:
    if isinstance(error, aiohttp.ServerTimeoutError):
        return Loss(LossKind.SILENT, str(error))
    # What aiohttp met while it answered the end of the connection is a consequence of it, not its cause.
    if not isinstance(error, Exception) or isinstance(error, aiohttp.ClientConnectionError):
        return Loss(LossKind.BROKEN, "the connection ended without a close frame")
    return Loss(LossKind.BROKEN, f"{type(error).__name__}: {error}")


def _odd(frame: bytes, error: Exception) -> OddFrame:
    try:
        kind = _OPEN_ENVELOPE(frame).type
    except (msgspec.DecodeError, UnicodeDecodeError):
        kind = ""
    if kind and kind not in _KNOWN:
        return OddFrame(OddKind.UNKNOWN, kind, "no model for this event", frame)
    return OddFrame(OddKind.MALFORMED, kind, str(error), frame)
