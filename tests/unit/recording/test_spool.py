from pathlib import Path

import pytest

from ivr_engine.errors import StartError
from ivr_engine.recording.spool import call_of_raw, check_spool, filesystem_of

MOUNTS = "overlay / overlay rw 0 0\ntmpfs /dev/shm tmpfs rw 0 0\n/dev/sda /dev/shm/with\\040space ext4 rw 0 0\n"


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/var/spool", "overlay"), ("/dev/shm/ivr", "tmpfs"), ("/dev/shm/with space/x", "ext4"), ("/dev/shmx", "overlay")],
)
def test_the_deepest_mount_counts(path: str, kind: str) -> None:
    assert filesystem_of(Path(path), MOUNTS) == kind


def test_a_spool_on_a_disk_is_refused(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/sda / ext4 rw 0 0\n")
    with pytest.raises(StartError, match="lies on ext4"):
        check_spool(tmp_path, mounts=mounts)
    mounts.write_text("tmpfs / tmpfs rw 0 0\n")
    check_spool(tmp_path, mounts=mounts)


def test_an_absent_spool_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="is not there"):
        check_spool(tmp_path / "none")


@pytest.mark.parametrize(
    ("name", "call"),
    [("a-1.2.raw", "a-1.2"), ("a.wav", None), (".raw", None), ("..raw", None), ("a b.raw", None), ("a~2.raw", None)],
)
def test_which_files_are_recordings(name: str, call: str | None) -> None:
    assert call_of_raw(Path(name)) == call
