"""This file decides what a prompt is: words in one language, or a recorded file. It does not know how it is played."""

import hashlib

import msgspec


class Recording(msgspec.Struct, frozen=True):
    """A sound somebody recorded: where its file is, and a hash of what is in it."""

    path: str
    digest: str


class Prompt(msgspec.Struct, frozen=True):
    """One text in one language (BCP 47 tag such as `zh-CN`); a voice speaks it, unless it is recorded."""

    language: str
    text: str
    recording: Recording | None = None

    @property
    def key(self) -> str:
        """The name of its sound: what is changed is another sound, what is unchanged is never built twice."""
        # No text holds a NUL, so a recorded file and a text never share a key.
        what = f"recorded\0{self.recording.digest}" if self.recording else self.text
        return hashlib.sha256(f"{self.language}\0{what}".encode()).hexdigest()[:20]
