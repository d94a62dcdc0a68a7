"""This file decides which files look like a part of a hotline and are read by nobody. It does not read hotlines.

`seats.yml` beside `hotline.yaml` does nothing at all, and nobody is told so before a caller finds out.
"""

import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from ivr_engine.dialplan.diagnostics import Diagnostic, Severity, quote
from ivr_engine.dialplan.files import CRISIS, HOTLINE, SEATS

LOOKED_AT = 100_000  # bytes of a file
_NAMES = {Path(name).stem: name for name in (HOTLINE, SEATS)} | {"seat": SEATS, "hotlines": HOTLINE}
_FOLDERS = ("crisis", "crises", "crisises")
_OURS = re.compile(rb"^(hotline|crisis|pools|queues|destinations|steps) *:", re.MULTILINE)


def strays_in(folder: Path, read: Collection[Path]) -> Iterator[Diagnostic]:
    """What is in a hotline's folder, looks like a part of it, and is not among the files that were read."""
    for path in _children(folder):
        if path.is_dir() and path.name.casefold() in _FOLDERS:
            yield from _strays_of_crisis(path, read)
        elif _is_yaml(path) and not _is_among(path, read):
            yield from _stray(path)


def strays_among(folder: Path) -> Iterator[Diagnostic]:
    """Folders beside hotlines which would be hotlines, were their file called right."""
    for inner in _children(folder):
        if inner.is_dir() and not (inner / HOTLINE).exists():
            for path in _children(inner):
                if _is_yaml(path) and _NAMES.get(path.stem.casefold()) == HOTLINE:
                    yield from _stray(path)


def _strays_of_crisis(folder: Path, read: Collection[Path]) -> Iterator[Diagnostic]:
    inside = [path for path in sorted(folder.rglob("*")) if _is_yaml(path) and not _is_among(path, read)]
    if folder.name != CRISIS:
        if inside:
            yield _told(folder, f"rename the folder to {quote(CRISIS)}")
        return
    for path in inside:
        right = path.with_suffix(".yaml").name
        yield _told(path, f"{'rename' if path.parent == folder else 'move'} it to {quote(f'{CRISIS}/{right}')}")


def _stray(path: Path) -> Iterator[Diagnostic]:
    right = _NAMES.get(path.stem.casefold())
    if right and not (path.parent / right).exists():
        yield _told(path, f"rename it to {quote(right)}")
    elif right:
        yield _told(path, f"bring what it holds into {quote(right)}, and delete it")
    elif keys := _keys_of(path):
        if b"crisis" in keys:
            yield _told(path, f"move it to {quote(f'{CRISIS}/{path.stem}.yaml')}")
        elif b"hotline" not in keys:  # else it is a hotline of its own, or an older one of this
            yield _told(path, f"name it under `include` in {quote(HOTLINE)}, or move it away")


def _keys_of(path: Path) -> set[bytes]:
    with suppress(OSError), path.open("rb") as file:
        return set(_OURS.findall(file.read(LOOKED_AT)))
    return set()


def _told(path: Path, remedy: str) -> Diagnostic:
    return Diagnostic(str(path), 0, 0, "W407", "nobody reads this", remedy, Severity.WARNING)


def _children(folder: Path) -> list[Path]:
    with suppress(OSError):
        return sorted(folder.iterdir())
    return []


def _is_yaml(path: Path) -> bool:
    return path.suffix.casefold() in (".yaml", ".yml") and path.is_file()


def _is_among(path: Path, read: Collection[Path]) -> bool:
    """Whether a file was read; by itself rather than by name, as some file systems know no capital letters."""
    return any(one.exists() and path.samefile(one) for one in read)
