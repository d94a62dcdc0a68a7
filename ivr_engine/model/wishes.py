"""This file decides what is known of one who wants to be called back. It does not know who calls him, or when."""

import msgspec

from ivr_engine.model.ids import QueueName, WishId


class Wish(msgspec.Struct, frozen=True):
    """A wish to be called back at `number` by people of `queue`. `since` is his place in line, in seconds since 1970.

    `attempts` were made to reach him.
    """

    wish: WishId
    queue: QueueName
    number: str
    since: float
    attempts: int = 0
