"""This file decides that everything started ends exactly once. It does not know how anything is started.

Asterisk may report an end twice (StasisEnd, ChannelDestroyed), after we gave up, or never (a refused request). The
core is promised exactly one. So every id is put here before its request goes out, and taken when its end is told.
"""

from ivr_engine.model.causes import LegEnd
from ivr_engine.model.events import AnyEvent, CallerLeft, FoundCall, LegEnded, PromptFinished, Resynced
from ivr_engine.model.ids import CallId, LegId, PlayId
from ivr_engine.runtime.ports import Tell


class Outstanding:
    """Callers, lines to seats and playbacks whose end has not been told."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self.calls: dict[CallId, set[PlayId]] = {}
        self.legs: set[LegId] = set()
        self.hidden: set[CallId] = set()  # callers whose voice is kept out of the recording

    def caller_came(self, call: CallId, arrived: AnyEvent) -> None:
        """A caller is ours from now on."""
        if call not in self.calls:
            self.calls[call] = set()
            self._tell(arrived)

    def caller_left(self, call: CallId) -> None:
        """His line is gone; what he heard needs no end of its own."""
        self.hidden.discard(call)
        if self.calls.pop(call, None) is not None:
            self._tell(CallerLeft(call))

    def play_started(self, call: CallId, play: PlayId) -> None:
        """A playback is about to be ordered."""
        if call in self.calls:
            self.calls[call].add(play)

    def play_ended(self, call: CallId, play: PlayId, *, heard: bool) -> None:
        """A playback has ended, or never began."""
        plays = self.calls.get(call)
        if plays is not None and play in plays:
            plays.discard(play)
            self._tell(PromptFinished(call, play, heard))

    def leg_opened(self, leg: LegId) -> None:
        """A line to a seat is about to be ordered."""
        self.legs.add(leg)

    def leg_ended(self, leg: LegId, cause: LegEnd) -> None:
        """A line to a seat is gone, or never came to be."""
        if leg in self.legs:
            self.legs.discard(leg)
            self._tell(LegEnded(leg, cause))

    def replace(self, found: Resynced) -> None:
        """After a time of blindness only what was found is outstanding; the core knows the rest is gone.

        Whether a playback still sounds is not found: its end is told when it is stopped, or was already over then.
        """
        before = self.calls
        self.calls = {line.call: before.get(line.call, set()) | _saved_play(line) for line in found.calls}
        self.legs = {line.leg for line in found.legs}
        self.hidden &= self.calls.keys()


def _saved_play(line: FoundCall) -> set[PlayId]:
    return {line.saved.play} if line.saved and line.saved.play else set()
