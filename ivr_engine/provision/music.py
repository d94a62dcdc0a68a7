"""This file decides what a waiting caller hears when nobody speaks. It knows sound, and no Asterisk.

The music is computed, not shipped: nobody's rights, no download, and no tone above 400 Hz, so that it can never be
mistaken for a party's voice or test tone when a recording is examined.
"""

import array
import math
import sys
import wave
from pathlib import Path

_RATE = 8000
_BAR_SECONDS = 4
_LOUDNESS = 1100  # of 32767 for each of three notes: about -26 dBFS together, softer than a prompt
# Whole hertz, so that one second of a chord repeats without a click and only one second has to be computed.
_CHORDS = ((196, 247, 294), (165, 196, 247), (131, 165, 196), (147, 185, 220))
HIGHEST_HZ = max(max(chord) for chord in _CHORDS)


def write_music(path: Path) -> None:
    """Write a soft loop of four chords to `path`, unless it is there already."""
    if path.exists():
        return
    samples = array.array("h")
    for chord in _CHORDS:
        samples.extend(_bar(chord))
    if sys.byteorder == "big":
        samples.byteswap()
    unfinished = path.with_suffix(".part")
    with wave.open(str(unfinished), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(_RATE)
        out.writeframes(samples.tobytes())
    unfinished.rename(path)


def _bar(chord: tuple[int, ...]) -> "array.array[int]":
    """One chord, swelling in and dying away like a breath."""
    turn = math.tau / _RATE
    second = [_LOUDNESS * sum(math.sin(turn * note * t) for note in chord) for t in range(_RATE)]
    total = _RATE * _BAR_SECONDS
    return array.array("h", (int(second[t % _RATE] * math.sin(math.pi * t / total)) for t in range(total)))
