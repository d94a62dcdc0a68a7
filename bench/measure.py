"""This file decides how one side is measured: warm, quiet, idle, load, quiet. It does not know how it is shown.

What is read from Asterisk or the engine is read outside of the spans that count, for asking costs them CPU as well.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import msgspec

from bench.figures import gauge, quantile, rise, without_background
from bench.listen import Rings
from bench.load import KINDS, QUEUE, Load, caller_plan, key_to_invite, seat_plan
from bench.sides import Side
from ivr_engine.errors import StartError
from ivr_engine.prompts.level import RATE
from ivr_engine.prompts.sound import SUFFIX
from ivr_engine.stand.phones import AgentPhone, BurstResult, CallerBurst, CallPlan, Line

_SETTLE = 1.5  # seconds for what follows a call's end and leaves no trace to wait for
_SEALED_WITHIN = 60.0
_SELDOM = 0.05  # a call; less is what the engine looks at by its own clock
_WARM = Load(calls=8, rate=4.0)

Say = Callable[[str], None]


class Delay(msgspec.Struct, frozen=True):
    """How long something took, in milliseconds."""

    p50: float | None
    p99: float | None
    count: int


class Result(msgspec.Struct, frozen=True):
    """What one kind of call cost one side. CPU is in milliseconds a call, less what an idle side uses."""

    side: str
    kind: str
    calls: int
    answered: int
    talked: int
    seconds: float
    cpu_ms: dict[str, float]
    idle_cpu_ms_a_second: dict[str, float]
    ari_requests: dict[str, float]
    facts: dict[str, float]
    key_to_invite: Delay
    queued_to_ring: Delay
    loop_lag_ms: float

    @property
    def as_planned(self) -> bool:
        """Whether every call went its way; else the figures compare different things."""
        return self.answered == self.calls and self.talked == (self.calls if self.kind == QUEUE else 0)


@dataclass(frozen=True)
class _Look:
    """What there is to see at one moment."""

    at: float
    cpu: dict[str, float]


def sound_seconds(sound: Path) -> float:
    """How long a prompt lasts."""
    return Path(f"{sound}{SUFFIX}").stat().st_size / RATE


async def measure(side: Side, load: Load, idle_s: float, greeting_s: float, say: Say) -> list[Result]:
    """Both kinds of call on one side that has just come up."""
    async with AsyncExitStack() as stack:
        agents = [await _on_duty(stack, side, agent) for agent in side.passwords]
        if side.stand is not None:
            await side.stand.agents_seen(len(agents))
        rings = await stack.enter_async_context(Rings.of(side))
        run = _Run(side, agents, rings, greeting_s)
        for kind in KINDS:
            await run.burst(kind, _WARM)
        say(f"{side.name}: warm, now idle for {idle_s:.0f} s")
        results = []
        for kind in KINDS:
            results.append(await run.measured(kind, load, idle_s))
            say(f"{side.name}: {load.calls} calls of kind {kind!r} done")
        return results


class _Run:
    """One side with its agents on duty."""

    def __init__(self, side: Side, agents: list[AgentPhone], rings: Rings, greeting_s: float) -> None:
        self._side, self._agents, self._rings, self._greeting = side, agents, rings, greeting_s
        self._bursts = 0

    async def measured(self, kind: str, load: Load, idle_s: float) -> Result:
        """Burst after an idle span, and what both cost."""
        side = self._side
        figures = [await side.metrics()]
        looks = [self._look()]
        await asyncio.sleep(idle_s)
        looks.append(self._look())
        figures.append(await side.metrics())
        before = {agent: agent.evidence().answers for agent in self._agents}
        self._rings.seen.clear()
        looks.append(self._look())
        plan, burst = await self.burst(kind, load)
        looks.append(self._look())
        figures.append(await side.metrics())
        evidence = [agent.evidence() for agent in self._agents]
        return Result(
            side=side.name,
            kind=kind,
            calls=burst.placed,
            answered=burst.answered - burst.failed,
            talked=sum(agent.evidence().answers - before[agent] for agent in self._agents),
            key_to_invite=_delay(key_to_invite(plan, burst.calls, evidence)),
            queued_to_ring=_delay(self._rings.seen),
            loop_lag_ms=round(gauge(figures[-1], "ivr_loop_lag_seconds") * 1000, 1),
            **_costs(looks, figures, burst.placed),
        )

    async def burst(self, kind: str, load: Load) -> tuple[CallPlan, BurstResult]:
        """Many calls, and all that follows them."""
        side = self._side
        self._bursts += 1
        plan = caller_plan(kind, f"139{self._bursts:03}0", self._greeting, voice=load.voice)
        phone = CallerBurst(_line(side, f"burst-{self._bursts}"), plan, rate_per_s=load.rate, total=load.calls)
        await phone.start()
        try:
            result = await phone.finished()
        finally:
            await phone.stop()
        await self._quiet()
        return plan, result

    async def _quiet(self) -> None:
        """Wait until recordings are sealed, where somebody seals them, and the last line is gone."""
        deadline = time.monotonic() + _SEALED_WITHIN
        while self._side.stand is not None and await asyncio.to_thread(_holds_any, self._side.spool):
            if time.monotonic() > deadline:
                raise StartError(f"recordings were not sealed within {_SEALED_WITHIN:.0f} s: see engine.log")
            await asyncio.sleep(0.1)
        await asyncio.sleep(_SETTLE)
        if self._side.stand is None:
            for raw in self._side.spool.iterdir():
                raw.unlink()

    def _look(self) -> _Look:
        return _Look(time.monotonic(), self._side.cpu())


class _Costs(TypedDict):
    seconds: float
    cpu_ms: dict[str, float]
    idle_cpu_ms_a_second: dict[str, float]
    ari_requests: dict[str, float]
    facts: dict[str, float]


def _costs(looks: list[_Look], figures: list[str], calls: int) -> _Costs:
    """What each call cost, by the looks before and after the idle span, and before and after the load."""
    rest, rested, begun, done = looks
    idle_s, load_s = rested.at - rest.at, done.at - begun.at
    idle = {part: (rested.cpu[part] - cpu) / idle_s for part, cpu in rest.cpu.items()}
    used = {part: done.cpu[part] - begun.cpu[part] - idle[part] * load_s for part in idle}

    def a_call(name: str) -> dict[str, float]:
        load, background = rise(figures[1], figures[2], name), rise(figures[0], figures[1], name)
        left = without_background(load, background, load_s / idle_s)
        return {label: round(count / calls, 2) for label, count in left.items() if count / calls >= _SELDOM}

    return {
        "seconds": round(load_s, 1),
        "cpu_ms": {part: round(seconds * 1000 / calls, 2) for part, seconds in used.items()},
        "idle_cpu_ms_a_second": {part: round(seconds * 1000, 2) for part, seconds in idle.items()},
        "ari_requests": a_call("ivr_ari_requests_total"),
        "facts": a_call("ivr_events_total"),
    }


async def _on_duty(stack: AsyncExitStack, side: Side, agent: str) -> AgentPhone:
    phone = AgentPhone(_line(side, f"agent-{agent}"), seat_plan(agent, side.passwords[agent]))
    await phone.start()
    stack.push_async_callback(phone.stop)
    return phone


def _holds_any(folder: Path) -> bool:
    return any(folder.iterdir())


def _line(side: Side, name: str) -> Line:
    ports = side.ports.several(6)
    return Line(side.folder / "phones" / name, ports.start, ports.start + 2, side.sip_port)


def _delay(seconds: list[float]) -> Delay:
    p50, p99 = (quantile(seconds, share) for share in (0.5, 0.99))
    return Delay(_ms(p50), _ms(p99), len(seconds))


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 1)
