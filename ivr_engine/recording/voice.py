"""This file decides how long somebody spoke in a message. It does not know who, or what was said.

A caller who hangs up in silence leaves a file too, and nobody should have to listen to it.
"""

import sys
from array import array

from ivr_engine.recording.wav import RATE

# The mean level above which sound may be speech: half of what Asterisk itself takes for silence, for somebody may have
# to whisper. In doubt a person listens.
LOUD = 64
STRETCH = 256  # samples: 32 ms; whole ones fit into every piece that is read


class Voice:
    """Hears 16-bit signed little-endian sound of one channel, piece by piece."""

    def __init__(self) -> None:
        self._loud = 0

    @property
    def seconds(self) -> float:
        """How long it was loud, all together."""
        return self._loud * STRETCH / RATE

    def hear(self, piece: bytes) -> None:
        """Take in the next piece."""
        samples = array("h", piece[: len(piece) & ~1])
        if sys.byteorder == "big":
            samples.byteswap()
        for start in range(0, len(samples) - STRETCH + 1, STRETCH):
            self._loud += sum(map(abs, samples[start : start + STRETCH])) > LOUD * STRETCH
