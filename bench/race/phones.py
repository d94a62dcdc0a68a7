"""This file decides how agents' and callers' phones behave towards the switchboard. When they act is told to them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bench.race.evidence import Ring, Seen, Visit
from bench.race.sip import Dialog, Message, Wire, answer, authorization, fresh, sound_at, tag_of, user_of
from bench.race.sound import Ears
from ivr_engine.errors import StartError
from ivr_engine.prompts.alaw import SILENCE

_RETRANSMIT = 0.5
_SAY_EVERY = 0.02
_ALIVE_EVERY = 5.0  # a caller who sends nothing at all for a minute is taken for gone
_REGISTERED_WITHIN = 10.0
_REGISTRATION = 3600  # longer than a run


class Told(Protocol):
    """Who is told what happens at the phones, and decides what they do."""

    def ring_begins(self, ring: Ring) -> None:
        """A phone rings."""

    def ring_cancelled(self, ring: Ring) -> None:
        """The switchboard has said that it shall ring no more."""

    def ring_answered(self, ring: Ring) -> None:
        """The switchboard has taken note that an agent has picked up."""

    def heard(self, visit: Visit, agent: str) -> None:
        """A caller hears an agent for the first time."""

    def visit_ends(self, visit: Visit) -> None:
        """A caller's line is gone."""


@dataclass(slots=True, eq=False)
class _AgentLine:
    ring: Ring
    invite: Message
    dialog: Dialog
    far_port: int
    repeat: asyncio.TimerHandle | None = None
    voice: asyncio.TimerHandle | None = None


