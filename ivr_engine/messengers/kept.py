"""This file decides how alerts survive the engine until everybody has been told. It does not know how one is told.

A file of lines: an alert with all it is to go to, and one line for each end. A last line that was torn by a crash is
passed over. At the start it is written anew without what is long over.
"""

import os
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

import msgspec
import structlog

from ivr_engine.model.alerts import AlertRaised

log = structlog.get_logger()

REMEMBERED_SECONDS = 7 * 86400.0  # for so long one that is raised again is known; nobody asks again after a week


class Delivery(NamedTuple):
    """One alert on its way to one address."""

    alert: str
    messenger: str
    address: str


class Taken(msgspec.Struct, frozen=True, tag="taken"):
    """An alert is to be sent."""

    alert: AlertRaised
    to: tuple[tuple[str, str], ...]  # messenger and address

    def deliveries(self) -> list[Delivery]:
        """All its ways."""
        return [Delivery(self.alert.alert, messenger, address) for messenger, address in self.to]


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """One delivery is over, well or not."""

    alert: str
    messenger: str
    address: str


Line = Taken | Ended
_decode = msgspec.json.Decoder(Line).decode


class KeptAlerts:
    """The file. Only one thread may use it at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self, now: float) -> tuple[list[Taken], set[Delivery]]:
        """What was taken in, and which deliveries are over; written anew without what is. Raises OSError."""
        taken: list[Taken] = []
        ended: dict[Delivery, Ended] = {}
        for line in self._lines():
            match line:
                case Taken():
                    taken.append(line)
                case Ended():
                    ended[Delivery(line.alert, line.messenger, line.address)] = line
        taken = [one for one in taken if _counts(one, ended.keys(), now)]
        wanted = {way for one in taken for way in one.deliveries()}
        self._write_anew([*taken, *(line for way, line in ended.items() if way in wanted)])
        return taken, wanted & ended.keys()

    def add(self, lines: list[Line]) -> None:
        """Append lines, durably. Raises OSError."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with open(descriptor, "r+b", buffering=0) as file:  # noqa: PTH123 - opened by descriptor, for its mode
            end = file.seek(0, os.SEEK_END)
            torn = end and os.pread(descriptor, 1, end - 1) != b"\n"
            left = memoryview((b"\n" if torn else b"") + _encoded(lines))  # a torn last line must not swallow ours
            while left:
                left = left[os.write(descriptor, left) :]
            os.fsync(descriptor)

    def _lines(self) -> list[Line]:
        lines: list[Line] = []
        written = self._path.read_bytes().splitlines() if self._path.exists() else []
        for line in filter(None, written):
            try:
                lines.append(_decode(line))
            except (msgspec.DecodeError, UnicodeDecodeError):
                log.error("a line of the alerts kept cannot be read and is passed over", file=str(self._path))
        return lines

    def _write_anew(self, lines: list[Line]) -> None:
        if not self._path.exists():
            return
        fresh = KeptAlerts(self._path.with_name(self._path.name + ".new"))
        fresh._path.unlink(missing_ok=True)
        fresh.add(lines)
        fresh._path.replace(self._path)


def _counts(one: Taken, ended: Collection[Delivery], now: float) -> bool:
    return one.alert.at > now - REMEMBERED_SECONDS or any(way not in ended for way in one.deliveries())


def _encoded(lines: list[Line]) -> bytes:
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
