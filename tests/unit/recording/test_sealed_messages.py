"""A caller's message: one channel, sealed like a call, and known to be silent if it is."""

from __future__ import annotations

import math
import struct
import wave
from typing import TYPE_CHECKING

import pytest

from ivr_engine.recording.export import export
from ivr_engine.recording.seal import sealed_of
from ivr_engine.recording.vault import Vault

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.recording.conftest import Place

MESSAGE = "hotline-1790000000.12.message-after-hours-7"


def tone(seconds: float, peak: int = 8000) -> bytes:
    return b"".join(struct.pack("<h", round(peak * math.sin(n / 3))) for n in range(int(8000 * seconds)))


def test_a_message_is_one_channel_as_long_as_it_was_spoken(place: Place, tmp_path: Path) -> None:
    sound = tone(1.5) + bytes(16000)
    place.raw(MESSAGE, sound + b"\1")
    sealed = place.seal(MESSAGE)
    assert sealed.seconds == pytest.approx(2.5, abs=0.001)
    assert sealed.spoken == pytest.approx(1.5, abs=0.05)
    entry = Vault(place.vault).find(MESSAGE)
    assert entry is not None
    assert entry.seconds == pytest.approx(2.5, abs=0.001)
    assert sealed_of(entry).spoken is None
    export(place.vault, MESSAGE, place.identity, tmp_path / "x.wav")
    with wave.open(str(tmp_path / "x.wav")) as heard:
        assert (heard.getnchannels(), heard.getframerate()) == (1, 8000)
        assert heard.readframes(heard.getnframes()) == sound + b"\1\0"


@pytest.mark.parametrize("sound", [b"", bytes(48000), tone(3, peak=60)])
def test_silence_is_no_speech(place: Place, sound: bytes) -> None:
    place.raw(MESSAGE, sound)
    assert place.seal(MESSAGE).spoken == 0


def test_a_whole_call_is_not_listened_to(place: Place) -> None:
    place.raw("hotline-1790000000.12")
    assert place.seal("hotline-1790000000.12").spoken is None
