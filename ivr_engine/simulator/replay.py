"""This file decides how a journal is lived through again. It does not know what happened, or whether it was right."""

from pathlib import Path

from ivr_engine.core import Switchboard
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.model.commands import AnyCommand
from ivr_engine.nodes import Node
from ivr_engine.runtime.journal import JournalHead, read_journal


def replay(journal: Path, hotline: Hotline[Node]) -> list[list[AnyCommand]]:
    """The orders each fact of a journal leads to today. Where an engine began anew, so does the switchboard."""
    board = Switchboard(hotline)
    orders: list[list[AnyCommand]] = []
    for line in read_journal(journal):
        if isinstance(line, JournalHead):
            board = Switchboard(hotline)
        else:
            orders.append(board.handle(line.event, line.now))
    return orders
