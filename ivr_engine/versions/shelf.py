"""This file decides how versions of a hotline are kept, and which of them a restart takes. It does not know calls.

    <folder>/<version>/files/…     the files exactly as they were loaded
    <folder>/<version>/meta.json   when it came into use, by whom and how
    <folder>/.sounds/<hash>        recorded files, once for all versions that have them
    <folder>/standing.json         which version runs, and which one the files on disk were then

Each is written beside its place and renamed, so a kill leaves the old or the new one.
"""

import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec
import structlog

from ivr_engine.dialplan.hotline import Hotline, hotline_prompts
from ivr_engine.dialplan.load import load
from ivr_engine.errors import DialplanError, HotlineError, RefusedError
from ivr_engine.model.prompt import Recording

log = structlog.get_logger()

MOST_KEPT = 50
How = Literal["start", "reload", "rollback", "canary", "canary accepted"]
StepT = TypeVar("StepT")


class Use(msgspec.Struct, frozen=True):
    """A version came into use. `at` is seconds since 1970; `by` a user of this machine or of the API."""

    at: float
    by: str
    how: How


class Kept(msgspec.Struct, frozen=True):
    """A version on the shelf. `entry` is the hotline's folder or file below `files`."""

    version: str
    hotline: str
    entry: str
    uses: tuple[Use, ...] = ()

    @property
    def last(self) -> Use:
        """When it came into use last."""
        return self.uses[-1]


class Standing(msgspec.Struct, frozen=True):
    """What runs. `disk`: the files on disk when that was decided; as long as they are so, a restart changes nothing."""

    version: str
    disk: str
    canary: str | None = None


