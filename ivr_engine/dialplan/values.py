"""This file decides which values of a caller a hotline may use. It does not know who keeps or who uses one."""

from collections.abc import Iterable

from ivr_engine.dialplan.reader import Reader
from ivr_engine.dialplan.source import Mark

# Known of every caller, without any step having asked: his number, the one he dialled, where his number belongs.
BUILT_IN = ("caller", "number", "region")


def known_values(readers: Iterable[Reader]) -> dict[str, Mark | None]:
    """Every value some step remembers, and those known of everybody."""
    known: dict[str, Mark | None] = dict.fromkeys(BUILT_IN)
    for reader in readers:
        known |= reader.kept
    return known
