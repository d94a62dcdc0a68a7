"""This file decides how a journal is lived through again. It does not know what happened, or whether it was right."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from ivr_engine.core import Switchboard
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.model.commands import AnyCommand
from ivr_engine.model.events import AnyEvent, CallArrived, CanaryOrdered, DialplanSwitched
from ivr_engine.nodes import Node
from ivr_engine.runtime.journal import JournalHead, read_journal

ANY_DIGIT = "5"  # where the journal has a star: as good in a mobile number as behind an area code


@dataclass(frozen=True, slots=True)
class Begun:
    """An engine began; its first fact comes at `now` or later. `known`: the version it had is among those given."""

    dialplan: str
    known: bool


@dataclass(frozen=True, slots=True)
class Lived:
    """A fact, and the orders it leads to today. `now` is seconds since 1970."""

    now: float
    event: AnyEvent
    orders: list[AnyCommand]


def lived_again(
    journal: Path,
    versions: Mapping[str, Hotline[Node]],
    usual: Hotline[Node],
    seen: Callable[[AnyEvent], AnyEvent] = lambda event: event,
) -> Iterator[Begun | Lived]:
    """The facts one after the other, however many; `usual` stands for a version that is not among `versions`.

    The switchboard is told each as `seen`: `with_digits`, where it matters which way callers went. Raises OSError, and msgspec.ValidationError for a line that is no fact.
    """
    board = Switchboard(usual)
    for line in read_journal(journal):
        if isinstance(line, JournalHead):
            board = Switchboard(versions.get(line.dialplan, usual))
            for version in line.earlier:
                _offer(board, versions, version)
            yield Begun(line.dialplan, line.dialplan in versions)
            continue
        if isinstance(line.event, DialplanSwitched | CanaryOrdered):
            _offer(board, versions, line.event.version)
        event = seen(line.event)
        yield Lived(line.now, event, board.handle(event, line.now))


def replay(journal: Path, hotline: Hotline[Node], *others: Hotline[Node]) -> list[list[AnyCommand]]:
    """The orders each fact of a journal leads to today. Where an engine began anew, so does the switchboard.

    `others` are the versions that calls were switched to, or tried; `hotline` stands for one that is not among them.
    """
    known = {version.version: version for version in (hotline, *others)}
    return [one.orders for one in lived_again(journal, known, hotline) if isinstance(one, Lived)]


def with_digits(event: AnyEvent) -> AnyEvent:
    """A masked number as some number of its kind: steps that only ask whether one can be dialled go the same way."""
    if isinstance(event, CallArrived):
        return msgspec.structs.replace(event, caller=event.caller.replace("*", ANY_DIGIT))
    return event


def _offer(board: Switchboard, known: Mapping[str, Hotline[Node]], version: str | None) -> None:
    if version is not None and version in known:
        board.offer_version(known[version])