class Agents:
    """All agents' phones, at one socket."""

    def __init__(self, seen: Seen, voices: Mapping[str, int], told: Told) -> None:
        self._seen, self._voices, self._told = seen, voices, told
        self._loop = asyncio.get_running_loop()
        self._lines: dict[str, _AgentLine] = {}
        self._registering: dict[str, asyncio.Future[Message]] = {}
        self._wire: Wire
        self._ears: Ears
        self._media_port = 0

    async def open(self, sip_port: int, media_port: int, server_port: int, distance: float) -> None:
        """Listen."""
        self._media_port = media_port
        self._wire = await Wire.open(sip_port, server_port, distance, self._hear)
        self._ears = await Ears.open(media_port)

    async def register(self, agent: str, password: str) -> None:
        """Come on duty. Raises StartError."""
        challenge = await self._ask_to_register(agent, 1, "")
        scheme = challenge.get("WWW-Authenticate")
        if challenge.status == 401 and scheme:
            uri = f"sip:{self._wire.server}"
            challenge = await self._ask_to_register(agent, 2, authorization(scheme, "REGISTER", uri, agent, password))
        if challenge.status != 200:
            raise StartError(f"agent {agent} may not register: {challenge.start}")

    async def _ask_to_register(self, agent: str, number: int, shown: str) -> Message:
        call_id, wire = fresh("register"), self._wire
        party = f"<sip:{agent}@{wire.server}>"
        request = Message(
            f"REGISTER sip:{wire.server} SIP/2.0",
            [
                ("Via", f"{wire.via};branch={fresh('z9hG4bK')}"),
                *(("Max-Forwards", "70"), ("From", f"{party};tag={fresh('r')}"), ("To", party)),
                *(("Call-ID", call_id), ("CSeq", f"{number} REGISTER"), ("Contact", f"<{wire.contact(agent)}>")),
                ("Expires", str(_REGISTRATION)),
                *([("Authorization", shown)] if shown else []),
            ],
        )
        self._registering[call_id] = asyncio.get_running_loop().create_future()
        wire.send(request)
        try:
            async with asyncio.timeout(_REGISTERED_WITHIN):
                return await self._registering[call_id]
        except TimeoutError:
            raise StartError(f"nobody answers agent {agent}'s registration") from None
        finally:
            del self._registering[call_id]

    def answer(self, ring: Ring) -> None:
        """Pick up. In vain when it rings no more."""
        line = self._lines.get(ring.call_id)
        if line is None or ring.answered is not None or ring.ended is not None:
            return
        ring.answered = self._loop.time()
        self._send_answer(line, 10)

    def hang_up(self, ring: Ring) -> None:
        """End a talk."""
        line = self._lines.get(ring.call_id)
        if line is None or ring.ended is not None:
            return
        ring.closed_at_socket = ring.closed_at_socket or self._loop.time()
        self._wire.send(line.dialog.request("BYE", self._wire.via))
        self._ended(line, "us")

    def close(self) -> None:
        """Leave."""
        for line in self._lines.values():
            _cancel(line.repeat, line.voice)
        self._wire.close()
        self._ears.close()

    def _send_answer(self, line: _AgentLine, times: int) -> None:
        """Send the 200, and again until somebody says that it came."""
        contact = self._wire.contact(line.ring.agent)
        said = answer(line.invite, "200 OK", tag=_own_tag(line), contact=contact, body=sound_at(self._media_port))
        self._wire.send(said)
        if times > 1:
            line.repeat = self._loop.call_later(_RETRANSMIT, self._send_answer, line, times - 1)

    def _hear(self, message: Message) -> None:
        if message.method == "SIP/2.0":
            waiting = self._registering.get(message.get("Call-ID"))
            if waiting is not None and not waiting.done() and message.status >= 200:
                waiting.set_result(message)
            return
        handler = {
            "INVITE": self._invited,
            "CANCEL": self._cancelled,
            "ACK": self._acknowledged,
            "BYE": self._bye,
        }.get(message.method)
        if handler is None:
            self._wire.send(answer(message, "200 OK", tag="x"))  # OPTIONS: we live
            return
        handler(message)

    def _invited(self, message: Message) -> None:
        call_id, agent = message.get("Call-ID"), user_of(message.start)
        line = self._lines.get(call_id)
        if line is not None:
            if tag_of(message.get("To")):  # within the talk: who it is with is told anew
                contact = self._wire.contact(agent)
                self._wire.send(answer(message, "200 OK", contact=contact, body=sound_at(self._media_port)))
            return
        ring = Ring(agent, user_of(message.get("From")), call_id, self._loop.time(), message.heard_at)
        dialog = Dialog(call_id, f"{message.get('To')};tag={call_id[:8]}{agent}", message.get("From"), "")
        dialog.learn(message)
        line = self._lines[call_id] = _AgentLine(ring, message, dialog, message.media_port or 0)
        self._wire.send(answer(message, "180 Ringing", tag=_own_tag(line), contact=self._wire.contact(agent)))
        self._seen.rings.append(ring)
        self._told.ring_begins(ring)

    def _cancelled(self, message: Message) -> None:
        line = self._lines.get(message.get("Call-ID"))
        if line is None:
            self._stray(message)
            return
        ring = line.ring
        self._wire.send(answer(message, "200 OK", tag=_own_tag(line)))
        if ring.cancelled is not None:
            return
        ring.cancelled = self._loop.time()
        ring.closed_at_socket = ring.closed_at_socket or message.heard_at
        self._told.ring_cancelled(ring)
        if ring.answered is None:
            self._wire.send(answer(line.invite, "487 Request Terminated", tag=_own_tag(line)))
            self._ended(line, "far")

    def _acknowledged(self, message: Message) -> None:
        line = self._lines.get(message.get("Call-ID"))
        if line is None or line.ring.answered is None or line.ring.acknowledged is not None:
            return
        _cancel(line.repeat)
        line.ring.acknowledged = self._loop.time()
        self._told.ring_answered(line.ring)
        self._speak(line)

    def _speak(self, line: _AgentLine) -> None:
        if line.ring.ended is None:
            self._ears.say(line.far_port, self._voices[line.ring.agent])
            line.voice = self._loop.call_later(_SAY_EVERY, self._speak, line)

    def _bye(self, message: Message) -> None:
        self._wire.send(answer(message, "200 OK"))
        line = self._lines.get(message.get("Call-ID"))
        if line is None:
            self._stray(message)
        elif line.ring.ended is None:
            line.ring.closed_at_socket = line.ring.closed_at_socket or message.heard_at
            self._ended(line, "far")

    def _ended(self, line: _AgentLine, by: str) -> None:
        _cancel(line.repeat, line.voice)
        line.ring.ended = self._loop.time()
        line.ring.ended_by = "us" if by == "us" else "far"
        self._loop.call_later(5.0, self._lines.pop, line.ring.call_id, None)

    def _stray(self, message: Message) -> None:
        self._seen.strays[f"{message.method} to an agent"] += 1


