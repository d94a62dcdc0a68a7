"""This file decides how rows survive on disk while the database is away. It does not know any database.

One JSON object a line, only ever appended to. Reading back goes through a renamed copy, so that rows spilled
meanwhile start a new file and a crash half-way repeats rows instead of losing them.
"""

import json
import os
from pathlib import Path

import msgspec

from ivr_engine.model.crisis_orders import Deed
from ivr_engine.model.notices import CallRecord
from ivr_engine.model.past import AgentSpan
from ivr_engine.store.tables import MessageRow, RecordingRow, Row, WishRow, WishTried


class _Line(msgspec.Struct, omit_defaults=True):
    call: CallRecord | None = None
    recording: RecordingRow | None = None
    message: MessageRow | None = None
    wish: WishRow | None = None
    tried: WishTried | None = None
    span: AgentSpan | None = None
    deed: Deed | None = None


class Spill:
    """The spill file, `<path>`; `<path>.replay` while it is read back; `<path>.rejected` for what never fits."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._replay = path.with_name(path.name + ".replay")
        self._rejected = path.with_name(path.name + ".rejected")

    def waiting(self) -> bool:
        """Is there anything to read back?"""
        return self._path.exists() or self._replay.exists()

    def add(self, rows: list[Row]) -> None:
        """Append rows, durably."""
        self._append(self._path, b"".join(_encode(row) for row in rows))

    def reject(self, row: Row) -> None:
        """Set a row aside that the database will never take, for a person to look at."""
        self._append(self._rejected, _encode(row))

    def read_back(self) -> tuple[list[Row], int]:
        """All spilled rows, and how many lines could not be read (they are set aside). End with `done`."""
        if not self._replay.exists():
            self._path.replace(self._replay)
        rows: list[Row] = []
        torn: list[bytes] = []
        for line in self._replay.read_bytes().splitlines():
            row = _decode(line)
            if row is None:
                torn.append(line + b"\n")
            else:
                rows.append(row)
        if torn:
            self._append(self._rejected, b"".join(torn))
        return rows, len(torn)

    def done(self) -> None:
        """What `read_back` gave is in the database now."""
        self._replay.unlink()

    def _append(self, path: Path, lines: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with open(descriptor, "r+b", buffering=0) as file:  # noqa: PTH123 - opened by descriptor, for its mode
            end = file.seek(0, os.SEEK_END)
            if end and os.pread(descriptor, 1, end - 1) != b"\n":
                lines = b"\n" + lines  # a torn last line must not swallow ours
            left = memoryview(lines)
            while left:
                left = left[os.write(descriptor, left) :]
            os.fsync(descriptor)


def _encode(row: Row) -> bytes:
    line = _line(row)
    try:
        return msgspec.json.encode(line) + b"\n"
    except UnicodeEncodeError:  # half a character from outside: keep it readable for a person
        return json.dumps(msgspec.to_builtins(line)).encode() + b"\n"


_FIELDS: dict[type[Row], str] = {
    CallRecord: "call",
    RecordingRow: "recording",
    MessageRow: "message",
    WishRow: "wish",
    WishTried: "tried",
    AgentSpan: "span",
    Deed: "deed",
}


def _line(row: Row) -> _Line:
    line = _Line()
    setattr(line, _FIELDS[type(row)], row)
    return line


def _decode(line: bytes) -> Row | None:
    try:
        read = msgspec.json.decode(line, type=_Line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return read.call or read.recording or read.message or read.wish or read.tried or read.span or read.deed
