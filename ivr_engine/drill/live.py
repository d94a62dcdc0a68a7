"""This file decides how a drill is played with real calls, and when it is broken off. It does not know SIP."""

import asyncio
import tempfile
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import aiomqtt

from ivr_engine.commission import drill_password
from ivr_engine.drill.callers import MOST_CALLS, DrillCallers
from ivr_engine.drill.engine import EngineAt
from ivr_engine.drill.hearing import connect, hear
from ivr_engine.drill.judging import Beside
from ivr_engine.drill.people import People
from ivr_engine.drill.scenario import DrillFile
from ivr_engine.drill.tally import Tally
from ivr_engine.errors import RefusedError
from ivr_engine.model.notices import CallRecord
from ivr_engine.recording.vault import Vault
from ivr_engine.settings import Settings
from ivr_engine.simulator.acts import OFF
from ivr_engine.simulator.lab import Results, Scenario
from ivr_engine.simulator.lab.chance import calls_a_second
from ivr_engine.stand.ports import reserved_ports

EVERY_SECONDS = 1.0  # the pace is set, the engine looked at
IN_THE_MENU_SECONDS = 45.0  # a call needs before and beside its talk, about
LEAVE_WITHIN_SECONDS = 20.0
SEALED_WITHIN_SECONDS = 60.0


