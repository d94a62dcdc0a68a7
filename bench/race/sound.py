"""This file decides how it is proven who hears whom: every agent has a sound of his own, byte for byte. No SIP here.

A packet in which all samples are one loud value comes from no music and no prompt. Asterisk mixes linear samples, and
A-law survives that unchanged when only one speaks.
"""

import asyncio
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Self

from bench.race.sip import HOST, PCMA
from ivr_engine.prompts.alaw import alaw

_STEP = 1200  # between two agents: further apart than A-law's coarsest step
_LOUD = 600
_SAMPLES = 160
_HEADER = struct.Struct("!BBHII")
_QUIET = frozenset(alaw(sample) for sample in range(-_LOUD, _LOUD))
STRANGE = ""  # somebody speaks, and it is none of them alone


def voices(agents: Sequence[str]) -> dict[str, int]:
    """A value for each."""
    return {agent: alaw((place + 1) * _STEP) for place, agent in enumerate(agents)}


class Ears(asyncio.DatagramProtocol):
    """One port at which many phones hear and speak; told apart by the port Asterisk has for each."""

    def __init__(self, names: Mapping[int, str]) -> None:
        self._names = names
        self._listeners: dict[int, Callable[[str], None]] = {}
        self._transport: asyncio.DatagramTransport
        self._sent = 0

    @classmethod
    async def open(cls, port: int, names: Mapping[int, str] | None = None) -> Self:
        """Listen. `names` are the values that are somebody's."""
        loop = asyncio.get_running_loop()
        transport, ears = await loop.create_datagram_endpoint(lambda: cls(names or {}), local_addr=(HOST, port))
        ears._transport = transport  # noqa: SLF001  # it is ours
        return ears

    def listen(self, far_port: int, heard: Callable[[str], None]) -> None:
        """Tell who is heard on that line: an agent, or STRANGE."""
        self._listeners[far_port] = heard

    def let_go(self, far_port: int) -> None:
        """That line is gone."""
        self._listeners.pop(far_port, None)

    def say(self, far_port: int, value: int) -> None:
        """Send one packet of that value."""
        if self._transport.is_closing():
            return
        self._sent += 1
        header = _HEADER.pack(0x80, PCMA, self._sent & 0xFFFF, (self._sent * _SAMPLES) & 0xFFFFFFFF, far_port)
        self._transport.sendto(header + bytes([value]) * _SAMPLES, (HOST, far_port))

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """A packet: is it somebody?"""
        value = data[-1]
        if value in _QUIET or len(data) < _HEADER.size + _SAMPLES or data[-_SAMPLES:].count(value) != _SAMPLES:
            return
        listener = self._listeners.get(addr[1])
        if listener is not None:
            listener(self._names.get(value, STRANGE))

    def close(self) -> None:
        """Hear no more."""
        self._transport.close()