class Shelf:
    """The folder of versions."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    # --- keeping --------------------------------------------------------------------------------------------

    def keep(self, hotline: Hotline[Any], entry: Path, use: Use) -> None:
        """Keep a version that comes into use. Raises HotlineError when the disk refuses."""
        place = self.folder / hotline.version
        try:
            known = self._meta(place)
            if known is None:
                draft = self.folder / f".{hotline.version}.{os.getpid()}"
                try:
                    self._put(hotline, entry, draft, use)
                    shutil.rmtree(place, ignore_errors=True)  # one whose meta.json cannot be read
                    draft.rename(place)
                finally:
                    shutil.rmtree(draft, ignore_errors=True)  # on a full disk each of them makes matters worse
            else:
                _write(place / "meta.json", msgspec.structs.replace(known, uses=(*known.uses[-MOST_KEPT:], use)))
            self._prune()
        except OSError as error:
            raise HotlineError(
                f"the version cannot be kept in {self.folder} ({error.strerror}): make room or mend its rights"
            ) from error

    def stand(self, standing: Standing) -> None:
        """Remember what runs. Raises HotlineError when the disk refuses."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(self.folder / "standing.json", standing)
        except OSError as error:
            raise HotlineError(f"{self.folder} cannot be written ({error.strerror}): a restart would forget") from error

    def _put(self, hotline: Hotline[Any], entry: Path, draft: Path, use: Use) -> None:
        recordings = {_plain(Path(one.path)): one for one in _recordings(hotline)}
        sources = {_plain(path): content for path, content in hotline.sources.items()}
        folder = _plain(entry if entry.is_dir() else entry.parent)
        root = Path(os.path.commonpath([folder, *sources, *recordings]))  # a calendar may lie beside the folder
        shutil.rmtree(draft, ignore_errors=True)
        for path, content in sources.items():
            target = draft / "files" / path.relative_to(root)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            target.write_bytes(content)
        for path, recording in recordings.items():
            self._put_sound(recording, draft / "files" / path.relative_to(root))
        name = _plain(entry).relative_to(root)
        _write(draft / "meta.json", Kept(hotline.version, hotline.name, str(name), (use,)))

    def _put_sound(self, recording: Recording, target: Path) -> None:
        sound = self.folder / ".sounds" / recording.digest
        if not sound.exists():
            content = Path(recording.path).read_bytes()
            if sha256(content).hexdigest() != recording.digest:
                raise HotlineError(f"{recording.path} was changed while it was read: order again")
            sound.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            partial = sound.with_name(f".{sound.name}.{os.getpid()}")
            partial.write_bytes(content)
            partial.replace(sound)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            target.hardlink_to(sound)

    def _prune(self) -> None:
        standing = self.standing()
        needed = {standing.version, standing.canary} if standing else set()
        for kept in self.all()[MOST_KEPT:]:
            if kept.version not in needed:
                shutil.rmtree(self.folder / kept.version, ignore_errors=True)
        for sound in (self.folder / ".sounds").glob("*"):
            if sound.stat().st_nlink == 1:
                sound.unlink(missing_ok=True)

    # --- looking --------------------------------------------------------------------------------------------

    def all(self) -> list[Kept]:
        """Every version, the one that came into use last first. Raises HotlineError when nobody lets us look."""
        found = [kept for place in self._places() if (kept := self._meta(place)) is not None and kept.uses]
        return sorted(found, key=lambda kept: kept.last.at, reverse=True)

    def standing(self) -> Standing | None:
        """What runs, or ran last; None when nothing ever did."""
        try:
            return msgspec.json.decode((self.folder / "standing.json").read_bytes(), type=Standing)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            log.error("what ran last cannot be read", folder=str(self.folder), error=str(error))
            return None

    def find(self, name: str) -> Kept:
        """The version whose name begins so. Raises RefusedError when there is not exactly one."""
        found = [kept for kept in self.all() if kept.version.startswith(name)]
        if len(found) != 1:
            what = "more than one version begins" if found else "no version on the shelf begins"
            raise RefusedError(f"{what} with {name!r}: see `ivr versions`")
        return found[0]

    def before(self, version: str) -> Kept:
        """The version that ran before. Raises RefusedError if none did.

        One that was only on trial does not count, nor one that was rolled back from: who goes back twice wants to go
        further back, not to what he fled.
        """
        kept = {one.version: one for one in self.all()}
        uses = [(use, one.version) for one in kept.values() for use in one.uses if use.how != "canary"]
        ran: list[str] = []
        for use, name in sorted(uses, key=lambda one: one[0].at):
            if use.how == "rollback" and name in ran:
                del ran[ran.index(name) + 1 :]  # back there; what came after it is what was wrong
            else:
                ran = [*(other for other in ran if other != name), name]
        others = [name for name in ran if name != version]
        if not others:
            why = "every other one was rolled back from" if any(use[1] != version for use in uses) else "none ever ran"
            raise RefusedError(f"no version is left to go back to ({why}): name one of `ivr versions`")
        return kept[others[-1]]

    def load(self, version: str, words: Mapping[str, type[StepT]]) -> Hotline[StepT]:
        """A version as it was. Raises DialplanError when this engine does not understand it, HotlineError if gone."""
        kept = self.find(version)
        path = self.folder / kept.version / "files" / kept.entry
        return replace(load(path, words), version=kept.version)  # whatever this release would call it

    def load_all(self, versions: Iterable[str], words: Mapping[str, type[StepT]]) -> list[Hotline[StepT]]:
        """Those of the versions that can be loaded."""
        loaded = []
        for version in versions:
            try:
                loaded.append(self.load(version, words))
            except (DialplanError, HotlineError, OSError) as error:
                log.warning("a kept version cannot be loaded", version=version, error=str(error))
        return loaded

    def _places(self) -> list[Path]:
        try:
            return [path for path in self.folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise HotlineError(
                f"the versions in {self.folder} cannot be read ({error.strerror}): mend their rights or place"
            ) from error

    def _meta(self, place: Path) -> Kept | None:
        with suppress(OSError, msgspec.DecodeError, UnicodeDecodeError):  # half of one is none
            return msgspec.json.decode((place / "meta.json").read_bytes(), type=Kept)
        return None


def _plain(path: Path) -> Path:
    """Without `..`; links are left as they are, since names in the files are relative to where they stand."""
    return Path(os.path.normpath(path.absolute()))


def _recordings(hotline: Hotline[Any]) -> Iterable[Recording]:
    return dict.fromkeys(prompt.recording for prompt in hotline_prompts(hotline) if prompt.recording)


def _write(path: Path, content: msgspec.Struct) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n")
    partial.replace(path)
