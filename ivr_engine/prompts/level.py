"""This file decides how loud a prompt is. It does not know how it came to be, or where it is kept.

Loudness is that of ITU-R BS.1770: what people hear, not the largest sample. All prompts have the same, so nobody has to
turn his telephone up for one and down for the next. The filters are the recommendation's, for the rate of a telephone
line; their poles are computed as libebur128 does, since the recommendation only lists those for 48 kHz.
"""

import math
from array import array
from collections.abc import Sequence
from itertools import accumulate

RATE = 8000  # samples a second
TARGET = -23.0  # LUFS, as EBU R 128 has it
CEILING = -3.0  # dBFS; above it A-law has little room left
_FULL_SCALE = 32768.0
_HOP = RATE // 10  # 400 ms blocks begin every 100 ms
_OFFSET = -0.691  # dB, so that a sine of 997 Hz reads what a meter of power would
_ABSOLUTE_GATE = -70.0  # LUFS
_RELATIVE_GATE = -10.0  # LU below the mean of what is above the absolute gate
_LIMIT = _FULL_SCALE * 10 ** (CEILING / 20)
_CLOSE, _TRIES = 0.2, 4  # LU, and how often it is tried to come so close
_LIMITED = 40  # samples, 5 ms, that are turned down together

Biquad = tuple[float, float, float, float, float]  # b0 b1 b2 a1 a2


def loudness(samples: Sequence[int], rate: int = RATE) -> float | None:
    """Integrated loudness in LUFS, or None for silence. Shorter than a block of 400 ms, all of it is one block."""
    heard = _weighted(samples, rate)
    hop = _HOP * rate // RATE
    sums = list(accumulate((value * value for value in heard), initial=0.0))
    starts = range(0, max(1, len(heard) - 4 * hop + 1), hop)
    powers = [_mean(sums, start, min(start + 4 * hop, len(heard))) for start in starts]
    above = [power for power in powers if _lufs(power) > _ABSOLUTE_GATE]
    if not above:
        return None
    gate = _lufs(sum(above) / len(above)) + _RELATIVE_GATE
    loud = [power for power in above if _lufs(power) > gate]
    return _lufs(sum(loud) / len(loud))


def levelled(samples: Sequence[int]) -> "array[int]":
    """The same sound at the target, no sample above the ceiling. Silence stays as it is."""
    out, gain = _limited(samples), 1.0
    for _ in range(_TRIES):
        now = loudness(out)  # what was turned down for its peaks may be turned up again
        if now is None or abs(now - TARGET) < _CLOSE:
            break
        gain *= 10 ** ((TARGET - now) / 20)
        out = _limited([sample * gain for sample in samples])
    return out


def filters(rate: int) -> tuple[Biquad, Biquad]:
    """K-weighting: the head's high shelf, then the low cut."""
    k, q = math.tan(math.pi * 1681.974450955533 / rate), 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    middle = high**0.4996667741545416
    norm = 1 + k / q + k * k
    shelf = (
        *((high + middle * k / q + k * k) / norm, 2 * (k * k - high) / norm, (high - middle * k / q + k * k) / norm),
        *(2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm),
    )
    k, q = math.tan(math.pi * 38.13547087602444 / rate), 0.5003270373238773
    norm = 1 + k / q + k * k
    return shelf, (1.0, -2.0, 1.0, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm)


def _weighted(samples: Sequence[int], rate: int) -> list[float]:
    """What of the samples counts, between -1 and 1. Both filters in one loop: it is the slowest one of a build."""
    (b0, b1, b2, a1, a2), (_, _, _, c1, c2) = filters(rate)
    x1 = x2 = y1 = y2 = z1 = z2 = 0.0
    heard: list[float] = []
    keep = heard.append
    for sample in samples:
        x = sample / _FULL_SCALE
        y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2
        z = y - y1 - y1 + y2 - c1 * z1 - c2 * z2
        x2, x1, y2, y1, z2, z1 = x1, x, y1, y, z1, z
        keep(z)
    return heard


def _mean(sums: Sequence[float], start: int, end: int) -> float:
    return (sums[end] - sums[start]) / max(1, end - start)


def _lufs(power: float) -> float:
    return _OFFSET + 10 * math.log10(power) if power > 0 else -math.inf


def _limited(samples: Sequence[float]) -> "array[int]":
    """Turned down around what is too loud, and slowly enough that nobody hears it."""
    if max(map(abs, samples), default=0.0) <= _LIMIT:
        return array("h", map(int, samples))
    needed = [
        min(1.0, _LIMIT / max(1.0, *map(abs, samples[start : start + _LIMITED])))
        for start in range(0, len(samples), _LIMITED)
    ]
    needed = [min(needed[max(0, at - 1) : at + 2]) for at in range(len(needed))]
    slopes = [needed[0], *(sum(needed[max(0, at - 1) : at + 1]) / 2 for at in range(1, len(needed))), needed[-1]]
    out = array("h")
    for at, start in enumerate(range(0, len(samples), _LIMITED)):
        here, step = slopes[at], (slopes[at + 1] - slopes[at]) / _LIMITED
        turned = (value * (here + step * number) for number, value in enumerate(samples[start : start + _LIMITED]))
        out.extend(int(max(-_LIMIT, min(_LIMIT, value))) for value in turned)
    return out
