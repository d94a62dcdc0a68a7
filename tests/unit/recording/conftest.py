from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from ivr_engine.recording import keys
from ivr_engine.recording.seal import Sealed, seal


@dataclass
class Place:
    """A spool, a vault and a key pair."""

    SECOND: ClassVar[bytes] = bytes(range(250)) * 128  # 32,000 bytes: one second of sound
    NOW: ClassVar[float] = 1_790_000_000.0

    spool: Path
    vault: Path
    identity: Path
    recipients: tuple[str, ...]

    def raw(self, call: str, sound: bytes | None = None) -> Path:
        path = self.spool / f"{call}.raw"
        path.write_bytes(self.SECOND if sound is None else sound)
        return path

    def seal(self, call: str, now: float = NOW) -> Sealed:
        return seal(self.spool / f"{call}.raw", self.vault, self.recipients, now)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    identity, recipient = keys.init(tmp_path / "keys")
    spool = tmp_path / "spool"
    spool.mkdir()
    yield Place(spool, tmp_path / "vault", identity, (recipient,))
    assert not list(tmp_path.rglob("*.partial")), "something was left half written"
