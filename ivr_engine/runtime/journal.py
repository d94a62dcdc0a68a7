"""This file decides how the core's inputs are written down, for an incident to be replayed. It knows no decision.

One JSON line a fact: sequence, now, event; the first line names the dialplan's version. Numbers of callers are
masked. A key pressed in a menu is kept, for it is a choice and not a secret, and a replay without it shows nothing
(ADR 0005).
"""

import queue
import re
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import structlog

from ivr_engine.errors import StartError
from ivr_engine.model.events import (
    AnyEvent,
    CallArrived,
    DigitPressed,
    LegPressed,
    LinesSeen,
    Resynced,
    SystemAnswered,
    WishesSeen,
)
from ivr_engine.model.found import FoundCall
from ivr_engine.model.ids import StepName, mask_number
from ivr_engine.model.saved import SavedCall
from ivr_engine.model.wishes import Wish

log = structlog.get_logger()

MOST_WAITING_LINES = 100_000
NO_ARMS: Mapping[StepName, str] = {}
HIDDEN_DIGIT = "?"  # no key of a telephone
_LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){6,}")


class JournalHead(msgspec.Struct, frozen=True):
    """The first line: which version of the dialplan the facts met, and which earlier ones the engine knew."""

    dialplan: str
    earlier: tuple[str, ...] = ()


class JournalLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One fact as the core met it. `now` is seconds since 1970.

    `arms` are those a new caller has by his number, which is masked: without them he would go another way.
    """

    sequence: int
    now: float
    event: AnyEvent
    arms: Mapping[StepName, str] = {}


def masked(event: AnyEvent) -> AnyEvent:
    """The fact without any caller's number."""
    match event:
        case CallArrived():
            return msgspec.structs.replace(event, caller=mask_number(event.caller))
        case Resynced() | LinesSeen():
            return msgspec.structs.replace(event, calls=tuple(_masked_call(call) for call in event.calls))
        case WishesSeen():
            return msgspec.structs.replace(event, wishes=tuple(_masked_wish(wish) for wish in event.wishes))
        case SystemAnswered():
            return msgspec.structs.replace(event, values=_masked_values(event.values))
    return event


def _masked_values(values: Mapping[str, str]) -> dict[str, str]:
    # What decides where a caller goes is a word or a short number; a long one is somebody's phone, or an account.
    return {name: _LONG_NUMBER.sub(lambda found: mask_number(found[0]), value) for name, value in values.items()}


def _masked_call(found: FoundCall) -> FoundCall:
    return msgspec.structs.replace(found, caller=mask_number(found.caller), saved=_masked_saved(found.saved))


def _masked_saved(saved: SavedCall | None) -> SavedCall | None:
    if saved is None:
        return None
    wish = _masked_wish(saved.wish) if saved.wish else None
    return msgspec.structs.replace(saved, caller=mask_number(saved.caller), wish=wish)


def _masked_wish(wish: Wish) -> Wish:
    return msgspec.structs.replace(wish, number=mask_number(wish.number))


class Journal:
    """Appends to a file from a thread of its own: a slow disk never holds up a call. What does not fit is counted."""

    def __init__(self, path: Path, dialplan: str, earlier: tuple[str, ...] = ()) -> None:
        self.lost = 0
        self._sequence = 0
        self._encoder = msgspec.json.Encoder(order="deterministic")  # sets come in no order of their own
        self._lines: queue.Queue[bytes | None] = queue.Queue(MOST_WAITING_LINES)
        self._lines.put_nowait(self._encoder.encode(JournalHead(dialplan, earlier)))
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)  # it tells who called when, and which keys were pressed
        except OSError as error:
            raise StartError(
                f"the journal {path} cannot be written ({error.strerror}): name another, or none"
            ) from error
        self._path = path
        self._torn = True
        self._thread = threading.Thread(target=self._write, name="journal", daemon=True)
        self._thread.start()

    def note(
        self, event: AnyEvent, now: float, *, private: bool = False, arms: Mapping[StepName, str] = NO_ARMS
    ) -> None:
        """Write a fact down; of a `private` key only that one was pressed. `arms`: see JournalLine."""
        if private and isinstance(event, DigitPressed | LegPressed):
            event = msgspec.structs.replace(event, digit=HIDDEN_DIGIT)
        self._sequence += 1
        try:
            self._lines.put_nowait(self._encoder.encode(JournalLine(self._sequence, now, masked(event), arms)))
        except queue.Full:
            self.lost += 1
        except (TypeError, ValueError):  # a bug of ours must cost the journal its line, and not the switchboard a fact
            log.exception("a fact cannot be written down", kind=type(event).__name__)
            self.lost += 1

    def close(self) -> None:
        """Write what waits, and end."""
        self._lines.put(None)
        self._thread.join(timeout=5)

    def _write(self) -> None:
        closing = False
        while not closing:
            batch = [self._lines.get()]
            while not self._lines.empty():
                batch.append(self._lines.get())
            closing = None in batch
            self._append([line for line in batch if line is not None])

    def _append(self, batch: list[bytes]) -> None:
        # After a kill or a full disk the file may end in half a line: begin on one of our own.
        start = b"\n" if self._torn else b""
        try:
            with self._path.open("ab") as file:
                file.write(start + b"".join(line + b"\n" for line in batch))
        except OSError:  # a full disk costs the journal, never a call; the count is a metric
            self.lost += len(batch)
            self._torn = True
        else:
            self._torn = False


def read_journal(source: Path | bytes) -> Iterator[JournalHead | JournalLine]:
    """The head and the facts of a journal; a head stands before each engine's facts.

    A line torn by a kill or a full disk is passed over. Raises msgspec.ValidationError for a whole one that is
    neither head nor fact.
    """
    head, line = msgspec.json.Decoder(JournalHead), msgspec.json.Decoder(JournalLine)
    for text in _lines_of(source):
        try:
            yield head.decode(text) if text.startswith(b'{"dialplan"') else line.decode(text)
        except msgspec.ValidationError:
            raise
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue


def _lines_of(source: Path | bytes) -> Iterator[bytes]:
    """One after the other: a journal may be longer than the memory."""
    if isinstance(source, bytes):
        yield from source.split(b"\n")
        return
    with source.open("rb") as file:
        yield from file
