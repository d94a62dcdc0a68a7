from pathlib import Path

import pytest

from ivr_engine.errors import RecordingError, StartError
from ivr_engine.recording import keys


def test_an_identity_is_for_its_owner_only_and_fits_the_recipient(tmp_path: Path) -> None:
    path, recipient = keys.init(tmp_path / "new")
    assert path.stat().st_mode & 0o777 == 0o600
    assert recipient.startswith("age1")
    assert keys.load_recipients([recipient, f" {recipient}\n"]) == (recipient,)
    assert recipient in path.read_text()
    keys.load_identity(path)


def test_an_identity_is_never_overwritten(tmp_path: Path) -> None:
    path, _ = keys.init(tmp_path)
    before = path.read_bytes()
    with pytest.raises(RecordingError, match="choose another folder"):
        keys.init(tmp_path)
    assert path.read_bytes() == before


def test_without_a_recipient_the_hotline_does_not_start() -> None:
    with pytest.raises(StartError, match="ivr keys init"):
        keys.load_recipients([])


def test_a_damaged_recipient_is_named_by_its_place(tmp_path: Path) -> None:
    _, recipient = keys.init(tmp_path)
    with pytest.raises(StartError, match=r"recipient 2 .*copy the whole line"):
        keys.load_recipients([recipient, recipient[:-1]])


def test_a_private_key_as_recipient_is_refused_and_not_repeated(tmp_path: Path) -> None:
    path, _ = keys.init(tmp_path)
    secret = path.read_text().splitlines()[-1]
    with pytest.raises(StartError, match="private key") as refused:
        keys.load_recipients([secret])
    assert secret[16:24] not in str(refused.value)


@pytest.mark.parametrize("text", ["", "age1abc", "AGE-SECRET-KEY-1DAMAGED"])
def test_a_file_without_a_usable_identity_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key.txt"
    path.write_text(text)
    with pytest.raises(RecordingError, match="identity"):
        keys.load_identity(path)


def test_an_absent_identity_says_so(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="cannot read the identity"):
        keys.load_identity(tmp_path / "nowhere")