class LiveDrill:
    """One drill on a running hotline. `most` calls at once; `by` orders the crisis; `say` is told how it stands."""

    def __init__(self, scenario: Scenario, settings: Settings, most: int, by: str, say: Callable[[str], None]) -> None:
        """Raises RefusedError where drills cannot be played."""
        assert isinstance(scenario.file, DrillFile)
        if settings.site is None or settings.site.drill_calls is None:
            raise RefusedError(
                "no call may be a drill: set `site: drill calls:`, run `ivr provision`, restart Asterisk"
            )
        if settings.mqtt is None:
            raise RefusedError("a live drill hears of its calls over MQTT: set `mqtt:`, or play it with --lab")
        self._scenario, self._file, self._settings = scenario, scenario.file, settings
        self._site, self._drills, self._mqtt = settings.site, settings.site.drill_calls, settings.mqtt
        self._most, self._by, self._say = most, by, say
        live = scenario.file.live
        self._begin = scenario.begin if live.begin is None else scenario.clock(live.begin)
        self.tally = Tally(scenario)
        self._ordered: dict[str, float] = {}  # profiles, and when
        self._broken_off = ""

    @property
    def factor(self) -> float:
        """How much smaller than in the file it is played, so that no more than `most` call at once."""
        seconds = range(int(self._file.live.lasts) + 1)
        peak = max(calls_a_second(self._scenario, self._begin + second) for second in seconds)
        at_once = peak * (self._file.talk.mean + IN_THE_MENU_SECONDS)
        return max(1.0, at_once / self._most)

    async def run(self) -> tuple[Results, Beside, tuple[str, ...]]:
        """Play it. Whatever ends it, all its calls are hung up. Raises HotlineError when it cannot begin."""
        async with AsyncExitStack() as stack:
            engine = await stack.enter_async_context(EngineAt(self._settings.web))
            await self._refuse_in_earnest(engine)
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ivr-drill-")))
            server = (self._site.sip.advertise or self._site.sip.bind, self._site.sip.port)
            callers = DrillCallers(folder, stack.enter_context(reserved_ports()), server, self._most)
            people = People(self._file, callers, seed=1)
            client = await stack.enter_async_context(connect(self._mqtt))
            listening = asyncio.create_task(self._listen(people, client), name="drill-ear")
            try:
                await callers.start(self._scenario.hotline.numbers[0], drill_password(self._drills.secret))
                await self._play(engine, callers, people)
            finally:
                await asyncio.shield(self._end(engine, callers, people))
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)
            sealed = await self._sealed()
        switched = [self.tally.switched(at, profile) for profile, at in self._ordered.items()]
        measured = [one for one in switched if one is not None]
        recorded = len(self._recorded)
        beside = Beside(max(measured, default=None), sealed if recorded else None, recorded)
        return self.tally.results(time.time()), beside, self._how()

    async def _refuse_in_earnest(self, engine: EngineAt) -> None:
        if on := [one["profile"] for one in await engine.active() if not one["scope"].get("drill")]:
            raise RefusedError(f"the crisis profile {on[0]!r} is on: no time for a drill; when it is over, try again")

    async def _listen(self, people: People, client: aiomqtt.Client) -> None:
        async for notice in hear(client, self._mqtt.prefix):
            self.tally.hear(notice)
            people.hear(notice)

    async def _play(self, engine: EngineAt, callers: DrillCallers, people: People) -> None:
        began, factor = time.monotonic(), self.factor
        due = sorted((self._scenario.clock(at) - self._begin, one) for at, one in self._incidents())
        while (passed := time.monotonic() - began) < self._file.live.lasts and not self._broken_off:
            while due and due[0][0] <= passed:
                await self._switch(engine, due.pop(0)[1])
            callers.pace(calls_a_second(self._scenario, self._begin + passed) / factor)
            await asyncio.sleep(EVERY_SECONDS)
            self.tally.sample(time.time())
            self._broken_off = await self._why_not_go_on(engine, callers)
            self._say(f"{passed:.0f} s: {len(self.tally.arrived)} calls, {len(people.here)} on the line")

    def _incidents(self) -> list[tuple[int, str]]:
        end = self._begin + self._file.live.lasts
        crises = [(at, one.crisis) for at, one in self._file.events.items() if one.crisis is not None]
        return [(at, profile) for at, profile in crises if self._begin <= self._scenario.clock(at) < end]

    async def _switch(self, engine: EngineAt, profile: str) -> None:
        if profile == OFF:
            for one in self._ordered:
                await engine.crisis(one, self._by, on=False)
            return
        self._ordered[profile] = time.time()
        await engine.crisis(profile, self._by, on=True)

    async def _why_not_go_on(self, engine: EngineAt, callers: DrillCallers) -> str:
        if not callers.running:
            return f"nobody can call any more: {callers.trouble() or 'SIPp has ended'}"
        if len(self.tally.arrived) >= MOST_CALLS - self._most:
            return f"{MOST_CALLS} calls are the most there can be in one drill"
        return await engine.strain()

    async def _end(self, engine: EngineAt, callers: DrillCallers, people: People) -> None:
        """Everybody hangs up, and the crisis of the drill is over."""
        if callers.running:
            callers.pace(0.0)
            until = time.monotonic() + LEAVE_WITHIN_SECONDS
            while time.monotonic() < until:  # ordered again: who was just answered may have missed it
                if not callers.hang_up_all() and not people.here:
                    break
                await asyncio.sleep(0.5)
        await callers.stop()
        for profile in self._ordered:
            await engine.crisis(profile, self._by, on=False)

    @property
    def _recorded(self) -> list[CallRecord]:
        return [record for record in self.tally.ended if record.steps]  # else it was never answered

    async def _sealed(self) -> int:
        vault, left = Vault(self._settings.recording.vault), {record.call for record in self._recorded}
        until = time.monotonic() + SEALED_WITHIN_SECONDS
        while left and time.monotonic() < until:
            left = {call for call in left if vault.find(call) is None}
            await asyncio.sleep(0.5 if left else 0)
        return len(self._recorded) - len(left)

    def _how(self) -> tuple[str, ...]:
        live, factor = self._file.live, self.factor
        size = f"calls are 1/{factor:.1f} of the scenario's; the seats are those there were"
        lines = [
            f"with real calls on the running hotline: {live.lasts:.0f} s, at most {self._most} calls at once",
            "at full size" if factor == 1 else size,
        ]
        events = [one for one in self._file.events.values() if one.crisis is None]
        if events:
            lines.append("not played with real calls: lost sites, log-outs and lost links of the scenario")
        if self._broken_off:
            lines.append(f"BROKEN OFF 中止: {self._broken_off}")
        return tuple(lines)

    @property
    def was_broken_off(self) -> bool:
        """Whether it was ended before its time."""
        return bool(self._broken_off)
