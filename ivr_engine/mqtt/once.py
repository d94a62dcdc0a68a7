"""This file decides how one message is published surely, on a connection of its own. It does not know what it says."""

from aiomqtt import Client, MqttError

from ivr_engine.mqtt.connected import connected
from ivr_engine.mqtt.publisher import Broker

_SECONDS = 5.0


async def publish_once(broker: Broker, topic: str, payload: bytes) -> None:
    """Return when the broker has it (QoS 1). Raises ConnectionError when it cannot be reached or refuses."""
    try:
        client = Client(broker.host, broker.port, username=broker.username, password=broker.password, timeout=_SECONDS)
        async with connected(client):
            await client.publish(topic, payload, qos=1)
    except MqttError as error:
        raise ConnectionError(f"the MQTT broker cannot be reached ({error})") from None
