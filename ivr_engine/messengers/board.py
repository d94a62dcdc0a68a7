"""This file decides what is said of an alert over MQTT to whoever shows or speaks it. It does not know the broker."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import msgspec

from ivr_engine.messengers.messenger import ADDRESS, PATIENCE, NotSentError, words_of
from ivr_engine.model.alerts import AlertRaised

# Publishes one message, surely: returns when the broker has it. Raises ConnectionError when it cannot be reached.
Publish = Callable[[str, bytes], Awaitable[None]]
_NOT_IN_A_TOPIC = re.compile(r"[/+#\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class Board:
    """A topic; `<address>` in it is one level."""

    topic: str
    publish: Publish = field(repr=False)
    within: float = PATIENCE

    async def send(self, alert: AlertRaised, address: str) -> None:
        """Publish the alert as JSON."""
        topic = self.topic.replace(ADDRESS, _NOT_IN_A_TOPIC.sub("_", address))
        try:
            await self.publish(topic, msgspec.json.encode(words_of(alert, address)))
        except ConnectionError as error:
            raise NotSentError(str(error)) from None
