"""This file decides when we speak and listen to the broker, and what happens while it is away. It knows no message."""

import asyncio
import contextlib
import random
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from aiomqtt import Client, MqttError, Will

from ivr_engine.model.notices import AnyNotice
from ivr_engine.mqtt.connected import connected
from ivr_engine.mqtt.intake import Intake
from ivr_engine.mqtt.messages import OFFLINE, ONLINE, Message, drill_prefix, engine_topic, message
from ivr_engine.mqtt.outbox import Outbox

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 15.0
_KEEP_ALIVE = 10  # seconds until a silently lost broker is noticed, and until the broker says we are offline
_GOODBYE = 2.0
_REFUSED = 0x80  # the broker's answer to a subscription it does not allow
MOST_COMMANDS_WAITING = 1000  # more are dropped unanswered: whoever sends so many at once does not read the answers

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is."""

    host: str
    port: int = 1883
    username: str | None = None
    password: str | None = None

    def __repr__(self) -> str:  # the password must not end in a log
        return f"{self.host}:{self.port}"


class MqttPublisher:
    """Publishes notices. `on_state` is told whether the broker is there, `on_dropped` how many messages were lost."""

    def __init__(
        self,
        broker: Broker,
        prefix: str = "ivr",
        on_state: Callable[[bool], None] = lambda _: None,
        on_dropped: Callable[[int], None] = lambda _: None,
        *,
        limit: int = 10_000,
    ) -> None:
        self._broker = broker
        self._prefix = prefix
        self._on_state = on_state
        self._on_dropped = on_dropped
        self.intake: Intake | None = None  # of commands, if any are taken
        self.whole_numbers = False  # of callers, on agents' screens
        self._outbox = Outbox(limit)
        self._more = asyncio.Event()
        self._dropping = False
        self._up: bool | None = None

    def publish(self, notice: AnyNotice) -> None:
        """Take a notice to be told. Never waits, whatever the broker does."""
        self._publish(self._prefix, notice)

    def publish_drill(self, notice: AnyNotice) -> None:
        """The same of a drill call: under topics of its own."""
        self._publish(drill_prefix(self._prefix), notice)

    def _publish(self, prefix: str, notice: AnyNotice) -> None:
        said = message(prefix, notice, whole_numbers=self.whole_numbers)
        if said is not None:
            self._say(said)

    def _say(self, said: Message) -> None:
        self._count_dropped(self._outbox.put(said))
        self._more.set()

    async def run(self) -> None:
        """Keep telling until cancelled; then say goodbye."""
        pause = _FIRST_PAUSE
        while True:
            try:
                await self._one_connection()
            except MqttError as error:
                if self._tell(up=False):
                    pause = _FIRST_PAUSE
                    log.warning(
                        "mqtt_down", broker=repr(self._broker), why=str(error), remedy="calls go on; look at the broker"
                    )
            # Spread out, so that many engines do not come back in the same instant.
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311 - no secret hangs on it
            pause = min(_LONGEST_PAUSE, pause * 2)

    async def _one_connection(self) -> None:
        async with connected(self._client()) as client:
            await client.publish(engine_topic(self._prefix), ONLINE, qos=1, retain=True)
            self._outbox.repeat_states()
            if self._tell(up=True):
                log.info("mqtt_up", broker=repr(self._broker))
            ear = asyncio.create_task(self._listen(client), name="mqtt-ear")
            ear.add_done_callback(lambda _: self._more.set())
            try:
                await self._tell_all(client, ear)
            except asyncio.CancelledError:
                await self._say_goodbye(client)
                raise
            finally:
                ear.cancel()
                await asyncio.gather(ear, return_exceptions=True)

    def _client(self) -> Client:
        return Client(
            self._broker.host,
            self._broker.port,
            username=self._broker.username,
            password=self._broker.password,
            will=Will(engine_topic(self._prefix), OFFLINE, qos=1, retain=True),
            keepalive=_KEEP_ALIVE,
            timeout=5,
            max_queued_incoming_messages=MOST_COMMANDS_WAITING,
        )

    async def _listen(self, client: Client) -> None:
        """Take commands one after the other. Listening is also how a lost connection is noticed."""
        intake = self.intake
        if intake is not None:
            granted = await client.subscribe([(topic, 1) for topic in intake.topics])
            if any(_is_refused(code) for code in granted):
                log.error("mqtt_no_commands", topics=intake.topics, remedy="let our user subscribe to them")
        async for said in client.messages:
            if intake is not None and isinstance(said.payload, bytes):
                self._say(await intake.take(said.topic.value, said.payload, retained=said.retain))

    async def _tell_all(self, client: Client, ear: asyncio.Task[None]) -> None:
        while not ear.done():
            self._more.clear()
            await self._empty_outbox(client)
            self._dropping = False
            await self._more.wait()
        ear.result()

    async def _empty_outbox(self, client: Client) -> None:
        while (said := self._outbox.take()) is not None:
            try:
                await self._send(client, said)
            except BaseException:
                self._count_dropped(self._outbox.put_back(said))
                raise

    async def _send(self, client: Client, said: Message) -> None:
        # A state must arrive, and a reply. A stage may be lost with a dying connection: waiting for each one's receipt
        # would make the pace of telling hang on the distance to the broker.
        await client.publish(said.topic, said.payload, qos=int(said.retain or said.sure), retain=said.retain)
        await asyncio.sleep(0)  # publishing may not wait at all, and a long outbox must not hold up the calls

    async def _say_goodbye(self, client: Client) -> None:
        with contextlib.suppress(MqttError, TimeoutError):
            async with asyncio.timeout(_GOODBYE):
                await self._empty_outbox(client)
                await client.publish(engine_topic(self._prefix), OFFLINE, qos=1, retain=True)

    def _count_dropped(self, count: int) -> None:
        if not count:
            return
        self._on_dropped(count)
        if not self._dropping:  # one line a burst, not one a message
            self._dropping = True
            log.error("mqtt_dropping", waiting=len(self._outbox), remedy="look at the broker; call stages are lost")

    def _tell(self, *, up: bool) -> bool:
        if up is self._up:
            return False
        self._up = up
        self._on_state(up)
        return True


def _is_refused(code: object) -> bool:
    value = getattr(code, "value", code)
    return isinstance(value, int) and value >= _REFUSED
