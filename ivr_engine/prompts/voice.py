"""This file decides how words become sound: espeak-ng speaks, sox makes it fit a telephone line.

It does not know which prompts there are. Words go in by standard input: no shell and no option ever sees them.
"""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from ivr_engine.errors import StartError
from ivr_engine.model.prompt import Prompt

PATIENCE = 60  # seconds for one prompt; a normal one takes a fraction of one
_HEADER = 44  # bytes of a WAV file before its sound
_SHORTEST = 800  # bytes of sound: 50 ms at 8 kHz and 16 bit
# Plain `cmn` of espeak-ng 1.51 reads the pinyin it finds for a character as English letters: nobody understands it.
_VOICES = {"zh": "cmn-latn-pinyin"}  # other languages have a voice of their own name

# Edges without sound go, both at the start and (backwards) at the end; then a breath, and all equally loud.
_TRIM = ("silence", "1", "0.02", "0.2%", "reverse")
_FIT = ("rate", "8000", *_TRIM, *_TRIM, "pad", "0.1", "0.15", "norm", "-3")


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice of espeak-ng, in words a minute."""

    name: str
    speed: int = 185

    @classmethod
    def of(cls, language: str) -> "Voice":
        """The voice for a language tag such as `zh-CN`."""
        family = language.partition("-")[0]
        return cls(_VOICES.get(family, family))

    def __str__(self) -> str:
        """As a manifest names it: another text here means that the sound is to be made anew."""
        return f"espeak-ng {self.name} {self.speed}"


def speak(prompt: Prompt, voice: Voice, target: Path) -> None:
    """Write the prompt to `target`: WAV, 8 kHz, 16 bit, one channel. Raises StartError with what to do."""
    spoken = _run(
        ("espeak-ng", "-b", "1", "-v", voice.name, "-s", str(voice.speed), "--stdin", "--stdout"),
        prompt.text.encode(),
        prompt,
    )
    shape = ("-t", "wav", "-r", "8000", "-c", "1", "-b", "16")
    # espeak-ng cannot know the length when it begins to write, so the header's one is not true.
    _run(("sox", "-D", "-V1", "--ignore-length", "-t", "wav", "-", *shape, str(target), *_FIT), spoken, prompt)
    if not target.exists() or target.stat().st_size < _HEADER + _SHORTEST:
        target.unlink(missing_ok=True)
        raise StartError(f"no sound came out of {prompt.language} {prompt.text[:40]!r}: write it in other words")


def _run(command: tuple[str, ...], stdin: bytes, prompt: Prompt) -> bytes:
    try:
        # The program is one of ours by name and no argument comes from a prompt's text.
        done = subprocess.run(command, input=stdin, capture_output=True, check=False, timeout=PATIENCE)  # noqa: S603
    except FileNotFoundError as error:
        raise StartError(
            f"{command[0]} is not installed, so prompts cannot be built: apt install {command[0]}"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise StartError(f"{command[0]} took more than {PATIENCE} s for {prompt.text[:40]!r}: shorten it") from error
    if done.returncode or (not done.stdout and command[0] == "espeak-ng"):
        said = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit status {done.returncode}"]
        raise StartError(
            f"{command[0]} cannot speak {prompt.language} {prompt.text[:40]!r} ({said[-1]}):"
            " check the language, and that the disk is not full"
        )
    return done.stdout
