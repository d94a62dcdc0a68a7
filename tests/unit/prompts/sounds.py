"""Sounds for tests, and how a finished one is looked at."""

import math
import wave
from array import array
from pathlib import Path

from ivr_engine.prompts.level import RATE


def sine(hz: float, seconds: float, dbfs: float, rate: int = RATE) -> list[int]:
    peak = 10 ** (dbfs / 20) * 32768
    return [round(min(32767, peak * math.sin(2 * math.pi * hz * n / rate))) for n in range(round(rate * seconds))]


def write_wav(path: Path, samples: list[int], rate: int = RATE, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, 2, rate, 0, "NONE", ""))
        file.writeframes(array("h", [sample for sample in samples for _ in range(channels)]).tobytes())
    return path


def decoded(path: Path) -> list[int]:
    """A-law as a telephone decodes it, written after G.711 and not after our encoder."""
    return [_decoded(code) for code in path.read_bytes()]


def _decoded(code: int) -> int:
    code ^= 0x55
    exponent, mantissa = code >> 4 & 7, code & 15
    magnitude = (mantissa << 4) + 8 if not exponent else ((mantissa << 4) + 0x108) << (exponent - 1)
    return magnitude if code & 0x80 else -magnitude
