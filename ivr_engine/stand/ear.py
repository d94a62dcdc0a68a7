"""This file decides what a caller's phone has heard, sample by sample. It knows A-law in RTP, and no call.

Sounds are kept in the trunk's own code and Asterisk converts nothing, so what a caller heard is, byte for byte, the
files that were played: which of them, and in which order, can be proven at his end.
"""

import asyncio
from typing import Self

from ivr_engine.stand.media import FRAME_SAMPLES, PT_ALAW

_HEADER = 12  # bytes of an RTP packet without anything extra, which Asterisk does not send


class Ear(asyncio.DatagramProtocol):
    """Takes in the sound that is sent to one port. Packets do not overtake each other on one machine."""

    def __init__(self) -> None:
        self._sound = bytearray()
        self._transport: asyncio.BaseTransport | None = None

    @classmethod
    async def open(cls, host: str, port: int) -> Self:
        """Listen. Raises OSError when the port is taken."""
        _, ear = await asyncio.get_running_loop().create_datagram_endpoint(cls, local_addr=(host, port))
        return ear

    def close(self) -> None:
        """Listen no more; what was heard stays."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what closes it."""
        self._transport = transport

    def datagram_received(self, data: bytes, addr: object) -> None:
        """Keep a packet of sound; keys and anything else are let go."""
        del addr
        if len(data) > _HEADER and data[1] & 0x7F == PT_ALAW:
            self._sound += data[_HEADER:]

    def find(self, sound: bytes, start: int = 0) -> int:
        """The end of a whole sound in what was heard from `start` on, in samples; -1 if it was not heard whole.

        What fills no packet of its own at a sound's end may be left out by Asterisk.
        """
        whole = bytes(sound[: len(sound) - len(sound) % FRAME_SAMPLES])
        place = self._sound.find(whole, start)
        return place + len(whole) if whole and place >= 0 else -1