class Callers:
    """All callers' phones, at one socket."""

    def __init__(self, seen: Seen, number: str, told: Told) -> None:
        self._seen, self._number, self._told = seen, number, told
        self._loop = asyncio.get_running_loop()
        self._lines: dict[str, tuple[Visit, Dialog]] = {}
        self._ports: dict[str, int] = {}
        self._wire: Wire
        self._ears: Ears
        self._media_port = 0

    async def open(
        self, sip_port: int, media_port: int, server_port: int, distance: float, voices: Mapping[str, int]
    ) -> None:
        """Listen."""
        self._media_port = media_port
        self._wire = await Wire.open(sip_port, server_port, distance, self._hear)
        self._ears = await Ears.open(media_port, {value: agent for agent, value in voices.items()})

    def dial(self, caller: str) -> Visit:
        """Somebody calls."""
        wire, call_id = self._wire, f"call-{caller}"
        to = f"<sip:{self._number}@{wire.server}>"
        dialog = Dialog(call_id, f"<{wire.contact(caller)}>;tag={caller}", to, f"sip:{self._number}@{wire.server}", 0)
        visit = self._seen.visits[caller] = Visit(caller, self._loop.time())
        self._lines[call_id] = visit, dialog
        invite = dialog.request("INVITE", wire.via)
        invite.headers += [("Contact", f"<{wire.contact(caller)}>"), ("Content-Type", "application/sdp")]
        invite.body = sound_at(self._media_port)
        wire.send(invite)
        return visit

    def hang_up(self, visit: Visit) -> None:
        """He hangs up."""
        line = self._lines.get(f"call-{visit.caller}")
        if line is None or visit.hung_up is not None or visit.ended is not None:
            return
        visit.hung_up = self._loop.time()
        self._wire.send(line[1].request("BYE", self._wire.via))

    def close(self) -> None:
        """Leave."""
        self._wire.close()
        self._ears.close()

    def _hear(self, message: Message) -> None:
        line = self._lines.get(message.get("Call-ID"))
        if message.method == "SIP/2.0":
            if line is not None:
                self._answered(message, *line)
        elif message.method == "BYE":
            self._wire.send(answer(message, "200 OK"))
            if line is not None:
                self._ended(line[0], "far")
        elif message.method == "INVITE" and line is not None:
            contact = self._wire.contact(line[0].caller)
            self._wire.send(answer(message, "200 OK", contact=contact, body=sound_at(self._media_port)))
        elif message.method == "OPTIONS":
            self._wire.send(answer(message, "200 OK", tag="x"))
        elif message.method != "ACK":
            self._seen.strays[f"{message.method} to a caller"] += 1

    def _answered(self, message: Message, visit: Visit, dialog: Dialog) -> None:
        method = message.cseq[1]
        if method == "BYE":
            self._ended(visit, "us")
        elif method == "INVITE" and 200 <= message.status < 300:
            dialog.remote = message.get("To")
            dialog.learn(message)
            self._wire.send(dialog.request("ACK", self._wire.via))
            if visit.answered is None:
                visit.answered = self._loop.time()
                self._ports[visit.caller] = port = message.media_port or 0
                self._ears.listen(port, lambda agent: self._heard(visit, agent))
                self._stay_alive(visit, port)
        elif method == "INVITE" and message.status >= 300:
            self._ended(visit, "refused")

    def _heard(self, visit: Visit, agent: str) -> None:
        visit.heard[agent] += 1
        if visit.heard[agent] == 1:
            self._told.heard(visit, agent)

    def _stay_alive(self, visit: Visit, port: int) -> None:
        if visit.ended is None:
            self._ears.say(port, SILENCE)
            self._loop.call_later(_ALIVE_EVERY, self._stay_alive, visit, port)

    def _ended(self, visit: Visit, by: str) -> None:
        if visit.ended is not None:
            return
        visit.ended = self._loop.time()
        visit.ended_by = "us" if visit.hung_up is not None else "refused" if by == "refused" else "far"
        port = self._ports.pop(visit.caller, None)
        if port is not None:
            self._ears.let_go(port)
        self._loop.call_later(5.0, self._lines.pop, f"call-{visit.caller}", None)
        self._told.visit_ends(visit)


def _own_tag(line: _AgentLine) -> str:
    return tag_of(line.dialog.local)


def _cancel(*timers: asyncio.TimerHandle | None) -> None:
    for timer in timers:
        if timer is not None:
            timer.cancel()
