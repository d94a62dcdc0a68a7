"""This file decides what a look at Asterisk finds, every few seconds while we see. It does not know what we believe.

What follows from two looks the core decides. Here only that is put right of which it knows nothing: what is still
taken for outstanding.
"""

from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

import msgspec

from ivr_engine.ari import AriClient, Lanes, NotFound, models
from ivr_engine.asterisk import names
from ivr_engine.asterisk.facts import CountCall, with_earlier
from ivr_engine.asterisk.outstanding import Outstanding
from ivr_engine.asterisk.snapshot import callers_in, find_call, legs_in, lines_of
from ivr_engine.model.events import LinesSeen
from ivr_engine.model.found import FoundCall
from ivr_engine.model.ids import BridgeId, LegId, PlayId, call_of, is_bridge, is_ear

# So many playbacks and messages are asked after in one look, one after the other: a look costs the same however many
# callers listen, and most playbacks are over before it is their turn.
MOST_ASKED_AFTER = 20

NameT = TypeVar("NameT", bound=Hashable)


class Twice(Generic[NameT]):
    """What was found in two looks running."""

    def __init__(self) -> None:
        self._before: frozenset[NameT] = frozenset()

    def again(self, found: frozenset[NameT]) -> frozenset[NameT]:
        """Those that were found the last time too; they begin anew."""
        again = found & self._before
        self._before = found - again
        return again


class Looker:
    """Looks at our lines and bridges.

    `count` is told of callers nobody had told us of, `end` of lines nobody attends to, of which the core knows nothing.
    """

    def __init__(  # noqa: PLR0913 -- what it looks at, and two it tells
        self,
        ari: AriClient,
        app: str,
        outstanding: Outstanding,
        lanes: Lanes,
        *,
        count: CountCall,
        end: Callable[[LegId], None],
    ) -> None:
        self._ari = ari
        self._app = app
        self._outstanding = outstanding
        self._lanes = lanes
        self._count = count
        self._end = end
        self.forget()

    def forget(self) -> None:
        """The looks before do not count any more; nor does one that is under way."""
        self._gone, self._strange, self._unattended, self._silent = (Twice[str]() for _ in range(4))
        self._over: frozenset[str] = frozenset()  # of what sounded
        self._turns: dict[str, None] = {}  # in which what sounds is asked after
        self._memory = object()

    async def look(self) -> LinesSeen | None:
        """What there is; None if that does not count any more. Raises AriError."""
        memory, busy = self._memory, self._lanes.busy
        ours, mine = await lines_of(self._ari, self._app)
        bridges = await self._ari.bridges.list()
        known = self._outstanding.calls
        calls = [await find_call(self._ari, line, read=line.id not in known) for line in callers_in(mine)]
        sounding = await self._sounding()
        if memory is not self._memory:
            return None
        busy |= self._lanes.busy
        left = frozenset(line for line in _unattended(mine, bridges) if call_of(line) not in busy)
        for line in self._unattended.again(left):
            self._end(LegId(line))
        mixed = {BridgeId(bridge.id) for bridge in bridges if bridge.channels and bridge.id in ours.bridge_ids}
        # A bridge nobody has come into is not our application's yet: by its name alone it may be ours.
        empty = {BridgeId(bridge.id) for bridge in bridges if not bridge.channels and is_bridge(bridge.id)}
        seen = LinesSeen(
            calls=tuple(calls),
            legs=legs_in(mine),
            bridges=frozenset(mixed | empty),
            deserted=frozenset(empty),
            sounding=sounding,
            busy=frozenset(map(str, busy)),
        )
        return self._agreed(seen)

    def _agreed(self, seen: LinesSeen) -> LinesSeen:
        """The same; and what is outstanding agrees with it, where the look before has shown the same."""
        outstanding = self._outstanding
        calls, legs = {line.call for line in seen.calls}, {line.leg for line in seen.legs}
        gone = self._gone.again(frozenset((outstanding.calls.keys() - calls) | (outstanding.legs - legs)) - seen.busy)
        strange = self._strange.again(frozenset(calls - outstanding.calls.keys()))
        counted = {line.call: self._counted(line) for line in seen.calls if line.call in strange}
        outstanding.looked(gone, counted.values(), self._silent.again(self._over))
        return msgspec.structs.replace(seen, calls=tuple(counted.get(line.call, line) for line in seen.calls))

    def _counted(self, line: FoundCall) -> FoundCall:
        if line.saved is not None:
            return line  # an engine before us has counted him
        return with_earlier(line, self._count)

    async def _sounding(self) -> frozenset[str]:
        """Playbacks and messages that are not over, as far as we have asked."""
        at_seats = self._outstanding.at_seats
        plays = frozenset(play for plays in self._outstanding.calls.values() for play in plays).union(at_seats)
        begun = plays.union(self._outstanding.messages)
        self._over &= begun
        self._turns = {name: None for name in (*self._turns, *sorted(begun)) if name in begun}
        busy = self._lanes.busy  # what may not have begun yet is not over
        lanes = {name: at_seats.get(PlayId(name), call_of(name)) for name in self._turns}
        in_turn = [name for name in self._turns if name not in self._over and lanes[name] not in busy]
        for name in in_turn[:MOST_ASKED_AFTER]:
            self._turns[name] = self._turns.pop(name)
            if not await self._sounds(name, is_play=name in plays):
                self._over |= {name}
        return begun - self._over

    async def _sounds(self, name: str, *, is_play: bool) -> bool:
        try:
            if is_play:
                await self._ari.playbacks.get(name)
            else:
                await self._ari.recordings.get_live(name)
        except NotFound:
            return False
        return True


def _unattended(mine: Iterable[models.Channel], bridges: Iterable[models.Bridge]) -> list[str]:
    """Agents' lines that dialled a code, which is soon answered; and what somebody heard a line with, and does not."""
    mixed = {channel for bridge in bridges for channel in bridge.channels}
    return [line.id for line in mine if names.is_code(line) or (is_ear(line.id) and line.id not in mixed)]
