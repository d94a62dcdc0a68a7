"""This file decides how callers of a live drill are made to dial, press keys and hang up. It does not know when.

One SIPp plays them all; each is told by the number he has in his name what to do next.
"""

import socket
from pathlib import Path

from ivr_engine.stand.media import MediaScript, write_pcap
from ivr_engine.stand.phone_log import call_results, read_notes
from ivr_engine.stand.phones import CallPlan
from ivr_engine.stand.ports import Ports
from ivr_engine.stand.sipp import Line, Sipp

PREFIX = "1990000"  # no subscriber has it; the number of the call follows
MOST_CALLS = 9999  # in all: by the last four digits of his number, the rest is masked, a caller is told apart
LONGEST_S = 3600.0
READY_WITHIN_S = 15.0
WORTH_A_CHANGE = 0.1  # of the pace
VOICE = MediaScript(1700, 60.0)


class DrillCallers:
    """Those who call in a drill. `most` of them at once."""

    def __init__(self, folder: Path, ports: Ports, server: tuple[str, int], most: int) -> None:
        block = ports.several(6)
        host, port = server
        self._line = Line(folder, block.start, block.start + 2, port, server=host)
        self._control = ports.one()
        self._sipp = Sipp("drill", self._line)
        self._most = most
        self._pace = 0.0

    async def start(self, number: str, password: str) -> None:
        """Be ready to dial `number`; nobody does yet. Raises StartError."""
        line = self._line
        line.folder.mkdir(parents=True, exist_ok=True)
        plan = CallPlan(number, f"{PREFIX}[call_number]", VOICE, longest_s=LONGEST_S, password=password)
        facts = {**plan.facts(write_pcap(VOICE, line.folder)), "by_order": True}
        scenario = self._sipp.scenario("caller.xml", facts)
        scenario.chmod(0o600)  # the drills' password is in it
        pace = ("-r", "0", "-m", str(MOST_CALLS), "-l", str(self._most), "-cp", str(self._control))
        await self._sipp.start("-sf", scenario, "-cid_str", "drill-%u", *pace, trace=False)
        await self._sipp.ready(self._can_be_told, within=READY_WITHIN_S)

    async def _can_be_told(self) -> bool:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
            try:
                trial.bind(("127.0.0.1", self._control))
            except OSError:
                return True
        return False

    def pace(self, calls_a_second: float) -> None:
        """From now on so many begin to call a second.

        Each change makes SIPp begin to count anew: changed every second, a pace below one a second brings nobody.
        """
        if abs(calls_a_second - self._pace) <= WORTH_A_CHANGE * self._pace:
            return
        self._pace = calls_a_second
        order = f"cset rate {calls_a_second:.3f}"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(order.encode(), ("127.0.0.1", self._control))

    def press(self, caller: int, key: str) -> None:
        """One of them presses a key."""
        self._sipp.tell(f"drill-{caller}", "PRESS", f"Key: {key}")

    def hang_up(self, caller: int) -> None:
        """One of them hangs up, or gives up ringing."""
        self._sipp.tell(f"drill-{caller}", "HANGUP")

    def hang_up_all(self) -> int:
        """Everybody who is on the line, or rings, goes. Returns how many that are."""
        up = [call.call_id for call in call_results(read_notes(self._sipp.log)) if call.ended_at is None]
        for call_id in up:
            self._sipp.tell(call_id, "HANGUP")
        return len(up)

    @property
    def running(self) -> bool:
        """Whether anybody can call at all."""
        return self._sipp.running

    def trouble(self) -> str:
        """What went a way no call should go; empty if nothing did."""
        return self._sipp.trouble()

    async def stop(self) -> None:
        """End what is left of them."""
        await self._sipp.stop()


def caller_of(masked: str) -> int | None:
    """Which of them a masked number is; None for nobody of ours."""
    digits = masked[-4:].replace("*", "")
    if not masked.startswith(PREFIX[:3]) or len(masked) <= len(PREFIX) or not digits.isdecimal():
        return None
    return int(digits)
