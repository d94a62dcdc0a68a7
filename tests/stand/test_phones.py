"""A party's voice packet by packet, then real SIPp phones calling each other without any Asterisk between."""

import asyncio
import os
import struct
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import pytest

from ivr_engine.errors import StartError
from ivr_engine.stand import media
from ivr_engine.stand.media import MediaScript, write_pcap
from ivr_engine.stand.phone_log import agent_evidence, call_results, read_notes
from ivr_engine.stand.phones import AgentPhone, CallerBurst, CallerPhone, CallPlan, Line, SeatPlan
from ivr_engine.stand.ports import reserved_ports
from ivr_engine.stand.sipp import Sipp

# --- the voice ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Packet:
    at_us: int
    payload_type: int
    marker: bool
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes


def packets_of(path: Path) -> list[Packet]:
    raw = path.read_bytes()
    assert struct.unpack_from("<IHHiIII", raw) == (0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    packets, offset = [], 24
    while offset < len(raw):
        seconds, micros, kept, whole = struct.unpack_from("<IIII", raw, offset)
        assert kept == whole
        frame = raw[offset + 16 : offset + 16 + kept]
        offset += 16 + kept
        assert frame[12:14] == b"\x08\x00"
        assert frame[14] == 0x45
        assert frame[23] == 17
        assert struct.unpack_from("!H", frame, 16)[0] == len(frame) - 14
        assert struct.unpack_from("!H", frame, 38)[0] == len(frame) - 34
        version, kind, sequence, timestamp, ssrc = struct.unpack_from("!BBHII", frame, 42)
        assert version == 0x80
        at = seconds * 1_000_000 + micros
        packets.append(Packet(at, kind & 0x7F, kind >= 0x80, sequence, timestamp, ssrc, frame[54:]))
    return packets


def test_the_stream_is_one_sequence_at_an_even_pace(tmp_path: Path) -> None:
    packets = packets_of(write_pcap(MediaScript(1540, 3, ((1.0, "5"),)), tmp_path))
    assert len(packets) == 150
    assert {packet.ssrc for packet in packets} == {packets[0].ssrc}
    assert [packet.sequence - packets[0].sequence for packet in packets] == list(range(150))
    assert [packet.at_us - packets[0].at_us for packet in packets] == [20_000 * n for n in range(150)]
    assert [packet.marker for packet in packets].index(True) == 0
    for n, packet in enumerate(packets):
        if packet.payload_type == 8:
            assert packet.timestamp - packets[0].timestamp == 160 * n
            assert len(packet.payload) == 160


def test_a_key_press_is_one_event_ended_three_times(tmp_path: Path) -> None:
    packets = packets_of(write_pcap(MediaScript(1540, 3, ((1.0, "5"),)), tmp_path))
    press = [packet for packet in packets if packet.payload_type == 101]
    assert [packet.marker for packet in press] == [True] + [False] * 9
    assert {packet.timestamp - packets[0].timestamp for packet in press} == {8000}
    assert press[0].at_us - packets[0].at_us == 1_000_000
    events = [struct.unpack("!BBH", packet.payload) for packet in press]
    assert {event for event, _, _ in events} == {5}
    assert [flags >> 7 for _, flags, _ in events] == [0] * 7 + [1] * 3
    assert [duration for _, _, duration in events] == [160, 320, 480, 640, 800, 960, 1120, 1280, 1280, 1280]


def test_every_key_has_its_event(tmp_path: Path) -> None:
    presses = tuple((0.5 + n, key) for n, key in enumerate("0123456789*#ABCD"))
    packets = packets_of(write_pcap(MediaScript(None, 17, presses), tmp_path))
    assert [packet.payload[0] for packet in packets if packet.payload_type == 101 and packet.marker] == list(range(16))
    assert {packet.payload for packet in packets if packet.payload_type == 8} == {b"\xd5" * 160}


def test_events_only_sends_nothing_else(tmp_path: Path) -> None:
    packets = packets_of(write_pcap(MediaScript(None, 3, ((1.0, "1"),), events_only=True), tmp_path))
    assert {packet.payload_type for packet in packets} == {101}


def test_the_tone_has_its_level_and_runs_on_over_the_second(tmp_path: Path) -> None:
    packets = packets_of(write_pcap(MediaScript(1000, 2.5), tmp_path))
    # 1 kHz is the milliwatt tone's frequency: eight samples a turn, each frame like the first.
    assert {packet.payload for packet in packets} == {packets[0].payload}
    loud = packets_of(write_pcap(MediaScript(1000, 1, level_dbm0=3.14), tmp_path))[0].payload
    assert max(byte ^ 0x55 for byte in loud) == 0xFF
    other = packets_of(write_pcap(MediaScript(1541, 2.5), tmp_path))
    assert other[0].payload == other[50].payload != other[1].payload


def test_the_same_script_is_written_once(tmp_path: Path) -> None:
    script = MediaScript(1540, 1)
    first = write_pcap(script, tmp_path)
    written = first.stat().st_mtime_ns
    assert write_pcap(replace(script), tmp_path) == first
    assert first.stat().st_mtime_ns == written
    assert write_pcap(replace(script, level_dbm0=-20), tmp_path) != first
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    ("presses", "cause"),
    [(((1.0, "x"),), "no phone has"), (((1.0, "1"), (1.1, "2")), "before"), (((2.9, "1"),), "after the end")],
)
def test_what_cannot_be_played_is_refused(presses: tuple[tuple[float, str], ...], cause: str) -> None:
    with pytest.raises(ValueError, match=cause):
        MediaScript(1540, 3, presses)


