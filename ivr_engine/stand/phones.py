"""This file decides how a party behaves on a real SIP phone. It knows our SIPp scenarios, and nothing of the hotline.

    CallerPhone   one call out, with its own voice and key presses
    CallerBurst   many such calls at a rate, from one SIPp
    AgentPhone    registers, and answers one call after another until it is stopped

What happened is read from what SIPp wrote while it happened, never concluded from what we asked for.
"""

import asyncio
import csv
import socket
from dataclasses import dataclass, field, replace
from pathlib import Path

from ivr_engine.errors import StartError
from ivr_engine.provision import DRILL_ENDPOINT
from ivr_engine.stand.ear import Ear
from ivr_engine.stand.media import MediaScript, write_pcap
from ivr_engine.stand.phone_log import AgentEvidence, CallResult, agent_evidence, call_results, read_notes
from ivr_engine.stand.sipp import Line, Sipp

__all__ = ["AgentPhone", "BurstResult", "CallPlan", "CallerBurst", "CallerPhone", "Line", "SeatPlan"]

_REFUSALS = (
    *(*range(300, 306), 380, *range(400, 424), 428, 429, 433, 436, 437, 438, *range(480, 490), 491, 493, 494),
    *(*range(500, 506), 513, 580, 600, 603, 604, 606, 607, 608),
)
_FOREVER_S = 86400.0
_READY_WITHIN = 30.0
_LEAVE_WITHIN = 5.0
_GOODBYE_S = 0.2


@dataclass(frozen=True)
class CallPlan:
    """What a caller does.

    They hang up `hang_up_after` seconds after the answer, or leave that to the far side for `longest_s` at most.
    They cancel after `cancel_after` seconds without an answer, counted from the last provisional one.
    `listens` keeps what they hear. With the drills' `password` it is a marked call.
    """

    number: str
    caller: str
    voice: MediaScript
    hang_up_after: float | None = None
    cancel_after: float | None = None
    longest_s: float = 120.0
    listens: bool = False
    password: str | None = field(default=None, repr=False)

    def facts(self, voice: Path) -> dict[str, object]:
        """What the scenario wants filled in."""
        return {
            "number": self.number,
            "calling": self.caller,
            "user": self.caller if self.password is None else DRILL_ENDPOINT,
            "password": self.password,
            "by_order": False,
            "refusals": _REFUSALS,
            "talk_ms": _ms(self.longest_s if self.hang_up_after is None else self.hang_up_after),
            "give_up_ms": _ms(self.longest_s if self.cancel_after is None else self.cancel_after),
            "voice": voice,
        }


@dataclass(frozen=True)
class SeatPlan:
    """What an agent does: rings `ring_s`, answers, hangs up after `talk_s` unless the far side did before.

    `talk_s` None leaves hanging up to the far side. `answers=False` rings until it is cancelled; `rejects` answers
    each call with that status at once. Without a password the phone does not register and takes calls on its port.
    `listens` keeps what is heard in all calls.
    """

    user: str
    voice: MediaScript
    password: str | None = None
    ring_s: float = 0.5
    talk_s: float | None = None
    answers: bool = True
    rejects: int | None = None
    expires: int = 300
    listens: bool = False

    def facts(self, voice: Path) -> dict[str, object]:
        """What the scenario for one call wants filled in."""
        return {
            "user": self.user,
            "answers": self.answers,
            "rejects": self.rejects,
            "ring_ms": _ms(self.ring_s if self.answers else _FOREVER_S),
            "talk_ms": _ms(_FOREVER_S if self.talk_s is None else self.talk_s),
            "voice": voice,
        }

    def registration(self, expires: int) -> dict[str, object]:
        """What the scenario for registering wants filled in; 0 seconds to leave."""
        return {"user": self.user, "password": self.password, "expires": expires, "refresh_ms": expires * 500}


class CallerPhone:
    """Places one call and says how it went."""

    def __init__(self, line: Line, plan: CallPlan) -> None:
        self._sipp = Sipp(f"caller-{plan.caller}", line)
        self._plan = plan
        self.ear: Ear | None = None

    async def start(self) -> None:
        """Dial. Returns as soon as SIPp runs."""
        line = self._sipp.line
        facts = self._plan.facts(write_pcap(self._plan.voice, line.folder))
        if self._plan.listens:
            self.ear = await Ear.open(line.host, line.ear_port)
            facts["ear"] = line.ear_port
        scenario = self._sipp.scenario("caller.xml", facts)
        await self._sipp.start("-sf", scenario, "-m", "1", "-l", "1")

    def so_far(self) -> CallResult:
        """How the call stands now."""
        calls = call_results(read_notes(self._sipp.log))
        return calls[0] if calls else CallResult("")

    async def finished(self) -> CallResult:
        """Wait for the call's end, however it comes."""
        exit_code = await self._sipp.wait()
        return replace(self.so_far(), exit_code=exit_code, trouble=self._sipp.trouble())

    def hang_up(self) -> None:
        """Hang up now, or cancel if nobody has answered yet."""
        _hang_up(self._sipp)

    async def stop(self) -> None:
        """Hang up if need be and leave nothing running."""
        await _stop(self._sipp)
        if self.ear is not None:
            self.ear.close()


@dataclass(frozen=True)
class BurstResult:
    """How many calls went how, by SIPp's own counters, and each call by its log.

    `failed` are calls that went a way the scenario does not know; a refusal is not among them.
    """

    placed: int
    failed: int
    answered: int
    refused: int
    peak: int
    exit_code: int
    calls: tuple[CallResult, ...]

    @property
    def answer_times_s(self) -> list[float]:
        """Seconds from INVITE to 200 of every answered call, shortest first."""
        return sorted(c.answered_at - c.started_at for c in self.calls if c.answered_at and c.started_at)


