"""This file decides how we speak to the age library. It does not know files, calls or sound.

It alone imports pyrage, which has no types and three exceptions of its own.
"""

from collections.abc import Sequence
from typing import NewType, Protocol

import pyrage  # type: ignore[import-untyped]

from ivr_engine.errors import RecordingError

SECRET_PREFIX = "AGE-SECRET-KEY-"  # noqa: S105 - what a secret key begins with, not one
Identity = NewType("Identity", object)


class Source(Protocol):
    """Where bytes come from; empty at the end."""

    def read(self, wanted: int = -1, /) -> bytes:
        """Up to `wanted` bytes."""
        ...


class Sink(Protocol):
    """Where bytes go."""

    def write(self, piece: bytes, /) -> int:
        """Take them all."""
        ...

    def flush(self) -> None:
        """Pass on what is held back."""
        ...


class AgeError(RecordingError):
    """The library refused. Whoever called knows which file it was, and adds the remedy."""


class WrongKeyError(AgeError):
    """Sealed for somebody else."""


def new_identity() -> tuple[str, str]:
    """A fresh identity and its recipient, as text."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def recipient(text: str) -> str:
    """The recipient as age writes it; AgeError when it is none."""
    try:
        return str(pyrage.x25519.Recipient.from_str(text))
    except pyrage.RecipientError as error:
        raise AgeError(str(error)) from error


def identity(text: str) -> Identity:
    """A private key from its text."""
    try:
        return Identity(pyrage.x25519.Identity.from_str(text))
    except pyrage.IdentityError as error:
        raise AgeError(str(error)) from error


def encrypt(source: Source, sink: Sink, recipients: Sequence[str]) -> None:
    """Seal all of `source` for the recipients. Holds Python's lock until the end. AgeError also for a full disk."""
    keys = [pyrage.x25519.Recipient.from_str(text) for text in recipients]
    try:
        pyrage.encrypt_io(source, sink, keys)
    except pyrage.EncryptError as error:
        raise AgeError(str(error)) from error


def decrypt(source: Source, sink: Sink, key: Identity) -> None:
    """Open all of `source`. On an error the sink has got what was whole until then: throw it away."""
    try:
        pyrage.decrypt_io(source, sink, [key])
    except pyrage.DecryptError as error:
        kind = WrongKeyError if "No matching keys" in str(error) else AgeError
        raise kind(str(error)) from error
    except OSError as error:
        if error.errno is not None:  # the disk's, not the library's
            raise
        raise AgeError(str(error)) from error
