"""This file decides how a journal is lived through again. It does not know what happened, or whether it was right."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from ivr_engine.core import Switchboard
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.model.commands import AnyCommand
from ivr_engine.model.events import AnyEvent, CallArrived, CanaryOrdered, DialplanSwitched
from ivr_engine.model.ids import StepName
from ivr_engine.nodes import Node
from ivr_engine.nodes.split import Split
from ivr_engine.runtime.journal import JournalHead, JournalLine, read_journal

HIDDEN = "*"
MOST_TRIED = 5_000
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
    journal: Path, versions: Mapping[str, Hotline[Node]], usual: Hotline[Node], *, stand_ins: bool = True
) -> Iterator[Begun | Lived]:
    """The facts one after the other, however many; `usual` stands for a version that is not among `versions`.

    Masked numbers are replaced by `stand_ins`, so that callers go the same way. Raises OSError, and
    msgspec.ValidationError for a line that is no fact.
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
        event = with_digits(line, board.versions.splits) if stand_ins else line.event
        yield Lived(line.now, event, board.handle(event, line.now))


def replay(journal: Path, hotline: Hotline[Node], *others: Hotline[Node]) -> list[list[AnyCommand]]:
    """The orders each fact of a journal leads to today. Where an engine began anew, so does the switchboard.

    `others` are the versions that calls were switched to, or tried; `hotline` stands for one that is not among them.
    """
    known = {version.version: version for version in (hotline, *others)}
    return [one.orders for one in lived_again(journal, known, hotline, stand_ins=False) if isinstance(one, Lived)]


def with_digits(line: JournalLine, splits: Mapping[StepName, Split]) -> AnyEvent:
    """A masked number as some number of its kind, with which its caller has the arms he had.

    Steps that only ask whether it can be dialled go the same way then.
    """
    event = line.event
    if not isinstance(event, CallArrived) or HIDDEN not in event.caller:
        return event
    asked = {name: arm for name, arm in line.arms.items() if name in splits}
    numbers = _stand_ins(event.caller) if asked else iter(())
    fit = (one for one in numbers if all(splits[name].arm_of(one) == arm for name, arm in asked.items()))
    return msgspec.structs.replace(event, caller=next(fit, event.caller.replace(HIDDEN, ANY_DIGIT)))


def _stand_ins(masked: str) -> Iterator[str]:
    """Some of the numbers it can be, in an order of their own; few have to be tried."""
    hidden = masked.count(HIDDEN)
    for number in range(min(MOST_TRIED, 10**hidden)):
        digits = iter(f"{number:0{hidden}}")
        yield "".join(next(digits) if sign == HIDDEN else sign for sign in masked)


def _offer(board: Switchboard, known: Mapping[str, Hotline[Node]], version: str | None) -> None:
    if version is not None and version in known:
        board.offer_version(known[version])
