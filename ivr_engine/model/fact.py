"""This file decides what all facts have in common. It does not know any of them."""

import msgspec


class Event(msgspec.Struct, frozen=True, tag=True):
    """A fact."""
