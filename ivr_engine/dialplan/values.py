"""This file decides which values of a caller a hotline may use. It does not know who keeps or who uses one."""

from collections.abc import Iterable

from ivr_engine.dialplan.diagnostics import quote
from ivr_engine.dialplan.reader import Reader, Use
from ivr_engine.dialplan.source import Mark

# Known of every caller, without any step having asked: his number, the one he dialled, where his number belongs.
BUILT_IN = ("caller", "number", "region")
# What a queue tells who waits, by the setting that tells it: how many are before him, how long it will probably take.
WAITING = "while waiting"
_KNOWN_WAITING = {"say": ("ahead", "wait"), "otherwise": ("ahead",)}
# And what it tells the agent before he has the call: how long the caller has waited.
WHISPER = "whisper"
_KNOWN_WHISPERED = ("wait",)
_BELOW_QUEUE = 2  # `queues`, its name, then its settings


def check_secrets(readers: Iterable[Reader]) -> None:
    """Tell of every text that would say a secret, and of every address that would hold one.

    What a caller hears is in the recording; an address is in the logs of whatever it passes.
    """
    every = list(readers)
    secret = {name for reader in every for name in reader.secret}
    for reader in every:
        for use in reader.uses:
            if use.of != "value" or use.name not in secret:
                continue
            if use.is_said:
                message = f"{quote(use.name)} is `sensitive`, and would be heard in the recording"
                reader.refuse(use.mark, "E316", message, "say it without")
            elif use.is_in_address:
                message = f"{quote(use.name)} is `sensitive`, and addresses end up in other systems' logs"
                reader.refuse(use.mark, "E316", message, f"take it out of `path`, and add `send: [{use.name}]`")


def known_there(use: Use) -> tuple[str, ...]:
    """The values that are known at this place alone."""
    if use.of != "value" or use.step is not None:
        return ()
    if use.path[_BELOW_QUEUE:][:1] == (WHISPER,):
        return _KNOWN_WHISPERED
    if WAITING not in use.path[:-1]:
        return ()
    return _KNOWN_WAITING.get(use.path[use.path.index(WAITING) + 1], ())


def known_elsewhere(use: Use) -> str:
    """Where a value is known that is not known here; nothing for any other value."""
    where = [f"`{setting}`" for setting, names in _KNOWN_WAITING.items() if use.name in names]
    return f"it is known in {' and '.join(where)} of a queue's `{WAITING}` only" if use.of == "value" and where else ""


def known_values(readers: Iterable[Reader]) -> dict[str, Mark | None]:
    """Every value some step remembers, and those known of everybody."""
    known: dict[str, Mark | None] = dict.fromkeys(BUILT_IN)
    for reader in readers:
        known |= reader.kept
    return known
