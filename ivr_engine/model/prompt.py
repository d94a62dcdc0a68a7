"""This file decides what a prompt is: words in one language. It does not know how they become sound."""

import hashlib

import msgspec


class Prompt(msgspec.Struct, frozen=True):
    """One text in one language (BCP 47 tag such as `zh-CN`)."""

    language: str
    text: str

    @property
    def key(self) -> str:
        """The name of its sound: a changed text is another sound, an unchanged one is never built twice."""
        return hashlib.sha256(f"{self.language}\0{self.text}".encode()).hexdigest()[:20]
