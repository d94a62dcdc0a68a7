"""This file decides what a look at a simulated Asterisk finds, by the rules of the real one. It knows no belief."""

from collections.abc import Iterable, Mapping

from ivr_engine.model import commands as c
from ivr_engine.model.events import LinesSeen
from ivr_engine.model.found import FoundCall, FoundLeg
from ivr_engine.model.ids import BridgeId, CallId, LegId
from ivr_engine.simulator.lines import CallerLine, SeatLine


class Looks:
    """Look after look. `callers` and `legs` are those whose end the engine is still to be told."""

    def __init__(self) -> None:
        self._before: frozenset[str] = frozenset()  # what did not agree with what is to be told, at the last look

    def look(
        self,
        lines: Mapping[CallId, CallerLine],
        seats: Mapping[LegId, SeatLine],
        bridges: Mapping[BridgeId, Iterable[str]],
        busy: frozenset[str],
        untold: tuple[set[CallId], set[LegId]],
    ) -> LinesSeen:
        """What there is; and what is to be told agrees with it, where the look before has shown the same."""
        callers, legs = untold
        seen = LinesSeen(
            calls=tuple(found_call(line, read=line.call not in callers) for line in lines.values()),
            legs=found_legs(seats),
            bridges=frozenset(bridges),
            deserted=frozenset(bridge for bridge, members in bridges.items() if not members),
            sounding=frozenset(name for call in callers & lines.keys() for name in _sounding(lines[call]))
            | frozenset(play for leg in legs & seats.keys() for play in seats[leg].untold & seats[leg].plays.keys()),
            busy=busy,
        )
        odd = frozenset({*(callers ^ lines.keys()), *(legs - seats.keys())}) - busy
        for name in odd & self._before:
            callers.symmetric_difference_update({CallId(name)} & (callers | lines.keys()))
            legs.discard(LegId(name))
            line = lines.get(CallId(name))
            if line is not None and line.saved is not None and line.saved.play is not None:
                line.untold.add(line.saved.play)
        self._before = odd - self._before
        return seen


def found_call(line: CallerLine, *, read: bool = True) -> FoundCall:
    """A caller's line as it is found; `read`: with what is written on it."""
    saved = line.saved if read else None
    return FoundCall(line.call, line.number, line.caller, saved, is_there=not line.rings, drill=line.drill)


def found_legs(seats: Mapping[LegId, SeatLine]) -> tuple[FoundLeg, ...]:
    """Lines to seats as they are found."""
    phones = {leg: line.to.agent if isinstance(line.to, c.AgentPhone) else None for leg, line in seats.items()}
    return tuple(FoundLeg(line.leg, line.answered, phones[line.leg]) for line in seats.values())


def _sounding(line: CallerLine) -> set[str]:
    return {*(line.untold & line.plays.keys()), *(line.untold_messages & {line.message})}
