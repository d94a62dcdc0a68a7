"""This file decides whose tone can be heard where in a recording. It knows samples, and no call.

A party is heard in a tenth of a second when its tone holds a good share of all energy there, which neither
speech nor another party's tone grants it, and only stretches of several such windows count: a vowel of a
monotonous prompt can sit on one frequency for a moment, a party does so without end.
"""

import math
import sys
import wave
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import mul
from pathlib import Path

WINDOW_S = 0.1
SHARE = 0.3
SHORTEST_S = 0.4

# Whole multiples of 10 Hz, so that in a window of 0.1 s each is blind to all others. At least 80 Hz apart; away
# from DTMF, dial, busy and ring tones, fax and modem answers, and from twice and three times each other. The
# first are those above most of the energy of speech.
PALETTE = (2310, 1540, 2770, 1910, 2430, 1700, 2950, 2000, 2560, 2680, 2860, 1270, 1130, 1020, 900, 730)


@dataclass(frozen=True)
class Span:
    """A stretch of a recording, in seconds from its beginning."""

    begin: float
    end: float

    @property
    def length(self) -> float:
        """How long it lasts."""
        return self.end - self.begin


def tones_heard(wav: Path, candidates: Sequence[int]) -> dict[int, dict[int, float]]:
    """Say for each channel (0 is left) and each candidate how many seconds it is heard."""
    return {
        channel: {hz: sum(span.length for span in spans) for hz, spans in heard.items()}
        for channel, heard in tone_spans(wav, candidates).items()
    }


def tone_spans(wav: Path, candidates: Sequence[int]) -> dict[int, dict[int, tuple[Span, ...]]]:
    """Say for each channel and each candidate when it is heard."""
    rate, channels = read_wav(wav)
    return {number: spans_in(samples, rate, candidates) for number, samples in enumerate(channels)}


def read_wav(wav: Path) -> tuple[int, list[Sequence[int]]]:
    """Return the rate and one array of 16-bit samples for each channel."""
    with wave.open(str(wav), "rb") as source:
        if source.getsampwidth() != 2:
            raise ValueError(f"{wav} has {8 * source.getsampwidth()}-bit samples; convert it to 16-bit PCM")
        count, rate = source.getnchannels(), source.getframerate()
        return rate, split_channels(source.readframes(source.getnframes()), count)


def split_channels(pcm: bytes, count: int) -> list[Sequence[int]]:
    """Take interleaved little-endian 16-bit PCM apart; MixMonitor's raw stereo file is such."""
    samples = array("h", pcm[: len(pcm) - len(pcm) % (2 * count)])
    if sys.byteorder == "big":
        samples.byteswap()
    return [samples[channel::count] for channel in range(count)]


def spans_in(samples: Sequence[int], rate: int, candidates: Sequence[int]) -> dict[int, tuple[Span, ...]]:
    """Say when each candidate is heard in one channel."""
    size = round(rate * WINDOW_S)
    probes = {hz: _probe(hz, rate, size) for hz in candidates}
    heard: dict[int, list[int]] = {hz: [] for hz in candidates}
    for index, window in enumerate(_windows(samples, size)):
        energy = sum(map(mul, window, window))
        if energy < size * _FLOOR**2:
            continue
        for hz, (cosine, sine) in probes.items():
            in_phase, across = sum(map(mul, window, cosine)), sum(map(mul, window, sine))
            # A pure tone of amplitude a gives energy n·a²/2 and in_phase² + across² of (n·a/2)².
            if 2 * (in_phase**2 + across**2) / size >= SHARE * energy:
                heard[hz].append(index)
    return {hz: _stretches(indexes) for hz, indexes in heard.items()}


_KEY_PRESS_S = 0.45
_FLOOR = 60.0  # RMS below which a channel is silent: about -55 dB, far under any party, over codec noise


def _probe(hz: int, rate: int, size: int) -> tuple[Sequence[float], Sequence[float]]:
    step = 2 * math.pi * hz / rate
    return (
        array("d", (math.cos(step * n) for n in range(size))),
        array("d", (math.sin(step * n) for n in range(size))),
    )


def _windows(samples: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for begin in range(0, len(samples) - size + 1, size):
        yield samples[begin : begin + size]


def _stretches(indexes: Iterable[int]) -> tuple[Span, ...]:
    """Keep what lasts, and join it over the gap a key press leaves."""
    runs: list[tuple[int, int]] = []
    for index in indexes:
        if runs and index == runs[-1][1]:
            runs[-1] = (runs[-1][0], index + 1)
        else:
            runs.append((index, index + 1))
    spans: list[Span] = []
    for first, end in runs:
        span = Span(round(first * WINDOW_S, 3), round(end * WINDOW_S, 3))
        if span.length < SHORTEST_S - WINDOW_S / 2:
            continue
        if spans and span.begin - spans[-1].end <= _KEY_PRESS_S:
            spans[-1] = Span(spans[-1].begin, span.end)
        else:
            spans.append(span)
    return tuple(spans)
