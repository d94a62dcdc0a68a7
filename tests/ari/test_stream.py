"""When the event socket is up, lost or taken over; nothing here waits for a fixed time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import msgspec
import pytest
from aiohttp import web

from ivr_engine.ari import (
    AriClient,
    AriError,
    AriUnreachable,
    Backoff,
    EventStream,
    Loss,
    LossKind,
    NotFound,
    OddFrame,
    OddKind,
    ServerFault,
    Unauthorized,
    models,
)
from ivr_engine.ari import stream as stream_module

from .fake import PASSWORD, USER, FakeAsterisk, channel, event, replies

QUICK = Backoff(first=0.001, most=0.01)
PATIENCE = 10.0


class Listener:
    """Keeps what a stream said, in the order it said it."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[object] = asyncio.Queue()

    def connected(self) -> None:
        self.heard.put_nowait("connected")

    def retry(self, error: AriError, delay: float) -> None:
        self.heard.put_nowait((error, delay))

    async def next(self) -> Any:
        return await asyncio.wait_for(self.heard.get(), PATIENCE)


@asynccontextmanager
async def streaming(
    ari: AriClient, listener: Listener, *, heartbeat: float = 30.0, **options: Any
) -> AsyncIterator[tuple[EventStream, asyncio.Task[Loss]]]:
    stream = EventStream(
        ari,
        "demo",
        on_event=options.pop("on_event", listener.heard.put_nowait),
        on_connected=listener.connected,
        on_lost=listener.heard.put_nowait,
        on_retry=listener.retry,
        on_odd=listener.heard.put_nowait,
        heartbeat=heartbeat,
        backoff=QUICK,
        **options,
    )
    task = asyncio.create_task(stream.run())
    try:
        yield stream, task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def socket_of(fake: FakeAsterisk) -> web.WebSocketResponse:
    return await asyncio.wait_for(fake.sockets.get(), PATIENCE)


def frame(kind: str, **fields: object) -> str:
    return msgspec.json.encode(event(kind, **fields)).decode()


async def test_events_come_typed_and_in_order(fake: FakeAsterisk) -> None:
    listener = Listener()
    async with fake.client() as ari, streaming(ari, listener) as (stream, _):
        socket = await socket_of(fake)
        assert await listener.next() == "connected"
        await socket.send_str(frame("StasisStart", args=["a", "b"], channel=channel("c"), new_in_asterisk_30={}))
        for digit in "123":
            await socket.send_str(frame("ChannelDtmfReceived", digit=digit, duration_ms=80, channel=channel("c")))
        start = await listener.next()
        assert isinstance(start, models.StasisStart)
        assert (start.args, start.channel.caller.number) == (["a", "b"], "0123")
        assert [(await listener.next()).digit for _ in range(3)] == ["1", "2", "3"]
        assert stream.connected
        assert stream.events == 4
    assert not stream.connected


async def test_the_socket_asks_for_one_application_by_basic_auth_and_never_for_everything(
    fake: FakeAsterisk,
) -> None:
    listener = Listener()
    async with fake.client() as ari, streaming(ari, listener):
        await listener.next()
    [seen] = fake.seen
    assert (seen.method, seen.path, seen.query) == ("WS", "/ari/events", "app=demo")
    assert seen.authorization.startswith("Basic ")


async def test_the_filter_is_set_on_every_connection_before_it_is_called_connected(fake: FakeAsterisk) -> None:
    listener = Listener()
    async with fake.client() as ari, streaming(ari, listener, allow=[models.StasisStart, models.Dial]):
        for _ in range(2):
            assert await listener.next() == "connected"
            assert fake.seen[-1].path == "/ari/applications/demo/eventFilter"
            await (await socket_of(fake)).close()
            assert isinstance(await listener.next(), Loss)
    filters = [msgspec.json.decode(seen.body) for seen in fake.seen if seen.method == "PUT"]
    wanted = [{"type": kind} for kind in ("ApplicationReplaced", "Dial", "StasisStart")]
    assert filters[:2] == [{"allowed": wanted, "disallowed": []}] * 2


async def test_without_its_filter_a_socket_is_not_called_connected(fake: FakeAsterisk) -> None:
    listener = Listener()
    fake.answers.append(replies({"message": "no"}, 404))
    async with fake.client() as ari, streaming(ari, listener, allow=[models.StasisStart]):
        error, _ = await listener.next()
        assert isinstance(error, NotFound)
        assert await listener.next() == "connected"


async def test_a_polite_end_is_a_loss_and_is_followed_by_a_new_socket(fake: FakeAsterisk) -> None:
    listener = Listener()
    async with fake.client() as ari, streaming(ari, listener):
        for _ in range(3):
            assert await listener.next() == "connected"
            await (await socket_of(fake)).close(code=1000)
            loss = await listener.next()
            assert loss.kind is LossKind.CLOSED
            assert "1000" in loss.detail
            assert not loss.final


async def test_a_broken_connection_is_a_loss_and_is_followed_by_a_new_socket(fake: FakeAsterisk) -> None:
    listener = Listener()
    async with fake.client() as ari, streaming(ari, listener):
        assert await listener.next() == "connected"
        abort(await socket_of(fake))
        assert (await listener.next()).kind is LossKind.BROKEN
        assert await listener.next() == "connected"


async def test_a_silent_peer_is_noticed_by_its_missing_answer(fake: FakeAsterisk) -> None:
    listener = Listener()
    fake.read_sockets = False
    async with fake.client() as ari, streaming(ari, listener, heartbeat=0.05):
        assert await listener.next() == "connected"
        assert (await listener.next()).kind is LossKind.SILENT
        assert await listener.next() == "connected"


