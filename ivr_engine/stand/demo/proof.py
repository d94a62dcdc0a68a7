"""This file decides whether a call did what it should, by the evidence of both ends. It starts nothing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ivr_engine.model.notices import CallRecord
from ivr_engine.stand.demo.evidence import Evidence, Sound, counters
from ivr_engine.stand.demo.script import AGENT_TONES, ALL, BACK, FALLBACK, REMOTE_TONE, Part
from ivr_engine.stand.phone_log import CallResult

_LENGTH_TOLERANCE_S = 1.5  # between the phone's count of the call and the recording's
_TALK_AT_LEAST_S = 4.0


@dataclass(frozen=True)
class Check:
    """What came of one call, or of the whole: `wrong` is empty when all is as it should be."""

    name: str
    seen: str
    wrong: tuple[str, ...]


def prove(evidence: Evidence) -> list[Check]:
    """One check a call, and one for all of them together."""
    return [*(_prove_call(part, evidence) for part in ALL), _prove_whole(evidence)]


def _prove_call(part: Part, evidence: Evidence) -> Check:
    phone = evidence.phones.get(part.name)
    if phone is None:
        return Check(part.name, "did not call", ("the phone has no result",))
    seats = _who_talked(part, evidence)
    sound = evidence.sounds.get(evidence.call_ids.get(part.number, ""))
    record = evidence.records.get(part.number)
    wrong = [
        *_of_phone(part, phone),
        *_of_seats(part, seats),
        *_of_record(part, record, seats),
        *_of_sound(part, phone, sound, seats),
    ]
    talked = f"talked to {', '.join(seats)}" if seats else "talked to nobody"
    kept = f"{sound.seconds:.1f} s recorded" if sound else "not recorded"
    outcome = record.outcome.value if record else "taken by Asterisk alone"
    queue = f" in {record.queue}" if record and record.queue else ""
    return Check(part.name, f"{outcome}{queue}, {talked}, {kept}", tuple(wrong))


def _who_talked(part: Part, evidence: Evidence) -> list[str]:
    seats = [
        agent
        for agent, seen in evidence.agents.items()
        if any(call.answered_at and part.number in call.far_party for call in seen.calls)
    ]
    return seats + ["chengdu"] * evidence.remote_callers.count(part.number)


def _of_phone(part: Part, phone: CallResult) -> Iterator[str]:
    if phone.exit_code != 0:
        yield f"the caller's SIPp failed: {phone.trouble or phone.exit_code}"
    if phone.status != 200 or not phone.answered_at:
        yield f"the caller was not answered but got {phone.status}"
    wanted = "far" if part.hang_up_after is None else "us"
    if phone.hung_up_by != wanted:
        yield f"hung up by {phone.hung_up_by}, not by {wanted}"


def _of_seats(part: Part, seats: list[str]) -> Iterator[str]:
    if len(seats) != (1 if part.expected.talks else 0):
        yield f"talked to {seats or 'nobody'}"


def _of_record(part: Part, record: CallRecord | None, seats: list[str]) -> Iterator[str]:
    want = part.expected
    if want.outcome is None:
        if record is not None:
            yield "an engine that was stopped has a record of it"
        return
    if record is None:
        yield "no call record"
        return
    for name in ("outcome", "queue", "flow"):
        if getattr(record, name) != getattr(want, name):
            yield f"{name} is {getattr(record, name)}, not {getattr(want, name)}"
    if want.pool is not None and record.pool != want.pool:
        yield f"pool is {record.pool}, not {want.pool}"
    if want.tag is not None and want.tag not in record.tags:
        yield f"not tagged {want.tag}"
    if seats and seats != [record.pool if record.pool == "chengdu" else record.seat]:
        yield f"the record says {record.seat}, the phones say {seats}"


def _of_sound(part: Part, phone: CallResult, sound: Sound | None, seats: list[str]) -> Iterator[str]:
    if sound is None:
        yield "no recording"
        return
    length = (phone.ended_at or 0.0) - (phone.answered_at or 0.0)
    if abs(length - sound.seconds) > _LENGTH_TOLERANCE_S:
        yield f"{sound.seconds:.1f} s recorded of {length:.1f} s"
    if sound.caller.get(part.tone_hz, 0.0) < 0.8 * length - 1.0:
        yield f"the caller's tone is heard only {sound.caller.get(part.tone_hz, 0.0):.1f} s of {length:.1f} s"
    voices: dict[str, int] = {**AGENT_TONES, "chengdu": REMOTE_TONE}
    for seat, hz in voices.items():
        heard = sound.far.get(hz, 0.0)
        if seat in seats and heard < _TALK_AT_LEAST_S:
            yield f"{seat} is heard only {heard:.1f} s"
        if seat not in seats and heard > 0:
            yield f"{seat} is heard, who did not talk to him"


def _prove_whole(evidence: Evidence) -> Check:
    wrong = [*_of_agents(evidence), *_of_figures(evidence), *_of_vault(evidence)]
    talks = sum(seen.answers for seen in evidence.agents.values())
    seen = f"{talks} calls at local phones, {len(evidence.remote_callers)} at the remote site, "
    return Check("all together", seen + f"{len(evidence.sounds)} recordings sealed", tuple(wrong))


def _of_agents(evidence: Evidence) -> Iterator[str]:
    for agent, seen in evidence.agents.items():
        if seen.peak_calls > 1:
            yield f"agent {agent} had {seen.peak_calls} calls at once"
        if not seen.answers:
            yield f"agent {agent} was never called"


def _of_figures(evidence: Evidence) -> Iterator[str]:
    counted = {name: round(n) for name, n in counters(evidence.counted, "ivr_calls_ended_total").items() if n}
    parts = [part for part in ALL if part not in (FALLBACK, BACK)]
    expected = Counter(str(part.expected.outcome).replace(" ", "_") for part in parts)
    if counted != dict(expected):
        yield f"the metrics count {counted}, not {dict(expected)}"
    keys = counters(evidence.counted, "ivr_keys_total", "understood")
    wrong_keys = sum(part.expected.wrong_key for part in parts)
    right_keys = sum(len(part.presses) for part in parts) - wrong_keys
    if (keys.get("yes", 0), keys.get("no", 0)) != (right_keys, wrong_keys):
        yield f"the metrics count keys {keys}, not {right_keys} understood and {wrong_keys} wrong"


def _of_vault(evidence: Evidence) -> Iterator[str]:
    if len(evidence.sounds) != len(ALL):
        yield f"{len(evidence.sounds)} recordings of {len(ALL)} calls"
    if evidence.opened_by_stranger:
        yield f"{evidence.opened_by_stranger} recordings open with a stranger's key"
    if evidence.left_in_memory:
        yield f"{evidence.left_in_memory} recordings were left unsealed"
