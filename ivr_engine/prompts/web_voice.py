"""This file decides how a voice on the web is asked for a sound. It does not know what is done with it."""

import hashlib
import http.client
import json
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from ivr_engine.errors import StartError
from ivr_engine.prompts.voice import PATIENCE

LARGEST = 50_000_000  # bytes of one sound
_AT_ONCE = 65_536


@dataclass(frozen=True, slots=True)
class WebVoice:
    """A service that is sent JSON, `text` and `language`, and answers with a WAV file."""

    url: str
    token: str | None = field(default=None, repr=False)
    patience: float = PATIENCE

    def __str__(self) -> str:
        """The address without what may be a secret in it; another such part is another voice all the same."""
        parts = urlsplit(self.url)
        mark = f" #{hashlib.sha256(parts.query.encode()).hexdigest()[:8]}" if parts.query else ""
        return f"{parts.scheme}://{parts.netloc}{parts.path}{mark}"

    def speak(self, words: str, language: str, wav: Path) -> None:
        """Ask for the sound. A token goes to this address only: nothing that redirects is followed."""
        try:
            wav.write_bytes(self._ask(json.dumps({"text": words, "language": language}).encode()))
        except (OSError, http.client.HTTPException) as error:
            why = str(error) or type(error).__name__
            what = f"{language} {words[:40]!r}"
            raise StartError(f"the voice at {self} gives no sound for {what} ({why}): check `voices`") from error

    def _ask(self, body: bytes) -> bytes:
        parts = urlsplit(self.url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        headers = {"Content-Type": "application/json", "Accept": "audio/wav"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        end = time.monotonic() + self.patience
        with closing(kind(parts.hostname or "", parts.port, timeout=self.patience)) as connection:
            connection.request("POST", f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}", body, headers)
            with connection.getresponse() as answer:
                if answer.status != http.client.OK:
                    raise http.client.HTTPException(f"it answers {answer.status} {answer.reason}".rstrip())
                return _read(answer, end)


def _read(answer: http.client.HTTPResponse, end: float) -> bytes:
    """The whole answer: neither endless nor for ever."""
    sound = bytearray()
    while piece := answer.read1(_AT_ONCE):
        sound += piece
        if len(sound) > LARGEST:
            raise http.client.HTTPException("it answers more than 50 MB")
        if time.monotonic() > end:
            raise TimeoutError("it takes too long")
    if not sound.startswith(b"RIFF"):
        raise http.client.HTTPException("its answer is no WAV file")
    return bytes(sound)
