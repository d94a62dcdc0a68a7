"""This file decides how a page is laid out. It does not know what any page is about."""

import inspect
import re
from collections.abc import Iterable, Sequence
from typing import Any

_COMMENT = re.compile(r"^    (\w+): .*?  # (.+)$", re.MULTILINE)


def page(title: str, about: str, *sections: str) -> str:
    """A whole page."""
    head = "<!-- Written by `python -m ivr_engine.reference` from the code. Edit the code, not this page. -->"
    return "\n\n".join(part.strip("\n") for part in (head, f"# {title}", about, *sections)) + "\n"


def section(title: str, *parts: str, level: int = 2) -> str:
    """A heading and what stands below it."""
    return "\n\n".join((f"{'#' * level} {title}", *(part for part in parts if part)))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def code(text: object) -> str:
    """Text as it is typed."""
    return f"`{text}`" if str(text) else ""


def about(thing: Any) -> str:
    """The docstring, as paragraphs."""
    return inspect.cleandoc(thing.__doc__ or "")


def remarks(cls: type[Any]) -> dict[str, str]:
    """What stands behind each field of a class as a comment, from the class that declares it."""
    found: dict[str, str] = {}
    for one in reversed(cls.__mro__):
        if one.__module__.startswith("ivr_engine."):
            found.update(_COMMENT.findall(inspect.getsource(one)))
    return {name: text for name, text in found.items() if "noqa" not in text}


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
