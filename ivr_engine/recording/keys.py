"""This file decides who may open recordings: who holds an age key. It does not know any recording.

The engine only ever has recipients (public keys). The identity (private key) belongs on another machine.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from ivr_engine.errors import RecordingError, StartError
from ivr_engine.recording import age

IDENTITY_FILE = "recording-identity.txt"


def init(folder: Path) -> tuple[Path, str]:
    """Make a new identity in `folder`, readable by its owner only. Returns its path and the recipient.

    An existing identity is never overwritten: the recordings sealed for it could not be opened any more.
    """
    identity, recipient = age.new_identity()
    path = folder / IDENTITY_FILE
    text = f"# recipient (goes into the settings): {recipient}\n{identity}\n"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(target, "w", encoding="ascii") as file:  # noqa: PTH123 - opened by descriptor, for its mode
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        raise RecordingError(
            f"{path} exists, and recordings sealed for it open with nothing else: choose another folder"
        ) from error
    except OSError as error:
        raise RecordingError(f"cannot write {path} ({error.strerror}): choose a folder you may write to") from error
    return path, recipient


def load_recipients(written: Sequence[str]) -> tuple[str, ...]:
    """The recipients as the settings name them, checked. Without one the hotline must not start."""
    if not written:
        raise StartError(
            "no recording key, so calls could not be sealed: run `ivr keys init` and put the recipient it prints"
            " into the settings"
        )
    return tuple(dict.fromkeys(_checked(text.strip(), place) for place, text in enumerate(written, 1)))


def _checked(text: str, place: int) -> str:
    if text.upper().startswith(age.SECRET_PREFIX):
        # Never echoed: the message may end in a log.
        raise StartError(
            f"recording recipient {place} is a private key, which must not lie here: move it away and put the"
            " recipient (age1…) in its place"
        )
    try:
        return age.recipient(text)
    except age.AgeError as error:
        raise StartError(
            f"recording recipient {place} ({text[:12]!r}…) is no age X25519 recipient: copy the whole line"
            " beginning with age1 that `ivr keys init` printed"
        ) from error


def load_identity(path: Path) -> age.Identity:
    """The private key in a file as `init` or age-keygen writes it."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RecordingError(
            f"cannot read the identity {path} ({error}): name the file `ivr keys init` made"
        ) from error
    for line in lines:
        if line.strip().startswith(age.SECRET_PREFIX):
            try:
                return age.identity(line.strip())
            except age.AgeError as error:
                raise RecordingError(f"the identity in {path} is damaged ({error}): use its backup") from error
    raise RecordingError(
        f"{path} holds no age X25519 identity: name the file `ivr keys init` made, not the recipient"
        " and not an encrypted copy"
    )
