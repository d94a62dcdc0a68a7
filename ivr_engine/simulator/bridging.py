"""This file decides who is in which simulated bridge, and who listens to whom. It does not know why."""

from collections.abc import Callable, Mapping

from ivr_engine.model import commands as c
from ivr_engine.model.events import AnyEvent, CommandFailed, Joined, JoinFailed
from ivr_engine.model.ids import BridgeId, CallId, EarId, LegId
from ivr_engine.simulator.lines import CallerLine, SeatLine

BridgeOrder = c.Join | c.AddLine | c.TakeOut | c.PutBack | c.Listen | c.StopListening | c.DropBridge


class Bridging:
    """Bridges and ears. `callers` and `seats` are the lines there are; a channel is in one bridge at most."""

    def __init__(
        self, callers: Mapping[CallId, CallerLine], seats: Mapping[LegId, SeatLine], tell: Callable[[AnyEvent], None]
    ) -> None:
        self._callers = callers
        self._seats = seats
        self._tell = tell
        self.bridges: dict[BridgeId, set[str]] = {}
        self.bridge_of: dict[str, BridgeId] = {}  # by what is in it
        self.ears: dict[EarId, LegId] = {}  # whose line each hears
        self.whispers: set[EarId] = set()

    def execute(self, order: BridgeOrder, *, refused: bool) -> None:
        """Carry an order out, as Asterisk would."""
        if isinstance(order, c.Join):
            self._join(order, refused=refused)
        elif refused:
            if order.call in self._callers:
                self._tell(CommandFailed(order.call, type(order).__name__, "refused"))
        else:
            self._carry_out(order)

    def leave(self, channel: str) -> None:
        """A line is gone, or goes elsewhere. The ears on it hear nothing any more, and are gone too."""
        bridge = self.bridge_of.pop(channel, None)
        if bridge in self.bridges:
            self.bridges[bridge].discard(channel)

    def gone(self, leg: LegId) -> None:
        """A seat's line has ended, and with it what hears it."""
        self.leave(leg)
        for ear in [ear for ear, heard in self.ears.items() if heard == leg]:
            self._take_ear_away(ear)

    def _carry_out(self, order: BridgeOrder) -> None:
        match order:
            case c.AddLine(_, leg, bridge):
                self._put(leg, bridge, there=leg in self._seats)
            case c.PutBack(call, bridge):
                line = self._callers.get(call)
                assert line is None or not line.plays, "a channel that plays a prompt would block Asterisk here"
                self._put(call, bridge, there=line is not None)
            case c.TakeOut(call, bridge) if self.bridge_of.get(call) == bridge:
                self.leave(call)
            case c.Listen():
                self._listen(order)
            case c.StopListening(_, ear, bridge):
                self._take_ear_away(ear)
                self._drop(bridge)
            case c.DropBridge(_, bridge):
                self._drop(bridge)

    def _put(self, channel: str, bridge: BridgeId, *, there: bool) -> None:
        if there and bridge in self.bridges:
            self.leave(channel)
            self.bridges[bridge].add(channel)
            self.bridge_of[channel] = bridge

    def _listen(self, order: c.Listen) -> None:
        if order.agent not in self._seats or order.leg not in self._seats:
            return  # one of them has just hung up: its end is told
        self.bridges[order.bridge] = set()
        self.ears[order.ear] = order.agent
        self.whispers |= {order.ear} if order.whisper else set()
        for channel in (order.leg, order.ear):
            self._put(channel, order.bridge, there=True)

    def _take_ear_away(self, ear: EarId) -> None:
        self.leave(ear)
        self.ears.pop(ear, None)
        self.whispers.discard(ear)

    def take_ears_away(self) -> None:
        """Who looks at everything anew ends what hears an agent for nobody."""
        for ear in list(self.ears):
            self._take_ear_away(ear)

    def _drop(self, bridge: BridgeId) -> None:
        for channel in self.bridges.pop(bridge, set()):
            self.bridge_of.pop(channel, None)

    def _join(self, order: c.Join, *, refused: bool) -> None:
        line, seat = self._callers.get(order.call), self._seats.get(order.leg)
        if refused:
            self._tell(JoinFailed(order.call, order.bridge, "refused"))
            return
        assert line is None or not line.plays, "a channel that plays a prompt would block Asterisk here"
        assert seat is None or not seat.plays, "a seat that hears words would block Asterisk here"
        self.bridges[order.bridge] = set()  # it is built before anybody is put in it
        self.leave(order.call)
        self.leave(order.leg)
        if line is None or seat is None:
            self._tell(JoinFailed(order.call, order.bridge, f"no such {'leg' if line else 'caller'}"))
            return
        for channel in (order.call, order.leg):
            self._put(channel, order.bridge, there=True)
        self._tell(Joined(order.call, order.bridge))
