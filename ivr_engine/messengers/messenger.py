"""This file decides what every messenger can do, and which words of an alert it may use. It knows no single one."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

import msgspec

from ivr_engine.model.alerts import AlertRaised
from ivr_engine.model.ids import mask_number

ADDRESS = "<address>"  # where an address stands in a program's arguments, or in a topic
PATIENCE = 15.0  # seconds for one try: a gateway that takes longer is as good as gone, and the next try comes soon

WORDS = ("address", "alert", "at", "kind", "title", "text", "profile", "level")  # what a messenger may say
_SPOT = re.compile(r"<([a-z]+)>")
_LONG_NUMBER = re.compile(r"\+?[0-9]{7,}")


class NotSentError(Exception):
    """This try failed; the message says why, in words that may stand in a log: no secret, no whole number."""


class Messenger(Protocol):
    """One way to people."""

    @property
    def within(self) -> float:
        """Seconds a try may take; then it is cancelled."""

    async def send(self, alert: AlertRaised, address: str) -> None:
        """Tell one address. Raises NotSentError; never leaves anything running when it is cancelled."""


def words_of(alert: AlertRaised, address: str) -> Mapping[str, str]:
    """What a messenger may say, by the names that settings use for it."""
    at = datetime.fromtimestamp(alert.at).astimezone().isoformat(timespec="seconds")
    text = alert.text or alert.title
    said = (address, alert.alert, at, alert.kind, alert.title, text, alert.profile, alert.level)
    return dict(zip(WORDS, said, strict=True))


def filled(template: Any, words: Mapping[str, str]) -> Any:
    """A template with each `<name>` replaced, once: a title that says `<text>` stays as it is. Keys are left alone."""
    match template:
        case str():
            return _SPOT.sub(lambda found: words.get(found[1], found[0]), template)
        case Mapping():
            return {key: filled(value, words) for key, value in template.items()}
        case list() | tuple():
            return [filled(value, words) for value in template]
    return template


def in_plain_words(alert: AlertRaised) -> AlertRaised:
    """The same, fit for every wire: the title is one line, and nothing is half a character or moves a cursor."""
    shown = {one: _printable(getattr(alert, one)) for one in ("alert", "kind", "title", "profile", "level")}
    lines = alert.text.replace("\r\n", "\n").split("\n")
    return msgspec.structs.replace(alert, **shown, text="\n".join(_printable(line, blanks=False) for line in lines))


def receipt(alert: AlertRaised, address: str) -> str:
    """Names this alert to this address, the same at every try, so that the other side can tell a repetition."""
    return hashlib.sha256(f"{alert.alert}\0{address}".encode()).hexdigest()[:32]


def masked(address: str) -> str:
    """An address fit for a log: the numbers in it are masked."""
    return _LONG_NUMBER.sub(lambda found: mask_number(found[0]), address)


def _printable(text: str, *, blanks: bool = True) -> str:
    text = " ".join(text.split()) if blanks else text.replace("\t", "    ")
    return "".join(char for char in text if char.isprintable())