async def test_a_taken_name_ends_the_stream_instead_of_starting_a_fight(
    fake: FakeAsterisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_module, "_GHOST_SECONDS", -1.0)
    listener = Listener()
    async with fake.client() as ari, streaming(ari, listener) as (_, task):
        assert await listener.next() == "connected"
        await (await socket_of(fake)).send_str(frame("ApplicationReplaced"))
        loss = await listener.next()
        assert loss.kind is LossKind.REPLACED
        assert loss.final
        assert await asyncio.wait_for(task, PATIENCE) == loss
    assert [seen.method for seen in fake.seen] == ["WS"]


async def test_a_name_taken_at_once_is_taken_back_but_not_for_ever(
    fake: FakeAsterisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_module, "_GHOST_SECONDS", 1000.0)
    listener = Listener()
    losses: list[Loss] = []
    async with fake.client() as ari, streaming(ari, listener) as (_, task):
        while not losses or not losses[-1].final:
            assert await listener.next() == "connected"
            await (await socket_of(fake)).send_str(frame("ApplicationReplaced"))
            losses.append(await listener.next())
        assert await asyncio.wait_for(task, PATIENCE) == losses[-1]
    assert [loss.kind for loss in losses] == [LossKind.GHOST] * 3 + [LossKind.REPLACED]


async def test_another_applications_replacement_is_an_event_like_any_other(fake: FakeAsterisk) -> None:
    listener = Listener()
    async with fake.client() as ari, streaming(ari, listener):
        assert await listener.next() == "connected"
        await (await socket_of(fake)).send_str(frame("ApplicationReplaced").replace("demo", "other"))
        assert isinstance(await listener.next(), models.ApplicationReplaced)


@pytest.mark.parametrize(
    ("text", "kind", "type_"),
    [
        (frame("FromTheFuture", x=1), OddKind.UNKNOWN, "FromTheFuture"),
        (frame("StasisStart"), OddKind.MALFORMED, "StasisStart"),
        ('{"no": "type"}', OddKind.MALFORMED, ""),
        ('{"type": 5}', OddKind.MALFORMED, ""),
        ("[]", OddKind.MALFORMED, ""),
        ("not json", OddKind.MALFORMED, ""),
    ],
)
async def test_an_odd_frame_is_counted_and_shown_and_reading_goes_on(
    fake: FakeAsterisk, text: str, kind: OddKind, type_: str
) -> None:
    listener = Listener()
    async with fake.client() as ari, streaming(ari, listener) as (stream, _):
        assert await listener.next() == "connected"
        socket = await socket_of(fake)
        await socket.send_str(text)
        await socket.send_bytes(b"\x00")
        await socket.send_str(frame("StasisEnd", channel=channel("c")))
        odd = await listener.next()
        assert isinstance(odd, OddFrame)
        assert (odd.kind, odd.type, odd.frame) == (kind, type_, text.encode())
        assert isinstance(await listener.next(), models.StasisEnd)
        assert stream.odd[kind] == 1
        assert stream.events == 1


async def test_a_listener_that_fails_is_reported_and_reading_goes_on(fake: FakeAsterisk) -> None:
    listener = Listener()
    faults: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context))

    def fail_once(message: models.AnyMessage) -> None:
        listener.heard.put_nowait(message)
        if not faults:
            raise ZeroDivisionError

    async with fake.client() as ari, streaming(ari, listener, on_event=fail_once):
        assert await listener.next() == "connected"
        socket = await socket_of(fake)
        for name in ("a", "b"):
            await socket.send_str(frame("StasisEnd", channel=channel(name)))
            assert (await listener.next()).channel.id == name
    [fault] = faults
    assert isinstance(fault["exception"], ZeroDivisionError)


async def test_it_waits_longer_each_time_and_gives_the_reason(fake: FakeAsterisk) -> None:
    listener = Listener()
    fake.refuse_sockets.extend([503, 401])
    async with fake.client() as ari, streaming(ari, listener):
        (first, _), (second, _) = await listener.next(), await listener.next()
        assert isinstance(first, ServerFault)
        assert isinstance(second, Unauthorized)
        assert PASSWORD not in f"{first}{second}"
        assert await listener.next() == "connected"


async def test_nobody_listening_is_retried_too(unused_port: int) -> None:
    listener = Listener()
    async with AriClient(f"http://127.0.0.1:{unused_port}", USER, PASSWORD) as ari, streaming(ari, listener):
        for _ in range(3):
            assert isinstance((await listener.next())[0], AriUnreachable)


def test_the_wait_doubles_up_to_its_limit_and_is_never_the_same_for_all() -> None:
    backoff = Backoff(first=0.1, most=2.0)
    for attempt, longest in [(1, 0.1), (2, 0.2), (5, 1.6), (6, 2.0), (100_000, 2.0)]:
        delays = [backoff.delay(attempt) for _ in range(50)]
        assert longest / 2 <= min(delays) < max(delays) <= longest


@pytest.mark.parametrize("app", ["", "one,two"])
def test_a_stream_is_for_one_application(app: str) -> None:
    silent: Callable[..., None] = lambda *_: None  # noqa: E731 -- three callbacks that do nothing
    client = AriClient("http://host:8088", USER, PASSWORD)
    with pytest.raises(ValueError, match=r"application|comma"):
        EventStream(client, app, on_event=silent, on_connected=silent, on_lost=silent)


def abort(socket: web.WebSocketResponse) -> None:
    """End the connection below the WebSocket, as a killed process does."""
    assert socket._writer is not None
    socket._writer.transport.abort()
