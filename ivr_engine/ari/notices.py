"""Decides what an event stream can say about itself, in words; it knows no socket.

A stream says two things besides events: that a connection ended, and that a frame was no event it knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class LossKind(Enum):
    """Why the event socket is gone."""

    CLOSED = "closed"
    """The other side closed it, however politely: Asterisk stopped, restarted or gave up writing to us."""

    SILENT = "silent"
    """No answer to a ping: the host or the network is gone, or Asterisk hangs."""

    BROKEN = "broken"
    """The connection or the WebSocket protocol failed."""

    GHOST = "ghost"
    """The name was taken right after we got it, most likely by a handshake of our own that we had given up: an
    Asterisk that hung works through all of them when it goes on. The stream takes the name back."""

    REPLACED = "replaced"
    """Another socket took the application's name. This stream has ended, so as not to fight over it."""


@dataclass(frozen=True, slots=True)
class Loss:
    """The end of one connection. ``final`` means that the stream does not come back by itself."""

    kind: LossKind
    detail: str

    @property
    def final(self) -> bool:
        """Whether the stream has ended."""
        return self.kind is LossKind.REPLACED


class OddKind(Enum):
    """Why a frame did not become an event."""

    UNKNOWN = "unknown"
    """An event type these models do not have: Asterisk is newer than they are."""

    MALFORMED = "malformed"
    """A known type whose content does not fit its model, or no JSON object at all."""


@dataclass(frozen=True, slots=True)
class OddFrame:
    """A frame that did not become an event. ``frame`` may hold telephone numbers: mind where it is logged."""

    kind: OddKind
    type: str
    detail: str
    frame: bytes
