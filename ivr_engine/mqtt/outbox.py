"""This file decides what is sent next and what is dropped when nobody takes it. It does not know the broker.

State goes first and is never dropped: a newer one takes the older one's place. Stages keep their order; when there
are too many, the oldest go.
"""

from collections import deque

from ivr_engine.mqtt.messages import Message


class Outbox:
    """Messages waiting for the broker."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._states: dict[str, Message] = {}  # the latest of each topic, sent or not
        self._changed: dict[str, None] = {}  # topics to be sent, in order
        self._stages: deque[Message] = deque()

    def __len__(self) -> int:
        return len(self._changed) + len(self._stages)

    def put(self, message: Message) -> int:
        """Take a message. Returns how many old ones were dropped for it."""
        if message.retain:
            self._states[message.topic] = message
            self._changed[message.topic] = None
            return 0
        self._stages.append(message)
        return self._shorten()

    def take(self) -> Message | None:
        """The next message; None when all is said."""
        if self._changed:
            topic = next(iter(self._changed))
            del self._changed[topic]
            return self._states[topic]
        return self._stages.popleft() if self._stages else None

    def put_back(self, message: Message) -> int:
        """What `take` gave could not be sent. Returns how many were dropped."""
        if message.retain:
            self._changed[message.topic] = None  # with the state that is true by then
            return 0
        self._stages.appendleft(message)
        return self._shorten()

    def repeat_states(self) -> None:
        """Send every state again: a broker that was away may have forgotten them."""
        self._changed = dict.fromkeys(self._states)

    def _shorten(self) -> int:
        dropped = 0
        while len(self._stages) > self._limit:
            self._stages.popleft()
            dropped += 1
        return dropped
