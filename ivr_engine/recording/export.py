"""This file decides how a sealed recording is opened for a person. It does not know calls, queues or menus."""

import contextlib
import os
from pathlib import Path

from ivr_engine.errors import RecordingError
from ivr_engine.recording import age, wav
from ivr_engine.recording.keys import load_identity
from ivr_engine.recording.vault import Entry, Vault


def list_recordings(vault: Path) -> list[Entry]:
    """Every sealed recording, oldest day first."""
    if not vault.is_dir():
        raise RecordingError(f"there is no recording vault at {vault}: name the folder the settings name")
    return Vault(vault).entries()


def export(vault: Path, call: str, identity_file: Path, out: Path) -> Path:
    """Open one recording with the private key and write it to `out` as WAV: whole, or not at all."""
    identity = load_identity(identity_file)
    entry = Vault(vault).find(call)
    if entry is None:
        raise RecordingError(
            f"no sealed recording of call {call} in {vault}: see `ivr recordings list`; a call that just ended is"
            " sealed within seconds"
        )
    partial = out.parent / f".{out.name}.{os.getpid()}.partial"
    try:
        _open(entry, identity, partial)
        partial.replace(out)
    except OSError as error:
        raise RecordingError(f"cannot write {out} ({error.strerror}): choose a folder you may write to") from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
    return out


def _open(entry: Entry, identity: age.Identity, partial: Path) -> None:
    descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w+b") as file, entry.path.open("rb") as sealed:  # noqa: PTH123 - for its mode
        try:
            age.decrypt(sealed, file, identity)
        except age.WrongKeyError as error:
            raise RecordingError(
                f"call {entry.call} was sealed for another key: use the identity that was in service on that day"
            ) from error
        except age.AgeError as error:
            raise RecordingError(_damaged(entry, str(error))) from error
        file.flush()
        sound = os.fstat(file.fileno()).st_size - wav.HEADER_BYTES
        file.seek(0)
        promised = wav.promised_size(file.read(wav.HEADER_BYTES))
        if promised is None or (promised != sound and promised < wav.LARGEST_FIELD):
            raise RecordingError(_damaged(entry, "it does not hold what its header promises"))
        os.fsync(file.fileno())


def _damaged(entry: Entry, why: str) -> str:
    return f"the recording {entry.path} is damaged ({why}): take it from the backup of the vault"
