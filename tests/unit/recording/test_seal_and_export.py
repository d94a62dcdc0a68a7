from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import wave
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ivr_engine.errors import RecordingError
from ivr_engine.recording import age, keys
from ivr_engine.recording.export import export, list_recordings
from ivr_engine.recording.seal import seal, sealed_of
from ivr_engine.recording.vault import Vault

if TYPE_CHECKING:
    from tests.unit.recording.conftest import Place

CALL = "hotline-1790000000.12"


def heard(wav_file: Path) -> bytes:
    with wave.open(str(wav_file)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (2, 2, 8000)
        frames: bytes = sound.readframes(sound.getnframes())
        return frames


@pytest.mark.parametrize("size", [0, 1, 4, 44, 65536 - 44, 65536 - 43, 32000 * 5])
def test_what_went_in_comes_out(place: Place, tmp_path: Path, size: int) -> None:
    sound = (place.SECOND * 6)[:size]
    raw = place.raw(CALL, sound)
    sealed = place.seal(CALL)
    assert not raw.exists()
    assert sealed.path == place.vault / "2026/09/21" / f"{CALL}.age"
    assert sealed.path.stat().st_mode & 0o777 == 0o600
    assert sealed.sha256 == hashlib.sha256(sealed.path.read_bytes()).hexdigest()
    assert sealed.bytes == sealed.path.stat().st_size
    assert sealed.seconds == size / 32000
    export(place.vault, CALL, place.identity, tmp_path / "x.wav")
    assert heard(tmp_path / "x.wav") == sound + bytes(-size % 4)


def test_the_vault_knows_lengths_without_any_key(place: Place) -> None:
    for seconds in (0, 1, 3):
        place.raw(f"call-{seconds}", place.SECOND * seconds)
        sealed = place.seal(f"call-{seconds}")
        entry = Vault(place.vault).find(f"call-{seconds}")
        assert entry is not None
        assert entry.seconds == seconds
        again = sealed_of(entry)
        assert (again.call, again.path, again.sha256) == (sealed.call, sealed.path, sealed.sha256)
    assert [entry.call for entry in list_recordings(place.vault)] == ["call-0", "call-1", "call-3"]


def test_only_the_holder_of_the_identity_opens_it(place: Place, tmp_path: Path) -> None:
    place.raw(CALL)
    sealed = place.seal(CALL)
    assert place.SECOND[:64] not in sealed.path.read_bytes()
    other, _ = keys.init(tmp_path / "other")
    with pytest.raises(RecordingError, match="sealed for another key"):
        export(place.vault, CALL, other, tmp_path / "x.wav")
    assert not (tmp_path / "x.wav").exists()


@pytest.mark.parametrize("keep", [0, 10, 150, 400, 66_000, -1])
def test_a_truncated_recording_is_refused(place: Place, tmp_path: Path, keep: int) -> None:
    place.raw(CALL, place.SECOND * 5)
    path = place.seal(CALL).path
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(RecordingError, match=r"damaged.*backup"):
        export(place.vault, CALL, place.identity, tmp_path / "x.wav")
    assert not (tmp_path / "x.wav").exists()
    assert len(list_recordings(place.vault)) == 1  # listed all the same


def test_a_tampered_recording_is_refused(place: Place, tmp_path: Path) -> None:
    place.raw(CALL)
    path = place.seal(CALL).path
    changed = bytearray(path.read_bytes())
    changed[-100] ^= 1
    path.write_bytes(changed)
    with pytest.raises(RecordingError, match="damaged"):
        export(place.vault, CALL, place.identity, tmp_path / "x.wav")
    assert not (tmp_path / "x.wav").exists()


def test_an_absent_call_says_where_to_look(place: Place, tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="ivr recordings list"):
        export(place.vault, "nobody", place.identity, tmp_path / "x.wav")
    with pytest.raises(RecordingError, match="no recording vault"):
        list_recordings(place.vault)


def test_an_unwritable_target_says_so(place: Place, tmp_path: Path) -> None:
    place.raw(CALL)
    place.seal(CALL)
    with pytest.raises(RecordingError, match=r"cannot write .*choose a folder"):
        export(place.vault, CALL, place.identity, tmp_path / "no-folder" / "x.wav")


@pytest.mark.parametrize("call", ["..", ".hidden", "a/b", "a b", "", "x" * 300, "é"])
def test_unsafe_names_are_refused(place: Place, tmp_path: Path, call: str) -> None:
    with pytest.raises(RecordingError):
        export(place.vault, call, place.identity, tmp_path / "x.wav")


# --- crashes between the steps ------------------------------------------------------------------------------


def test_a_crash_before_the_name_leaves_the_raw_file(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = place.raw(CALL)

    def crash(self: Path, target: Path) -> Path:
        raise OSError(errno.EIO, "power cut")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", crash)
        with pytest.raises(RecordingError, match="plaintext stays"):
            place.seal(CALL)
    assert raw.read_bytes() == place.SECOND
    assert Vault(place.vault).find(CALL) is None
    place.seal(CALL)
    assert not raw.exists()


def test_a_crash_before_the_unlink_leaves_both_and_the_next_try_one(
    place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    raw = place.raw(CALL)

    def crash(self: Path, missing_ok: bool = False) -> None:
        raise OSError(errno.EIO, "power cut")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", crash)
        with pytest.raises(RecordingError):
            place.seal(CALL)
    assert raw.exists()
    assert Vault(place.vault).find(CALL) is not None
    place.seal(CALL, now=place.NOW + 86_400)  # the next day: still the same place
    assert not raw.exists()
    assert [entry.call for entry in Vault(place.vault).entries()] == [CALL]
    export(place.vault, CALL, place.identity, tmp_path / "x.wav")
    assert heard(tmp_path / "x.wav") == place.SECOND


def test_another_recording_of_the_same_call_id_never_replaces_the_first(place: Place, tmp_path: Path) -> None:
    for seconds in (1, 2):
        place.raw(CALL, place.SECOND * seconds)
        place.seal(CALL)
    assert [entry.call for entry in Vault(place.vault).entries()] == [CALL, f"{CALL}~2"]
    export(place.vault, f"{CALL}~2", place.identity, tmp_path / "x.wav")
    assert heard(tmp_path / "x.wav") == place.SECOND * 2


def test_a_full_disk_keeps_the_raw_file_and_nothing_else(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = place.raw(CALL, place.SECOND * 3)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RecordingError, match="No space left"):
        place.seal(CALL)
    assert raw.exists()
    assert Vault(place.vault).entries() == []


def test_an_error_while_encrypting_keeps_the_raw_file(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = place.raw(CALL)

    def refuse(*_: object) -> None:
        raise age.AgeError("OSError: [Errno 28] No space left on device")

    monkeypatch.setattr(age, "encrypt", refuse)
    with pytest.raises(RecordingError, match="No space left"):
        place.seal(CALL)
    assert raw.exists()
    assert Vault(place.vault).entries() == []


def test_a_file_that_still_grows_is_not_sealed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = place.raw(CALL)
    encrypt = age.encrypt

    def meanwhile(source: age.Source, sink: age.Sink, recipients: tuple[str, ...]) -> None:
        with raw.open("ab") as writer:
            writer.write(place.SECOND)
        encrypt(source, sink, recipients)

    monkeypatch.setattr(age, "encrypt", meanwhile)
    with pytest.raises(RecordingError, match="still being written"):
        place.seal(CALL)
    assert raw.read_bytes() == place.SECOND * 2
    assert Vault(place.vault).entries() == []


def test_a_vault_that_is_a_file_keeps_the_raw_file(place: Place) -> None:
    raw = place.raw(CALL)
    place.vault.write_text("in the way")
    with pytest.raises(RecordingError, match="cannot be sealed"):
        place.seal(CALL)
    assert raw.exists()
    with pytest.raises(RecordingError, match="cannot be written"):
        Vault(place.vault).check()


def test_two_engines_never_seal_the_same_file_at_once(place: Place) -> None:
    raw = place.raw(CALL)
    with raw.open("rb") as other_engine:
        fcntl.flock(other_engine, fcntl.LOCK_EX)
        with pytest.raises(RecordingError, match="another process"):
            place.seal(CALL)
    place.seal(CALL)


def test_a_file_not_named_like_ours_is_refused(place: Place) -> None:
    stranger = place.spool / "notes.txt"
    stranger.write_text("hello")
    with pytest.raises(RecordingError, match="not named like a recording"):
        seal(stranger, place.vault, place.recipients, place.NOW)
    assert stranger.exists()


def test_the_sweep_removes_only_what_nobody_writes(place: Place) -> None:
    vault = Vault(place.vault)
    day = place.vault / "2026/09/21"
    day.mkdir(parents=True)
    (day / ".gone.age.1.partial").write_bytes(b"half")
    with vault.writing(day / "busy.age") as file:
        file.write(b"half")
        assert vault.sweep() == 1
    assert [path.name for path in day.iterdir()] == ["busy.age"]
    vault.check()
