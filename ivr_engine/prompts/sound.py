"""This file decides what a finished sound is like: trimmed, equally loud, and in the trunk's own code.

It does not know who spoke. A-law of 8 kHz without a header is what Asterisk sends to a trunk in China as it is; of any
other format it would make A-law anew for every caller.
"""

import sys
from array import array
from pathlib import Path

from ivr_engine.errors import StartError
from ivr_engine.prompts.alaw import encode
from ivr_engine.prompts.level import CEILING, RATE, TARGET, levelled
from ivr_engine.prompts.voice import run

SUFFIX = ".alaw"
FINISH = f"A-law {RATE} Hz, {TARGET:g} LUFS below {CEILING:g} dBFS"  # another text here makes all sounds anew
_SHORTEST = RATE // 20  # samples; less than 50 ms is a click
_PAUSES = (0.1, 0.15)  # seconds of silence before and behind
_PAUSES_OF_A_PIECE = (0.01, 0.03)  # others are heard right before and behind it

# Edges without sound go, both at the start and (backwards) at the end, measured against the loudest sample.
_TRIM = ("silence", "1", "0.02", "0.3%", "reverse")
_SHAPE = ("-t", "raw", "-r", str(RATE), "-c", "1", "-b", "16", "-e", "signed", "-L")


def finish(wav: Path, target: Path, what: str, *, is_piece: bool = False) -> None:
    """Write the sound of `wav` to `target`, fit for a telephone line. Raises StartError with what to do.

    `what` names it for people. `is_piece`: it is part of something said in pieces, so it gets next to no pauses.
    """
    command = ("sox", "-D", "-V1", str(wav.absolute()), *_SHAPE, "-", "norm", "-6", "rate", str(RATE), *_TRIM, *_TRIM)
    samples = array("h")
    samples.frombytes(run(command, f"read the sound of {what}", remedy="is it a WAV file?"))
    if sys.byteorder == "big":
        samples.byteswap()
    if len(samples) < _SHORTEST:
        raise StartError(f"no sound came out of {what}: write it in other words, or record it anew")
    before, behind = (round(pause * RATE) for pause in (_PAUSES_OF_A_PIECE if is_piece else _PAUSES))
    # With its pauses, as it will be heard and measured.
    target.write_bytes(encode(levelled(array("h", [0] * before) + samples + array("h", [0] * behind))))
