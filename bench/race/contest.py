"""This file decides when callers come and go and when agents pick up, so that answers cross CANCELs. It judges nothing.

When a CANCEL will come is learned from those that came: so long after the ring began (the time limit), or after the
caller hung up. The answer is sent at a random moment about the middle of the time in which it would cross.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable
from statistics import median

from bench.race.evidence import Intent, Ring, Seen, Visit
from bench.race.phones import Agents, Callers
from bench.race.sound import voices
from bench.sides import Side

DISTANCE = 0.015  # seconds from phone to switchboard, as in a network of a country
_SPREAD = 1.1  # times the distance, each way: some answers come too early to cross, some too late
_CALLERS = 26  # on the line at a time: more than seats, so that somebody always waits
_CHANCES: dict[Intent, float] = {"races the caller": 0.68, "races the time limit": 0.17, "answers": 0.15}
_MOST_RINGS = 5  # of one caller, then somebody simply answers him
_LEARNED_FROM = 60
_LEARN_FIRST = 5
_LEAVES_AFTER = (0.1, 0.35)  # seconds of ringing
_PICKS_UP_AFTER = (0.03, 0.15)
_TALKS = (0.2, 0.4)
FORGOTTEN = 3.0  # seconds after which a line that should be gone is taken for forgotten
_STALL = 0.3  # seconds by which our own phones are late
_REDIALS_AFTER = 0.2
DRAIN = 40.0  # seconds in which everybody must be served at the end
_LOOK_EVERY = 0.1


class Contest:
    """One side with its twenty agents and its callers."""

    def __init__(self, side: Side, seed: int, forgotten: float = FORGOTTEN) -> None:
        self._forgotten = forgotten
        self.seen = Seen(side.name)
        self._side = side
        self._random = random.Random(seed)  # noqa: S311  # chances of a game
        self._loop = asyncio.get_running_loop()
        self._voices = voices(list(side.passwords))
        self._agents = Agents(self.seen, self._voices, self)
        self._callers = Callers(self.seen, "4000000400", self)
        self._online: set[str] = set()
        self._learned: dict[Intent, deque[float]] = {intent: deque(maxlen=_LEARNED_FROM) for intent in _CHANCES}
        self._count = 0
        self._draining = False
        self.crossed = 0
        self._looked_at = 0.0
        self._stalled_at = float("-inf")

    async def open(self) -> None:
        """Phones on; returns when all agents are registered."""
        ports, server = self._side.ports, self._side.sip_port
        await self._agents.open(ports.one(), ports.several(2).start, server, DISTANCE)
        await self._callers.open(ports.one(), ports.several(2).start, server, DISTANCE, self._voices)
        for agent, password in self._side.passwords.items():
            await self._agents.register(agent, password)

    def close(self) -> None:
        """Phones off."""
        self._agents.close()
        self._callers.close()

    async def run(self, races: int, longest: float, progress: Callable[[str, int], None]) -> None:
        """Go on until so many answers have crossed a CANCEL or so many seconds are over; then all must be served."""
        begun = self._looked_at = self._loop.time()
        for _ in range(_CALLERS):
            self._dial_soon()
        told = begun
        while self.crossed < races and self._loop.time() - begun < longest:
            await asyncio.sleep(_LOOK_EVERY)
            self._mind_stall()
            if self._loop.time() - told > 30:
                told = self._loop.time()
                progress(self._side.name, self.crossed)
        self.seen.seconds = self._loop.time() - begun
        await self._drain()

    def _mind_stall(self) -> None:
        """Whether the machine held these phones up: then what waits at their sockets says that others were late."""
        now = self._loop.time()
        late = now - self._looked_at - _LOOK_EVERY
        self._looked_at = now
        self.seen.longest_stall = max(self.seen.longest_stall, late)
        if late > _STALL:
            self._stalled_at = now

    async def _drain(self) -> None:
        self._draining = True
        await self._until(lambda: not self._online, DRAIN)
        for caller in list(self._online):
            visit = self.seen.visits[caller]
            visit.is_lost = True
            self._callers.hang_up(visit)
        # By then every line that was forgotten has been found.
        await self._until(lambda: all(ring.ended is not None for ring in self.seen.rings), self._forgotten + 1)

    async def _until(self, so: Callable[[], bool], within: float) -> None:
        deadline = self._loop.time() + within
        while not so() and self._loop.time() < deadline:
            await asyncio.sleep(_LOOK_EVERY)
            self._mind_stall()

    # --- callers come and go --------------------------------------------------------------------------------

    def _dial_soon(self) -> None:
        self._loop.call_later(self._random.uniform(0, _REDIALS_AFTER), self._dial)

    def _dial(self) -> None:
        if not self._draining:
            self._count += 1
            caller = f"139{self._count:08}"
            self._online.add(caller)
            self._callers.dial(caller)

    def visit_ends(self, visit: Visit) -> None:
        """Another one calls in his place; and no phone may stay in a talk with nobody."""
        self._online.discard(visit.caller)
        for ring in visit.rings:
            if ring.ended is None:
                self._loop.call_later(self._forgotten, self._see_forgotten, ring)
        self._dial_soon()

    # --- phones ring ----------------------------------------------------------------------------------------

    def ring_begins(self, ring: Ring) -> None:
        """Decide what this agent, and perhaps the caller, will do."""
        visit = self.seen.visits.get(ring.caller)
        if visit is None:
            self.seen.strays["INVITE of nobody we know"] += 1
            return
        visit.rings.append(ring)
        intent = self._intent(visit)
        ring.intent = intent
        if intent == "answers":
            self._loop.call_later(self._random.uniform(*_PICKS_UP_AFTER), self._agents.answer, ring)
            return
        cause = ring.rung
        if intent == "races the caller":
            cause += self._random.uniform(*_LEAVES_AFTER)
            self._loop.call_at(cause, self._callers.hang_up, visit)
        ring.cause = cause
        learned = self._learned[intent]
        if len(learned) >= _LEARN_FIRST:  # until then they let it ring, so that something is learned
            miss = self._random.uniform(-_SPREAD, _SPREAD) * DISTANCE
            self._loop.call_at(cause + median(learned) - DISTANCE + miss, self._agents.answer, ring)

    def _intent(self, visit: Visit) -> Intent:
        if self._draining or len(visit.rings) >= _MOST_RINGS or visit.hung_up is not None:
            return "answers"
        return self._random.choices(list(_CHANCES), list(_CHANCES.values()))[0]

    def ring_cancelled(self, ring: Ring) -> None:
        """Learn when that comes."""
        self.crossed += ring.crossed
        if ring.cause is not None:
            self._learned[ring.intent].append(self._loop.time() - ring.cause)
        self._loop.call_later(self._forgotten, self._see_forgotten, ring)

    def ring_answered(self, ring: Ring) -> None:
        """The switchboard knows that he has picked up: it must end his line, or somebody must hear him."""
        self._loop.call_later(self._forgotten, self._see_unheard, ring)

    def heard(self, visit: Visit, agent: str) -> None:
        """A caller begins to hear an agent: they talk for a while."""
        for ring in visit.rings:
            if ring.agent == agent and ring.acknowledged is not None:
                self._loop.call_later(self._random.uniform(*_TALKS), self._agents.hang_up, ring)

    def _see_unheard(self, ring: Ring) -> None:
        if ring.ended is None and ring.agent not in self.seen.visits[ring.caller].heard:
            self._see_forgotten(ring)

    def _see_forgotten(self, ring: Ring) -> None:
        if ring.ended is None and self._loop.time() - self._stalled_at < self._forgotten:
            self._loop.call_later(self._forgotten, self._see_forgotten, ring)
        elif ring.ended is None:
            ring.given_up = True
            self._agents.hang_up(ring)
