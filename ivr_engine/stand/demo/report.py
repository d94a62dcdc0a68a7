"""This file decides how the proof is told: a line a call, figures, a last line with counts. It judges nothing."""

from collections.abc import Mapping, Sequence

from rich.console import Console

from ivr_engine.stand.demo.evidence import Evidence
from ivr_engine.stand.demo.proof import Check
from ivr_engine.stand.demo.script import ALL


def report(console: Console, checks: Sequence[Check], evidence: Evidence, ringing_after: Sequence[float]) -> bool:
    """Print everything; True when nothing is wrong."""
    console.print()
    for check in checks:
        mark = "[green]ok   [/green]" if not check.wrong else "[bold red]WRONG[/bold red]"
        console.print(f"{mark} {check.name:18} {check.seen}", highlight=False, soft_wrap=True)
        for wrong in check.wrong:
            console.print(f"        {wrong}", style="red", highlight=False, soft_wrap=True)
    console.print()
    _figures(console, evidence, ringing_after)
    failed = sum(bool(check.wrong) for check in checks)
    talks = sum(seen.answers for seen in evidence.agents.values()) + len(evidence.remote_callers)
    console.print(
        f"{len(ALL)} calls, {talks} conversations, {len(evidence.sounds)} sealed recordings,"
        f" {len(checks) - failed} proofs hold, {failed} do not",
        style="bold green" if not failed else "bold red",
        highlight=False,
        soft_wrap=True,
    )
    return not failed


def _figures(console: Console, evidence: Evidence, ringing_after: Sequence[float]) -> None:
    by_engine = [seconds * 1000 for seconds in ringing_after]
    by_phones = [seconds * 1000 for seconds in key_to_invite(evidence)]
    load = evidence.load
    requests, events = load.per_call("ivr_ari_requests_total"), load.per_call("ivr_events_total")
    commands = {name: n for name, n in requests.items() if not name.startswith(("endpoints", "channels.list"))}
    facts = {name: n for name, n in events.items() if name not in ("PhonesSeen", "TimerFired")}
    for line in (
        f"queue to ringing phone, by the engine: {_spread(by_engine)}",
        f"end of key to INVITE at the agent's phone, by SIPp: {_spread(by_phones)}",
        f"one plain call: {sum(commands.values())} ARI requests: {_listed(commands)}",
        f"one plain call: {sum(facts.values())} facts: {_listed(facts)}",
    ):
        console.print(line, style="dim", highlight=False, soft_wrap=True)


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def key_to_invite(evidence: Evidence) -> list[float]:
    """Seconds from the end of a caller's last key to the INVITE at a local phone, by the clocks of both SIPps."""
    found = []
    for part in ALL:
        phone = evidence.phones.get(part.name)
        if phone is None or phone.answered_at is None or not part.presses or part.hang_up_after is not None:
            continue
        pressed = phone.answered_at + part.plan().voice.released_at(-1)
        for seen in evidence.agents.values():
            found += [
                call.started_at - pressed for call in seen.calls if call.started_at and part.number in call.far_party
            ]
    return sorted(found)


def _spread(milliseconds: Sequence[float]) -> str:
    if not milliseconds:
        return "none measured"
    ordered = sorted(milliseconds)
    p50, p99 = (ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.99))
    return f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, n {len(ordered)}"
