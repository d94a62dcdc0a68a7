"""This file decides which recorded file stands for words. It does not know what the file sounds like.

Only files beside the dialplan are taken: what a caller hears is checked, built and versioned with the words around it.
"""

import hashlib
from pathlib import Path, PurePosixPath

from ivr_engine.dialplan.diagnostics import guess, quote
from ivr_engine.dialplan.reader import Reader
from ivr_engine.dialplan.schema import WORDS, Schema, Terms
from ivr_engine.dialplan.source import Scalar, Table, UnreadableError, Value
from ivr_engine.model.prompt import Recording

LARGEST = 50_000_000  # bytes: over four minutes of studio sound
_KEYS = ("file", "text")
_EXAMPLE = "{file: sounds/hello.wav, text: 您好。}"


def is_meant(table: Table) -> bool:
    """Whether a group of settings is a recorded file, and not a text whose quotes were forgotten."""
    return any(table.get(key) is not None for key in _KEYS)


def read(table: Table, reader: Reader, language: str) -> tuple[Recording, Value]:
    """The recording, and what is said in it. Raises UnreadableError after telling of what is wrong."""
    with reader.inside(language):
        _refuse_unknown(table, reader)
        file, words = table.get("file"), table.get("text")
        if file is None or words is None:
            missing = "file" if file is None else "text"
            message = f"{reader.where} lacks {quote(missing)}"
            remedy = f"write for instance `{_EXAMPLE}`" if file is None else "add what is said in it: `text: …`"
            raise reader.refuse(table.mark, "E202", message, remedy)
        return _recording(file, reader), words


def schema(terms: Terms) -> Schema:
    """A file and its words."""
    shape = {
        "type": "object",
        "properties": {"file": {"type": "string", "pattern": "^[^/]"}, "text": WORDS},
        "required": list(_KEYS),
        "additionalProperties": False,
    }
    return terms.define("recorded", lambda: shape)


def _refuse_unknown(table: Table, reader: Reader) -> None:
    unknown = [entry.key for entry in table.entries if entry.key.text not in _KEYS]
    for key in unknown:
        remedy = guess(key.text, _KEYS, f"a recorded file is written {quote(_EXAMPLE)}; put a text in quotes")
        reader.refuse(key.mark, "E201", f"{reader.where} has no setting {quote(key.text)}", remedy)
    if unknown:
        raise UnreadableError


def _recording(file: Value, reader: Reader) -> Recording:
    if not isinstance(file, Scalar) or not file.text.strip() or "\0" in file.text:
        message = f"{reader.where} must name a file in `file`"
        raise reader.refuse(file.mark, "E203", message, "write for instance `file: sounds/hello.wav`")
    folder = Path(file.mark.source.name).parent
    path = folder / file.text
    name = PurePosixPath(file.text)
    if name.is_absolute() or ".." in name.parts or not _stays_in(folder, path):
        message = f"{quote(file.text)} leads out of this file's folder"
        raise reader.refuse(file.mark, "E213", message, "copy the sound beside this file, into `sounds/` for instance")
    try:
        return Recording(str(path.absolute()), _digest(path))
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        message = f"the recorded file {quote(file.text)} cannot be used: {why}"
        near = _names_beside(path) if isinstance(error, FileNotFoundError) else []
        remedy = guess(name.name, near, "give another file; its path is relative to this one")
        raise reader.refuse(file.mark, "E213", message, remedy) from error


def _stays_in(folder: Path, path: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # links that lead in a circle
        return False


def _digest(path: Path) -> str:
    if not path.is_file() and path.exists():
        raise ValueError("it is no file")
    if path.stat().st_size > LARGEST:
        raise ValueError("it is larger than 50 MB")
    content = path.read_bytes()
    if not content:
        raise ValueError("it is empty")
    return hashlib.sha256(content).hexdigest()


def _names_beside(path: Path) -> list[str]:
    try:
        return [one.name for one in path.parent.iterdir()]
    except OSError:
        return []