def test_without_the_right_to_raw_sockets_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("socket.socket", refuse)
    with pytest.raises(StartError, match="run as root"):
        media.require_raw_sockets()


# --- the log -----------------------------------------------------------------------------------------------------


def log_of(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"at=2026-11-22\t04:05:40.0\t{line}\n" for line in lines))
    return path


def test_a_log_tells_the_calls_of_an_agent_apart(tmp_path: Path) -> None:
    log = log_of(
        tmp_path / "a.log",
        "10.0 event=registered call=r",
        "11.0 event=invite call=a from= <sip:0901@x>;tag=1",
        "12.0 event=answered call=a ",
        "13.0 event=invite call=b from= <sip:0902@x>;tag=2",
        "13.5 event=cancelled call=b ",
        "14.0 event=ended call=a by=far",
        "14.0 event=invite call=c from= <sip:0903@x>",
        "15.0 event=answered call=c ",
    )
    seen = agent_evidence(read_notes(log))
    assert (seen.registrations, seen.invites, seen.answers, seen.cancels, seen.refusals) == (1, 3, 2, 1, 0)
    assert (seen.talking_now, seen.peak_talking, seen.peak_calls) == (1, 1, 2)
    assert seen.calls[0].hung_up_by == "far"
    assert seen.calls[0].talked_s == 2.0
    assert seen.calls[1].far_party == "<sip:0902@x>;tag=2"


def test_an_answer_across_our_cancel_counts_as_answered(tmp_path: Path) -> None:
    log = log_of(
        tmp_path / "a.log",
        "11.0 event=invite call=a ",
        "12.0 event=cancelled call=a ",
        "12.1 event=answered call=a status=200",
        "12.2 event=ended call=a by=us",
    )
    [call] = call_results(read_notes(log))
    assert (call.cancelled, call.status, call.hung_up_by, call.ended_at) == (True, 200, "us", 12.2)


def test_a_log_not_there_yet_or_half_written_is_no_trouble(tmp_path: Path) -> None:
    assert read_notes(tmp_path / "none.log") == []
    (tmp_path / "half.log").write_text("at=2026-11-22\t04:05:40.0\t11.0 eve")
    assert read_notes(tmp_path / "half.log") == []


def test_what_sipp_complains_of_is_told_apart_from_its_remarks(tmp_path: Path) -> None:
    phone = Sipp("x", Line(tmp_path, 1, 2, server_port=3))
    assert phone.trouble() == ""
    stamp = "2026-11-22\t04:34:48.208435\t1795322088.208435: "
    (tmp_path / "x.errors").write_text(
        f"The following events occurred:\n{stamp}Received out-of-call INVITE message, using the out-of-call scenario"
        f"{stamp}Overload warning: the minor watchdog timer 500ms has been tripped (712), 119 trips remaining."
        f"{stamp}Aborting call: received 'SIP/2.0 999 Odd\r\nVia: x\r\n'{stamp}Call-Id: 1, jumping to label 5"
    )
    assert phone.trouble() == "Aborting call: received 'SIP/2.0 999 Odd Via: x '"


