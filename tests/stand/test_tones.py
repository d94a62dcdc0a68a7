"""Tone detection on recordings made here: what is there is heard, what is not there is not."""

import itertools
import math
import random
import struct
import time
import wave
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ivr_engine.prompts.alaw import alaw
from ivr_engine.stand.tones import PALETTE, Span, tone_spans, tones_heard

RATE = 8000
Signal = Callable[[int], float]

# The inverse of the encoder, found by asking it: what a listener on the far side gets.
_DECODED = dict.fromkeys(range(256), 0)
for _sample in range(-32768, 32768, 8):
    _DECODED[alaw(_sample)] = _sample


def sine(hz: float, amplitude: float = 6000) -> Signal:
    return lambda n: amplitude * math.sin(2 * math.pi * hz * n / RATE)


def during(begin: float, end: float, signal: Signal) -> Signal:
    return lambda n: signal(n) if begin <= n / RATE < end else 0.0


def mixed(*signals: Signal) -> Signal:
    return lambda n: sum(signal(n) for signal in signals)


def speech_like(seed: int, amplitude: float = 5000) -> Signal:
    """Voiced and unvoiced syllables with a wandering pitch and two formants, much like espeak's."""
    chance = random.Random(seed)
    syllables = [(chance.uniform(100, 180), chance.uniform(300, 800), chance.uniform(900, 2400)) for _ in range(999)]

    def sample(n: int) -> float:
        pitch, first, second = syllables[n // 1200]
        within = (n % 1200) / 1200
        if within > 0.8:
            return chance.gauss(0, amplitude / 8)
        pitch *= 1 + 0.08 * math.sin(math.pi * within)
        total = 0.0
        for harmonic in range(1, 20):
            hz = pitch * harmonic
            weight = math.exp(-(((hz - first) / 120) ** 2)) + 0.5 * math.exp(-(((hz - second) / 180) ** 2)) + 0.02
            total += weight * math.sin(2 * math.pi * hz * n / RATE)
        return amplitude * total / 3

    return sample


def write(path: Path, seconds: float, *channels: Signal) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(len(channels))
        out.setsampwidth(2)
        out.setframerate(RATE)
        for n in range(round(seconds * RATE)):
            values = (max(-32768, min(32767, round(channel(n)))) for channel in channels)
            out.writeframesraw(struct.pack(f"<{len(channels)}h", *(_DECODED[alaw(value)] for value in values)))
    return path


def silence(_: int) -> float:
    return 0.0


def test_each_side_hears_its_own_party(tmp_path: Path) -> None:
    wav = write(tmp_path / "a.wav", 4, during(1, 3, sine(2310)), during(0.5, 4, sine(1540)))
    assert tone_spans(wav, [2310, 1540, 1910]) == {
        0: {2310: (Span(1.0, 3.0),), 1540: (), 1910: ()},
        1: {2310: (), 1540: (Span(0.5, 4.0),), 1910: ()},
    }
    assert tones_heard(wav, [1540])[1] == {1540: pytest.approx(3.5)}


def test_a_party_is_heard_through_a_prompt_in_the_same_channel(tmp_path: Path) -> None:
    wav = write(tmp_path / "a.wav", 4, mixed(sine(2310), speech_like(1, 4000)))
    heard = tones_heard(wav, PALETTE)[0]
    assert heard.pop(2310) > 3.5
    assert set(heard.values()) == {0}


def test_two_parties_in_one_channel_are_both_heard(tmp_path: Path) -> None:
    wav = write(tmp_path / "a.wav", 2, mixed(sine(2310), sine(1540)))
    assert tones_heard(wav, [2310, 1540])[0] == {2310: pytest.approx(2), 1540: pytest.approx(2)}


def test_a_key_press_does_not_split_a_party(tmp_path: Path) -> None:
    wav = write(tmp_path / "a.wav", 4, mixed(during(0, 1.53, sine(2310)), during(1.73, 4, sine(2310))))
    assert tone_spans(wav, [2310])[0][2310] == (Span(0, 4),)


@pytest.mark.parametrize("seed", range(5))
def test_speech_is_no_party(tmp_path: Path, seed: int) -> None:
    wav = write(tmp_path / "a.wav", 10, speech_like(seed))
    assert set(tones_heard(wav, PALETTE)[0].values()) == {0}


def test_silence_and_noise_are_no_party(tmp_path: Path) -> None:
    chance = random.Random(3)
    wav = write(tmp_path / "a.wav", 3, silence, lambda _: chance.gauss(0, 3000))
    assert {seconds for channel in tones_heard(wav, PALETTE).values() for seconds in channel.values()} == {0}


@pytest.mark.parametrize("hz", PALETTE)
def test_no_party_is_taken_for_another(tmp_path: Path, hz: int) -> None:
    wav = write(tmp_path / "a.wav", 1, sine(hz, 9000))
    heard = tones_heard(wav, PALETTE)[0]
    assert heard.pop(hz) == pytest.approx(1)
    assert set(heard.values()) == {0}


def test_a_neighbouring_frequency_is_not_the_candidate(tmp_path: Path) -> None:
    wav = write(tmp_path / "a.wav", 1, sine(2330), sine(2288))
    assert {channel[2310] for channel in tones_heard(wav, [2310]).values()} == {0}


def test_a_short_blip_is_no_party(tmp_path: Path) -> None:
    wav = write(tmp_path / "a.wav", 2, during(0.5, 0.75, sine(2310)))
    assert tones_heard(wav, [2310])[0] == {2310: 0}


def test_the_palette_keeps_clear_of_itself_and_of_telephony() -> None:
    telephony = (697, 770, 852, 941, 1209, 1336, 1477, 1633, 350, 425, 440, 480, 620, 950, 1100, 1400, 1800, 2100, 2600)
    assert len(PALETTE) >= 12
    assert all(abs(one - other) >= 80 for one, other in itertools.combinations(PALETTE, 2))
    assert all(abs(one - other) >= 30 for one in PALETTE for other in telephony)
    assert all(abs(one - times * other) >= 20 for one in PALETTE for other in PALETTE for times in (2, 3))
    assert all(300 < hz < 3400 and hz % 10 == 0 for hz in PALETTE)


def test_a_minute_of_stereo_takes_little(tmp_path: Path) -> None:
    second = 9
    wav = write(tmp_path / "a.wav", second, sine(2310), sine(1540))
    began = time.process_time()
    tones_heard(wav, PALETTE[:6])
    assert (time.process_time() - began) * 60 / second < 4  # seconds of CPU; about 1 on an idle machine


def test_eight_bit_recordings_are_refused_with_the_remedy(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(RATE)
        out.writeframes(bytes(8000))
    with pytest.raises(ValueError, match="convert it to 16-bit"):
        tones_heard(tmp_path / "a.wav", [2310])


def test_an_empty_recording_holds_nobody(tmp_path: Path) -> None:
    frequencies: Sequence[int] = [2310]
    assert tones_heard(write(tmp_path / "a.wav", 0, silence, silence), frequencies) == {0: {2310: 0}, 1: {2310: 0}}
