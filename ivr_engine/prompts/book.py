"""This file decides where each prompt's sound is kept and which must be made anew. It does not know how to speak.

Nothing is ever changed under a call: another text, recording or value is another file.
"""

import fcntl
import itertools
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ivr_engine.dialplan.hotline import Hotline, hotline_prompts
from ivr_engine.errors import StartError
from ivr_engine.model.prompt import Prompt
from ivr_engine.prompts.level import RATE
from ivr_engine.prompts.sound import FINISH, SUFFIX, finish
from ivr_engine.prompts.voice import Voice, voice_of
from ivr_engine.spoken import is_piece

Progress = Callable[[int, int, Prompt], None]  # made so far, to be made, the one just made
Page = dict[str, dict[str, str]]  # what a manifest says of each sound

MANIFEST = "manifest.json"
_LEAST_AT_ONCE = 4  # most of the time a voice is waited for
_serial = itertools.count()


class PromptBook:
    """The folder of sounds: `<folder>/<language>/<key>.alaw`, and a manifest a language for people to read.

    `voices` by language; where there is none, espeak-ng speaks. None: it is not known who speaks, so espeak-ng makes
    what is missing and nothing that another voice has spoken is made anew.
    """

    def __init__(self, folder: Path, voices: Mapping[str, Voice] | None = None) -> None:
        self.folder = folder
        self._voices = voices or {}
        self._keeps_others = voices is None

    def path(self, prompt: Prompt) -> Path:
        """The sound as Asterisk wants it named: without extension."""
        return self.folder / prompt.language / prompt.key

    def has(self, prompt: Prompt) -> bool:
        """Whether the sound is there."""
        return self._file(prompt).is_file()

    def seconds(self, prompt: Prompt) -> float | None:
        """How long the sound is; None if there is none."""
        try:
            return self._file(prompt).stat().st_size / RATE
        except OSError:
            return None

    def missing(self, hotline: Hotline[Any]) -> tuple[Prompt, ...]:
        """What callers of a hotline should hear but could not."""
        return tuple(prompt for prompt in hotline_prompts(hotline) if not self.has(prompt))

    def build(self, hotline: Hotline[Any], on_progress: Progress | None = None) -> tuple[Prompt, ...]:
        """Make the sounds of a hotline that are missing or were spoken by another voice; returns those made."""
        return self.make(hotline_prompts(hotline), on_progress)

    def make(self, prompts: Iterable[Prompt], on_progress: Progress | None = None) -> tuple[Prompt, ...]:
        """Make those of these sounds that are missing or were spoken by another voice; returns those made."""
        prompts = tuple(prompts)
        pages = {language: self._page(language) for language in dict.fromkeys(one.language for one in prompts)}
        stale = [prompt for prompt in prompts if self._is_stale(prompt, pages[prompt.language])]
        made: dict[str, Page] = {language: {} for language in pages}
        try:
            for done, prompt in enumerate(self._make_all(stale), start=1):
                made[prompt.language][prompt.key] = self._entry(prompt)
                if on_progress:
                    on_progress(done, len(stale), prompt)
        finally:
            for language, entries in made.items():
                self._write_page(language, entries)
        return tuple(stale)

    def _is_stale(self, prompt: Prompt, page: Page) -> bool:
        told, wanted = page.get(prompt.key), self._entry(prompt)
        if told is not None and self._keeps_others:
            wanted["voice"] = told.get("voice", "")
        return told != wanted or not self.has(prompt)

    def _make_all(self, prompts: list[Prompt]) -> Iterable[Prompt]:
        """Make sounds, several at once, and tell each as it is done."""
        with ThreadPoolExecutor(max_workers=max(_LEAST_AT_ONCE, os.cpu_count() or 1)) as pool:
            making = {pool.submit(self._make, prompt): prompt for prompt in prompts}
            try:
                for done in as_completed(making):
                    done.result()
                    yield making[done]
            finally:
                pool.shutdown(cancel_futures=True)

    def _make(self, prompt: Prompt) -> None:
        file = self._file(prompt)
        # Asterisk may play the old sound meanwhile, and two builds may run: only a whole file gets the name.
        draft = file.with_name(f".{file.stem}.{os.getpid()}.{next(_serial)}{SUFFIX}")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._sound(prompt, draft)
            draft.replace(file)
        except OSError as error:
            raise StartError(f"cannot write {file} ({error.strerror}): check the prompts folder's rights") from error
        finally:
            with suppress(OSError):
                draft.unlink()

    def _sound(self, prompt: Prompt, draft: Path) -> None:
        if prompt.recording:
            finish(Path(prompt.recording.path), draft, prompt.recording.path)
            return
        with tempfile.TemporaryDirectory(prefix="ivr-prompt-") as folder:
            wav = Path(folder) / "spoken.wav"
            voice_of(prompt.language, self._voices).speak(prompt.text, prompt.language, wav)
            finish(wav, draft, f"{prompt.language} {prompt.text[:40]!r}", is_piece=is_piece(prompt))

    def _entry(self, prompt: Prompt) -> dict[str, str]:
        """What the manifest tells of a sound. Where that changes, the sound is made anew."""
        voice = str(voice_of(prompt.language, self._voices))
        if prompt.recording:
            voice = f"recorded: {Path(prompt.recording.path).name}"
        return {"text": prompt.text, "voice": voice, "sound": FINISH}

    def _file(self, prompt: Prompt) -> Path:
        return self.folder / prompt.language / f"{prompt.key}{SUFFIX}"

    def _page(self, language: str) -> Page:
        try:
            read = json.loads((self.folder / language / MANIFEST).read_text("utf-8"))
        except (OSError, ValueError):
            return {}  # lost or spoilt: what it told of is made anew
        told = read if isinstance(read, dict) else {}
        return {key: entry for key, entry in told.items() if isinstance(entry, dict)}

    def _write_page(self, language: str, made: Page) -> None:
        """Add what was made. Another build may have added its own meanwhile, or what it made would be made anew."""
        folder = self.folder / language
        draft = folder / f".{MANIFEST}.{os.getpid()}.{next(_serial)}"
        if not folder.is_dir():
            return
        try:
            with _alone_in(folder):
                self._keep_page(folder, draft, self._page(language) | made)
        except OSError as error:
            raise StartError(
                f"cannot write {folder / MANIFEST} ({error.strerror}): make room or mend its rights"
            ) from error
        finally:
            with suppress(OSError):
                draft.unlink()

    def _keep_page(self, folder: Path, draft: Path, page: Page) -> None:
        kept = {key: page[key] for key in sorted(page) if (folder / f"{key}{SUFFIX}").is_file()}
        text = (json.dumps(kept, ensure_ascii=False, indent=1) + "\n").encode()
        if not kept or ((folder / MANIFEST).is_file() and (folder / MANIFEST).read_bytes() == text):
            return
        draft.write_bytes(text)
        draft.replace(folder / MANIFEST)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other build changes a folder's manifest. The lock is the kernel's: none is left behind."""
    lock = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
