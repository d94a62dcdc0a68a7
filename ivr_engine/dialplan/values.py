"""This file decides which values of a caller a hotline may use. It does not know who keeps or who uses one."""

from collections.abc import Iterable

from ivr_engine.dialplan.diagnostics import quote
from ivr_engine.dialplan.reader import Reader
from ivr_engine.dialplan.source import Mark

# Known of every caller, without any step having asked: his number, the one he dialled, where his number belongs. And of
# those who wait: how many are before them, and how long that will probably take.
BUILT_IN = ("caller", "number", "region", "ahead", "wait")


def check_secrets(readers: Iterable[Reader]) -> None:
    """Tell of every text that would say a secret: what a caller hears is in the recording."""
    every = list(readers)
    secret = {name for reader in every for name in reader.secret}
    for reader in every:
        for use in reader.uses:
            if use.of == "value" and use.is_said and use.name in secret:
                message = f"{quote(use.name)} is `sensitive`, and would be heard in the recording"
                reader.refuse(use.mark, "E316", message, "say it without")


def known_values(readers: Iterable[Reader]) -> dict[str, Mark | None]:
    """Every value some step remembers, and those known of everybody."""
    known: dict[str, Mark | None] = dict.fromkeys(BUILT_IN)
    for reader in readers:
        known |= reader.kept
    return known
