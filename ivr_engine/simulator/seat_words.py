"""This file decides what the people at simulated seats hear and press, each on his own line. It does not know why.

It keeps the same promise as the border: the end of each thing that was said is told once, unless the line ends before.
"""

from collections.abc import Callable, Collection, Mapping

from ivr_engine.model import commands as c
from ivr_engine.model.events import AnyEvent, LegPressed, SeatHeard
from ivr_engine.model.ids import LegId, PlayId
from ivr_engine.simulator.lines import SeatLine


class SeatWords:
    """What is said to seats. `untold` are the lines whose end nobody has been told; `sees` whether ends are seen."""

    def __init__(
        self,
        seats: Mapping[LegId, SeatLine],
        untold: Callable[[], Collection[LegId]],
        tell: Callable[[AnyEvent], None],
        sees: Callable[[], bool],
    ) -> None:
        self._seats = seats
        self._untold_legs = untold
        self._tell = tell
        self._sees = sees

    def speak(self, order: c.SpeakToSeat, *, refused: bool) -> None:
        """Say it. What cannot be said is over at once."""
        line = self._seats.get(order.leg)
        if line is None:
            if order.leg in self._untold_legs():  # the border finds out that the line is gone before it is told
                self._tell(SeatHeard(order.leg, order.play, heard=False))
            return
        assert line.answered, "nobody is there to hear it"
        line.untold.add(order.play)
        if refused:
            self._over(line, order.play, heard=False)
        else:
            line.plays[order.play] = order.prompts

    def stop(self, play: PlayId, *, refused: bool) -> bool:
        """Stop what a seat hears; False when no seat is known to hear it."""
        for line in self._seats.values():
            if play in line.untold:
                if refused:
                    line.unstopped.add(play)
                else:
                    line.plays.pop(play, None)
                    self._over(line, play, heard=False)
                return True
        return False

    def end(self, leg: LegId) -> None:
        """What a seat hears comes to its end."""
        line = self._seats.get(leg)
        if line is not None and line.plays:
            play, prompts = next(iter(line.plays.items()))
            del line.plays[play]
            line.heard.extend(prompts)
            if self._sees():
                self._over(line, play, heard=True)

    def press(self, leg: LegId, digit: str) -> None:
        """The person at a seat presses a key."""
        if leg in self._seats and self._seats[leg].answered and self._sees():
            self._tell(LegPressed(leg, digit))

    def _over(self, line: SeatLine, play: PlayId, *, heard: bool) -> None:
        line.untold.discard(play)
        self._tell(SeatHeard(line.leg, play, heard))
