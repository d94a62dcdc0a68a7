"""This file decides what a live drill hears of the engine over MQTT. It does not know what follows from it."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiomqtt
import msgspec

from ivr_engine.model import notices
from ivr_engine.mqtt.messages import STAGES, drill_prefix
from ivr_engine.settings import MqttSettings

_KINDS: dict[str, type[notices.Notice]] = {name: kind for kind, name in STAGES.items()}
_STATES: dict[str, type[notices.Notice]] = {"pools": notices.PoolChanged, "queues": notices.QueueChanged}


def connect(mqtt: MqttSettings) -> aiomqtt.Client:
    """The broker the engine tells."""
    return aiomqtt.Client(mqtt.host, mqtt.port, username=mqtt.user, password=mqtt.password)


async def hear(client: aiomqtt.Client, prefix: str) -> AsyncIterator[notices.Notice]:
    """What happens to drill calls, and how seats and queues stand."""
    calls = f"{drill_prefix(prefix)}/calls/+/+"
    await client.subscribe([(topic, 0) for topic in (calls, f"{prefix}/pools/+", f"{prefix}/queues/+")])
    async for message in client.messages:
        if isinstance(message.payload, bytes):
            notice = told(message.topic.value, message.payload)
            if notice is not None:
                yield notice


def told(topic: str, payload: bytes) -> notices.Notice | None:
    """The notice in a message; None for what we do not know, or cannot read."""
    above, _, last = topic.rpartition("/")
    kind = _KINDS.get(last) or _STATES.get(above.rpartition("/")[2])
    try:
        said: Any = json.loads(payload)
        if kind is None or not isinstance(said, dict):
            return None
        said.pop("stage", None)
        return msgspec.convert({"type": kind.__name__, **said}, kind)
    except (ValueError, msgspec.ValidationError):
        return None
