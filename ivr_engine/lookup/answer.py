"""This file decides what of a system's answer is kept. It trusts nothing of it, and does not know how it came."""

from collections.abc import Mapping
from typing import Any

import msgspec

from ivr_engine.errors import HotlineError

MOST_BYTES = 64 * 1024
MOST_CHARACTERS = 200  # of a value


class NoAnswer(HotlineError):  # noqa: N818  # it is what callers get
    """A system did not answer, or nothing that can be used. The message holds nothing of any caller."""


def read_answer(body: bytes) -> Any:
    """The JSON. Raises NoAnswer if it is none."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise NoAnswer("its answer is no JSON") from None


def kept_of(answer: Any, keep: Mapping[str, str]) -> dict[str, str]:
    """What is kept, by the names it is kept under; what the answer lacks is empty, so that nothing old stays."""
    return {name: _text(_found(answer, path)) for name, path in keep.items()}


def _found(answer: Any, path: str) -> Any:
    for part in path.split("."):
        if isinstance(answer, list) and part.isdecimal() and int(part) < len(answer):
            answer = answer[int(part)]
        elif isinstance(answer, dict):
            answer = answer.get(part)
        else:
            return None
    return answer


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.15g}" if abs(value) < 1e15 else ""
    if isinstance(value, int):
        return str(value) if abs(value) < 10**MOST_CHARACTERS else ""
    if not isinstance(value, str):
        return ""  # a list or a group is nothing to say or to choose by
    plain = "".join(char for char in " ".join(value.split()) if char.isprintable())
    return plain[:MOST_CHARACTERS]
