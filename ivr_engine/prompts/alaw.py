"""This file decides what a sample is in G.711 A-law, as telephone lines in China carry it. It knows no file."""

from array import array
from functools import cache

SILENCE = 0xD5


def alaw(sample: int) -> int:
    """Encode one signed 16-bit sample."""
    sign = 0x80 if sample >= 0 else 0
    magnitude = min(sample if sample >= 0 else ~sample, 32767) >> 3
    exponent = max(0, magnitude.bit_length() - 5)
    mantissa = (magnitude >> max(1, exponent)) & 0x0F
    return (sign | exponent << 4 | mantissa) ^ 0x55


def encode(samples: "array[int]") -> bytes:
    """Encode signed 16-bit samples."""
    codes = _codes()
    return bytes([codes[sample] for sample in samples])


@cache
def _codes() -> bytes:
    """The code of each sample; negative ones are found from the end, as Python counts."""
    return bytes(alaw(sample) for sample in (*range(32768), *range(-32768, 0)))
