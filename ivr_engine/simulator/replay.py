"""This file decides how a journal is lived through again. It does not know what happened, or whether it was right."""

from collections.abc import Mapping
from pathlib import Path

from ivr_engine.core import Switchboard
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.model.commands import AnyCommand
from ivr_engine.model.events import CanaryOrdered, DialplanSwitched
from ivr_engine.nodes import Node
from ivr_engine.runtime.journal import JournalHead, read_journal


def replay(journal: Path, hotline: Hotline[Node], *others: Hotline[Node]) -> list[list[AnyCommand]]:
    """The orders each fact of a journal leads to today. Where an engine began anew, so does the switchboard.

    `others` are the versions that calls were switched to, or tried; `hotline` stands for one that is not among them.
    """
    known = {version.version: version for version in (hotline, *others)}
    board = Switchboard(hotline)
    orders: list[list[AnyCommand]] = []
    for line in read_journal(journal):
        if isinstance(line, JournalHead):
            board = Switchboard(known.get(line.dialplan, hotline))
            for version in line.earlier:
                _offer(board, known, version)
        else:
            if isinstance(line.event, DialplanSwitched | CanaryOrdered):
                _offer(board, known, line.event.version)
            orders.append(board.handle(line.event, line.now))
    return orders


def _offer(board: Switchboard, known: Mapping[str, Hotline[Node]], version: str | None) -> None:
    if version is not None and version in known:
        board.offer_version(known[version])