# --- real phones -------------------------------------------------------------------------------------------------

CALLER = CallPlan(number="800", caller="0901", voice=MediaScript(1540, 10, ((0.3, "1"),)))
SEAT = SeatPlan(user="alice", voice=MediaScript(2310, 10), ring_s=0.3)


@dataclass(frozen=True)
class Bench:
    """Two lines, the caller's leading straight to the agent's."""

    caller: Line
    agent: Line

    async def call(self, plan: CallPlan, seat: SeatPlan) -> tuple[CallerPhone, AgentPhone]:
        agent, caller = AgentPhone(self.agent, seat), CallerPhone(self.caller, plan)
        await agent.start()
        await caller.start()
        return caller, agent


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    if os.geteuid() != 0:
        pytest.skip("SIPp needs root for its raw sockets")
    before = _tasks()
    with reserved_ports() as ports:
        sip, other, media_port, other_media = ports.one(), ports.one(), ports.several(4).start, ports.several(4).start
        yield Bench(
            Line(tmp_path / "caller", other, other_media, server_port=sip),
            Line(tmp_path / "agent", sip, media_port, server_port=other),
        )
    assert _tasks() <= before


def _tasks() -> set[asyncio.Task[object]]:
    return {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not is_so():  # what another process wrote to a file sets no Event
            await asyncio.sleep(0.05)


@pytest.mark.real
async def test_the_caller_hangs_up(bench: Bench) -> None:
    caller, agent = await bench.call(replace(CALLER, hang_up_after=1.0), SEAT)
    result = await caller.finished()
    assert (result.exit_code, result.status, result.hung_up_by, result.trouble) == (0, 200, "us", "")
    assert result.started_at is not None
    assert result.ringing_at is not None
    assert result.answered_at is not None
    assert result.answered_at - result.ringing_at > 0.25
    assert result.talked_s > 0.9
    seen = agent.evidence()
    await agent.stop()
    assert (seen.invites, seen.answers, seen.cancels, seen.talking_now, seen.peak_calls) == (1, 1, 0, 0, 1)
    assert "0901" in seen.calls[0].far_party
    assert seen.calls[0].hung_up_by == "far"
    assert agent.trouble() == ""


@pytest.mark.real
async def test_the_agent_hangs_up_and_takes_the_next_call(bench: Bench) -> None:
    caller, agent = await bench.call(CALLER, replace(SEAT, talk_s=0.5))
    first = await caller.finished()
    await caller.start()
    await until(lambda: agent.evidence().talking_now == 1)
    second = await caller.finished()
    await agent.stop()
    for result in (first, second):
        assert (result.exit_code, result.hung_up_by, result.status) == (0, "far", 200)
    seen = agent.evidence()
    assert (seen.invites, seen.answers, seen.peak_talking) == (2, 2, 1)


@pytest.mark.real
async def test_the_caller_gives_up_while_it_rings(bench: Bench) -> None:
    caller, agent = await bench.call(replace(CALLER, cancel_after=0.5), replace(SEAT, answers=False))
    result = await caller.finished()
    seen = agent.evidence()
    await agent.stop()
    assert (result.exit_code, result.cancelled, result.status, result.answered_at) == (0, True, 487, None)
    assert (seen.invites, seen.answers, seen.cancels, seen.talking_now) == (1, 0, 1, 0)


class SlowServer(asyncio.DatagramProtocol):
    """Begins to answer an INVITE when the caller, who waits no longer, would cancel it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str | int, int]) -> None:
        told = [line for line in data.decode().splitlines() if line.startswith(("Via:", "From:", "To:", "Call-ID:"))]

        def answer(status: str, method: str) -> None:
            lines = (f"SIP/2.0 {status}", *told, f"CSeq: 1 {method}", "Content-Length: 0", "", "")
            self._transport.sendto("\r\n".join(lines).encode(), addr)

        if data.startswith(b"INVITE"):
            asyncio.get_running_loop().call_later(0.2, answer, "100 Trying", "INVITE")
        elif data.startswith(b"CANCEL"):
            answer("180 Ringing", "INVITE")
            answer("200 OK", "CANCEL")
            answer("487 Request Terminated", "INVITE")


@pytest.mark.real
async def test_a_caller_gives_up_at_a_server_too_busy_to_answer(bench: Bench) -> None:
    where = (bench.agent.host, bench.agent.sip_port)
    server, _ = await asyncio.get_running_loop().create_datagram_endpoint(SlowServer, local_addr=where)
    caller = CallerPhone(bench.caller, replace(CALLER, cancel_after=0.05))
    await caller.start()
    result = await caller.finished()
    server.close()
    assert (result.exit_code, result.cancelled, result.status) == (0, True, 487), result.trouble


@pytest.mark.real
async def test_a_refusal_is_a_result(bench: Bench) -> None:
    caller, agent = await bench.call(CALLER, replace(SEAT, rejects=486))
    result = await caller.finished()
    await agent.stop()
    assert (result.exit_code, result.status, result.answered_at, result.hung_up_by) == (0, 486, None, None)
    assert agent.evidence().refusals == 1


@pytest.mark.real
async def test_a_cancel_that_meets_the_answer_ends_the_call_somehow(bench: Bench) -> None:
    caller, agent = await bench.call(replace(CALLER, cancel_after=0.3, hang_up_after=0.5), SEAT)
    result = await caller.finished()
    await until(lambda: all(call.ended_at for call in agent.evidence().calls))
    await agent.stop()
    assert result.exit_code == 0
    assert result.ended_at is not None


@pytest.mark.real
async def test_stopping_a_caller_hangs_up_and_leaves_no_process(bench: Bench) -> None:
    caller, agent = await bench.call(CALLER, SEAT)
    await until(lambda: agent.evidence().talking_now == 1)
    await caller.stop()
    await until(lambda: agent.evidence().talking_now == 0)
    await agent.stop()
    assert agent.evidence().calls[0].hung_up_by == "far"


@pytest.mark.real
async def test_either_side_hangs_up_when_told(bench: Bench) -> None:
    caller, agent = await bench.call(CALLER, SEAT)
    await until(lambda: agent.evidence().talking_now == 1)
    caller.hang_up()
    assert (await caller.finished()).hung_up_by == "us"
    await caller.start()
    await until(lambda: agent.evidence().talking_now == 1)
    agent.hang_up()
    assert (await caller.finished()).hung_up_by == "far"
    await agent.stop()
    assert [call.hung_up_by for call in agent.evidence().calls] == ["far", "us"]


@pytest.mark.real
async def test_either_side_ends_the_ringing_when_told(bench: Bench) -> None:
    caller, agent = await bench.call(CALLER, replace(SEAT, answers=False))
    await until(lambda: caller.so_far().ringing_at is not None)
    caller.hang_up()
    cancelled = await caller.finished()
    await caller.start()
    await until(lambda: caller.so_far().ringing_at is not None)
    agent.hang_up()
    refused = await caller.finished()
    await agent.stop()
    assert (cancelled.status, cancelled.cancelled, cancelled.exit_code) == (487, True, 0)
    assert (refused.status, refused.cancelled, refused.exit_code) == (480, False, 0)


@pytest.mark.real
async def test_a_taken_port_is_named(bench: Bench) -> None:
    agent = AgentPhone(bench.agent, SEAT)
    await agent.start()
    intruder = CallerPhone(replace(bench.caller, sip_port=bench.agent.sip_port), CALLER)
    await intruder.start()
    result = await intruder.finished()
    await agent.stop()
    assert result.exit_code != 0
    assert "bind" in result.trouble.lower()


@pytest.mark.real
async def test_a_burst_counts_its_calls(bench: Bench) -> None:
    agent = AgentPhone(bench.agent, replace(SEAT, ring_s=0.05, talk_s=0.6))
    await agent.start()
    burst = CallerBurst(bench.caller, CALLER, rate_per_s=10, total=12)
    await burst.start()
    result = await burst.finished()
    await agent.stop()
    assert (result.placed, result.answered, result.failed, result.refused, result.exit_code) == (12, 12, 0, 0, 0)
    assert len(result.answer_times_s) == 12
    assert {call.hung_up_by for call in result.calls} == {"far"}
    assert agent.evidence().peak_talking > 1
