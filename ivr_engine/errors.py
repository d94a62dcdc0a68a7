"""This file names everything that can go wrong on purpose. It knows no other file.

    HotlineError
    ├── SettingsError       the settings file is wrong, or a secret it names is missing
    ├── DialplanError       the YAML dialplan has errors; carries every diagnostic
    ├── RefusedError        an order that cannot be carried out as things are; nothing was changed
    ├── StartError          something outside is missing or taken: port, Asterisk, key, prompt
    ├── IllegalTransition   a bug of ours: a call or agent was asked to do what its state forbids
    └── RecordingError      a recording cannot be sealed, found or opened

Each message says the cause and the remedy in one line, because at 3 a.m. nobody reads two.
"""

from collections.abc import Sequence
from typing import Any


class HotlineError(Exception):
    """Any failure this project raises on purpose."""


class SettingsError(HotlineError):
    """The settings file is wrong, or a secret it names is missing."""


class DialplanError(HotlineError):
    """The YAML dialplan has errors. `diagnostics` holds each with its place; the message is the first of them."""

    def __init__(self, message: str, diagnostics: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.diagnostics: tuple[Any, ...] = tuple(diagnostics)


class RefusedError(HotlineError):
    """An order that cannot be carried out as things are. Nothing was changed."""


class StartError(HotlineError):
    """Something the hotline needs from outside is missing or taken."""


class IllegalTransition(HotlineError):  # noqa: N818  # the word of state machines for it
    """A bug of ours: a call or agent was asked to do what its state forbids. The state is left as it was."""


class RecordingError(HotlineError):
    """A recording cannot be sealed, found or opened."""
