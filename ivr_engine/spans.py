"""This file decides which stretches of agents' time are kept, for figures. It does not know who is waiting, or any row.

A stretch is kept when it ends, and once a minute while it lasts, under one name: the row is replaced, and what a killed
engine does not know of is less than a minute.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import get_args

from ivr_engine.core.offer import MISSED
from ivr_engine.model.ids import CallId, PoolName, SeatId
from ivr_engine.model.notices import AgentChanged, AnyNotice, Connected, Offered, OfferEnded, SecondLine
from ivr_engine.model.past import AgentSpan, SpanState

KEPT_EVERY_SECONDS = 60.0
AT_WORK: dict[str, SpanState] = {state: state for state in get_args(SpanState)}


@dataclass(slots=True)
class _Open:
    pool: PoolName
    state: str
    since: float
    call: CallId | None = None
    missed: bool = False


class AgentSpans:
    """What each agent is doing, until he does something else. `keep` takes what he did."""

    def __init__(self, keep: Callable[[AgentSpan], None]) -> None:
        self._keep = keep
        self._open: dict[SeatId, _Open] = {}
        self._offered: dict[SeatId, CallId] = {}

    def hear(self, notice: AnyNotice) -> None:
        """Keep up with what the core tells."""
        match notice:
            case Offered(call=call, seat=seat) | SecondLine(call=call, second=seat, state="rung"):
                self._offered[seat] = call
            case Connected(call=call, seat=seat) if seat in self._open:
                self._open[seat].call = call
            case OfferEnded(seat=seat, cause=cause) if seat in self._open:
                self._open[seat].missed = cause in MISSED
            case AgentChanged():
                self._changed(notice)

    async def run(self, now: Callable[[], float]) -> None:
        """Keep what is going on once a minute, and at the end; `now` tells the seconds since 1970."""
        try:
            while True:
                await asyncio.sleep(KEPT_EVERY_SECONDS)
                self.keep_open(now())
        finally:
            self.keep_open(now())

    def keep_open(self, now: float) -> None:
        """Keep what is going on, as far as it has come; `now` in seconds since 1970."""
        for agent, span in self._open.items():
            self._close(agent, span, now)

    def _changed(self, now: AgentChanged) -> None:
        before = self._open.get(now.agent)
        if before is not None and (before.state, before.since) == (now.state, now.at):
            before.pool = now.pool
            return
        if before is not None:
            self._close(now.agent, before, now.at)
        self._open[now.agent] = after = _Open(now.pool, now.state, now.at)
        if now.state == "ringing":
            after.call = self._offered.pop(now.agent, None)
        elif before is not None and now.state in ("talking", "wrap-up"):
            after.call = before.call
        if now.state == "gone":
            del self._open[now.agent]

    def _close(self, agent: SeatId, span: _Open, until: float) -> None:
        state = AT_WORK.get(span.state)
        if state is not None and until > span.since:  # a clock that was put back is no time at work
            name = f"{agent}@{span.since:.6f}"
            self._keep(AgentSpan(name, agent, span.pool, state, span.since, until, span.call, span.missed))
