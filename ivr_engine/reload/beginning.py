"""This file decides which version an engine begins with. It does not know calls, nor what an engine is. ADR 0020."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.dialplan.load import load
from ivr_engine.errors import HotlineError, StartError
from ivr_engine.nodes import NODE_TYPES, Node
from ivr_engine.prompts import PromptBook
from ivr_engine.versions import Shelf, Standing

BROKEN = "broken"  # in place of a version: the files on disk cannot be used
MOST_EARLIER = 3  # versions an engine takes along for calls that began with them


@dataclass(frozen=True)
class Beginning:
    """What an engine begins with. `remark`: why it is not what the files on disk say, if it is not."""

    hotline: Hotline[Node]
    disk: str
    earlier: tuple[Hotline[Node], ...] = ()
    remark: str = ""


def begin(
    source: Path, book: PromptBook, shelf: Shelf, check: Callable[[Hotline[Node]], None] = lambda _: None
) -> Beginning:
    """The files on disk; but what ran last, if they are broken, or are just those it was decided to pass over.

    `check` raises StartError for a version that the settings cannot serve. Raises DialplanError or StartError if
    neither can be used. ADR 0020 says why.
    """
    standing = shelf.standing()
    try:
        hotline = load(source, NODE_TYPES)
        check(hotline)
        check_prompts(hotline, book, source)
    except HotlineError as error:
        if standing is None:
            raise
        last = _last(standing, book, shelf)
        if last is None:
            raise
        return _taken(last, BROKEN, shelf, f"the dialplan's files cannot be used: {error}")
    if standing is not None and standing.disk == hotline.version != standing.version:
        last = _last(standing, book, shelf)
        if last is not None:
            why = f"version {hotline.version} on disk was rolled back or on trial: `ivr reload` takes it"
            return _taken(last, hotline.version, shelf, why)
    return _taken(hotline, hotline.version, shelf, "")


def check_prompts(hotline: Hotline[Node], book: PromptBook, source: Path) -> None:
    """Raises StartError with the remedy if a prompt has no sound."""
    missing = book.missing(hotline)
    if missing:
        raise StartError(
            f"{len(missing)} prompts have no sound in {book.folder} (the first: {missing[0].text!r}):"
            f" run `ivr prompts build --prompts {book.folder} {source}`"
        )


def _last(standing: Standing, book: PromptBook, shelf: Shelf) -> Hotline[Node] | None:
    for hotline in shelf.load_all((standing.version,), NODE_TYPES):
        if not book.missing(hotline):
            return hotline
    return None


def _taken(hotline: Hotline[Node], disk: str, shelf: Shelf, remark: str) -> Beginning:
    try:
        others = [kept.version for kept in shelf.all() if kept.version != hotline.version][:MOST_EARLIER]
    except HotlineError as error:  # it costs the way back, not the way in
        return Beginning(hotline, disk, (), remark or str(error))
    return Beginning(hotline, disk, tuple(shelf.load_all(others, NODE_TYPES)), remark)
