"""Decides how one command is handed to a transport; it knows neither the transport nor the commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias, TypeVar
from urllib.parse import quote

T = TypeVar("T")

#: What a query parameter may be; ``None`` leaves it out, a sequence is joined by commas as Asterisk wants it.
Query: TypeAlias = Mapping[str, str | int | bool | Sequence[str] | None]

LONGEST_QUERY = 2000  # bytes; the path and the version stand in the same line


@dataclass(frozen=True, slots=True)
class Command:
    """One command, ready to be sent.

    ``operation`` is the name it is counted under (``channels.play``), ``path`` is already percent-encoded,
    ``body`` becomes JSON unless it is ``None``. The text of a command shows neither query nor body: they
    hold telephone numbers and variables.
    """

    operation: str
    method: str
    path: str
    query: Query = field(default_factory=dict, repr=False)
    body: object = field(default=None, repr=False)


class Request(Protocol):
    """Sends one command and gives its decoded answer; raises only :class:`~.errors.AriError`."""

    async def __call__(self, command: Command, decode: Callable[[bytes], T]) -> T:
        """Send ``command`` and give what ``decode`` makes of the bytes of the answer."""


def nothing(_answer: bytes) -> None:
    """Decode the answer of a command that has none."""


def part(value: str) -> str:
    """Encode one part of a path, so that an id can never name another resource.

    Raises:
        ValueError: the part is empty or made of dots, and would change which command this is.
    """
    if value in {"", ".", ".."}:
        raise ValueError(f"{value!r} cannot be part of an ARI path")
    return quote(value, safe="")


def encoded(command: Command) -> tuple[str, object]:
    """Give the text behind the ``?`` and the body.

    Asterisk refuses a first line above 4096 bytes, and takes parameters from a JSON body as well: that is where those
    of a long command go, such as one that plays fifty sounds.

    Raises:
        ValueError: an element of a sequence holds a comma, which Asterisk would take for two elements.
    """
    query = encode_query(command.query)
    if len(query) <= LONGEST_QUERY or command.body is not None:
        return query, command.body
    return "", {name: value for name, value in command.query.items() if value is not None}


def encode_query(query: Query) -> str:
    """Give the text behind the ``?``, without the parameters that are ``None``.

    Raises:
        ValueError: an element of a sequence holds a comma, which Asterisk would take for two elements.
    """
    return "&".join(f"{name}={quote(_text(value), safe='')}" for name, value in query.items() if value is not None)


def _text(value: str | int | bool | Sequence[str]) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value)
    for element in value:
        if "," in element:
            raise ValueError(f"{element!r}: an element of a list must not hold a comma")
    return ",".join(value)