class CallerBurst:
    """Places `total` calls at `rate_per_s` from one SIPp, each by the same plan.

    The callers' numbers are the plan's and the count of the call behind it.
    """

    def __init__(self, line: Line, plan: CallPlan, *, rate_per_s: float, total: int, most_at_once: int = 1000) -> None:
        self._sipp = Sipp(f"burst-{plan.caller}", line)
        self._stat = line.folder / f"{self._sipp.name}.csv"
        self._plan = replace(plan, caller=f"{plan.caller}[call_number]")
        # SIPp wants a whole number of calls in a period of milliseconds.
        pace = ("-r", "1000", "-rp", str(round(1_000_000 / rate_per_s)))
        self._pace = (*pace, "-m", str(total), "-l", str(most_at_once))

    async def start(self) -> None:
        """Begin to dial."""
        voice = write_pcap(self._plan.voice, self._sipp.line.folder)
        scenario = self._sipp.scenario("caller.xml", self._plan.facts(voice))
        self._stat.unlink(missing_ok=True)
        statistics = ("-trace_stat", "-stf", self._stat, "-fd", "1")
        await self._sipp.start("-sf", scenario, *self._pace, *statistics, trace=False)

    async def finished(self) -> BurstResult:
        """Wait until the last call has ended."""
        exit_code = await self._sipp.wait()
        rows = _statistics(self._stat)
        last = rows[-1]
        return BurstResult(
            placed=int(last["OutgoingCall(C)"]),
            failed=int(last["FailedCall(C)"]),
            answered=int(last["answered(C)"]),
            refused=int(last["refused(C)"]),
            peak=max(int(row["CurrentCall"]) for row in rows),
            exit_code=exit_code,
            calls=call_results(read_notes(self._sipp.log)),
        )

    async def stop(self) -> None:
        """Hang up what is still up and leave nothing running."""
        await _stop(self._sipp)


class AgentPhone:
    """A seat with a phone: takes one call after another by its plan until it is stopped."""

    def __init__(self, line: Line, plan: SeatPlan) -> None:
        self._sipp = Sipp(f"agent-{plan.user}", line)
        self._plan = plan
        self.ear: Ear | None = None

    async def start(self) -> None:
        """Come on duty; returns once registered, or once listening if there is nothing to register with."""
        try:
            await self._begin()
        except StartError:
            await self._sipp.stop()
            raise

    def evidence(self) -> AgentEvidence:
        """What the phone has seen up to now."""
        return agent_evidence(read_notes(self._sipp.log))

    def trouble(self) -> str:
        """What SIPp complained of; empty when all went the scenario's ways."""
        return self._sipp.trouble()

    def hang_up(self) -> None:
        """Hang up now, or refuse the call that rings."""
        _hang_up(self._sipp)

    async def kill(self) -> None:
        """End as a phone whose cable is pulled: no BYE, still registered."""
        await self._sipp.stop()

    async def stop(self, *, unregister: bool = True) -> None:
        """Go off duty: hang up what is still up, tell the registrar."""
        await _stop(self._sipp)
        if self.ear is not None:
            self.ear.close()
        if self._plan.password is None or not unregister:
            return
        leaving = Sipp(f"{self._sipp.name}-leaving", self._sipp.line)
        scenario = leaving.scenario("register.xml", self._plan.registration(0))
        await leaving.start("-sf", scenario, "-m", "1", "-timeout", str(_LEAVE_WITHIN))
        await leaving.wait()

    async def _begin(self) -> None:
        sipp, plan = self._sipp, self._plan
        facts = plan.facts(write_pcap(plan.voice, sipp.line.folder))
        if plan.listens:
            self.ear = await Ear.open(sipp.line.host, sipp.line.ear_port)
            facts["ear"] = sipp.line.ear_port
        calls = sipp.scenario("agent.xml", facts)
        if plan.password is None:
            await sipp.start("-sf", calls)
            await sipp.ready(self._is_listening, within=_READY_WITHIN)
        else:
            # One process and one port for both: SIPp gives calls that are not its own to -oocsf.
            duty = sipp.scenario("register.xml", plan.registration(plan.expires))
            await sipp.start("-sf", duty, "-oocsf", calls, "-users", "1")
            await sipp.ready(self._is_registered, within=_READY_WITHIN)

    async def _is_registered(self) -> bool:
        notes = read_notes(self._sipp.log)
        if any(note.name == "register_refused" for note in notes):
            raise StartError(f"{self._sipp.name} may not register: wrong user or password, or no such endpoint")
        return any(note.name == "registered" for note in notes)

    async def _is_listening(self) -> bool:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
            try:
                trial.bind((self._sipp.line.host, self._sipp.line.sip_port))
            except OSError:
                return True
        return False


def _hang_up(sipp: Sipp) -> list[str]:
    up = [call.call_id for call in call_results(read_notes(sipp.log)) if call.ended_at is None]
    for call_id in up:
        sipp.tell(call_id, "HANGUP")
    return up


async def _stop(sipp: Sipp) -> None:
    """Hang up, allow for the far side's agreement, end the process."""
    if sipp.running and _hang_up(sipp):
        await asyncio.sleep(_GOODBYE_S)
    await sipp.stop()


def _ms(seconds: float) -> int:
    return max(1, round(seconds * 1000))


def _statistics(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    if not rows:
        raise StartError(f"SIPp left no statistics in {path}; see its .screen file beside it")
    return rows
