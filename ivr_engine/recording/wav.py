"""This file decides how Asterisk's raw sound becomes a WAV file. It does not know keys, folders or calls.

16-bit signed little-endian, 8 kHz. Of a call Asterisk writes both directions side by side: stereo, the caller is left.
Of a message it writes the caller only.
"""

import struct
from collections.abc import Callable
from typing import BinaryIO

RATE = 8000
STEREO, MONO = 2, 1  # channels
WIDTH = 2  # bytes a sample
HEADER_BYTES = 44
LARGEST_FIELD = 0xFFFFFFFF


def padded(size: int, channels: int) -> int:
    """The size rounded up to whole frames: a killed Asterisk may leave half of one."""
    frame = channels * WIDTH
    return -(-size // frame) * frame


def seconds(size: int, channels: int) -> float:
    """How long that many bytes of raw sound last."""
    return size / (RATE * channels * WIDTH)


def header(size: int, channels: int) -> bytes:
    """The WAV header in front of `size` bytes of sound.

    The format counts in 32 bits. Beyond 37 hours the counts stop at their largest value, and players read on.
    """
    data = min(size, LARGEST_FIELD)
    riff = min(size + HEADER_BYTES - 8, LARGEST_FIELD)
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        riff,
        b"WAVE",
        b"fmt ",
        16,
        1,  # PCM
        channels,
        RATE,
        RATE * channels * WIDTH,
        channels * WIDTH,
        8 * WIDTH,
        b"data",
        data,
    )


def promised_size(head: bytes) -> int | None:
    """How many bytes of sound a header made here promises; None when it is not one of ours."""
    if len(head) < HEADER_BYTES or head[:4] != b"RIFF" or head[36:40] != b"data":
        return None
    size: int = struct.unpack("<I", head[40:44])[0]
    return size


class WavStream:
    """A WAV read from raw sound on the fly, so that no second plaintext file ever exists.

    It reads exactly `size` bytes, whatever the file does meanwhile: the header has promised that many. `hear` is told
    all of them.
    """

    def __init__(self, raw: BinaryIO, size: int, channels: int, hear: Callable[[bytes], None] | None = None) -> None:
        self._raw = raw
        self._sound_left = size
        self._hear = hear
        self._buffer = header(padded(size, channels), channels)
        self._padding = bytes(padded(size, channels) - size)

    def read(self, wanted: int = -1) -> bytes:
        """Up to `wanted` bytes; empty at the end."""
        while not self._buffer and self._sound_left:
            self._buffer = self._raw.read(min(self._sound_left, 1 << 16))
            if not self._buffer:
                raise EOFError("the raw sound became shorter while it was read")
            self._sound_left -= len(self._buffer)
            if self._hear:
                self._hear(self._buffer)
        if not self._buffer:
            self._buffer, self._padding = self._padding, b""
        if wanted < 0 or wanted >= len(self._buffer):
            piece, self._buffer = self._buffer, b""
        else:
            piece, self._buffer = self._buffer[:wanted], self._buffer[wanted:]
        return piece
