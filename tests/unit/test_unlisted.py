"""That no recording lacks its row for good."""

from pathlib import Path

from ivr_engine.earlier import unlisted
from ivr_engine.kept import recording_row
from ivr_engine.recording import keys
from ivr_engine.recording.seal import seal
from ivr_engine.store.database import upgrade
from ivr_engine.store.writer import StoreWriter


def test_a_recording_sealed_just_before_a_kill_gets_its_row_at_the_next_start(tmp_path: Path) -> None:
    _, recipient = keys.init(tmp_path / "keys")
    store, vault = f"sqlite:///{tmp_path}/calls.db", tmp_path / "vault"
    upgrade(store)
    sealed = []
    for call in ("hotline-1.0", "hotline-1.1"):
        raw = tmp_path / f"{call}.raw"
        raw.write_bytes(bytes(32_000))
        sealed.append(seal(raw, vault, [recipient], 1_800_000_000.0))
    writer = StoreWriter(store, tmp_path / "unwritten.jsonl")
    writer.start()
    writer.put(recording_row(sealed[0]))
    writer.stop()

    found = unlisted(vault, store)

    assert [(one.call, one.sha256, one.seconds) for one in found] == [("hotline-1.1", sealed[1].sha256, 1.0)]


def test_without_a_database_there_is_nothing_to_list_and_no_failure(tmp_path: Path) -> None:
    assert unlisted(tmp_path / "vault", f"sqlite:///{tmp_path}/calls.db") == []
