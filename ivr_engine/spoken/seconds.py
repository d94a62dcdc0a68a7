"""This file decides how long words take to say when nobody has spoken them yet. It does not know any sound.

The figures are those of espeak-ng as `ivr prompts build` sets it, within a tenth for the shipped hotline.
"""

import re

from ivr_engine.model.prompt import Prompt

SECONDS_A_SYLLABLE = 0.24  # a Chinese character, or a figure
SECONDS_A_WORD = 0.27
SECONDS_A_PAUSE = 0.3

_SYLLABLE = re.compile(r"[0-9\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_PAUSE = re.compile(r"[,.!?;:、，。！？；：]")


def estimated_seconds(prompt: Prompt) -> float:
    """How long a prompt probably sounds, in seconds."""
    text = prompt.text
    syllables, words, pauses = (len(pattern.findall(text)) for pattern in (_SYLLABLE, _WORD, _PAUSE))
    return round(syllables * SECONDS_A_SYLLABLE + words * SECONDS_A_WORD + pauses * SECONDS_A_PAUSE, 2)
