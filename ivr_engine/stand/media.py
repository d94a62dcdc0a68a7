"""This file decides what a party's voice is, packet by packet. It knows no SIP and opens no socket.

SIPp plays a capture: it reads packets from a pcap file, rewrites addresses and ports and sends them at
the recorded pace. So a party's voice is a capture we write ourselves: G.711 A-law every 20 ms carrying
one continuous tone that names the party, with RFC 4733 key presses in the same RTP stream, as a real
phone sends them (one SSRC, one sequence, audio silent while a key is down).
"""

import hashlib
import math
import os
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ivr_engine.errors import StartError
from ivr_engine.prompts.alaw import SILENCE, alaw

RATE_HZ = 8000
FRAME_S = 0.02
FRAME_SAMPLES = 160
_FRAMES_A_SECOND = 50
PT_ALAW = 8
PT_EVENT = 101
KEYS = "0123456789*#ABCD"

_SSRC = 0x1DEA5EED
_FIRST_TIMESTAMP = 16000
_MEDIA_PORT = 6000  # any port: SIPp replaces it by its own and the far side's
_END_PACKETS = 3  # RFC 4733, 2.5.1.4: the end is sent three times because one may be lost
_FULL_SCALE_DBM0 = 3.14  # the loudest sine A-law can carry
_VOLUME_DBM0 = 10  # event packets state the level as -dBm0


@dataclass(frozen=True)
class MediaScript:
    """What one party sends from the moment the call is answered.

    `tone_hz` None sends silence frames; `events_only` sends nothing at all between key presses, which
    keeps a load generator's media thread short-lived. Phones begin with any number of a packet: `first_packet`.
    """

    tone_hz: int | None
    length_s: float
    presses: tuple[tuple[float, str], ...] = ()
    level_dbm0: float = -12.0
    press_s: float = 0.16
    events_only: bool = False
    first_packet: int = 1000

    def __post_init__(self) -> None:
        """Refuse a script that could not be played as written."""
        free_at = 0.0
        for at, key in self.presses:
            if len(key) != 1 or key not in KEYS:
                raise ValueError(f"no phone has a key {key!r}; write one of {KEYS}")
            if at < free_at:
                raise ValueError(f"key {key!r} at {at} s comes before the key ahead of it is released")
            free_at = at + self.press_s + _END_PACKETS * FRAME_S
        if free_at > self.length_s:
            raise ValueError(f"the last key is released at {free_at:.2f} s, after the end of the script")

    def released_at(self, press: int) -> float:
        """When the first packet goes out that says key number `press` is up, in seconds."""
        return self.presses[press][0] + self.press_s - FRAME_S


def write_pcap(script: MediaScript, folder: Path) -> Path:
    """Write the capture of `script` into `folder`, once per content, and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"voice-{hashlib.sha256(repr(script).encode()).hexdigest()[:16]}.pcap"
    if path.exists():
        return path
    # Written aside and renamed, so that two phones started together never read half a file.
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_bytes(_GLOBAL_HEADER + b"".join(_framed(at, rtp) for at, rtp in _stream(script)))
    draft.replace(path)
    return path


def require_raw_sockets() -> None:
    """Raise StartError unless this process may send the captures as SIPp does."""
    try:
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP).close()
    except PermissionError:
        raise StartError(
            "SIPp sends audio through a raw socket and this user may not open one: run as root, "
            "or give the process CAP_NET_RAW"
        ) from None


def _stream(script: MediaScript) -> Iterator[tuple[int, bytes]]:
    """Yield (send time in microseconds, RTP packet) in order."""
    frames = round(script.length_s / FRAME_S)
    keys = {round(at / FRAME_S): key for at, key in script.presses}
    sequence = script.first_packet
    frame = 0
    while frame < frames:
        if frame in keys:
            down_at = frame
            for payload in _key_payloads(keys[down_at], script.press_s):
                # Every packet of one press carries the timestamp at which the key went down.
                yield _micros(frame), _rtp(PT_EVENT, sequence, down_at, frame == down_at, payload)
                sequence += 1
                frame += 1
            continue
        if not script.events_only:
            yield _micros(frame), _rtp(PT_ALAW, sequence, frame, frame == 0, _voice(script, frame))
            sequence += 1
        frame += 1


def _voice(script: MediaScript, frame: int) -> bytes:
    if script.tone_hz is None:
        return bytes([SILENCE]) * FRAME_SAMPLES
    return _tone_frame(script.tone_hz, script.level_dbm0, frame % _FRAMES_A_SECOND)


@lru_cache(maxsize=2000)
def _tone_frame(tone_hz: int, level_dbm0: float, frame: int) -> bytes:
    """Return one frame of a tone. Whole hertz repeat each second, so 50 frames hold any length."""
    peak = 32767 * 10 ** ((level_dbm0 - _FULL_SCALE_DBM0) / 20)
    step = 2 * math.pi * tone_hz / RATE_HZ
    first = frame * FRAME_SAMPLES
    return bytes(alaw(round(peak * math.sin(step * n))) for n in range(first, first + FRAME_SAMPLES))


def _key_payloads(key: str, press_s: float) -> Iterator[bytes]:
    packets = max(2, round(press_s / FRAME_S))
    for n in range(1, packets + _END_PACKETS):
        ended = n >= packets
        duration = min(n, packets) * FRAME_SAMPLES
        yield struct.pack("!BBH", KEYS.index(key), (0x80 if ended else 0) | _VOLUME_DBM0, duration)


def _rtp(payload_type: int, sequence: int, frame: int, marker: bool, payload: bytes) -> bytes:
    timestamp = (_FIRST_TIMESTAMP + frame * FRAME_SAMPLES) & 0xFFFFFFFF
    flags = (0x80 if marker else 0) | payload_type
    return struct.pack("!BBHII", 0x80, flags, sequence & 0xFFFF, timestamp, _SSRC) + payload


def _micros(frame: int) -> int:
    return frame * round(FRAME_S * 1_000_000)


_LOOPBACK = socket.inet_aton("127.0.0.1")
_GLOBAL_HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)


def _framed(micros: int, rtp: bytes) -> bytes:
    """Wrap RTP in Ethernet, IPv4 and UDP; SIPp skips the first two and recomputes the checksum."""
    udp = struct.pack("!HHHH", _MEDIA_PORT, _MEDIA_PORT, 8 + len(rtp), 0) + rtp
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(udp), 0, 0x4000, 64, socket.IPPROTO_UDP, 0)
    packet = bytes(12) + b"\x08\x00" + ip + _LOOPBACK * 2 + udp
    # SIPp takes a time of exactly zero for "no packet sent yet", hence the whole second ahead.
    seconds, rest = divmod(micros + 1_000_000, 1_000_000)
    return struct.pack("<IIII", seconds, rest, len(packet), len(packet)) + packet
