"""This file decides who speaks a language: a voice of the settings, or espeak-ng. It does not know where sounds go.

Words reach a program by a file or its standard input: no shell and no option ever sees them.
"""

import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ivr_engine.errors import StartError

PATIENCE = 60.0  # seconds for one prompt; a normal one takes a fraction of one
TEXT_FILE, WAV, LANGUAGE = "{text_file}", "{wav}", "{language}"  # what a command is told, and where
# Plain `cmn` of espeak-ng 1.51 reads the pinyin it finds for a character as English letters: nobody understands it.
_ESPEAK = {"zh": "cmn-latn-pinyin"}  # other languages have a voice of their own name


class Voice(Protocol):
    """Somebody who speaks. Its text, as a manifest has it, changes when sounds are to be made anew."""

    def speak(self, words: str, language: str, wav: Path) -> None:
        """Write the words to a WAV file of any rate. Raises StartError with what to do."""
        ...


@dataclass(frozen=True, slots=True)
class Espeak:
    """A voice of espeak-ng, in words a minute."""

    name: str
    speed: int = 185

    @classmethod
    def of(cls, language: str) -> "Espeak":
        """The voice for a language tag such as `zh-CN`."""
        family = language.partition("-")[0]
        return cls(_ESPEAK.get(family, family))

    def __str__(self) -> str:
        """Name and speed."""
        return f"espeak-ng {self.name} {self.speed}"

    def speak(self, words: str, language: str, wav: Path) -> None:
        """Let espeak-ng speak."""
        command = ("espeak-ng", "-b", "1", "-v", self.name, "-s", str(self.speed), "--stdin", "-w", str(wav))
        run(command, f"speak {language} {words[:40]!r}", stdin=words.encode())


@dataclass(frozen=True, slots=True)
class Command:
    """A program that reads words from a file and writes a WAV file; its arguments say where both are."""

    arguments: tuple[str, ...]
    patience: float = PATIENCE

    def __str__(self) -> str:
        """The command as it was written."""
        return " ".join(self.arguments)

    def speak(self, words: str, language: str, wav: Path) -> None:
        """Run the program."""
        with tempfile.TemporaryDirectory(prefix="ivr-voice-") as folder:
            text = Path(folder) / "text.txt"
            text.write_text(words, "utf-8")
            known = {TEXT_FILE: str(text), WAV: str(wav), LANGUAGE: language}
            arguments = tuple(_filled(argument, known) for argument in self.arguments)
            what = f"speak {language} {words[:40]!r}"
            run(arguments, what, patience=self.patience, remedy="run it by hand, or change `voices` in ivr.yaml")
        if not wav.is_file():
            raise StartError(f"{self.arguments[0]} left no sound in the file it was given as {WAV}: run it by hand")


def voice_of(language: str, voices: Mapping[str, Voice]) -> Voice:
    """Who speaks a language: its own voice, that of its family (`zh` for `zh-CN`), or espeak-ng."""
    return voices.get(language) or voices.get(language.partition("-")[0]) or Espeak.of(language)


def run(
    command: tuple[str, ...],
    what: str,
    *,
    stdin: bytes = b"",
    patience: float = PATIENCE,
    remedy: str = "check the language, and that the disk is not full",
) -> bytes:
    """What a program prints. Raises StartError if it cannot do `what` is wanted of it."""
    program = command[0]
    try:
        # The program is one of ours or the operator's, and no argument comes from a prompt's text.
        done = subprocess.run(command, input=stdin, capture_output=True, check=False, timeout=patience)  # noqa: S603
    except FileNotFoundError as error:
        where = f"apt install {program}" if program in ("espeak-ng", "sox") else "check `voices` in ivr.yaml"
        raise StartError(f"{program} is not installed, so prompts cannot be built: {where}") from error
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise StartError(f"{program} cannot be run ({why}): check `voices` in ivr.yaml") from error
    except subprocess.TimeoutExpired as error:
        raise StartError(f"{program} took more than {patience:g} s to {what}: shorten the text") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit status {done.returncode}"]
        raise StartError(f"{program} cannot {what} ({said[-1][:300]}): {remedy}")
    return done.stdout


def _filled(argument: str, known: Mapping[str, str]) -> str:
    for name, value in known.items():
        argument = argument.replace(name, value)
    return argument
