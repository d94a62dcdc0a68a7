"""This file decides where the evidence of a call lies: at both phones, in records, recordings and figures.

It judges nothing. None of it comes from what the demonstration asked for.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from ivr_engine.errors import RecordingError
from ivr_engine.model.notices import CallRecord
from ivr_engine.recording.export import export
from ivr_engine.recording.keys import init
from ivr_engine.recording.vault import Vault
from ivr_engine.stand.demo.script import AGENT_TONES, ALL, REMOTE_TONE
from ivr_engine.stand.hotline import HotlineStand
from ivr_engine.stand.phone_log import AgentEvidence, CallResult
from ivr_engine.stand.tones import tones_heard
from ivr_engine.store.reader import StoreReader

_CDR_SOURCE, _CDR_DISPOSITION, _CDR_ID = 1, 14, 16
CALLER, FAR = 0, 1  # the recording's channels: what the caller said, what he heard


@dataclass(frozen=True)
class Load:
    """The figures before and after a single plain call."""

    before: str
    after: str

    def per_call(self, name: str) -> dict[str, int]:
        """How much a counter rose, by its first label."""
        first, last = counters(self.before, name), counters(self.after, name)
        rise = {label: round(count - first.get(label, 0)) for label, count in last.items()}
        return {label: count for label, count in rise.items() if count}


@dataclass(frozen=True)
class Sound:
    """What can be heard in one recording: seconds by tone, on the caller's side and on the far side."""

    seconds: float
    caller: Mapping[int, float]
    far: Mapping[int, float]


@dataclass(frozen=True)
class Evidence:
    """All there is. Calls are found by the caller's number, sounds by the call's id."""

    phones: Mapping[str, CallResult]  # by the part's name
    agents: Mapping[str, AgentEvidence]
    remote_callers: tuple[str, ...]  # numbers of answered calls, by the remote site's own records
    call_ids: Mapping[str, str]  # by number, from Asterisk's own records
    counted: str  # the engine's figures before it was stopped
    load: Load
    records: Mapping[str, CallRecord] = field(default_factory=dict)
    sounds: Mapping[str, Sound] = field(default_factory=dict)
    opened_by_stranger: int = 0
    left_in_memory: int = 0

    def with_recordings(self, stand: HotlineStand, folder: Path) -> "Evidence":
        """Also the records and the recordings, now that all are written and sealed."""
        reader = StoreReader(stand.settings.store.url)
        records = {record.caller: record for record in reader.calls(1000)}
        reader.close()
        vault, spool = stand.settings.recording.vault, stand.settings.recording.spool
        identity = next((stand.folder / "keys").iterdir())
        folder.mkdir(parents=True)
        return replace(
            self,
            records=records,
            sounds={entry.call: _sound(vault, entry.call, identity, folder) for entry in Vault(vault).entries()},
            opened_by_stranger=_opened_by_stranger(vault, folder),
            left_in_memory=len(list(spool.iterdir())) if spool.exists() else 0,
        )


def collect(
    stand: HotlineStand,
    phones: Mapping[str, CallResult],
    agents: Mapping[str, AgentEvidence],
    counted: str,
    load: Load,
) -> Evidence:
    """Everything that must be asked for while the stand is up."""
    remote = [row[_CDR_SOURCE] for row in _cdr(stand.remote.cdr_csv) if row[_CDR_DISPOSITION] == "ANSWERED"]
    # A seat's leg has a record of its own, with the caller's number on it too.
    ids = {row[_CDR_SOURCE]: row[_CDR_ID] for row in _cdr(stand.site.cdr_csv) if ".leg" not in row[_CDR_ID]}
    return Evidence(phones, agents, tuple(remote), ids, counted, load)


def counters(figures: str, name: str, label: str | None = None) -> dict[str, float]:
    """A counter's values, summed by a label, the first unless another is named."""
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(figures):
        for sample in family.samples:
            if sample.name == name:
                key = sample.labels[label] if label else next(iter(sample.labels.values()), "")
                found[key] = found.get(key, 0.0) + sample.value
    return found


def _cdr(path: Path) -> list[list[str]]:
    if not path.exists():
        return []
    with path.open(newline="") as lines:
        return [row for row in csv.reader(lines) if len(row) > _CDR_ID]


def _sound(vault: Path, call: str, identity: Path, folder: Path) -> Sound:
    wav = export(vault, call, identity, folder / f"{call}.wav")
    candidates = sorted({*AGENT_TONES.values(), REMOTE_TONE, *(part.tone_hz for part in ALL)})
    heard = tones_heard(wav, candidates)
    seconds = (wav.stat().st_size - 44) / (8000 * 2 * 2)
    return Sound(seconds, heard[CALLER], heard[FAR])


def _opened_by_stranger(vault: Path, folder: Path) -> int:
    """How many recordings open with a key that is nobody's: none should."""
    stranger, _ = init(folder / "stranger")
    opened = 0
    for entry in Vault(vault).entries():
        try:
            export(vault, entry.call, stranger, folder / "stranger.wav")
        except RecordingError:
            continue
        opened += 1
    return opened
