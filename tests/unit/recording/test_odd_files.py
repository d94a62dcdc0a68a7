"""What lies in spool or vault and is no recording stops nothing: found by attack."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ivr_engine.errors import RecordingError
from ivr_engine.recording import keys
from ivr_engine.recording.seal import seal
from ivr_engine.recording.spool import free_share, is_plain_file
from ivr_engine.recording.vault import Vault
from ivr_engine.recording.watch import RecordingWatch
from ivr_engine.recording.work import SealingWork

ODD: list[Callable[[Path], object]] = [
    os.mkfifo,
    Path.mkdir,
    lambda path: path.symlink_to("/etc/hostname"),
    lambda path: path.symlink_to(path),
]


@pytest.mark.parametrize("make", ODD)
async def test_the_scan_goes_on_behind_what_is_no_file(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / "aaa.raw")
    (tmp_path / "zzz.raw").write_bytes(b"")
    os.utime(tmp_path / "zzz.raw", (1.0, 1.0))

    async def never(_: Path) -> None:
        raise AssertionError

    async def no_calls() -> set[str] | None:
        return set()

    work = SealingWork(never, lambda _: None, lambda _: None)  # type: ignore[arg-type]
    await RecordingWatch(tmp_path, work, no_calls).scan()
    assert "zzz" in work
    assert "aaa" not in work


@pytest.mark.parametrize("make", ODD)
def test_what_is_no_file_is_not_sealed_and_does_not_hang(tmp_path: Path, make: Callable[[Path], object]) -> None:
    _, recipient = keys.init(tmp_path / "keys")
    make(tmp_path / "call-1.raw")
    with pytest.raises(RecordingError):
        seal(tmp_path / "call-1.raw", tmp_path / "vault", [recipient], 1_800_000_000.0)
    assert Vault(tmp_path / "vault").entries() == []


@pytest.mark.parametrize("make", ODD)
def test_the_vault_lists_only_files(tmp_path: Path, make: Callable[[Path], object]) -> None:
    day = tmp_path / "2026" / "11" / "22"
    day.mkdir(parents=True)
    make(day / "odd.age")
    assert Vault(tmp_path).entries() == []
    assert not is_plain_file(day / "odd.age")


def test_the_free_share_of_a_spool_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert 0.0 < free_share(tmp_path) <= 1.0
    assert free_share(tmp_path / "nowhere") == 0.0
